// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Glibc

/// A call of libsystemd that failed.
package struct SystemdError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What was being done.
  package var operation: String
  /// The errno.
  package var code: Int32

  package init(_ operation: String, code: Int32) {
    self.operation = operation
    self.code = code
  }

  package var description: String { "cannot \(operation): \(String(cString: strerror(code)))" }

  /// The result of a call that tells its errno as a negative number.
  static func check(_ operation: String, _ result: Int32) throws(SystemdError) -> Int32 {
    guard result >= 0 else { throw SystemdError(operation, code: -result) }
    return result
  }
}
