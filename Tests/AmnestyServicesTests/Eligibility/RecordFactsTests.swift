// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyActs
internal import AmnestyRules
internal import AmnestyServices
internal import AmnestyWire
internal import Testing

@Suite("Declared facts and pointers of a record") struct RecordFactsTests {
  let fixture: ServiceFixture

  init() throws { fixture = try ServiceFixture() }

  private func fields(_ record: SampleRecord, _ rest: String = "") throws -> [String] {
    let status = try fixture.refusal(record.json, rest)
    #expect(status.reason == "INVALID_FIELD")
    return status.badRequest?.fieldViolations.map(\.field) ?? []
  }

  @Test("A fact that no act declares is refused by its name")
  func undeclared() throws {
    #expect(try fields(SampleRecord().with("facts", #"{"nobodyDeclaresThis":true}"#)) == ["/record/facts/nobodyDeclaresThis"])
  }

  @Test("A pointer to no place of a record is refused where it stands", arguments: ["/nowhere", "/offences/7", "stage"])
  func noPlace(pointer: String) throws {
    let both = SampleRecord().with("disputed", #"["/stage"]"#).with("unknowable", "[\"/stage\",\"\(pointer)\"]")
    #expect(try fields(both) == ["/record/unknowable/1"])
  }

  @Test(
    "A known member that no provision reads changes nothing",
    arguments: [
      "/reference", "/person/iin", "/person/familyName", "/offences/0/id", "/offences/0/dropped", "/disputed", "/disputed/0", "/unknowable",
      "/facts", "/sentence/additional",
    ])
  func noEffect(pointer: String) throws {
    let plain = try fixture.assess(SampleRecord().json)
    var disputed = try fixture.assess(SampleRecord().with("disputed", "[\"\(pointer)\"]").json)
    disputed.recordDigest = plain.recordDigest
    #expect(disputed == plain)
  }

  @Test(
    "A disputed fact is not asked for; the case is referred",
    arguments: ["/recidivism", "/offences/0/gravity", "/offences/0", "/offences", ""])
  func withheld(pointer: String) throws {
    let answer = try fixture.assess(SampleRecord().with("disputed", "[\"\(pointer)\"]").json)
    #expect(answer.outcome == .referred)
    #expect(answer.missing.isEmpty)
    #expect(answer.referrals.contains { $0.code == .disputedFact })
  }

  @Test("A pointer given a hundred thousand times costs no more than its reading")
  func manyPointers() throws {
    let pointers = Array(repeating: #""","/offences","/offences/0""#, count: 33_333).joined(separator: ",")
    let offences = (0..<200).map { SampleRecord.offence(["id": "\"\($0)\""]) }.joined(separator: ",")
    let record = SampleRecord().with("disputed", "[\(pointers)]").with("sentence", nil).with("offences", "[\(offences)]")
    #expect(try fixture.assess(record.json, #","explain":false"#).outcome == .referred)
  }

  @Test("More offences than a case can have are refused, not worked through")
  func tooManyOffences() throws {
    let offences = (0..<257).map { SampleRecord.offence(["id": "\"\($0)\""]) }.joined(separator: ",")
    #expect(try fields(SampleRecord().with("offences", "[\(offences)]")) == ["/record/offences"])
  }
}
