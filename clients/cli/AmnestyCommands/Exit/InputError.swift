// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyTexts
internal import Glibc

/// A file that cannot be used, or a line of one.
package struct InputError: Error, Equatable {
  private let text: @Sendable (Language) -> String
  package let exitCode: CInt

  /// - Parameter text: what is wrong, in the language of whoever reads it.
  package init(exitCode: CInt = EX_NOINPUT, _ text: @escaping @Sendable (Language) -> String) {
    self.text = text
    self.exitCode = exitCode
  }

  package func message(in language: Language) -> String { self.text(language) }

  /// In English.
  package var message: String { self.text(.en) }

  package static func == (one: InputError, other: InputError) -> Bool {
    one.message == other.message && one.exitCode == other.exitCode
  }
}

/// Why a call of the system failed, in the language of whoever reads it.
package struct SystemError: Sendable {
  private let code: CInt

  package init(_ code: CInt = errno) {
    self.code = code
  }

  package func text(in language: Language) -> String {
    // The C library would need its own catalogs installed to say it in another language than English.
    let known = self.name.flatMap { Words.systemError($0, language) }
    return known ?? String(cString: strerror(self.code))
  }

  private var name: String? {
    switch self.code {
    case EPERM: "EPERM"
    case ENOENT: "ENOENT"
    case EIO: "EIO"
    case EACCES: "EACCES"
    case EBUSY: "EBUSY"
    case EEXIST: "EEXIST"
    case ENOTDIR: "ENOTDIR"
    case EISDIR: "EISDIR"
    case EMFILE: "EMFILE"
    case ENFILE: "ENFILE"
    case EFBIG: "EFBIG"
    case ENOSPC: "ENOSPC"
    case EROFS: "EROFS"
    case ELOOP: "ELOOP"
    case ENAMETOOLONG: "ENAMETOOLONG"
    case EDQUOT: "EDQUOT"
    default: nil
    }
  }
}
