// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyServices
internal import AmnestyWire
internal import Testing

@Suite("Records that contradict themselves") struct ContradictionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var record: SampleRecord
    var fields: [String]
    var testDescription: String { name }
  }

  static let second = SampleRecord.offence(["id": "\"2\""])
  static func joint(_ aggregation: String, _ term: String) -> SampleRecord {
    SampleRecord().with("offences", "[\(SampleRecord.offence),\(second)]").with(
      "sentence", SampleRecord.sentence(["aggregation": "\"\(aggregation)\"", "term": "\"\(term)\""]))
  }

  static let cases: [Case] = [
    Case(
      name: "a day that does not exist",
      record: SampleRecord().with("offences", "[\(SampleRecord.offence(["committedFrom": "\"2022-02-30\"", "committedThrough": "null"]))]"),
      fields: ["/record/offences/0/committedFrom"]),
    Case(
      name: "an end before its start",
      record: SampleRecord().with("offences", "[\(SampleRecord.offence(["committedFrom": "\"2022-01-07\""]))]"),
      fields: ["/record/offences/0/committedThrough"]),
    Case(
      name: "a term that is not positive", record: SampleRecord().with("sentence", SampleRecord.sentence(["term": "\"P0M\""])),
      fields: ["/record/sentence/term"]),
    Case(
      name: "served before imposed",
      record: SampleRecord().with("sentence", SampleRecord.sentence(["servedOn": "\"2022-06-09\"", "term": "null"])),
      fields: ["/record/sentence/servedOn"]),
    Case(
      name: "served before the end of the term",
      record: SampleRecord().with("sentence", SampleRecord.sentence(["servedOn": "\"2026-01-01\""])),
      fields: ["/record/sentence/servedOn"]),
    Case(
      name: "served and detained",
      record: SampleRecord().with("stage", "\"served\"").with("sentence", SampleRecord.sentence(["servedOn": "\"2027-01-10\""])),
      fields: ["/record/detained"]),
    Case(
      name: "single with several offences", record: joint("single", "P5Y"), fields: ["/record/sentence/aggregation"]),
    Case(name: "no offences", record: SampleRecord().with("offences", "[]"), fields: ["/record/offences"]),
    Case(
      name: "only dropped offences", record: SampleRecord().with("offences", "[\(SampleRecord.offence(["dropped": "true"]))]"),
      fields: ["/record/offences"]),
    Case(
      name: "an offence after the sentence",
      record: SampleRecord().with(
        "offences", "[\(SampleRecord.offence(["committedFrom": "\"2022-06-11\"", "committedThrough": "\"2022-06-11\""]))]"),
      fields: ["/record/offences/0/committedThrough"]),
    Case(name: "a joint term below the longest", record: joint("partial_addition", "P4Y"), fields: ["/record/sentence/term"]),
    Case(name: "a joint term above the sum", record: joint("partial_addition", "P11Y"), fields: ["/record/sentence/term"]),
    Case(name: "absorption to another term", record: joint("absorption", "P6Y"), fields: ["/record/sentence/term"]),
    Case(name: "addition to another term", record: joint("addition", "P9Y"), fields: ["/record/sentence/term"]),
    Case(
      name: "the same id twice",
      record: joint("absorption", "P5Y").with("offences", "[\(SampleRecord.offence),\(SampleRecord.offence),\(second)]"),
      fields: ["/record/offences/1/id"]),
    Case(
      name: "born after the offence", record: SampleRecord().with("person", #"{"bornOn":"2022-01-06"}"#), fields: ["/record/person/bornOn"]),
    Case(
      name: "a wrong control digit", record: SampleRecord().with("person", #"{"iin":"123456789012"}"#), fields: ["/record/person/iin"]),
    Case(
      name: "several at once",
      record: SampleRecord().with("person", #"{"iin":"123456789012","bornOn":"2022-13-01"}"#).with("offences", "[]"),
      fields: ["/record/offences", "/record/person/iin", "/record/person/bornOn"]),
  ]

  @Test("Each is refused with the place of every violation", arguments: cases)
  func refused(_ contradiction: Case) throws {
    let status = try ServiceFixture().refusal(contradiction.record.json)
    #expect(status.code == .invalidArgument)
    #expect(status.reason == "CONTRADICTORY_RECORD")
    #expect(status.badRequest?.fieldViolations.map(\.field) == contradiction.fields)
    #expect(status.badRequest?.violationsTotal == contradiction.fields.count)
    #expect(status.badRequest?.fieldViolations.contains { $0.description.isEmpty } == false)
  }

  @Test("At most 32 violations are listed, all are counted")
  func many() throws {
    let offences = (0..<100).map { SampleRecord.offence(["id": "\"\($0)\"", "committedFrom": "\"2022-01-31\""]) }.joined(separator: ",")
    let record = SampleRecord().with("offences", "[\(offences)]").with("sentence", nil)
    let request = try #require(try ServiceFixture().refusal(record.json).badRequest)
    #expect(request.fieldViolations.count == 32)
    #expect(request.violationsTotal == 100)
  }

  @Test(
    "A disputed value is ignored, also where it makes no sense",
    arguments: [
      ("/person/bornOn", #"{"bornOn":"2022-02-30"}"#), ("/person/bornOn", #"{"bornOn":"2022-03-01"}"#),
      ("/person/iin", #"{"iin":"123456789012"}"#),
      ("/person", #"{"iin":"123456789012","bornOn":"2030-01-01"}"#), ("", #"{"iin":"123456789012"}"#),
    ])
  func disputed(pointer: String, person: String) throws {
    let record = SampleRecord().with("person", person)
    #expect(try ServiceFixture().refusal(record.json).reason == "CONTRADICTORY_RECORD")
    for list in ["disputed", "unknowable"] { _ = try ServiceFixture().assess(record.with(list, "[\"\(pointer)\"]").json) }
  }
}
