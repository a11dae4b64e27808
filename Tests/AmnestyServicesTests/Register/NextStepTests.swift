// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyServices
internal import AmnestyWire
internal import Testing

/// What is next is the same wherever it is asked: beside the case, and in the list of what waits.
@Suite struct NextStepTests {
  private let fixture: RegisterFixture

  init() throws { fixture = try RegisterFixture() }

  /// As both say it.
  private func next(_ reference: String = "SYN-1") async throws -> NextStep? {
    let shown = try await fixture.get(reference, "pavel").next
    let work = try await WorkQueue(fixture.access).list(fixture.request("{}"), context: fixture.by("pavel", WorkService.list.descriptor))
    let item = work.items.first { $0.case.reference == reference }
    #expect(item?.nextCommand == shown?.command && item?.role == shown?.role)
    return shown
  }

  private static let pending = SampleRecord().with("stage", #""trial""#).with("sentence", nil).with(
    "offences", "[\(SampleRecord.offence(["gravity": #""medium""#]))]")

  @Test func aMissingFactIsAskedForByTheRegistrar() async throws {
    try await fixture.register("SYN-1", SampleRecord().with("recidivism", nil))
    #expect(try await next() == NextStep(command: .assess, role: "preparer"))
    let assessed = try await fixture.assess("SYN-1")
    #expect(assessed.next == NextStep(command: .update, role: "registrar", why: .factsMissing))
    #expect(try await next() == assessed.next)
  }

  @Test func anObjectionThatStandsIsSaid() async throws {
    try await fixture.register("SYN-1", Self.pending)
    try await fixture.assess("SYN-1")
    #expect(try await next() == NextStep(command: .propose, role: "preparer"))
    let object = { [fixture] in
      try await fixture.decisions.object(
        fixture.request(#"{"reference":"SYN-1"}"#), context: fixture.by("rita", DecisionService.object.descriptor)
      ).case
    }
    try await fixture.propose("SYN-1")
    #expect(try await next()?.why == nil)
    #expect(try await object().next == NextStep(command: .decide, role: "authority", why: .objection))
    _ = try await fixture.decisions.return(
      fixture.request(#"{"reference":"SYN-1","reason":"objects"}"#), context: fixture.by("askar", DecisionService.return.descriptor))
    #expect(try await next() == NextStep(command: .propose, role: "preparer", why: .objection))
    // To go on is what the person asked for: nothing stands in its way.
    let proposed = try await fixture.decisions.propose(
      fixture.request(#"{"reference":"SYN-1","verdict":"continue_proceedings"}"#),
      context: fixture.by("pavel", DecisionService.propose.descriptor)
    ).case
    #expect(proposed.next == NextStep(command: .decide, role: "authority"))
  }

  @Test func anObjectionOfTheRecordIsNotForAnAuthorityToResolve() async throws {
    try await fixture.register("SYN-1", Self.pending.with("objectsToTermination", "true"))
    #expect(try await fixture.assess("SYN-1").state == .referred)
    #expect(try await next() == NextStep(command: .propose, role: "preparer", why: .objection))
  }

  @Test func aChangeAfterTheDecisionComesBeforeClosing() async throws {
    try await fixture.register("SYN-1")
    try await fixture.assess("SYN-1")
    try await fixture.propose("SYN-1")
    try await fixture.decide("SYN-1")
    try await fixture.execute("SYN-1")
    func correct(_ member: String, _ value: String) async throws -> NextStep? {
      let record = SampleRecord().with("reference", #""SYN-1""#).with(member, value)
      return try await fixture.cases.update(
        fixture.request(#"{"record":\#(record.json),"updateMask":["/\#(member)"]}"#),
        context: fixture.by("rita", CaseService.update.descriptor)
      ).case.next
    }
    #expect(try await correct("detained", "false") == NextStep(command: .assess, role: "preparer", why: .changed))
    try await fixture.assess("SYN-1")
    #expect(try await next()?.why == nil)
    _ = try await correct("recidivism", #""dangerous_recidivism""#)
    try await fixture.assess("SYN-1")
    #expect(try await next() == NextStep(command: .revoke, role: "authority", why: .differs))
  }
}
