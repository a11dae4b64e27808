// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// The register of cases: every case from intake to aftercare. What a method returns is on disk.
package protocol CaseRegister: Sendable {
  /// Does one command, whole or not at all, with its link, its audit entry and the answer kept under its key.
  func perform(_ command: RegisterCommand, _ request: CommandRequest) async throws(RegisterError) -> CommandAnswer

  /// The same without a task: `completion` is called exactly once, on the writer's thread after the commit, and must not wait.
  func submit(
    _ command: RegisterCommand, _ request: CommandRequest, completion: @escaping @Sendable (Result<CommandAnswer, RegisterError>) -> Void)

  /// Registers a batch in one transaction, each row for itself: a row that fails costs its own place only. The results are in the order of the rows.
  func importBatch(_ cases: [NewCase], _ request: ImportRequest) async throws(RegisterError) -> [ImportResult]

  /// Reads on a thread of the register's own, from one snapshot; a read begun after a write was acknowledged sees it.
  func read<Value: Sendable>(
    _ body: @escaping @Sendable (any RegisterReading) throws(RegisterError) -> Value
  ) async throws(RegisterError) -> Value

  /// The same without a task: `body` runs on the reader's thread and hands on what it read by itself. It is called exactly once.
  func submitRead(_ body: @escaping @Sendable (Result<any RegisterReading, RegisterError>) -> Void)

  /// Queues the audit entry of a read, or of a denial, before it is answered; it is committed within a tenth of a second. Throws where the log cannot
  /// be written any more: then the read must not be answered.
  func note(_ note: AuditNote) throws(RegisterError)

  /// Commits what `note` has queued.
  func flushNotes() async throws(RegisterError)

  /// Tells the last change's position after every commit that changed something. A slow reader sees the newest only. It ends when the register
  /// closes.
  func changes() -> AsyncStream<Int64>

  /// How many changes, of whichever office, are on disk after a position; never waits.
  func changes(after position: Int64) -> Int

  /// Deadlines, needs and subscribers as configured from now on; nothing that is stored changes.
  func adopt(_ policy: RegisterPolicy)

  /// Nil while it serves; else why not. A register that could not be opened, or was lost, tries again by itself.
  var unavailability: Unavailability? { get }

  var maintenance: any RegisterMaintenance { get }
}

/// Work for the daemon and its operators, not for a case.
package protocol RegisterMaintenance: Sendable {
  /// A consistent copy while the register serves. The file must not exist.
  func backUp(to path: String, by author: Author?, progress: @escaping @Sendable (BackupProgress) -> Void) async throws(RegisterError)

  func check() async throws(RegisterError) -> CheckReport

  /// The audit chain on its own, by pages, against checkpoints kept elsewhere.
  func verifyAudit(against checkpoints: [AuditCheckpoint]) async throws(RegisterError) -> AuditReport

  /// The end of the audit log for `sign` to sign, and the entry that says so.
  func checkpoint(signedBy sign: @escaping @Sendable (_ message: [UInt8]) -> CheckpointSignature) async throws(RegisterError)
    -> AuditCheckpoint

  /// Propagations that are due to be sent, and what came of an attempt.
  func recordAttempt(propagation: Int64, error: String?, nextAttemptAt: Instant) async throws(RegisterError)

  /// Drops keys older than the policy keeps, some at a time; returns how many went.
  func purgeKeys() async throws(RegisterError) -> Int

  /// Counters for metrics; never waits.
  var statistics: RegisterStatistics { get }

  /// Commits what is queued, writes the mark of a clean end, checkpoints the WAL and closes. Commands that come later end `shutting_down`.
  func close() async
}

package struct CheckpointSignature: Sendable, Hashable {
  package var publicKey: [UInt8]
  package var signature: [UInt8]

  package init(publicKey: [UInt8], signature: [UInt8]) {
    self.publicKey = publicKey
    self.signature = signature
  }
}

package struct BackupProgress: Sendable, Hashable {
  package var completedPages: Int
  package var totalPages: Int

  package init(completedPages: Int, totalPages: Int) {
    self.completedPages = completedPages
    self.totalPages = totalPages
  }
}

package struct CheckReport: Sendable, Hashable {
  package var cases: Int
  package var auditEntries: Int64
  /// Empty: nothing is wrong. References may stand here, no other data of a person.
  package var problems: [CheckProblem]

  package var isSound: Bool { problems.isEmpty }
}

package struct CheckProblem: Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case database, foreignKey = "foreign_key"
    case audit, record, chain, search
  }

  package var kind: Kind
  /// Table and row, audit entry or reference.
  package var place: String
  package var problem: String
}

package struct AuditReport: Sendable, Hashable {
  package var entries: Int64
  package var lastHash: [UInt8]
  /// The first fault; nil: the chain holds.
  package var fault: AuditFault?
  /// Checkpoints that were found in it.
  package var checkpoints: Int
}

package struct RegisterStatistics: Sendable, Hashable {
  package var commits: Int64 = 0
  package var commands: Int64 = 0
  package var replays: Int64 = 0
  package var refusals: Int64 = 0
  package var imported: Int64 = 0
  package var reads: Int64 = 0
  package var notes: Int64 = 0
  package var failures: Int64 = 0
  package var failedReads: Int64 = 0
  /// Why the last transaction or read failed.
  package var lastFailure: Unavailability?
  package var queuedCommands = 0
  package var queuedNotes = 0
}
