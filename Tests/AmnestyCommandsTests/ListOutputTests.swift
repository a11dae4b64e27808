// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient
internal import AmnestyTexts
internal import Glibc
internal import Testing

@testable internal import AmnestyCommands

struct ListOutputTests {
  @Test(arguments: [
    ("plain", "plain"), ("", ""), ("a,b", "\"a,b\""), ("say \"no\"", "\"say \"\"no\"\"\""), ("two\nlines", "\"two\nlines\""),
    ("a\r", "\"a\r\""), (" edge", "\" edge\""), ("Ахметов, Ә.", "\"Ахметов, Ә.\""),
  ])
  func aFieldIsQuotedWhereItMustBe(_ text: String, _ field: String) {
    #expect(CSV.field(text) == field)
  }

  @Test func whatIsNotKnownIsAnEmptyField() {
    #expect(CSV.line(["a", nil, "c"]) == "a,,c")
  }

  static let summary = CaseSummary(
    reference: "SYN-1", etag: "v2", state: .proposed, office: "almaty", assignedTo: nil, personName: "Үлгі, Сынақ", stage: .sentenced,
    detained: true, outcome: .eligible, measures: ["reduce_term"], newEnd: "2023-04-10", releaseOn: nil, dueOn: "2022-12-01", overdue: true,
    updatedAt: "2022-11-03T10:00:00Z")

  /// What a list writes, read back from a pipe.
  func written(_ format: OutputFormat, _ items: [CaseSummary]) throws -> String {
    var ends: [CInt] = [0, 0]
    try #require(pipe(&ends) == 0)
    var writer = ListWriter<CaseSummary>(
      format: format, terminal: Terminal(width: nil, hasColour: false), output: StandardOutput(descriptor: ends[1]))
    for item in items { try writer.write(item) }
    try writer.finish()
    close(ends[1])
    defer { close(ends[0]) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(ends[0], &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }

  @Test func aListHasEveryFormat() throws {
    let table = try written(.table, [Self.summary]).split(separator: "\n")
    #expect(table.count == 2 && table[1].hasPrefix("SYN-1      Үлгі, Сынақ  proposed"))
    #expect(table[1].contains("2022-12-01 !"))
    let csv = try written(.csv, [Self.summary]).split(separator: "\n")
    #expect(
      csv[0] == "reference,person,state,office,assignedTo,stage,detained,outcome,measures,newEnd,releaseOn,dueOn,overdue,etag,updatedAt")
    #expect(csv[1].hasPrefix("SYN-1,\"Үлгі, Сынақ\",proposed,almaty,,sentenced,true,eligible,reduce_term,2023-04-10,,2022-12-01,true,v2,"))
    #expect(try written(.ndjson, [Self.summary, Self.summary]).split(separator: "\n").count == 2)
    #expect(try written(.json, [Self.summary, Self.summary]).hasPrefix("[\n{"))
  }

  @Test func anEmptyListIsOneToo() throws {
    #expect(try written(.json, []) == "[]\n")
    #expect(try written(.ndjson, []).isEmpty)
    #expect(try written(.csv, []).hasPrefix("reference,"))
  }

  @Test func everyListHasAValueUnderEveryHeading() {
    func holds<Item: ListItem>(_ item: Item) -> Bool {
      item.cells(in: .en).count == Item.columns.count && item.values.count == Item.fields.count
    }
    let clock = CaseClock(kind: .decide, statutory: false, startedOn: "2022-11-03", dueOn: "2022-12-03", daysLeft: 12, overdue: false)
    #expect(holds(Self.summary))
    #expect(holds(WorkItem(case: Self.summary, nextCommand: .decide, role: "authority", clock: clock)))
    #expect(holds(AftercareNeed(id: "n", kind: .housing, state: .open, responsible: "akimat", overdue: false, notes: [], etag: "v1")))
    #expect(holds(Notice(id: 1, kind: .convictionRemoved, reference: "SYN-1", subscriber: "police", createdAt: "2022-11-03", attempts: 0)))
    #expect(holds(AuditEntry(seq: 1, at: "2022-11-03T00:00:00Z", kind: .read, details: [], previous: "0", hash: "1")))
    #expect(holds(WatchCasesResponse(resumeToken: "t", behind: 0)))
    #expect(
      holds(
        ReassessedCase(
          reference: "SYN-1", state: .assessed, before: .eligible, after: .ineligible, measuresBefore: ["reduce_term"], measuresAfter: [],
          applied: false)))
    #expect(holds(ImportRow(entry: ImportLedgerTests.entry(0), result: .registered, status: nil)))
    #expect(holds(BulkRow(before: Self.summary, result: .failure(.draining()))))
  }

  @Test func anAnswerThatIsNoListHasNoCSV() {
    #expect(throws: InputError.self) {
      _ = try Output.lines(
        of: HealthAnswer(answer: HealthCheckResponse(status: .serving)), as: .csv, on: Terminal(width: nil, hasColour: false))
    }
  }

  @Test func aRefusalIsOneObjectWithItsPlace() throws {
    let refusal = Refusal(index: 3, line: 5, reference: "SYN-\"4", status: Status(.aborted, reason: "STALE_ETAG", "Look again."))
    #expect(
      refusal.json.hasPrefix(
        #"{"index":3,"line":5,"reference":"SYN-\"4","status":{"code":"ABORTED","message":"Look again.","details":["#))
    #expect(refusal.json.hasSuffix("}}"))
    #expect(refusal.text(in: .en) == "line 5, SYN-\"4: STALE_ETAG: Look again.")
  }

  @Test func numbersAreGrouped() {
    #expect([0, 12, 1234, -1_234_567].map(\.grouped) == ["0", "12", "1,234", "-1,234,567"])
  }
}
