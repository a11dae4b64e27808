// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Goes through an audit log from its first entry, wherever it comes from: a database, a copy of it, an export.
package struct AuditVerifier: Sendable {
  package private(set) var sequence: Int64 = 0
  package private(set) var hash = AuditEntry.origin
  /// Those still to be met, by the entry they saw.
  private var checkpoints: [Int64: [AuditCheckpoint]]
  package private(set) var checkpointsMet = 0

  /// Throws where a checkpoint's own signature is wrong, or another key made it than the one that is trusted.
  package init(checkpoints: [AuditCheckpoint] = [], trusting key: [UInt8]? = nil) throws(AuditFault) {
    for checkpoint in checkpoints where !checkpoint.isValid(trusting: key) { throw AuditFault(.badSignature, at: checkpoint.sequence) }
    self.checkpoints = Dictionary(grouping: checkpoints, by: \.sequence)
  }

  package mutating func check(_ entry: AuditEntry) throws(AuditFault) {
    guard entry.sequence == sequence + 1 else {
      throw AuditFault(entry.sequence > sequence ? .missing : .reordered, at: sequence + 1)
    }
    guard entry.computedHash == entry.hash else { throw AuditFault(.changed, at: entry.sequence) }
    guard entry.previous == hash else { throw AuditFault(.unlinked, at: entry.sequence) }
    sequence = entry.sequence
    hash = entry.hash
    for checkpoint in checkpoints.removeValue(forKey: sequence) ?? [] {
      guard checkpoint.hash == hash else { throw AuditFault(.rewritten, at: sequence) }
      checkpointsMet += 1
    }
  }

  /// A line of an export.
  package mutating func check(line: some Sequence<UInt8>) throws(AuditFault) {
    guard let entry = AuditEntry(line: line) else { throw AuditFault(.unreadable, at: sequence + 1) }
    // A line may say the same in other bytes; what was hashed is what is written here.
    guard entry.line.elementsEqual(line) else { throw AuditFault(.changed, at: entry.sequence) }
    try check(entry)
  }

  /// After the last entry: what a checkpoint saw must have come.
  package func finish() throws(AuditFault) {
    guard checkpoints.isEmpty else { throw AuditFault(.truncated, at: sequence + 1) }
  }
}
