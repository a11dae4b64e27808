// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyServices
internal import AmnestyWire
internal import Testing

/// Who sees what, and who may not act on what: the rights that rest on offices, persons and roles.
@Suite struct RegisterRightsTests {
  private let fixture: RegisterFixture

  init() throws { fixture = try RegisterFixture() }

  private func refusal<Value>(_ body: () async throws -> Value) async -> Status? {
    do {
      _ = try await body()
      return nil
    } catch {
      return error as? Status
    }
  }

  @Test func aRoleSeesTheFactsThatItNeeds() async throws {
    try await fixture.register("SYN-1")
    let whole = try await fixture.get("SYN-1", "pavel")
    #expect(whole.masked.isEmpty && whole.record.person?.iin == "123456789013" && whole.record.person?.bornOn == "1995-03-02")
    let seen = try await fixture.get("SYN-1", "vera")
    #expect(seen.record.person?.familyName == "Synthetic")
    #expect(seen.record.person?.iin == nil && seen.record.person?.bornOn == nil)
    #expect(seen.masked.contains("/record/person/iin") && seen.masked.contains("/record/person/bornOn"))
  }

  @Test func everybodyIsToldWhoTheyAreTakenFor() async throws {
    func whoAmI(_ clerk: String) async throws -> WhoAmIResponse {
      try await WorkQueue(fixture.access).whoAmI(fixture.request("{}"), context: fixture.by(clerk, WorkService.whoAmI.descriptor))
    }
    // One person under two identities.
    let judge = try await whoAmI("aizhan-judge")
    #expect(judge.person == "aizhan" && judge.actor == "aizhan-judge" && judge.principal == "user:1000" && judge.everywhere.isEmpty)
    #expect(judge.offices == [OfficeRoles(office: "north", body: "court", roles: ["authority", "viewer"])])
    let general = try await whoAmI("general")
    #expect(general.everywhere == ["auditor"] && general.offices.map(\.office) == ["north", "south"])
    #expect(try await whoAmI("stranger").offices.isEmpty)
  }

  @Test func aCaseOfAnotherOfficeDoesNotExist() async throws {
    try await fixture.register("SYN-1")
    for clerk in ["strange", "fatima", "nobody"] {
      let status = await refusal { try await fixture.get("SYN-1", clerk) }
      #expect(status?.code == .notFound && status?.reason == "CASE_NOT_FOUND", "\(clerk)")
    }
    // As one that never was, word for word but for its name.
    let there = await refusal { try await fixture.get("SYN-1", "strange") }
    let never = await refusal { try await fixture.get("SYN-9", "strange") }
    #expect(there?.message.replacing("SYN-1", with: "SYN-9") == never?.message)
    let list = try await fixture.cases.list(fixture.request("{}"), context: fixture.by("strange", CaseService.list.descriptor))
    let found = try await fixture.cases.search(
      fixture.request(#"{"query":"Synthetic"}"#), context: fixture.by("strange", CaseService.search.descriptor))
    let summary = try await fixture.cases.summary(fixture.request("{}"), context: fixture.by("strange", CaseService.summary.descriptor))
    #expect(list.cases.isEmpty && found.cases.isEmpty && summary.cases == 0)
    let batch = try await fixture.cases.batchGet(
      fixture.request(#"{"references":["SYN-1"]}"#), context: fixture.by("strange", CaseService.batchGet.descriptor))
    #expect(batch.cases.isEmpty && batch.missing == ["SYN-1"])
  }

  @Test func whatARoleDoesNotAllowIsRefusedWithTheRoleThatWould() async throws {
    try await fixture.register("SYN-1")
    let status = await refusal { try await fixture.assess("SYN-1", by: "vera") }
    #expect(status?.code == .permissionDenied && status?.reason == "ROLE_MISSING")
    #expect(status?.errorInfo?.metadata["role"] == "preparer")
  }

  @Test func aPersonUnderTwoIdentitiesIsOnePerson() async throws {
    try await fixture.register("SYN-1")
    try await fixture.assess("SYN-1")
    try await fixture.propose("SYN-1", by: "aizhan-prep")
    let status = await refusal { try await fixture.decide("SYN-1", by: "aizhan-judge") }
    #expect(status?.code == .failedPrecondition && status?.reason == "FOUR_EYES")
    #expect(try await fixture.decide("SYN-1", by: "askar").state == .granted)
  }

  /// A sentence that is served: its conviction is removed.
  private static let served = SampleRecord().with("stage", #""served""#).with("detained", "false").with(
    "sentence",
    #"{"imposedOn":"2022-03-10","kind":"imprisonment","term":"P3M","startsOn":"2022-03-10","creditDays":0,"aggregation":"single","servedOn":"2022-06-10"}"#
  ).with(
    "offences",
    #"[{"id":"1","article":"202","part":2,"gravity":"medium","committedFrom":"2022-01-05","committedThrough":"2022-01-05","territory":"KZ","nexus":"riot","classes":[],"sentence":{"kind":"imprisonment","term":"P3M"}}]"#
  )

  @Test func whatTheActLeavesOpenNobodyDecidesUntilTheDeploymentSaysWho() async throws {
    try await fixture.register("SYN-1", Self.served)
    try await fixture.assess("SYN-1")
    try await fixture.propose("SYN-1")
    let status = await refusal { try await fixture.decide("SYN-1") }
    #expect(status?.code == .failedPrecondition && status?.reason == "BODY_NOT_CONFIGURED")
  }

  @Test func aRemovedConvictionIsGoneForTheUnprivileged() async throws {
    let fixture = try RegisterFixture(served: "court")
    try await fixture.register("SYN-1", Self.served)
    try await fixture.assess("SYN-1")
    #expect(try await fixture.propose("SYN-1").proposal?.measures == ["remove_conviction"])
    try await fixture.decide("SYN-1")
    #expect(try await fixture.get("SYN-1", "vera").state == .granted)
    #expect(try await fixture.execute("SYN-1").sealed)
    for clerk in ["vera", "rita", "pavel"] {
      #expect(await refusal { try await fixture.get("SYN-1", clerk) }?.code == .notFound, "\(clerk)")
      let found = try await fixture.cases.search(
        fixture.request(#"{"query":"Synthetic"}"#), context: fixture.by(clerk, CaseService.search.descriptor))
      let list = try await fixture.cases.list(fixture.request("{}"), context: fixture.by(clerk, CaseService.list.descriptor))
      let summary = try await fixture.cases.summary(fixture.request("{}"), context: fixture.by(clerk, CaseService.summary.descriptor))
      #expect(found.cases.isEmpty && list.cases.isEmpty && summary.cases == 0, "\(clerk)")
    }
    for clerk in ["askar", "erlan", "inspector"] { #expect(try await fixture.get("SYN-1", clerk).sealed, "\(clerk)") }
  }

  @Test func anUpdateTakesWhatItsMaskNamesAndNoMore() async throws {
    let before = try await fixture.register("SYN-1")
    let record = SampleRecord().with("reference", #""SYN-1""#).with("detained", "false").with("recidivism", #""dangerous_recidivism""#)
    let update = { [fixture] (etag: String) in
      try await fixture.cases.update(
        fixture.request(#"{"record":\#(record.json),"updateMask":["/detained"],"etag":"\#(etag)"}"#),
        context: fixture.by("rita", CaseService.update.descriptor)
      ).case
    }
    let after = try await update(before.etag)
    #expect(after.record.detained == false && after.record.recidivism?.word == "none" && after.recordVersion == 2)
    let stale = await refusal { try await update(before.etag) }
    #expect(stale?.code == .aborted && stale?.reason == "STALE_ETAG")
    #expect(stale?.details.contains(.resourceInfo(ResourceInfo(resourceType: "case", resourceName: "SYN-1"))) == true)
  }

  @Test func aCommandWithItsKeyIsDoneOnceAndAnsweredAgain() async throws {
    let body = { (reference: String) in
      #"{"record":\#(SampleRecord().with("reference", #""\#(reference)""#).json),"office":"north","idempotencyKey":"k-1"}"#
    }
    let context = fixture.by("rita", CaseService.register.descriptor)
    let first = try await fixture.cases.register(fixture.request(body("SYN-1")), context: context)
    let again = try await fixture.cases.register(fixture.request(body("SYN-1")), context: context)
    #expect(first.replayed == nil && again.replayed == true && again.case == first.case)
    let other = await refusal { try await fixture.cases.register(fixture.request(body("SYN-2")), context: context) }
    #expect(other?.code == .aborted && other?.reason == "KEY_REUSED")
  }

  @Test func aCorrectedFactShowsInAReplay() async throws {
    try await fixture.register("SYN-1")
    let assessed = try await fixture.assess("SYN-1")
    let record = SampleRecord().with("reference", #""SYN-1""#).with("recidivism", #""dangerous_recidivism""#)
    _ = try await fixture.cases.update(
      fixture.request(#"{"record":\#(record.json),"updateMask":["/recidivism"]}"#),
      context: fixture.by("rita", CaseService.update.descriptor))
    let replay = try await fixture.cases.replay(
      fixture.request(#"{"reference":"SYN-1"}"#), context: fixture.by("inspector", CaseService.replay.descriptor))
    #expect(replay.reproduced == true && replay.recorded.outcome == assessed.assessment?.outcome)
    #expect(replay.now?.outcome == .ineligible && replay.differences.contains(.facts) && replay.differences.contains(.outcome))
  }

  @Test func readsOfAPersonsDataAreInTheTrail() async throws {
    try await fixture.register("SYN-1")
    _ = try await fixture.get("SYN-1", "vera")
    _ = await refusal { try await fixture.assess("SYN-1", by: "vera") }
    try await fixture.register.flushNotes()
    let entries = try await fixture.register.read { reading throws(RegisterError) in
      try reading.audit(AuditFilter(), after: 0, limit: 100)
    }
    let told = entries.map { "\($0.note.kind) \($0.note.author?.person ?? "") \($0.note.method) \($0.note.subject ?? "")" }
    #expect(told.contains("read vera amnesty.v1.CaseService/Get SYN-1"), "\(told)")
    #expect(told.contains("denied vera amnesty.v1.CaseService/Assess SYN-1"), "\(told)")
  }
}
