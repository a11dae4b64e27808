// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Glibc

/// The lock of a state directory, which a daemon holds as long as it runs.
package struct StateLock: ~Copyable {
  private let descriptor: CInt

  /// - Throws: ``InputError``, exit code 75, where a daemon holds it.
  package init(_ folder: String) throws(InputError) {
    let path = folder + "/lock"
    self.descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard self.descriptor >= 0 else {
      throw InputError("\(path): \(String(cString: strerror(errno))). Name the daemon's state directory, as its user or as root.")
    }
    guard flock(self.descriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw InputError(
        "a daemon uses \(folder). Stop it first: systemctl stop amnestyd.service amnestyd.socket amnestyd-admin.socket.",
        exitCode: EX_TEMPFAIL)
    }
  }

  deinit { close(self.descriptor) }
}
