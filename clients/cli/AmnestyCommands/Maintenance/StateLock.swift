// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyTexts
internal import Glibc

/// The lock of a state directory, which a daemon holds as long as it runs.
package struct StateLock: ~Copyable {
  private let descriptor: CInt

  /// - Throws: ``InputError``, exit code 75, where a daemon holds it.
  package init(_ folder: String) throws(InputError) {
    let path = folder + "/lock"
    self.descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard self.descriptor >= 0 else {
      let why = SystemError()
      throw InputError { Text.lockNotOpened($0, path: path, why: why.text(in: $0)) }
    }
    guard flock(self.descriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw InputError(exitCode: EX_TEMPFAIL) { Text.lockHeld($0, path: folder) }
    }
  }

  deinit { close(self.descriptor) }
}
