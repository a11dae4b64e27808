// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Glibc

/// Whether a descriptor leads to the journal, as JOURNAL_STREAM tells by device and inode.
package enum JournalStream {
  /// Only then may entries go to the journal directly: sending reports success also where no journal listens.
  package static func isJournal(_ descriptor: CInt, environment: [String: String]) -> Bool {
    guard let text = environment["JOURNAL_STREAM"] else { return false }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let device = UInt64(parts[0]), let inode = UInt64(parts[1]) else { return false }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return false }
    return UInt64(status.st_dev) == device && UInt64(status.st_ino) == inode
  }
}
