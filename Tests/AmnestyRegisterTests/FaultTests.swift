// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import Foundation
internal import GRDB
internal import RegisterConformance
internal import Testing

/// What goes wrong underneath: told clearly, nothing lost, and over when its cause is.
@Suite struct FaultTests {
  struct Subject {
    var folder: Folder
    var clock: ManualClock
    var register: SQLiteRegister

    init(_ prepare: (Folder) throws -> Void = { _ in }) throws {
      folder = try Folder()
      try prepare(folder)
      clock = ManualClock()
      register = SQLiteRegister(path: folder.file(), policy: Synthetic.policy, clock: clock.clock)
    }

    func add(_ reference: String) async throws(RegisterError) {
      _ = try await register.perform(.register(Synthetic.newCase(reference)), Synthetic.request(Synthetic.registrar, key: reference))
    }

    func cause(_ reference: String) async -> Unavailability.Cause? {
      do throws(RegisterError) { try await add(reference) } catch {
        if case .unavailable(let reason) = error {
          // A message names no path and no person.
          #expect(!reason.message.contains(folder.path) && !reason.message.isEmpty)
          return reason.cause
        }
        Issue.record("\(error)")
      }
      return nil
    }

    func references() async throws(RegisterError) -> [String] {
      try await register.read { reading throws(RegisterError) in
        try reading.scan(after: nil, limit: 10_000, scope: .everything).map(\.reference)
      }
    }

    /// Back-off is over.
    func wait() { clock.advance(milliseconds: 6000) }

    /// What everybody expects in the end.
    func serves(_ expected: [String]) async throws {
      try await add("SYN-last")
      #expect(try await references() == (expected + ["SYN-last"]).sorted())
      #expect(register.unavailability == nil)
      #expect(try await register.check().problems == [])
      await register.close()
    }
  }

  @Test func aFileThatIsNoDatabase() async throws {
    let subject = try Subject {
      try Data("this is no database, and it is longer than a header of one would be".utf8).write(to: URL(filePath: $0.file()))
    }
    #expect(subject.register.unavailability?.cause == .notADatabase)
    #expect(await subject.cause("SYN-1") == .notADatabase)
    await #expect(throws: RegisterError.self) { try await subject.references() }
    // It was left as it is, for somebody to look at.
    #expect(try String(contentsOfFile: subject.folder.file(), encoding: .utf8).hasPrefix("this is no database"))
    try FileManager.default.removeItem(atPath: subject.folder.file())
    subject.wait()
    try await subject.serves([])
  }

  @Test func aFolderThatIsNotThere() async throws {
    let folder = try Folder()
    let clock = ManualClock()
    let register = SQLiteRegister(path: folder.file("not/there.db"), policy: Synthetic.policy, clock: clock.clock)
    #expect(register.unavailability?.cause == .cannotOpen)
    try FileManager.default.createDirectory(atPath: folder.file("not"), withIntermediateDirectories: true)
    clock.advance(milliseconds: 6000)
    _ = try await register.perform(.register(Synthetic.newCase("SYN-1")), Synthetic.request(Synthetic.registrar))
    #expect(register.unavailability == nil)
    await register.close()
  }

  @Test func aDatabaseOfANewerVersion() async throws {
    let subject = try Subject { folder in
      let database = try DatabaseQueue(path: folder.file())
      try database.write {
        try $0.execute(
          sql: "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY); INSERT INTO grdb_migrations VALUES ('v9')")
      }
      try database.close()
    }
    #expect(subject.register.unavailability?.cause == .newerSchema)
    #expect(await subject.cause("SYN-1") == .newerSchema)
  }

  @Test func aLockedDatabase() async throws {
    let subject = try Subject()
    try await subject.add("SYN-1")
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    let other = try DatabaseQueue(path: subject.folder.file(), configuration: configuration)
    try other.inDatabase { try $0.execute(sql: "BEGIN IMMEDIATE") }
    #expect(await subject.cause("SYN-2") == .locked)
    #expect(subject.register.unavailability?.cause == .locked)
    // Reading goes on.
    #expect(try await subject.references() == ["SYN-1"])
    try other.inDatabase { try $0.execute(sql: "COMMIT") }
    try other.close()
    try await subject.add("SYN-2")
    try await subject.serves(["SYN-1", "SYN-2"])
  }

  /// A file system that is really full, of 400 KiB.
  @Test func aFullDisk() async throws {
    let folder = try Folder()
    guard mount(folder.path, options: "size=700k") else { return }
    defer { unmount(folder.path) }
    let clock = ManualClock()
    let register = SQLiteRegister(path: folder.file(), policy: Synthetic.policy, clock: clock.clock)
    let subject = try Subject()
    var there = subject
    there.folder = folder
    there.clock = clock
    there.register = register
    var acknowledged: [String] = []
    var cause: Unavailability.Cause?
    for number in 1000..<4000 where cause == nil {
      cause = await there.cause("SYN-\(number)")
      if cause == nil { acknowledged.append("SYN-\(number)") }
    }
    #expect(cause == .diskFull)
    #expect(register.unavailability?.cause == .diskFull)
    #expect(!acknowledged.isEmpty)
    #expect(try await there.references() == acknowledged)
    remount(folder.path, options: "size=40m")
    there.wait()
    try await there.serves(acknowledged)
  }

  @Test func aFileSystemThatTurnsReadOnly() async throws {
    let folder = try Folder()
    guard mount(folder.path, options: "size=20m") else { return }
    defer { unmount(folder.path) }
    var there = try Subject()
    there.folder = folder
    there.clock = ManualClock()
    there.register = SQLiteRegister(path: folder.file(), policy: Synthetic.policy, clock: there.clock.clock)
    try await there.add("SYN-1")
    // SQLite holds its files open for writing, so only the file system as a whole turns.
    await there.register.close()
    #expect(remount(folder.path, options: "ro"))
    there.register = SQLiteRegister(path: folder.file(), policy: Synthetic.policy, clock: there.clock.clock)
    let cause = await there.cause("SYN-2")
    #expect(cause == .readOnly || cause == .cannotOpen)
    #expect(remount(folder.path, options: "rw"))
    there.wait()
    try await there.serves(["SYN-1"])
  }

  @Test func aDamagedPageIsToldAndNeverTakenForData() async throws {
    let subject = try Subject()
    for number in 0..<300 { try await subject.add("SYN-\(number)") }
    await subject.register.close()
    var bytes = try Data(contentsOf: URL(filePath: subject.folder.file()))
    // All but the header and the schema.
    for page in stride(from: 4096 * 30, to: bytes.count, by: 4096) {
      for place in page..<min(page + 400, bytes.count) { bytes[place] = 0xA5 }
    }
    try bytes.write(to: URL(filePath: subject.folder.file()))
    var damaged = subject
    damaged.register = SQLiteRegister(path: subject.folder.file(), policy: Synthetic.policy, clock: subject.clock.clock)
    var causes: Set<Unavailability.Cause> = []
    for number in 0..<300 {
      do throws(RegisterError) {
        _ = try await damaged.register.read { reading throws(RegisterError) in try reading.get("SYN-\(number)", scope: .everything) }
      } catch {
        if case .unavailable(let reason) = error { causes.insert(reason.cause) }
      }
    }
    #expect(causes == [.corrupt])
    let report = Result { () throws(RegisterError) in try SQLiteRegister.check(file: subject.folder.file()) }
    if case .success(let report) = report { #expect(!report.isSound) }
    await damaged.register.close()
  }

  /// Random bytes anywhere in the file: an error or an answer, never the end of the process.
  @Test(arguments: 0..<12) func noDamageTrapsIt(seed: Int) async throws {
    let subject = try Subject()
    for number in 0..<60 { try await subject.add("SYN-\(number)") }
    await subject.register.close()
    var generator = SeededGenerator(seed: UInt64(seed))
    var bytes = try Data(contentsOf: URL(filePath: subject.folder.file()))
    for _ in 0..<40 {
      bytes[Int.random(in: (seed % 2 == 0 ? 100 : 4096 * 20)..<bytes.count, using: &generator)] = UInt8.random(
        in: 0...255, using: &generator)
    }
    try bytes.write(to: URL(filePath: subject.folder.file()))
    let register = SQLiteRegister(path: subject.folder.file(), policy: Synthetic.policy, clock: subject.clock.clock)
    _ = try? await register.read { reading throws(RegisterError) in
      for number in 0..<60 { _ = try? reading.get("SYN-\(number)", scope: .everything) }
      _ = try? reading.list(CaseFilter(), order: .updated, page: PageRequest(size: 100), scope: .everything)
      _ = try? reading.search("Serik", limit: 10, scope: .everything)
      _ = try? reading.audit(AuditFilter(), after: 0, limit: 1000)
      _ = try? reading.changes(after: 0, limit: 100, scope: .everything)
    }
    _ = try? await register.check()
    for number in 0..<5 {
      _ = try? await register.perform(
        .onCase("SYN-\(number)", .assign(to: "somebody")), Synthetic.request(Synthetic.preparer))
    }
    await register.close()
  }

  @Test func notesWaitForADatabaseThatComesBackAndAreThenRefused() async throws {
    let subject = try Subject { try FileManager.default.createDirectory(atPath: $0.file(), withIntermediateDirectories: true) }
    let note = AuditNote(kind: .read, at: subject.clock.clock.now(), author: Synthetic.preparer, method: "m", subject: "SYN-1")
    for _ in 0..<100 { try subject.register.note(note) }
    await #expect(throws: RegisterError.self) { try await subject.register.flushNotes() }
    try FileManager.default.removeItem(atPath: subject.folder.file())
    subject.wait()
    try await subject.register.flushNotes()
    let notes = try await subject.register.read { reading throws(RegisterError) in
      try reading.audit(AuditFilter(), after: 0, limit: 1000).filter { $0.note.kind == .read }.count
    }
    #expect(notes == 100)
    await subject.register.close()
  }

  // MARK: - File systems, where the test may make them

  @discardableResult
  private func tool(_ name: String, _ arguments: [String]) -> Bool {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [name] + arguments
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }

  private func mount(_ path: String, options: String) -> Bool { tool("mount", ["-t", "tmpfs", "-o", options, "tmpfs", path]) }
  @discardableResult private func remount(_ path: String, options: String) -> Bool { tool("mount", ["-o", "remount,\(options)", path]) }
  private func unmount(_ path: String) { tool("umount", ["-l", path]) }
}
