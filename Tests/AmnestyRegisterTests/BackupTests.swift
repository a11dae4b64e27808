// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import Foundation
internal import RegisterConformance
internal import Synchronization
internal import Testing

@Suite struct BackupTests {
  struct Place: Sendable {
    let folder: Folder
    let clock = ManualClock()

    init() throws { folder = try Folder() }

    func open() -> SQLiteRegister { SQLiteRegister(path: folder.file(), policy: Synthetic.policy, clock: clock.clock) }

    func add(_ reference: String, to register: SQLiteRegister) async throws {
      _ = try await register.perform(.register(Synthetic.newCase(reference)), Synthetic.request(Synthetic.registrar))
    }

    func references(_ register: SQLiteRegister) async throws -> [String] {
      try await register.read { reading throws(RegisterError) in
        try reading.scan(after: nil, limit: 1000, scope: .everything).map(\.reference)
      }
    }
  }

  @Test func aBackupOfARegisterThatServesRestoresWithAnEntryOfItsOwn() async throws {
    let place = try Place()
    var register = place.open()
    try await place.add("SYN-1", to: register)
    let backup = place.folder.file("backup.db")
    try await register.backUp(to: backup, by: Synthetic.author("operator", .admin)) { _ in }
    #expect(try SQLiteRegister.check(file: backup).problems == [])
    #expect(!FileManager.default.fileExists(atPath: backup + "-wal"))
    try await place.add("SYN-2", to: register)
    let position = try await register.read { reading throws(RegisterError) in try reading.lastChange() }
    await register.close()

    let report = try SQLiteRegister.restore(
      from: backup, to: place.folder.file(), by: Synthetic.author("operator", .admin), clock: place.clock.clock)
    #expect(report.isSound && report.cases == 1)
    register = place.open()
    #expect(try await place.references(register) == ["SYN-1"])
    let kinds = try await register.read { reading throws(RegisterError) in
      try reading.audit(AuditFilter(), after: 0, limit: 100).map(\.note.kind)
    }
    #expect(kinds == [.start, .command, .command, .restore, .start])
    #expect(try await register.check().problems == [])
    // Whoever watched is told to begin anew, also once there are as many changes as before.
    try await place.add("SYN-3", to: register)
    try await place.add("SYN-4", to: register)
    let page = try await register.read { reading throws(RegisterError) in
      try reading.changes(after: position, limit: 10, scope: .everything)
    }
    #expect(page.reset)
    await register.close()
    // What stood there is kept.
    #expect(try SQLiteRegister.check(file: place.folder.file() + ".before-restore").cases == 2)
  }

  /// A register that is written to all the time is backed up all the same.
  @Test func whatIsWrittenMeanwhileDoesNotBeginTheCopyAnew() async throws {
    let place = try Place()
    let register = place.open()
    for batch in 0..<8 {
      let cases = (0..<400).map { Synthetic.newCase("SYN-\(batch)-\($0)") }
      _ = try await register.importBatch(
        cases, ImportRequest(author: Synthetic.registrar, scope: .everything, method: "m", day: Synthetic.today))
    }
    let steps = Mutex<[Int]>([])
    try await register.backUp(to: place.folder.file("backup.db"), by: nil) { step in
      let count = steps.withLock { steps in
        steps.append(step.completedPages)
        return steps.count
      }
      guard count < 4 else { return }
      let written = DispatchSemaphore(value: 0)
      Task.detached {
        defer { written.signal() }
        try await place.add("SYN-MEANWHILE-\(count)", to: register)
      }
      written.wait()
    }
    #expect(steps.withLock { $0.count } > 1)
    #expect(steps.withLock { $0 == $0.sorted() && Set($0).count == $0.count })
    #expect(try SQLiteRegister.check(file: place.folder.file("backup.db")).cases == 3200)
    await register.close()
  }

  @Test func aBackupNeverOverwrites() async throws {
    let place = try Place()
    let register = place.open()
    let path = place.folder.file("taken")
    try Data("mine".utf8).write(to: URL(filePath: path))
    await #expect(throws: RegisterError.invalid(field: "path", problem: "is taken; a backup never overwrites")) {
      try await register.backUp(to: path, by: nil) { _ in }
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
    await register.close()
  }

  @Test func aDamagedBackupIsNotRestored() async throws {
    let place = try Place()
    let register = place.open()
    for number in 0..<200 { try await place.add("SYN-\(number)", to: register) }
    let backup = place.folder.file("backup.db")
    try await register.backUp(to: backup, by: nil) { _ in }
    await register.close()
    var bytes = try Data(contentsOf: URL(filePath: backup))
    for place in stride(from: 4096 * 40, to: bytes.count, by: 97) { bytes[place] ^= 0xFF }
    try bytes.write(to: URL(filePath: backup))
    let report = Result { () throws(RegisterError) in
      try SQLiteRegister.restore(from: backup, to: place.folder.file(), by: nil, clock: place.clock.clock)
    }
    if case .success(let report) = report { #expect(!report.isSound) }
    #expect(!FileManager.default.fileExists(atPath: place.folder.file() + ".before-restore"))
    #expect(try SQLiteRegister.check(file: place.folder.file()).cases == 200)
  }

  @Test func commandsGoOnWhileABackupIsTaken() async throws {
    let place = try Place()
    let register = place.open()
    for number in 0..<50 { try await place.add("SYN-\(number)", to: register) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await register.backUp(to: place.folder.file("backup.db"), by: nil) { _ in } }
      for number in 50..<150 { group.addTask { try await place.add("SYN-\(number)", to: register) } }
      try await group.waitForAll()
    }
    #expect(try await place.references(register).count == 150)
    let report = try SQLiteRegister.check(file: place.folder.file("backup.db"))
    #expect(report.isSound && report.cases >= 50)
    await register.close()
  }

  @Test func aFileThatIsNoRegisterIsNotRestored() throws {
    let place = try Place()
    let path = place.folder.file("other")
    try Data("this is no database, and it is longer than a header of one would be".utf8).write(to: URL(filePath: path))
    #expect(throws: RegisterError.self) {
      try SQLiteRegister.restore(from: path, to: place.folder.file(), by: nil, clock: place.clock.clock)
    }
    #expect(throws: RegisterError.self) { try SQLiteRegister.check(file: place.folder.file("none")) }
  }
}
