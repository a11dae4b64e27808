// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import GRDB
internal import RegisterConformance
internal import Testing

/// What a decision by a reading rests on, changed by somebody with the file and a shell.
@Suite struct ReadingTamperingTests {
  @Test(arguments: [
    "UPDATE assessments SET bytes = x'7B7D' WHERE number = 2", "UPDATE assessments SET readings = 'test=before' WHERE number = 2",
    "UPDATE cases SET decision = json_set(decision, '$.readings', 'test=before')",
    "UPDATE cases SET decision = json_set(decision, '$.assessment', 1)",
  ]) func isFound(_ sql: String) async throws {
    let folder = try Folder()
    let register = SQLiteRegister(path: folder.file(), policy: Synthetic.policy, clock: ManualClock().clock)
    func perform(_ command: CaseCommand, by author: Author) async throws {
      _ = try await register.perform(.onCase("SYN-1", command), Synthetic.request(author))
    }
    _ = try await register.perform(.register(Synthetic.newCase("SYN-1")), Synthetic.request(Synthetic.registrar))
    let stored = try await register.read { reading throws(RegisterError) in try reading.get("SYN-1", scope: .everything) }
    try await perform(.assess(Synthetic.stamp(of: stored)), by: Synthetic.preparer)
    try await perform(.propose(.grant, measures: nil, reason: nil), by: Synthetic.preparer)
    var under = Synthetic.stamp(of: stored, releaseOn: Synthetic.day("2022-11-03"))
    under.readings = [ChosenReading(question: "test", answer: "after")]
    try await perform(
      .decide(
        DecideRequest(
          verdict: .grant, decidingBody: .body("court"), officeBody: "court", actDigest: Synthetic.act.digest, under: under)),
      by: Synthetic.authority)
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
    #expect(report.problems.contains { $0.kind == .chain && $0.place.contains("SYN-1") }, "\(report.problems)")
  }
}
