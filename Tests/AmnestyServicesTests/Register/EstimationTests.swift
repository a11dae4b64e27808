// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyServices
internal import AmnestyWire
internal import NIOCore
internal import Synchronization
internal import Testing

/// Estimates, outlooks and fact plans through the services: over the register that the caller sees, and over records that are sent.
@Suite struct EstimationTests {
  private let fixture: RegisterFixture

  init() throws { fixture = try RegisterFixture() }

  private var eligibility: Eligibility {
    get throws { Eligibility(ActsInForce(try ServiceFixture.snapshot()), register: fixture.access) }
  }

  private func estimate(_ requests: [String], by clerk: String = "vera") async throws -> [EstimateResponse] {
    let call = FedCall(requests)
    try await eligibility.estimate(
      RequestMessages(RequestStream(call)), context: fixture.by(clerk, EligibilityService.estimate.descriptor),
      responses: ResponseSender(ResponseStream(call)))
    return try call.sent.map { try EstimateResponse.decode($0) }
  }

  private func refusal(_ requests: [String], by clerk: String = "vera") async -> Status? {
    do {
      _ = try await estimate(requests, by: clerk)
      return nil
    } catch {
      return error as? Status
    }
  }

  private let unknown = SampleRecord().with("recidivism", nil)
  private let barred = SampleRecord().with("recidivism", #""recidivism""#).with("detained", "false")

  private func fill() async throws {
    try await fixture.register("SYN-1")
    try await fixture.register("SYN-2", barred)
    try await fixture.register("SYN-3", unknown)
    try await fixture.register("SYN-4", by: "strange", in: "south", barred)
  }

  @Test func anEstimateIsOfWhatTheCallerSees() async throws {
    try await fill()
    let report = try #require(try await estimate([#"{"asOf":"2022-11-03"}"#]).last?.report)
    #expect(report.cases == 3)
    #expect(report.people == 1, "the three cases have one number")
    let act = try #require(report.acts.first)
    #expect(act.covered == Margin(now: 1, least: 1, most: 2))
    #expect(act.coveredPeople == Margin(now: 1, least: 1, most: 1))
    #expect(act.outcomes.map(\.cases.now).reduce(0, +) == 3)
    #expect(act.missing.map(\.fact) == ["recidivism"])
    #expect(act.missing.first?.decides == 1)
    let custody = Dictionary(uniqueKeysWithValues: act.groups.filter { $0.by == .custody }.map { ($0.group, $0.cases.eligible) })
    #expect(custody == ["detained": 1, "at_liberty": 0])
    #expect(report.published.contains { $0.published == 1112 && $0.computed == 2 && $0.on == "2022-11-02" })
    #expect(try await estimate([#"{"asOf":"2022-11-03"}"#], by: "strange").last?.report?.cases == 1)
    #expect(try await estimate([#"{"office":"south","asOf":"2022-11-03"}"#]).last?.report?.cases == 0)
  }

  @Test func aWithdrawnCaseIsInNoEstimate() async throws {
    try await fill()
    _ = try await fixture.cases.withdraw(
      fixture.request(#"{"reference":"SYN-2","reason":"made by mistake"}"#), context: fixture.by("rita", CaseService.withdraw.descriptor))
    #expect(try await estimate(["{}"]).last?.report?.cases == 2)
  }

  @Test func recordsThatAreSentAreEstimatedAndBadOnesTold() async throws {
    let bad = SampleRecord().with("stage", #""served""#).json
    let answers = try await estimate(
      [
        #"{"source":"records","asOf":"2022-11-03","record":\#(SampleRecord().json)}"#, #"{"record":\#(barred.json)}"#,
        #"{"record":\#(bad)}"#, #"{"record":{"reference":5}}"#, #"{"record":\#(unknown.json)}"#,
      ])
    let report = try #require(answers.last?.report)
    #expect(report.cases == 3)
    #expect(report.refused == 2)
    #expect(answers.compactMap(\.error?.reason) == ["CONTRADICTORY_RECORD", "INVALID_FIELD"])
    #expect(report.acts.first?.covered == Margin(now: 1, least: 1, most: 2))
  }

  @Test func actsAreHeldAgainstEachOther() async throws {
    try await fill()
    let report = try #require(
      try await estimate([#"{"actIds":["kz-2022-152-vii","xx-sample-fictional"],"asOf":"2022-11-03","examples":1}"#]).last?.report)
    #expect(report.acts.map(\.act.id) == ["kz-2022-152-vii", "xx-sample-fictional"])
    let change = try #require(report.changes.first)
    #expect(change.cases == change.outcomes.map(\.changed.cases).reduce(0, +))
    #expect(change.outcomes.allSatisfy { $0.changed.examples.count == 1 })
    #expect(change.provisions.allSatisfy { !$0.text.en.isEmpty })
  }

  @Test func whatCannotBeEstimatedIsTold() async throws {
    #expect(await refusal([#"{"actIds":["nope"]}"#])?.reason == "UNKNOWN_ACT")
    #expect(await refusal([#"{"actIds":["kz-2022-152-vii","kz-2022-152-vii"]}"#])?.reason == "INVALID_FIELD")
    #expect(await refusal([#"{"actIds":[]}"#])?.reason == "INVALID_FIELD")
    #expect(await refusal([#"{"asOf":"2022-02-30"}"#])?.reason == "INVALID_FIELD")
    #expect(await refusal([#"{"record":\#(SampleRecord().json)}"#])?.reason == "INVALID_FIELD")
    #expect(await refusal([])?.code == .invalidArgument)
    let none = Eligibility(ActsInForce(try ServiceFixture.snapshot()))
    let call = FedCall(["{}"])
    await #expect(throws: Status.self) {
      try await none.estimate(
        RequestMessages(RequestStream(call)), context: fixture.by("vera"), responses: ResponseSender(ResponseStream(call)))
    }
  }

  @Test func anOutlookSaysWhyNotAndThenWhen() async throws {
    let request = #"{"record":\#(barred.json),"asOf":"2022-11-03"}"#
    let answer = try await eligibility.outlook(fixture.request(request), context: fixture.by("vera"))
    #expect(answer.assessment.outcome == .ineligible)
    #expect(answer.changes.map(\.fact) == ["/recidivism"])
    #expect(answer.changes.first?.value == "none")
    #expect(answer.changes.first?.newEnd == "2023-04-10")
    let covered = try await eligibility.outlook(
      fixture.request(#"{"record":\#(SampleRecord().json),"asOf":"2022-10-01"}"#), context: fixture.by("vera"))
    #expect(covered.events.map(\.kind) == [.inForce, .release, .termEnds, .executionEnds])
    #expect(covered.events.map(\.on) == ["2022-11-03", "2022-11-03", "2023-04-10", "2023-05-03"])
    #expect(covered.events[1].reading?.answer == "after_reduction")
    #expect(covered.events[2].reading?.answer == "before_reduction")
  }

  @Test func aFactPlanNamesTheQuestionAndItsCases() async throws {
    try await fill()
    try await fixture.register("SYN-5", unknown.with("detained", "false"))
    let collected = FedCall([])
    try await WorkQueue(fixture.access).factPlan(
      fixture.request(#"{"asks":true,"asOf":"2022-11-03"}"#), context: fixture.by("vera", WorkService.factPlan.descriptor),
      responses: ResponseSender(ResponseStream(collected)))
    let items = try collected.sent.map { try FactPlanResponse.decode($0) }
    #expect(items.first?.summary?.undetermined == 2)
    #expect(items.first?.summary?.detained == 1)
    let question = try #require(items.compactMap(\.question).first)
    #expect(question.fact == "recidivism" && question.office == "north" && question.settles == 2 && question.settlesDetained == 1)
    #expect(items.compactMap(\.ask).map(\.reference) == ["SYN-3", "SYN-5"])
    #expect(items.compactMap(\.ask).allSatisfy { $0.fact == "/recidivism" && $0.rank == 1 })
  }
}

/// A call whose requests are given, and whose answers are kept.
private final class FedCall: CallStreams {
  private let state: Mutex<(requests: [String], sent: [ByteBuffer])>

  init(_ requests: [String]) { state = Mutex((requests.reversed(), [])) }

  var sent: [ByteBuffer] { state.withLock { $0.sent } }
  var isRequestWaiting: Bool { true }
  func nextRequest() async throws(Status) -> ByteBuffer? { state.withLock { $0.requests.popLast() }.map { ByteBuffer(string: $0) } }
  func send(_ body: ByteBuffer) async throws(Status) { state.withLock { $0.sent.append(body) } }
}
