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
      "/reference", "/person/iin", "/person/familyName", "/offences/0/id", "/disputed", "/disputed/0", "/unknowable",
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

  @Test(
    "Whether an offence was dropped may itself be disputed: what holds either way stands, what does not is referred",
    arguments: [
      // The first offence is covered. What else there is, what the answer is, and what becomes of the first.
      (["id": #""2""#, "classes": #"["terrorism"]"#], Outcome.referred, OffenceOutcome.referred),
      (["id": #""2""#, "article": #""109""#], .referred, .eligible),
      (["id": #""2""#], .referred, .eligible),
    ])
  func doubtfulOffence(second: [String: String], outcome: Outcome, first: OffenceOutcome) throws {
    for dropped in ["true", "false", "null"] {
      let other = SampleRecord.offence(second.merging(["dropped": dropped]) { $1 })
      let record = SampleRecord().with("offences", "[\(SampleRecord.offence),\(other)]")
        .with("stage", #""trial""#).with("sentence", nil).with("detained", nil).with("disputed", #"["/offences/1/dropped"]"#)
      let answer = try fixture.assess(record.json)
      #expect(answer.outcome == outcome)
      #expect(answer.offences.map(\.id) == ["1", "2"])
      #expect(answer.offences[0].outcome == first)
      #expect(answer.referrals.contains { $0.code == .disputedFact })
      #expect(answer.missing.isEmpty)
    }
  }

  @Test("A doubtful offence that changes nothing leaves the answer standing, and an impossible doubt is none")
  func doubtWithoutEffect() throws {
    func answer(_ second: [String: String], _ sentence: [String: String]) throws -> AmnestyWire.Assessment {
      try fixture.assess(
        SampleRecord().with("offences", "[\(SampleRecord.offence),\(SampleRecord.offence(second))]")
          .with("recidivism", #""recidivism""#).with("sentence", SampleRecord.sentence(sentence))
          .with("unknowable", #"["/offences/1/dropped"]"#).json)
    }
    // Barred by recidivism, whatever else there is.
    #expect(try answer(["id": #""2""#, "dropped": "true"], ["aggregation": "null"]).outcome == .ineligible)
    // One sentence for one offence: the other must have been dropped.
    let single = try answer(["id": #""2""#, "dropped": "false"], ["aggregation": #""single""#])
    #expect(single.offences.map(\.id) == ["1"])
    // A case has an offence: the only one cannot have been dropped.
    let only = try fixture.assess(
      SampleRecord().with("offences", "[\(SampleRecord.offence(["dropped": "true"]))]").with("disputed", #"["/offences/0/dropped"]"#).json)
    #expect(only.outcome == .eligible)
  }

  @Test("What lies outside the sentence may be referred; the sentence is computed all the same")
  func pendingBesideSentence() throws {
    let pending = SampleRecord.offence(["id": #""2""#, "gravity": #""minor""#, "stage": #""trial""#])
    let answer = try fixture.assess(
      SampleRecord().with("offences", "[\(SampleRecord.offence),\(pending)]").with("objectsToTermination", "true").json)
    #expect(answer.outcome == .referred)
    #expect(answer.offences.map(\.outcome) == [.eligible, .referred])
    #expect(answer.sentence?.newEnd == "2023-04-10")
  }

  @Test("A disputed fact beside an unknown way of adding terms up: only the second is asked for")
  func disputedBesideAggregation() throws {
    let second = SampleRecord.offence(["id": #""2""#, "article": #""109""#])
    let record = SampleRecord().with("offences", "[\(SampleRecord.offence),\(second)]")
      .with("sentence", SampleRecord.sentence(["aggregation": "null"])).with("disputed", #"["/offences/0/nexus"]"#)
    let answer = try fixture.assess(record.json)
    #expect(answer.outcome == .undetermined)
    #expect(answer.missing.map(\.fact) == ["/sentence/aggregation"])
    #expect(answer.missing.map(\.decides) == [true])
  }

  @Test("A fact that settles everything is told as such, however much else is open")
  func decidesPastTheSearch() throws {
    let offence = SampleRecord.offence(["classes": "null", "gravity": #""medium""#, "article": #""272""#])
    let record = SampleRecord().with("offences", "[\(offence)]").with("stage", nil).with("sentence", nil).with("detained", nil)
      .with("disputed", #"["/offences/0/article","/person/bornOn"]"#)
    let answer = try fixture.assess(record.json)
    #expect(answer.outcome == .undetermined)
    #expect(answer.missing.first { $0.fact == "/offences/0/classes" }?.decides == true)
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
