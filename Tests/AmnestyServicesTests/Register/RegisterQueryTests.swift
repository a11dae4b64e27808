// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyServices
internal import AmnestyWire
internal import Testing

/// What queries tell and to whom, and what their requests must not say.
@Suite struct RegisterQueryTests {
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

  // MARK: Numbers

  @Test func aMaskedNumberIsFoundWholeOnly() async throws {
    try await fixture.register("SYN-1")
    func found(_ query: String, _ clerk: String) async throws -> Int {
      let answer = try await fixture.cases.search(
        fixture.request(#"{"query":"\#(query)"}"#), context: fixture.by(clerk, CaseService.search.descriptor))
      #expect(!answer.truncated)
      return answer.cases.count
    }
    for part in ["1", "1234", "12345678901", "Synthetic 1234", "1'2'3", "123456789013 1"] {
      #expect(try await found(part, "vera") == 0, "\(part)")
      #expect(try await found(part, "rita") == 1, "\(part)")
    }
    for query in ["123456789013", "Synthetic 123456789013", "Synth", "SYN-1"] {
      #expect(try await found(query, "vera") == 1, "\(query)")
    }
    #expect(try await found("123456789014", "vera") == 0)
  }

  // MARK: Lists

  @Test func whatIsInTimeIsListedToo() async throws {
    try await fixture.register("SYN-1")
    let list = { [fixture] (filter: String) in
      try await fixture.cases.list(
        fixture.request(#"{"overdue":\#(filter)}"#), context: fixture.by("vera", CaseService.list.descriptor)
      ).cases.map(\.reference)
    }
    #expect(try await list("false") == ["SYN-1"])
    #expect(try await list("true") == [])
    let exported = Collected<ExportCasesResponse>()
    try await fixture.cases.export(
      fixture.request(#"{"overdue":false}"#), context: fixture.by("vera", CaseService.export.descriptor), responses: exported.sender())
    #expect(try exported.messages.map(\.case.reference) == ["SYN-1"])
  }

  @Test func aPageTokenBelongsToItsQuery() async throws {
    for number in 1...3 { try await fixture.register("SYN-\(number)") }
    let work = { [fixture] (rest: String) in
      try await WorkQueue(fixture.access).list(
        fixture.request(#"{"pageSize":1\#(rest)}"#), context: fixture.by("pavel", WorkService.list.descriptor))
    }
    let first = try #require(try await work("").nextPageToken)
    #expect(try await work(#","pageToken":"\#(first)""#).items.map(\.case.reference) == ["SYN-2"])
    let other = await refusal { try await work(#","clock":"assess","pageToken":"\#(first)""#) }
    #expect(other?.reason == "UNKNOWN_PAGE_TOKEN")

    let trail = AuditTrail(fixture.access, signer: nil)
    let audit = { [fixture] (rest: String) in
      try await trail.list(
        fixture.request(#"{"pageSize":1\#(rest)}"#), context: fixture.by("general", AuditService.list.descriptor))
    }
    let token = try #require(try await audit("").nextPageToken)
    #expect(try await audit(#","pageToken":"\#(token)""#).entries.map(\.seq) == [2])
    for wrong in [#","reference":"SYN-1","pageToken":"\#(token)""#, #","pageToken":"1""#, #","pageToken":"\#(first)""#] {
      let status = await refusal { try await audit(wrong) }
      #expect(status?.code == .invalidArgument && status?.reason == "UNKNOWN_PAGE_TOKEN", "\(wrong)")
    }
  }

  // MARK: Reassessing

  @Test func lookingForWhatWouldChangeIsForWhoeverMayLook() async throws {
    try await fixture.register("SYN-1")
    try await fixture.assess("SYN-1")
    try await fixture.propose("SYN-1")
    try await fixture.decide("SYN-1")
    let record = SampleRecord().with("reference", #""SYN-1""#).with("recidivism", #""dangerous_recidivism""#)
    _ = try await fixture.cases.update(
      fixture.request(#"{"record":\#(record.json),"updateMask":["/recidivism"]}"#),
      context: fixture.by("rita", CaseService.update.descriptor))
    func assessments() async throws -> Int {
      try await fixture.cases.replay(
        fixture.request(#"{"reference":"SYN-1"}"#), context: fixture.by("inspector", CaseService.replay.descriptor)
      ).number
    }
    func run(_ clerk: String, _ request: String = "{}") async throws -> [ReassessResponse] {
      let found = Collected<ReassessResponse>()
      try await Eligibility(fixture.acts, register: fixture.access).reassess(
        fixture.request(request), context: fixture.by(clerk, EligibilityService.reassess.descriptor), responses: found.sender())
      return try found.messages.filter { $0.case != nil }
    }
    for clerk in ["vera", "inspector"] { #expect(try await run(clerk).map { $0.case?.reference } == ["SYN-1"], "\(clerk)") }
    // Only of what they may see.
    for (clerk, request) in [("strange", "{}"), ("vera", #"{"office":"south"}"#)] { #expect(try await run(clerk, request).isEmpty) }
    let refused = await refusal { try await run("inspector", #"{"apply":true}"#) }
    #expect(refused?.code == .permissionDenied && refused?.reason == "ROLE_MISSING" && refused?.errorInfo?.metadata["role"] == "preparer")
    #expect(try await assessments() == 1)
    #expect(try await run("pavel", #"{"apply":true}"#).map { $0.case?.applied } == [true])
    #expect(try await assessments() == 2)
  }

  // MARK: The trail

  @Test func anAuditorOfOneOfficeSeesItsEntriesAndExportsNothing() async throws {
    try await fixture.register("SYN-N")
    try await fixture.register("SYN-S", by: "strange", in: "south")
    let trail = AuditTrail(fixture.access, signer: nil)
    func subjects(_ clerk: String) async throws -> [String?] {
      try await trail.list(fixture.request("{}"), context: fixture.by(clerk, AuditService.list.descriptor)).entries
        .filter { $0.kind != .read }.map(\.reference)
    }
    #expect(try await subjects("inspector") == [nil, "SYN-N"])
    #expect(try await subjects("general") == [nil, "SYN-N", "SYN-S"])
    let none = try await trail.list(
      fixture.request(#"{"reference":"SYN-S"}"#), context: fixture.by("inspector", AuditService.list.descriptor))
    #expect(none.entries.isEmpty)

    // A case that came from another office brings its history along.
    _ = try await fixture.cases.transfer(
      fixture.request(#"{"reference":"SYN-S","office":"north","reason":"moved"}"#),
      context: fixture.by("strange", CaseService.transfer.descriptor))
    #expect(try await subjects("inspector") == [nil, "SYN-N", "SYN-S", "SYN-S"])

    let part = Collected<ExportAuditResponse>()
    let status = await refusal {
      try await trail.export(
        fixture.request("{}"), context: fixture.by("inspector", AuditService.export.descriptor), responses: part.sender())
    }
    #expect(status?.code == .permissionDenied && status?.reason == "ROLE_MISSING")
    #expect(try part.messages.isEmpty)
    try await fixture.register.flushNotes()
    let whole = Collected<ExportAuditResponse>()
    try await trail.export(
      fixture.request(#"{"after":1}"#), context: fixture.by("general", AuditService.export.descriptor), responses: whole.sender())
    let sent = try whole.messages.map(\.entry.seq)
    #expect(sent == Array(2...sent.count + 1) && sent.count >= 3)
  }

  @Test func whoLooksAtTheTrailIsInIt() async throws {
    try await fixture.register("SYN-1")
    let trail = AuditTrail(fixture.access, signer: nil)
    func entries() async throws -> [AmnestyRegister.AuditEntry] {
      try await fixture.register.flushNotes()
      return try await fixture.register.read { reading throws(RegisterError) in try reading.audit(AuditFilter(), after: 0, limit: 100) }
    }
    let before = try await entries()
    let general = { [fixture] (method: MethodDescriptor) in fixture.by("general", method) }
    for filter in [#"{"reference":"SYN-1"}"#, #"{"person":"rita","after":1}"#, #"{"person":"Synthetic Somebody"}"#] {
      _ = try await trail.list(fixture.request(filter), context: general(AuditService.list.descriptor))
    }
    let exported = Collected<ExportAuditResponse>()
    try await fixture.register.flushNotes()
    try await trail.export(fixture.request("{}"), context: general(AuditService.export.descriptor), responses: exported.sender())
    #expect(try await trail.verify(fixture.request("{}"), context: general(AuditService.verify.descriptor)).ok)

    let after = try await entries()
    let looks = after.dropFirst(before.count).map(\.note)
    #expect(looks.map(\.method) == ["List", "List", "List", "Export", "Verify"].map { "amnesty.v1.AuditService/\($0)" })
    #expect(looks.allSatisfy { $0.kind == .read && $0.author?.person == "general" && $0.author?.role == .auditor })
    #expect(looks[0].subject == "SYN-1" && looks[0].details.isEmpty)
    #expect(looks[1].subject?.hasPrefix("sha256:") == true && looks[1].details == [.init("person", "rita"), .init("after", "1")])
    // What nobody in the trail is called may be a name of a case: it is not kept.
    #expect(looks[2].subject?.hasPrefix("sha256:") == true && looks[2].details.isEmpty)
    // An export does not hold its own entry, and what comes after it verifies.
    let through = before.count + 3
    #expect(looks[3].details == [.init("after", "0"), .init("through", "\(through)")])
    #expect(try exported.messages.map(\.entry.seq) == Array(1...through))
    #expect(try await fixture.register.maintenance.check().problems == [])
  }

  @Test func aListingOfTheTrailBySmallPagesEnds() async throws {
    try await fixture.register("SYN-1")
    let trail = AuditTrail(fixture.access, signer: nil)
    var (token, pages): (String?, Int) = (nil, 0)
    repeat {
      let rest = token.map { #","pageToken":"\#($0)""# } ?? ""
      let page = try await trail.list(
        fixture.request(#"{"pageSize":1\#(rest)}"#), context: fixture.by("general", AuditService.list.descriptor))
      try await fixture.register.flushNotes()
      (token, pages) = (page.nextPageToken, pages + 1)
    } while token != nil && pages < 20
    #expect(pages < 20)
  }

  // MARK: Watch

  @Test func aWatcherIsToldHowManyChangesWait() async throws {
    for number in 1...3 { try await fixture.register("SYN-\(number)") }
    let enough = Status(.cancelled, "enough")
    let items = Collected<WatchCasesResponse> { [fixture] count throws(Status) in
      // While the watcher is busy with the first change the register goes on.
      if count == 2 { _ = try? await fixture.register("SYN-4", by: "strange", in: "south") }
      if count == 4 { throw enough }
    }
    let end = await refusal {
      try await fixture.cases.watch(
        fixture.request(#"{"resumeToken":"c0"}"#), context: fixture.by("vera", CaseService.watch.descriptor), responses: items.sender())
    }
    #expect(end?.code == .cancelled)
    // Of the whole register: the last is of an office that this watch does not show.
    #expect(try items.messages.map(\.behind) == [3, 2, 2, 1])
  }

  // MARK: Acts that are gone

  @Test func whatWasRecordedIsReplayedWithoutItsAct() async throws {
    try await fixture.register("SYN-1")
    let assessed = try await fixture.assess("SYN-1")
    try fixture.load(["kz-2002-294-ii", "xx-sample-fictional"])
    let replay = { [fixture] in
      try await fixture.cases.replay(
        fixture.request(#"{"reference":"SYN-1"}"#), context: fixture.by("inspector", CaseService.replay.descriptor))
    }
    let without = try await replay()
    #expect(without.recorded == assessed.assessment)
    #expect(without.thenAgain == nil && without.now == nil && without.reproduced == nil && without.differences.isEmpty)
    // Another version of it tells what is so now, and not what was so then.
    try fixture.load(["kz-2022-152-vii"]) { $0.replacing("version: 1.0.0", with: "version: 1.0.1") }
    let other = try await replay()
    #expect(other.thenAgain == nil && other.now?.act.version == "1.0.1" && other.differences == [.act])
    // The version of then is kept beside the new one, or beside others alone.
    try fixture.load(["kz-2022-152-vii"], earlier: ["kz-2022-152-vii"]) { $0.replacing("version: 1.0.0", with: "version: 1.0.1") }
    let both = try await replay()
    #expect(both.reproduced == true && both.now?.act.version == "1.0.1" && both.differences == [.act])
    try fixture.load(["kz-2002-294-ii"], earlier: ["kz-2022-152-vii"])
    let kept = try await replay()
    #expect(kept.reproduced == true && kept.now == nil)
    try fixture.load(["kz-2022-152-vii"])
    #expect(try await replay().reproduced == true)
  }

  @Test func nothingIsDecidedOnADraft() async throws {
    try await fixture.register("SYN-1")
    let assessed = try await fixture.cases.assess(
      fixture.request(#"{"reference":"SYN-1","actId":"kz-2022-senate"}"#), context: fixture.by("pavel", CaseService.assess.descriptor)
    ).case
    #expect(assessed.assessment?.act.id == "kz-2022-senate" && assessed.assessment?.standing == .provisional)
    #expect(assessed.assessment?.outcome == .eligible)
    try await fixture.propose("SYN-1")
    let status = await refusal { try await fixture.decide("SYN-1") }
    #expect(status?.code == .failedPrecondition && status?.reason == "ACT_NOT_IN_FORCE")
    #expect(status?.message.contains("draft") == true)
    // Drafts alone are no act to take records in under.
    try fixture.load(["kz-2022-152-vii", "kz-2022-senate"]) {
      $0.replacing("timeZone: Asia/Almaty", with: "timeZone: Asia/Almaty\n  fictional: true")
    }
    let registering = await refusal { try await fixture.register("SYN-2") }
    #expect(registering?.reason == "NO_DEFAULT_ACT")
  }

  @Test func withoutADefaultActTheAdministratorIsSaidToBeNeeded() async throws {
    try await fixture.register("SYN-1")
    try fixture.load(["kz-2002-294-ii", "xx-sample-fictional"])
    let registering = await refusal { try await fixture.register("SYN-2") }
    let updating = await refusal {
      try await fixture.cases.update(
        fixture.request(#"{"record":\#(SampleRecord().with("reference", #""SYN-1""#).json)}"#),
        context: fixture.by("rita", CaseService.update.descriptor))
    }
    for status in [registering, updating] {
      #expect(status?.code == .failedPrecondition && status?.reason == "NO_DEFAULT_ACT")
      #expect(status?.message.contains("defaultAct") == true && status?.message.contains("kz-2002-294-ii") == true)
    }
  }

  // MARK: What a request must not say

  @Test func aDayThatDoesNotExistIsRefusedBeforeARun() async throws {
    let eligibility = Eligibility(ActsInForce(try ServiceFixture.snapshot()), register: fixture.access)
    let status = await refusal {
      try await eligibility.reassess(
        fixture.request(#"{"asOf":"2022-02-30"}"#), context: fixture.by("pavel", EligibilityService.reassess.descriptor),
        responses: Collected<ReassessResponse>().sender())
    }
    #expect(status?.reason == "INVALID_FIELD")
    #expect(status?.fieldViolations.map(\.field) == ["/asOf"])
  }

  @Test(arguments: [("2022-11-10", true), ("2022-11-11", false)])
  func nothingIsLearntTomorrow(day: String, isTaken: Bool) async throws {
    let record = SampleRecord().with("reference", #""SYN-1""#).json
    let status = await refusal {
      try await fixture.cases.register(
        fixture.request(
          #"{"record":\#(record),"office":"north","sources":[{"pointer":"/stage","source":"file","learntOn":"\#(day)"}]}"#),
        context: fixture.by("rita", CaseService.register.descriptor))
    }
    #expect((status == nil) == isTaken)
    if !isTaken { #expect(status?.fieldViolations.map(\.field) == ["/sources/0/learntOn"]) }
  }

  @Test func aTakenReferenceTellsNothingOfAnotherOfficesCase() async throws {
    try await fixture.register("SYN-1")
    let own = await refusal { try await fixture.register("SYN-1") }
    #expect(own?.reason == "CASE_EXISTS" && own?.message.contains("Get it") == true)
    let others = await refusal { try await fixture.register("SYN-1", by: "strange", in: "south") }
    #expect(others?.reason == "CASE_EXISTS" && others?.message == "The reference SYN-1 is taken; use another one.")
  }

  @Test func aRefusalNamesTheRealCause() async throws {
    try await fixture.register("SYN-1")
    try await fixture.assess("SYN-1")
    try await fixture.propose("SYN-1")
    try await fixture.decide("SYN-1")
    try await fixture.execute("SYN-1")
    let again = await refusal { try await fixture.assess("SYN-1") }
    #expect(again?.reason == "WRONG_STATE" && again?.message.hasPrefix("Nothing has changed since the decision") == true)
    #expect(again?.errorInfo?.metadata["allowed"]?.contains(again?.errorInfo?.metadata["state"] ?? "-") == false)

    try await fixture.register("SYN-2")
    _ = try await fixture.cases.assess(
      fixture.request(#"{"reference":"SYN-2","asOf":"2022-11-01"}"#), context: fixture.by("pavel", CaseService.assess.descriptor))
    try await fixture.propose("SYN-2")
    let early = await refusal { try await fixture.decide("SYN-2") }
    #expect(early?.reason == "ACT_NOT_IN_FORCE" && early?.message.contains("the assessment is provisional") == true)
  }
}

extension Status {
  fileprivate var fieldViolations: [FieldViolation] {
    details.flatMap { detail -> [FieldViolation] in if case .badRequest(let request) = detail { request.fieldViolations } else { [] } }
  }
}
