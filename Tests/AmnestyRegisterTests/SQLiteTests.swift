// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import Foundation
internal import GRDB
internal import RegisterConformance
internal import Testing

/// What is SQLite's own about this store.
@Suite struct SQLiteTests {
  static func filled(_ folder: Folder, _ clock: ManualClock) async throws {
    let register = SQLiteRegister(path: folder.file(), policy: Synthetic.policy, clock: clock.clock)
    let subject = Conformance.Subject(register: register, clock: clock)
    // The longest story leaves rows in every table.
    for part in Conformance.all where part.name == "a removed conviction is told to every subscriber until each has confirmed" {
      try await part.run(subject)
    }
    for (number, key) in ["SYN-A", "SYN-B", "SYN-C"].enumerated() {
      _ = try await register.perform(
        .register(Synthetic.newCase(key)), Synthetic.request(Synthetic.registrar, key: key, digest: [UInt8(number)]))
    }
    await register.close()
  }

  /// `AMNESTY_SCHEMA_COPY=FILE swift test --filter aCopyForADump`, then `sqlite3 FILE .dump > Schemas/vN.sql`, once a version is released.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["AMNESTY_SCHEMA_COPY"] != nil)) func aCopyForADump() async throws {
    let folder = try Folder()
    try await SQLiteTests.filled(folder, ManualClock())
    try FileManager.default.copyItem(atPath: folder.file(), toPath: ProcessInfo.processInfo.environment["AMNESTY_SCHEMA_COPY"] ?? "")
  }

  @Test func whatTheSchemaForbidsIsRefused() async throws {
    let folder = try Folder()
    try await SQLiteTests.filled(folder, ManualClock())
    let database = try DatabaseQueue(path: folder.file())
    let forbidden = [
      "UPDATE cases SET state = 'pardoned'", "UPDATE cases SET state = 'granted' WHERE reference = 'SYN-A'",
      "UPDATE cases SET state = 'proposed' WHERE reference = 'SYN-A'", "UPDATE cases SET reference = 'SYN-A' WHERE reference = 'SYN-B'",
      "UPDATE cases SET office = ''", "UPDATE cases SET detained = 2", "UPDATE cases SET record_version = 9",
      "UPDATE cases SET assessment = 9",
      "UPDATE cases SET clocks = 'no json'", "UPDATE cases SET sealed = 1 WHERE reference = 'SYN-A'", "UPDATE cases SET version = 'one'",
      "DELETE FROM cases", "UPDATE links SET reason = 'another'", "DELETE FROM links", "UPDATE records SET digest = 'x'",
      "DELETE FROM records",
      "UPDATE assessments SET outcome = 'eligible'", "DELETE FROM assessments", "UPDATE audit SET method = 'x'", "DELETE FROM audit",
      "INSERT INTO links SELECT case_id, number, kind, at, day, author, from_state, to_state, assessment, act_digest, facts_digest, reason, departs, details FROM links LIMIT 1",
      "INSERT INTO register VALUES (2, '', 0, 0, 0, 0)", "UPDATE propagations SET next_attempt_at = NULL, acknowledged_at = NULL",
      "INSERT INTO answers SELECT * FROM answers LIMIT 1", "UPDATE authors SET role = 'king'",
    ]
    for sql in forbidden {
      #expect(throws: DatabaseError.self, "\(sql)") { try database.write { try $0.execute(sql: sql) } }
    }
    try database.close()
    #expect(try SQLiteRegister.check(file: folder.file()).problems == [])
  }

  /// Every word of the code is a word of the schema.
  @Test func theSchemaKnowsEveryWord() async throws {
    let folder = try Folder()
    try await SQLiteTests.filled(folder, ManualClock())
    let database = try DatabaseQueue(path: folder.file())
    let sql = try await database.read { try String.fetchAll($0, sql: "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL") }.joined()
    let words: [[String]] = [
      CaseState.allCases.map(\.rawValue), LinkKind.allCases.map(\.rawValue), CaseRole.allCases.map(\.rawValue),
      AuditKind.allCases.map(\.rawValue),
      NeedKind.allCases.map(\.rawValue), NeedState.allCases.map(\.rawValue), PropagationKind.allCases.map(\.rawValue),
      AssessmentOutcome.allCases.map(\.rawValue), Closure.allCases.map(\.rawValue),
    ]
    for word in words.joined() { #expect(sql.contains("'\(word)'"), "\(word)") }
  }

  /// A database of each version that was ever released, as SQL: it is upgraded, and all in it still holds.
  @Test(arguments: ["v1"]) func aDatabaseOfAnEarlierVersionIsUpgraded(version: String) async throws {
    let dump = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Schemas/\(version).sql")
    let folder = try Folder()
    let database = try DatabaseQueue(path: folder.file())
    let sql = try String(contentsOf: dump, encoding: .utf8)
    try await database.writeWithoutTransaction { try $0.execute(sql: sql) }
    try database.close()
    let clock = ManualClock("2023-01-01")
    let register = SQLiteRegister(path: folder.file(), policy: Synthetic.policy, clock: clock.clock)
    #expect(register.unavailability == nil)
    // What it was before the upgrade stands beside it, for whoever goes back.
    let before = try DatabaseQueue(path: folder.file() + ".before-v2")
    let steps = try await before.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM grdb_migrations") }
    try before.close()
    #expect(steps == 1)
    let found = try await register.read { reading throws(RegisterError) in try reading.search("Serik", limit: 10, scope: .everything) }
    #expect(found.cases.map(\.reference).contains("SYN-1"))
    #expect(try await register.check().problems == [])
    let stored = try await register.read { reading throws(RegisterError) in try reading.get("SYN-1", scope: .everything) }
    #expect(stored.state == .revoked && stored.chain.revocation?.ground == .forgedPaper)
    _ = try await register.perform(.register(Synthetic.newCase("SYN-new")), Synthetic.request(Synthetic.registrar))
    #expect(try await register.check().problems == [])
    await register.close()
  }

  @Test func namesThatWereFoldedOtherwiseAreFoldedAnew() async throws {
    let folder = try Folder()
    let clock = ManualClock()
    let first = SQLiteRegister(path: folder.file(), policy: Synthetic.policy, clock: clock.clock)
    let record = Synthetic.record("1", family: "Щербакова", given: "Юлия", iin: "123456789013")
    _ = try await first.perform(.register(Synthetic.newCase("SYN-1", record)), Synthetic.request(Synthetic.registrar))
    await first.close()
    let database = try DatabaseQueue(path: folder.file())
    try await database.write { db in
      try db.execute(sql: "UPDATE search SET words = 'scerbakoua iulia 123456789013'")
      try db.execute(sql: "DELETE FROM grdb_migrations WHERE identifier LIKE 'v3 %'")
    }
    try database.close()
    let register = SQLiteRegister(path: folder.file(), policy: Synthetic.policy, clock: clock.clock)
    #expect(FileManager.default.fileExists(atPath: folder.file() + ".before-v3"))
    for typed in ["Sherbakova", "Shcherbakova Julia", "1234"] {
      let found = try await register.read { reading throws(RegisterError) in try reading.search(typed, limit: 10, scope: .everything) }
      #expect(found.cases.map(\.reference) == ["SYN-1"], "\(typed)")
    }
    #expect(try await register.check().problems == [])
    await register.close()
  }

  @Test func aDatabaseOfALaterVersionIsLeftAloneAndTheWayBackTold() async throws {
    let folder = try Folder()
    try await SQLiteTests.filled(folder, ManualClock())
    let database = try DatabaseQueue(path: folder.file())
    try await database.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('v9 something new')") }
    try database.close()
    let register = SQLiteRegister(path: folder.file(), policy: Synthetic.policy, clock: ManualClock().clock)
    #expect(register.unavailability?.cause == .newerSchema)
    #expect(register.unavailability?.message.contains("register.sqlite.before-v9") == true)
    await register.close()
  }

  @Test func aBackupOfAnEarlierVersionIsUpgradedByItsRestoring() async throws {
    let dump = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Schemas/v1.sql")
    let folder = try Folder()
    let backup = folder.file() + ".backup"
    let old = try DatabaseQueue(path: backup)
    let sql = try String(contentsOf: dump, encoding: .utf8)
    try await old.writeWithoutTransaction { try $0.execute(sql: sql) }
    try old.close()
    let clock = ManualClock("2023-01-01").clock
    #expect(try SQLiteRegister.restore(from: backup, to: folder.file(), by: nil, clock: clock).problems == [])
    #expect(try SQLiteRegister.check(file: folder.file()).problems == [])
  }

  @Test func noPageIsSorted() async throws {
    let folder = try Folder()
    try await SQLiteTests.filled(folder, ManualClock())
    let database = try DatabaseQueue(path: folder.file())
    for sql in SQLiteRegister.pagedStatements {
      let plan = try await database.read { db in
        let statement = try db.makeStatement(sql: "EXPLAIN QUERY PLAN " + sql)
        statement.setUncheckedArguments([])
        return try Row.fetchAll(statement).map { $0["detail"] as String? ?? "" }
      }
      #expect(!plan.contains { $0.contains("TEMP B-TREE") || $0.hasPrefix("SCAN c") && !$0.contains("INDEX") }, "\(plan)")
    }
  }

  /// A commit that is told is on disk: each group of commands costs one sync of the log, which under NORMAL it would not.
  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/strace"), "make setup installs strace"))
  func everyAcknowledgedCommitWasSynced() async throws {
    let trace = URL(filePath: "/usr/bin/strace")
    let folder = try Folder()
    let process = Process()
    process.executableURL = trace
    process.arguments = [
      "-f", "-e", "trace=fsync,fdatasync", "-o", folder.file("trace"), RegisterWriter.program, folder.file(), "--sequential", "50",
    ]
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let calls = try String(contentsOfFile: folder.file("trace"), encoding: .utf8).split(separator: "\n").filter {
      $0.contains("fdatasync(") || $0.contains("fsync(")
    }
    #expect(calls.count >= 50)
  }

  @Test func theFileIsItsOwnersOnly() async throws {
    let folder = try Folder()
    let register = SQLiteRegister(path: folder.file(), policy: Synthetic.policy, clock: ManualClock().clock)
    for name in ["register.db", "register.db-wal", "register.db-shm"] {
      let mode = try FileManager.default.attributesOfItem(atPath: folder.file(name))[.posixPermissions] as? Int
      #expect(mode == 0o600, "\(name)")
    }
    await register.close()
  }

  @Test func aCrashLeavesAGapAndACleanEndDoesNot() async throws {
    let folder = try Folder()
    let clock = ManualClock()
    func kinds() async throws -> [AuditKind] {
      let register = SQLiteRegister(path: folder.file(), policy: Synthetic.policy, clock: clock.clock)
      let kinds = try await register.read { reading throws(RegisterError) in
        try reading.audit(AuditFilter(), after: 0, limit: 100).map(\.note.kind)
      }
      await register.close()
      return kinds
    }
    #expect(try await kinds() == [.start])
    #expect(try await kinds() == [.start, .stop, .start])
    // A process that ended without closing leaves the mark unset.
    let database = try DatabaseQueue(path: folder.file())
    try await database.write { try $0.execute(sql: "UPDATE register SET clean_stop = 0") }
    try database.close()
    #expect(try await kinds() == [.start, .stop, .start, .stop, .gap, .start])
  }

  /// Somebody with the file and a shell: whatever they change is found, and where.
  @Test(arguments: [
    ("UPDATE audit SET subject = 'SYN-other' WHERE sequence = 4", AuditFault(.changed, at: 4)),
    ("UPDATE audit SET hash = zeroblob(32) WHERE sequence = 4", AuditFault(.changed, at: 4)),
    ("DELETE FROM audit WHERE sequence = 4", AuditFault(.missing, at: 4)),
    ("DELETE FROM audit WHERE sequence = 1", AuditFault(.missing, at: 1)),
    (
      "UPDATE audit SET sequence = -4 WHERE sequence = 4; UPDATE audit SET sequence = 4 WHERE sequence = 5; UPDATE audit SET sequence = 5 WHERE sequence = -4",
      AuditFault(.changed, at: 4)
    ),
    ("UPDATE authors SET person = 'somebody-else' WHERE person = 'person-preparer'", AuditFault(.changed, at: 3)),
    ("DELETE FROM audit WHERE sequence > 5", AuditFault(.truncated, at: 6)),
  ]) func tamperingIsFoundWithItsPlace(sql: String, fault: AuditFault) async throws {
    let folder = try Folder()
    let clock = ManualClock()
    let register = SQLiteRegister(path: folder.file(), policy: Synthetic.policy, clock: clock.clock)
    let subject = Conformance.Subject(register: register, clock: clock)
    _ = try await register.perform(.register(Synthetic.newCase("SYN-1")), Synthetic.request(Synthetic.registrar))
    for person in ["a", "b", "c", "d", "e"] {
      _ = try await register.perform(.onCase("SYN-1", .assign(to: person)), Synthetic.request(Synthetic.preparer))
    }
    let checkpoint = try await subject.register.maintenance.checkpoint { TestKey.sign($0) }
    await register.close()
    #expect(try SQLiteRegister.verifyAudit(file: folder.file(), against: [checkpoint]).fault == nil)

    let database = try DatabaseQueue(path: folder.file())
    try await database.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA ignore_check_constraints = 1")
      for trigger in ["audit_append_only", "audit_kept"] { try db.execute(sql: "DROP TRIGGER \(trigger)") }
      try db.execute(sql: sql)
    }
    try database.close()
    #expect(try SQLiteRegister.verifyAudit(file: folder.file(), against: [checkpoint]).fault == fault)
  }

  @Test(arguments: [
    ("UPDATE links SET reason = 'another' WHERE number = 2", CheckProblem.Kind.chain), ("UPDATE cases SET state = 'withdrawn'", .chain),
    ("UPDATE cases SET deadline = 1", .chain), ("UPDATE cases SET measures = ' release_from_punishment '", .chain),
    ("UPDATE records SET bytes = x'7B7D'", .record), ("UPDATE search SET words = 'nobody'", .search), ("DELETE FROM search", .search),
    ("UPDATE links SET author = 1", .chain),
  ]) func whatDoesNotAgreeIsFound(sql: String, kind: CheckProblem.Kind) async throws {
    let folder = try Folder()
    let clock = ManualClock()
    let register = SQLiteRegister(path: folder.file(), policy: Synthetic.policy, clock: clock.clock)
    _ = try await register.perform(.register(Synthetic.newCase("SYN-1")), Synthetic.request(Synthetic.registrar))
    _ = try await register.perform(.onCase("SYN-1", .assign(to: "somebody")), Synthetic.request(Synthetic.preparer))
    #expect(try await register.check().problems == [])
    await register.close()
    let database = try DatabaseQueue(path: folder.file())
    try await database.writeWithoutTransaction { db in
      for trigger in try String.fetchAll(db, sql: "SELECT name FROM sqlite_master WHERE type = 'trigger'") {
        try db.execute(sql: "DROP TRIGGER \(trigger)")
      }
      try db.execute(sql: sql)
    }
    try database.close()
    let report = try SQLiteRegister.check(file: folder.file())
    #expect(report.problems.contains { $0.kind == kind && $0.place.contains("SYN-1") }, "\(report.problems)")
  }
}
