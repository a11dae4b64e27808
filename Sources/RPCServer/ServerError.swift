// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Why a server cannot start.
package struct ServerError: Error, Sendable, Equatable, CustomStringConvertible {
  package enum Code: Sendable, Hashable {
    case duplicateMethod
    case unfitHandler
    case noListener
    case pathTooLong
    case addressInUse
    case cannotBind
    case alreadyRun
  }

  package var code: Code
  /// Says what to do next.
  package var message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  package var description: String { self.message }
}
