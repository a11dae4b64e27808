// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules
internal import AmnestyServices
internal import AmnestyWire
internal import Foundation
internal import NIOCore
internal import Testing

@Suite("Assess") struct AssessTests {
  let fixture: ServiceFixture

  init() throws { fixture = try ServiceFixture() }

  @Test("The example of the data contract comes out as the contract prints it")
  func contractExample() throws {
    let answer = try fixture.assess(SampleRecord().json, #","asOf":"2022-11-03""#)
    #expect(answer.act.id == ServiceFixture.amnesty2022)
    #expect(answer.act.digest.hasPrefix("sha256:"))
    #expect(answer.asOf == "2022-11-03")
    #expect(answer.standing == .final)
    #expect(answer.outcome == .eligible)
    #expect(answer.basis == .reported)
    #expect(answer.offences.map(\.measure) == ["reduce_term"])
    #expect(
      answer.sentence
        == AssessedSentence(imposed: "P5Y", reduced: "P1Y3M", originalEnd: "2027-01-10", newEnd: "2023-04-10", releaseOn: nil))
    #expect(
      Set(answer.readings.map { "\($0.question) \($0.answer) \($0.outcome) \($0.releaseOn ?? "null")" }) == [
        "one_year_test after_reduction eligible 2022-11-03", "one_year_test before_reduction eligible null",
      ])
    #expect(answer.missing.isEmpty)
    #expect(answer.referrals.map(\.code) == [.readingsConflict])
    let ground = try #require(answer.offences[0].grounds?.first { $0.provision == "relief.grave" })
    #expect(ground.truth == .true)
    #expect(ground.facts.contains("/offences/0/gravity"))
  }

  @Test("Without explanation the grounds are left out, and not a byte else", arguments: Self.records)
  func explainFalse(record: String) throws {
    let method = EligibilityService.assess.descriptor
    let with = try fixture.call(method, #"{"record":\#(record),"asOf":"2022-12-01"}"#)
    let without = try fixture.call(method, #"{"record":\#(record),"asOf":"2022-12-01","explain":false}"#)
    #expect(with.contains(#""grounds""#))
    #expect(without == withoutGrounds(with))
    #expect(try fixture.call(method, #"{"record":\#(record),"asOf":"2022-12-01","explain":true}"#) == with)
  }

  /// Cuts each `,"grounds":[…]` out; no text in these answers has brackets.
  private func withoutGrounds(_ text: String) -> String {
    var rest = text[...]
    var result = ""
    while let range = rest.range(of: #","grounds":["#) {
      result += rest[..<range.lowerBound]
      var depth = 1
      var index = range.upperBound
      while depth > 0 {
        if rest[index] == "[" { depth += 1 } else if rest[index] == "]" { depth -= 1 }
        index = rest.index(after: index)
      }
      rest = rest[index...]
    }
    return result + rest
  }

  static let records = [
    SampleRecord().json,
    SampleRecord().with("recidivism", nil).with("sentence", nil).json,
    SampleRecord().with("person", nil).with("disputed", #"["/offences/0/gravity"]"#).json,
    SampleRecord().with("offences", "[\(SampleRecord.offence(["article": "\"300\""]))]").json,
    SampleRecord().with("stage", "\"trial\"").with("sentence", nil).with("objectsToTermination", nil).with(
      "offences", "[\(SampleRecord.offence(["gravity": "\"medium\""]))]"
    ).json,
  ]

  @Test("The bytes of an answer are those of its message", arguments: Self.records + Self.longRecords, ["true", "false"])
  func bytes(record: String, explain: String) throws {
    for act in fixture.acts.current.ids {
      let request = #"{"record":\#(record),"actId":"\#(act)","asOf":"2022-12-01","explain":\#(explain)}"#
      let message = try fixture.eligibility.assess(AssessRequest(json: request), context: ServiceFixture.context())
      let sent = try fixture.call(EligibilityService.assess.descriptor, request)
      #expect(sent == message.json)
      #expect(try AssessResponse(json: sent) == message)
    }
  }

  static let longRecords = [
    // More offences than an act keeps pointers for, with facts of their own.
    SampleRecord().with("sentence", nil).with(
      "offences",
      "["
        + (0..<7).map { SampleRecord.offence(["id": "\"\($0)\"", "stage": $0 % 2 == 0 ? "null" : "\"trial\""]) }.joined(separator: ",")
        + #",{"id":"x","article":"300","sentence":{"kind":"fine"}}]"#
    ).json,
    SampleRecord().with("sentence", SampleRecord.sentence(["additional": #"["confiscation"]"#, "amount": "100000"])).json,
    SampleRecord().with("reference", #""SYN-2""#).with("offences", #"[{"id":"\u0416 \"quoted\"\u0001","article":"272","part":1}]"#).json,
  ]

  @Test("The record's digest ignores the order of members and nulls, and nothing else")
  func digest() throws {
    let one = try fixture.assess(#"{"reference":"SYN-1","stage":"trial","offences":[{"id":"1","part":2}]}"#)
    let other = try fixture.assess(
      #"{ "offences":[{"part":2,"id":"1","nexus":null}], "stage":"trial","detained":null, "reference":"SYN-1"}"#)
    let third = try fixture.assess(#"{"reference":"SYN-1","stage":"trial","offences":[{"id":"1","part":1}]}"#)
    #expect(one.recordDigest == other.recordDigest)
    #expect(one.recordDigest != third.recordDigest)
    // Computed apart, over the canonical text.
    let canonical = #"{"offences":[{"id":"1","part":2}],"reference":"SYN-1","stage":"trial"}"#
    #expect(one.recordDigest == canonicalDigest(canonical))
  }

  private func canonicalDigest(_ text: String) -> String {
    var text = text
    return text.withUTF8 { CanonicalDigest.sha256(of: UnsafeRawBufferPointer($0)) }
  }

  @Test("Without asOf it is today where the act is, and the answer says which day")
  func today() throws {
    #expect(try fixture.assess(SampleRecord().json).asOf == "2022-12-01")
    // One second before midnight in Almaty, six hours ahead then.
    let eve = Eligibility(ActsInForce(try ServiceFixture.snapshot(now: 1_667_411_999)))
    let answer = try eve.assess(AssessRequest(json: #"{"record":\#(SampleRecord().json)}"#), context: ServiceFixture.context()).assessment
    #expect(answer.asOf == "2022-11-02")
    #expect(answer.standing == .provisional)
  }

  @Test("An act that nobody loaded is NOT_FOUND and the known ones are named")
  func unknownAct() throws {
    let status = try fixture.refusal(SampleRecord().json, #","actId":"kz-1999-1""#)
    #expect(status.code == .notFound)
    #expect(status.reason == "UNKNOWN_ACT")
    #expect(status.message.contains(ServiceFixture.amnesty2022))
    #expect(status.errorInfo?.metadata["known"]?.contains(ServiceFixture.amnesty2022) == true)
  }

  @Test("A day asked about that does not exist is a field that is wrong")
  func impossibleAsOf() throws {
    let status = try fixture.refusal(SampleRecord().json, #","asOf":"2022-02-30""#)
    #expect(status.reason == "INVALID_FIELD")
    #expect(status.badRequest?.fieldViolations.map(\.field) == ["/asOf"])
  }

  @Test("A dropped offence is neither assessed nor read, and pointers keep counting it")
  func dropped() throws {
    let torture = SampleRecord.offence(["id": "\"0\"", "dropped": "true"]).replacing(#""classes":[]"#, with: #""classes":["torture"]"#)
    let record = SampleRecord().with("offences", "[\(torture),\(SampleRecord.offence)]").json
    let answer = try fixture.assess(record)
    #expect(answer.offences.map(\.id) == ["1"])
    #expect(answer.outcome == .eligible)
    #expect(answer.offences[0].grounds?.contains { $0.facts.contains("/offences/1/gravity") } == true)
    #expect(answer.offences[0].grounds?.contains { $0.facts.contains { $0.hasPrefix("/offences/0") } } == false)
  }

  @Test("Additional punishments are noted and change nothing else")
  func additionalPunishments() throws {
    let plain = try fixture.assess(SampleRecord().json)
    let noted = try fixture.assess(SampleRecord().with("sentence", SampleRecord.sentence(["additional": #"["confiscation"]"#])).json)
    #expect(noted.notes.count == plain.notes.count + 1)
    #expect(noted.outcome == plain.outcome)
    #expect(noted.sentence == plain.sentence)
  }

  @Test("What is missing is asked for by pointer and in three languages")
  func missing() throws {
    let answer = try fixture.assess(SampleRecord().with("recidivism", nil).json)
    #expect(answer.outcome == .undetermined)
    let missing = try #require(answer.missing.first)
    #expect(missing.fact == "/recidivism")
    #expect(missing.decides)
    #expect(missing.question == FactQuestions.byTemplate["/recidivism"])
  }

  @Test("Every referral has its provision and a text in three languages")
  func referralTexts() throws {
    for record in Self.records {
      for referral in try fixture.assess(record).referrals {
        #expect(referral.provision != nil)
        #expect(![referral.note.kk, referral.note.ru, referral.note.en].contains(""))
      }
    }
  }

  @Test("A stream gives a bad item its error in its place and goes on")
  func stream() throws {
    guard case .inlineStream(let start)? = fixture.eligibility.registration.methods.first(where: { $0.0.name.hasSuffix("Stream") })?.1
    else {
      Issue.record("AssessStream does not run on the loop")
      return
    }
    let handler = try start(ServiceFixture.context(EligibilityService.assessStream.descriptor))
    let items = [
      #"{"record":\#(SampleRecord().json)}"#, "{", #"{"record":{"reference":"SYN-1"}}"#,
      #"{"record":\#(SampleRecord().with("detained", nil).with("offences", "[]").json)}"#,
      #"{"record":\#(SampleRecord().json),"actId":"x"}"#,
      #"{"record":\#(SampleRecord().json)}"#,
    ]
    var outcomes: [String] = []
    for item in items {
      var output = ByteBuffer(string: "before")
      try handler(ByteBuffer(string: item), &output)
      #expect(output.readString(length: 6) == "before")
      let text = String(buffer: output)
      let answer = try AssessStreamResponse(json: text)
      #expect((answer.assessment == nil) != (answer.error == nil))
      outcomes.append(answer.error?.code.name ?? answer.assessment?.outcome.word ?? "")
      if answer.error != nil { #expect(text.contains("type.googleapis.com/google.rpc.ErrorInfo")) }
      if text.contains("CONTRADICTORY_RECORD") { #expect(text.contains(#""/record/offences""#)) }
    }
    #expect(outcomes == ["eligible", "INVALID_ARGUMENT", "INVALID_ARGUMENT", "INVALID_ARGUMENT", "NOT_FOUND", "eligible"])
  }
}
