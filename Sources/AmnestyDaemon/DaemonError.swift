// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Glibc

/// Why the daemon cannot start, in words for its operator, and the exit code of sysexits(3) that says so to scripts.
package struct DaemonError: Error, Sendable, Equatable, CustomStringConvertible {
  package enum Kind: Sendable {
    /// An option or the configuration is wrong.
    case usage, configuration
    /// A file is missing or cannot be read.
    case noInput
    /// A file is there, but not what it should be.
    case badData
    /// A file or folder cannot be made.
    case cannotCreate
    case noPermission
    /// It could be written, were its file system not mounted read-only.
    case readOnlyFileSystem
    /// Somebody else has it now; it may be free later.
    case temporary
    /// The system cannot give what is needed.
    case system

    package var exitCode: Int32 {
      switch self {
      case .usage: EX_USAGE
      case .configuration: EX_CONFIG
      case .noInput: EX_NOINPUT
      case .badData: EX_DATAERR
      case .cannotCreate: EX_CANTCREAT
      case .noPermission, .readOnlyFileSystem: EX_NOPERM
      case .temporary: EX_TEMPFAIL
      case .system: EX_OSERR
      }
    }
  }

  package var kind: Kind
  /// What is wrong and what to do.
  package var description: String

  package init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }

  /// The kind that an errno of opening or making something stands for.
  static func cannot(_ what: String, _ path: String, errno code: Int32, else kind: Kind = .cannotCreate) -> DaemonError {
    let kind: Kind =
      switch code {
      case EROFS: .readOnlyFileSystem
      case EACCES, EPERM: .noPermission
      default: kind
      }
    return DaemonError(kind, "cannot \(what) \(path): \(String(cString: strerror(code)))")
  }
}
