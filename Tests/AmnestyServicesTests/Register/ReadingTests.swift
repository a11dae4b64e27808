// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyServices
internal import AmnestyWire
internal import NIOCore
internal import Testing

/// Readings of open points of the 2022 act, chosen by the people who propose and decide.
@Suite struct ReadingTests {
  private let fixture: RegisterFixture

  init() throws { fixture = try RegisterFixture() }

  private static let after = #"[{"question":"one_year_test","answer":"after_reduction"}]"#
  private static let chosen = [AmnestyWire.ChosenReading(question: "one_year_test", answer: "after_reduction")]

  private func refusal<Value>(_ body: () async throws -> Value) async -> Status? {
    do {
      _ = try await body()
      return nil
    } catch {
      return error as? Status
    }
  }

  private func propose(_ reference: String, _ readings: String? = nil) async throws -> Case {
    let member = readings.map { #","readings":\#($0)"# } ?? ""
    return try await fixture.decisions.propose(
      fixture.request(#"{"reference":"\#(reference)","verdict":"grant"\#(member)}"#),
      context: fixture.by("pavel", DecisionService.propose.descriptor)
    ).case
  }

  private func decide(_ reference: String, _ readings: String) async throws -> Case {
    try await fixture.decisions.decide(
      fixture.request(#"{"reference":"\#(reference)","verdict":"grant","readings":\#(readings)}"#),
      context: fixture.by("askar", DecisionService.decide.descriptor)
    ).case
  }

  /// Registered and assessed: five years for a grave offence, of which the readings differ.
  private func assessed(_ reference: String = "SYN-1") async throws {
    try await fixture.register(reference)
    let item = try await fixture.assess(reference)
    #expect(item.assessment?.readings.map(\.answer) == ["after_reduction", "before_reduction"])
  }

  @Test func anAuthorityDecidesByAReading() async throws {
    try await assessed()
    _ = try await propose("SYN-1")
    let decided = try await decide("SYN-1", Self.after)
    #expect(
      decided.decision?.departs == false && decided.decision?.readings == Self.chosen && decided.decision?.measures == ["reduce_term"])
    #expect(decided.assessmentNumber == 2 && decided.assessment?.chosenReadings == Self.chosen)
    #expect(decided.assessment?.sentence?.releaseOn == "2022-11-03" && decided.assessment?.referrals.isEmpty == true)
    let executed = try await fixture.execute("SYN-1")
    // The day of the reading has passed: at once.
    #expect(executed.execution?.orders.map(\.kind) == [.release] && executed.execution?.orders.first?.on == "2022-11-10")

    let history = try await fixture.cases.history(
      fixture.request(#"{"reference":"SYN-1"}"#), context: fixture.by("pavel", CaseService.history.descriptor))
    #expect(history.links.map(\.readings) == [nil, nil, nil, Self.chosen, nil])
    let replay = try await fixture.cases.replay(
      fixture.request(#"{"reference":"SYN-1"}"#), context: fixture.by("inspector", CaseService.replay.descriptor))
    #expect(replay.number == 2 && replay.by.person == "askar" && replay.reproduced == true && replay.differences.isEmpty)
    #expect(try await fixture.register.maintenance.check().problems == [])
  }

  @Test func aReadingIsNeverTakenOverFromAnEarlierProposal() async throws {
    try await assessed()
    #expect(try await propose("SYN-1", Self.after).proposal?.readings == Self.chosen)
    _ = try await fixture.decisions.return(
      fixture.request(#"{"reference":"SYN-1","reason":"why this reading?"}"#),
      context: fixture.by("askar", DecisionService.return.descriptor))
    let again = try await propose("SYN-1")
    #expect(again.proposal?.readings == nil && again.assessmentNumber == 3)
    #expect(try await fixture.get("SYN-1", "pavel").assessment?.readings.count == 2)
  }

  @Test func asProposedKeepsTheReadingAndAnEmptyListDropsIt() async throws {
    try await assessed()
    _ = try await propose("SYN-1", Self.after)
    #expect(try await fixture.decide("SYN-1").decision?.readings == Self.chosen)
    try await assessed("SYN-2")
    _ = try await propose("SYN-2", Self.after)
    let plain = try await decide("SYN-2", "[]")
    #expect(plain.decision?.readings == nil && plain.decision?.departs == false && plain.assessment?.sentence?.releaseOn == nil)
  }

  @Test func whatIsNoReadingOfTheActIsToldWithThoseThatAre() async throws {
    try await assessed()
    let point = await refusal { try await propose("SYN-1", #"[{"question":"two_year_test","answer":"after_reduction"}]"#) }
    #expect(point?.code == .invalidArgument && point?.badRequest?.fieldViolations.map(\.field) == ["/readings/0/question"])
    #expect(point?.badRequest?.fieldViolations.first?.description.contains("one_year_test") == true)
    let answer = await refusal { try await propose("SYN-1", #"[{"question":"one_year_test","answer":"at_leisure"}]"#) }
    #expect(answer?.badRequest?.fieldViolations.map(\.field) == ["/readings/0/answer"])
    #expect(answer?.badRequest?.fieldViolations.first?.description.contains("after_reduction, before_reduction") == true)
    let twice = await refusal { try await propose("SYN-1", "[\(Self.after.dropFirst().dropLast()),\(Self.after.dropFirst().dropLast())]") }
    #expect(twice?.badRequest?.fieldViolations.map(\.field) == ["/readings/1/question"])
  }

  @Test func aPointThatMakesNoDifferenceIsNotChosen() async throws {
    let light = SampleRecord.offence(["gravity": #""medium""#])
    try await fixture.register("SYN-1", SampleRecord().with("offences", "[\(light)]"))
    try await fixture.assess("SYN-1")
    let status = await refusal { try await propose("SYN-1", Self.after) }
    #expect(status?.code == .failedPrecondition && status?.reason == "READING_NOT_NEEDED" && status?.errorInfo?.metadata["points"] == "")
  }

  @Test func aDecisionIsMeasuredAnewByTheReadingThatItFollows() async throws {
    try await assessed()
    _ = try await propose("SYN-1")
    _ = try await decide("SYN-1", Self.after)
    let found = Collected<ReassessResponse>()
    try await Eligibility(fixture.acts, register: fixture.access).reassess(
      fixture.request("{}"), context: fixture.by("pavel", EligibilityService.reassess.descriptor), responses: found.sender())
    #expect(try found.messages.compactMap(\.case).isEmpty)
    // A fact that changes nothing is corrected: the decision stands.
    let record = SampleRecord().with("reference", #""SYN-1""#).with("objectsToTermination", "null")
    _ = try await fixture.cases.update(
      fixture.request(#"{"record":\#(record.json),"updateMask":["/objectsToTermination"]}"#),
      context: fixture.by("rita", CaseService.update.descriptor))
    #expect(try await fixture.assess("SYN-1").reassessmentDue == false)
    #expect(try await fixture.register.maintenance.check().problems == [])
  }

  @Test func theLetterTheOrderAndTheSheetNameTheReading() async throws {
    try await assessed()
    _ = try await propose("SYN-1")
    _ = try await decide("SYN-1", Self.after)
    for form in ["letter", "order", "sheet"] {
      let page = try await Reports(fixture.access).letter(
        fixture.request(#"{"reference":"SYN-1","form":"\#(form)","language":"en"}"#),
        context: fixture.by("pavel", ReportService.letter.descriptor)
      ).html
      #expect(page.contains("Is the remaining year measured") && page.contains("measured after the cut"), "\(form)")
    }
  }

  @Test func theSheetShowsWhichStepChoseTheReading() async throws {
    try await assessed()
    _ = try await propose("SYN-1", Self.after)
    let page = try await Reports(fixture.access).letter(
      fixture.request(#"{"reference":"SYN-1","form":"sheet","language":"en"}"#),
      context: fixture.by("pavel", ReportService.letter.descriptor)
    ).html
    #expect(page.contains("How an open point of the law was read"), "of what is proposed, too")
    #expect(page.split(separator: "by the reading: measured after the cut").count == 2, "beside the proposal alone")
  }
}
