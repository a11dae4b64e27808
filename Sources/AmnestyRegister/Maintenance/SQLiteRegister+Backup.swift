// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules
internal import GRDB
internal import Glibc

extension SQLiteRegister {
  /// Some pages at a time, while commands go on: the copy is of one moment, after the call began.
  package func backUp(
    to path: String, by author: Author?, progress: @escaping @Sendable (BackupProgress) -> Void
  ) async throws(RegisterError) {
    guard access(path, F_OK) != 0 else { throw .invalid(field: "path", problem: "is taken; a backup never overwrites") }
    // Before it is copied, so that the copy tells of itself.
    try await written { session in
      try session.append(
        AuditNote(kind: .command, at: session.clock.now(), author: author, method: "register/backUp", subject: nil))
    }
    try await read { reading throws(RegisterError) in
      guard let reading = reading as? SQLiteReading else { return }
      do { try SQLiteRegister.copy(reading.db, to: path, progress: progress) } catch {
        unlink(path)
        throw RegisterError(error)
      }
    }
  }

  static func copy(_ source: Database, to path: String, progress: @escaping @Sendable (BackupProgress) -> Void) throws {
    let target = try Connections.copy(path)
    // Holds the snapshot of the transaction around this: without it each step would begin one, and the copy anew where something was written.
    _ = try source.first("SELECT count(*) FROM sqlite_schema") { $0.int(0) }
    try target.writeWithoutTransaction { db in
      try source.backup(to: db, pagesPerStep: 1000) { step in
        progress(BackupProgress(completedPages: step.completedPageCount, totalPages: step.totalPageCount))
      }
      // One file, that opens where its folder cannot be written.
      _ = try db.first("PRAGMA journal_mode = DELETE") { $0.text(0) }
    }
    try target.close()
    try sync(path)
  }

  private static func sync(_ path: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw RegisterError.unavailable(Unavailability(.inputOutput, message: "the copy cannot be opened")) }
    defer { Glibc.close(descriptor) }
    guard fsync(descriptor) == 0 else {
      throw RegisterError.unavailable(Unavailability(.inputOutput, message: "the copy cannot be synced"))
    }
    Connections.syncDirectory(of: path)
  }

  /// Puts a backup in the place of a register that nobody serves. The backup is checked first and left as it is; what stood there is kept beside it
  /// as `.before-restore`. Returns what the check found; with problems nothing was changed.
  package static func restore(
    from backup: String, to path: String, by author: Author?, clock: RegisterClock, against checkpoints: [AuditCheckpoint] = []
  ) throws(RegisterError) -> CheckReport {
    try registerErrors {
      let archive = try Connections.archive(backup)
      defer { try? archive.close() }
      // One of an earlier version can be checked once its copy is upgraded.
      let isOlder = try archive.unsafeRead { try Schema.isOlder($0) }
      if !isOlder {
        let report = try check(file: backup, against: checkpoints)
        guard report.isSound else { return report }
      }
      let fresh = path + ".restoring"
      func discard() { for suffix in ["", "-wal", "-shm", "-journal"] { unlink(fresh + suffix) } }
      discard()
      try archive.unsafeRead { try copy($0, to: fresh, progress: { _ in }) }

      let database = try Connections.writer(fresh)
      try Schema.migrator.migrate(database)
      var report = try database.unsafeRead { try checked($0, against: checkpoints) }
      guard report.isSound else {
        try database.close()
        discard()
        return report
      }
      try database.writeWithoutTransaction { db in
        try db.run("BEGIN IMMEDIATE")
        var session = try WriteSession(db, policy: RegisterPolicy(), clock: clock)
        try session.append(
          AuditNote(
            kind: .restore, at: clock.now(), author: author, method: "register/restore", subject: nil,
            details: [.init("entries", String(report.auditEntries))]))
        // Not a crash: the daemon that wrote the backup went on.
        try db.run("UPDATE register SET clean_stop = 1")
        // Positions that watchers hold may lie after the backup. The next ones begin where none of them can be.
        try session.leapChanges()
        try db.run("COMMIT")
        _ = try db.first("PRAGMA wal_checkpoint(TRUNCATE)") { $0.int(0) }
      }
      try database.close()
      try sync(fresh)
      report.auditEntries += 1

      try exchange(fresh, path)
      return report
    }
  }

  /// Looks through a file that nobody serves, without changing it.
  package static func check(file path: String, against checkpoints: [AuditCheckpoint] = []) throws(RegisterError) -> CheckReport {
    try registerErrors {
      guard access(path, F_OK) == 0 else { throw RegisterError.unavailable(Unavailability(.cannotOpen, message: "there is no such file")) }
      let database = try Connections.archive(path)
      defer { try? database.close() }
      return try database.unsafeRead { db in
        try Schema.refuseNewer(db)
        guard try Schema.migrator.hasCompletedMigrations(db) else {
          throw RegisterError.unavailable(
            Unavailability(.notADatabase, message: "this is not a register, or one of an older version: serve it once"))
        }
        return try checked(db, against: checkpoints)
      }
    }
  }

  private static func checked(_ db: Database, against checkpoints: [AuditCheckpoint]) throws -> CheckReport {
    var report = try DatabaseCheck.run(on: db)
    let audit = try verify(SQLiteReading(db: db), against: checkpoints)
    if !checkpoints.isEmpty, let fault = audit.fault, !report.problems.contains(where: { $0.kind == .audit }) {
      report.problems.append(CheckProblem(kind: .audit, place: "entry \(fault.sequence)", problem: fault.kind.rawValue))
    }
    return report
  }

  /// The audit log of a file that nobody serves, on its own.
  package static func verifyAudit(
    file path: String, against checkpoints: [AuditCheckpoint] = []
  ) throws(RegisterError) -> AuditReport {
    try registerErrors {
      let database = try Connections.archive(path)
      defer { try? database.close() }
      return try database.unsafeRead { try verify(SQLiteReading(db: $0), against: checkpoints) }
    }
  }

  private static func exchange(_ fresh: String, _ path: String) throws {
    let kept = path + ".before-restore"
    if access(path, F_OK) == 0 {
      for suffix in ["", "-wal", "-shm"] {
        unlink(kept + suffix)
        if access(path + suffix, F_OK) == 0, rename(path + suffix, kept + suffix) != 0 {
          throw RegisterError.unavailable(Unavailability(.inputOutput, message: "the register in place cannot be put aside"))
        }
      }
    }
    guard rename(fresh, path) == 0 else {
      throw RegisterError.unavailable(Unavailability(.inputOutput, message: "the restored register cannot be put in place"))
    }
    for suffix in ["-wal", "-shm"] { unlink(fresh + suffix) }
    Connections.syncDirectory(of: path)
  }
}
