// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient
internal import AmnestyTexts
internal import ArgumentParser
internal import Glibc
internal import NIOCore
internal import Testing

@testable internal import AmnestyCommands

struct RegisterCommandTests {
  @Test(arguments: [
    "case register r.json --office almaty --source /sentence/term=judgment@2022-11-03 --key k",
    "case import r.ndjson --errors e.ndjson --office almaty -o ndjson", "case export --state granted --records --after SYN-1",
    "case show SYN-1 --history --lang kk", "case list --state awaiting-judgment --no-detained --order deadline --limit 0 -o csv",
    "case list --unassigned --overdue --article 272 --gravity grave --stage sentenced --outcome partial --page t",
    "case search Сынақ Үлгі --limit 5", "case history SYN-1", "case watch --resume t --count 3", "case watch SYN-1 --office almaty",
    "case summary --stage served", "case update SYN-1 --set /recidivism=none --set /sentence/term=P5Y --reason found --etag v2",
    "case update SYN-1 --record r.json --mask /recidivism", "case assess SYN-1 --as-of 2022-11-03 --etag v1",
    "case assess --all --detained --limit 10 --errors e", "case replay SYN-1 --assessment 2", "case resolve SYN-1 --reason court",
    "case assign SYN-1 user:1000", "case unassign SYN-1 --reason ill", "case transfer SYN-1 --to astana --reason moved",
    "case withdraw SYN-1 --reason twice", "case close SYN-1",
    "decision propose SYN-1", "decision propose SYN-1 --verdict refuse --reason forged", "decision propose --all --outcome eligible",
    "decision propose SYN-1 --reading one_year_test=after_reduction",
    "decision decide SYN-1 --verdict grant --reading a=b --reading c=d",
    "decision return SYN-1 --reason incomplete", "decision decide SYN-1 --verdict continue-proceedings",
    "decision decide --all --as-proposed --office almaty", "decision object SYN-1", "decision withdraw-objection SYN-1",
    "decision judgment SYN-1 --number 1-23 --imposed-on 2022-12-01 --term P2Y", "decision execute SYN-1 --new-end 2023-01-01",
    "decision execute --all", "decision appeal SYN-1 --party prosecutor --grounds wrong",
    "decision resolve-appeal SYN-1 --upheld --reason so", "decision resolve-appeal SYN-1 --dismissed --reason so",
    "decision revoke SYN-1 --ground forged-paper --reason forged", "work list --clock act-window --person user:1000",
    "work pause SYN-1 decide --reason papers", "work resume SYN-1 decide", "aftercare list --kind housing --overdue",
    "aftercare update n1 --state in-progress --note called", "aftercare add SYN-1 medical_care --note insulin",
    "notices list --unconfirmed", "notices fetch --subscriber police", "notices acknowledge 1 2 3", "reassess --act kz --apply",
    "audit list --reference SYN-1 --after 10", "audit export --after 5", "audit verify --checkpoint c.ndjson", "audit checkpoint",
    "backup create --name b.db", "whoami", "check", "fsck", "metrics --file /tmp/a.prom",
    "case show SYN-1 --actor clerk-1 --socket s --timeout 5",
  ])
  func everyCommandIsParsed(_ line: String) throws {
    _ = try AmnestyControl.parseAsRoot(line.split(separator: " ").map(String.init))
  }

  @Test(arguments: [
    "case show", "case assess", "case assess SYN-1 --all", "case assess SYN-1 --state registered", "case assess --all --etag v1",
    "case list --state decided", "case list --unassigned --assigned-to x", "case update SYN-1", "case update SYN-1 --set recidivism=none",
    "case update SYN-1 --set /a={", "case update SYN-1 --record r --set /a=1", "case update SYN-1 --set /a=1 --mask /a",
    "case withdraw SYN-1", "case transfer SYN-1 --to x", "decision decide SYN-1", "decision decide SYN-1 --verdict grant --as-proposed",
    "decision decide SYN-1 --verdict perhaps", "decision decide SYN-1 --as-proposed --reading a=b",
    "decision propose --all --reading a=b", "decision propose SYN-1 --reading a", "decision propose SYN-1 --reading =b",
    "decision resolve-appeal SYN-1 --reason so",
    "decision resolve-appeal SYN-1 --upheld --dismissed --reason so", "decision revoke SYN-1 --reason so",
    "decision execute --all --new-end 2023-01-01", "aftercare update n1", "aftercare add SYN-1 money", "notices acknowledge",
    "case list --limit -1", "case watch --count 0", "work list --person x --unassigned",
  ])
  func wrongUseIsRefused(_ line: String) {
    #expect(throws: (any Error).self) { _ = try AmnestyControl.parseAsRoot(line.split(separator: " ").map(String.init)) }
  }

  @Test func aFilterBecomesTheRequest() throws {
    let arguments = ["case", "list", "--state", "awaiting-judgment", "--no-detained", "--unassigned", "--office", "almaty"]
    let command = try #require(try AmnestyControl.parseAsRoot(arguments) as? CaseList)
    #expect(
      command.filter.listing(pageSize: 7)
        == ListCasesRequest(state: .awaitingJudgment, detained: false, assignedTo: "", office: "almaty", pageSize: 7))
    #expect(command.filter.export(after: "SYN-1").after == "SYN-1")
  }

  // MARK: - Facts

  static let record = CaseRecord(
    reference: "SYN-1", offences: [Offence(id: "1", article: "202", gravity: .grave)], sentence: Sentence(kind: .imprisonment, term: "P5Y"))

  static func edits(_ arguments: [String]) throws -> [FactEdit] {
    try arguments.map { try #require(FactEdit(argument: $0)) }
  }

  @Test func aFactIsSetWhereItsPointerSays() throws {
    let edits = try Self.edits([
      "/recidivism=none", "/sentence/term=P4Y", "/offences/0/gravity=null", "/person/familyName=Сынақ", "/facts/a~1b=true",
      "/detained=false",
    ])
    let (record, mask) = try FactEdit.apply(edits, to: Self.record)
    #expect(record.recidivism == Recidivism.nothing)
    #expect(record.sentence == Sentence(kind: .imprisonment, term: "P4Y"))
    #expect(record.offences == [Offence(id: "1", article: "202", gravity: nil)])
    #expect(record.person?.familyName == "Сынақ")
    #expect(record.facts == ["a/b": .bool(true)])
    #expect(record.detained == false)
    #expect(mask == ["/recidivism", "/sentence/term", "/offences/0/gravity", "/person/familyName", "/facts/a~1b", "/detained"])
  }

  @Test func aNewOffenceIsNamedByItsList() throws {
    let (record, mask) = try FactEdit.apply(try Self.edits(["/offences/-={\"id\":\"2\",\"article\":\"272\"}"]), to: Self.record)
    #expect(record.offences.map(\.id) == ["1", "2"])
    #expect(mask == ["/offences"])
  }

  @Test(arguments: ["/offences/7/gravity=grave", "/reference/x=1", "/nonsense=1", "/offences/0/gravity=heavy"])
  func aFactWithoutAPlaceIsRefusedHere(_ argument: String) throws {
    let edits = try Self.edits([argument])
    #expect(throws: (any Error).self) { _ = try FactEdit.apply(edits, to: Self.record) }
  }

  @Test func aSourceMayCarryTheDayItWasLearnt() throws {
    #expect(
      SourceArgument(argument: "/sentence/term=judgment 12@2022-11-03")?.source
        == FactSource(pointer: "/sentence/term", source: "judgment 12", learntOn: "2022-11-03"))
    #expect(SourceArgument(argument: "/a=clerk@almaty")?.source == FactSource(pointer: "/a", source: "clerk@almaty"))
    #expect(SourceArgument(argument: "a=b") == nil)
  }

  // MARK: - Keys and retries

  @Test func anUnavailableDaemonIsAskedAgainWithTheSameKey() async throws {
    var keys: [String] = []
    var pauses: [Duration] = []
    let key = ChangeOptions.newKey()
    let answer = try await ChangeRetry.run(pause: { pauses.append($0) }) { () async throws(Status) in
      keys.append(key)
      if keys.count < 4 { throw Status.draining() }
      return keys.count
    }
    #expect(answer == 4 && Set(keys).count == 1)
    #expect(pauses == [.milliseconds(100), .milliseconds(100), .milliseconds(200)])
  }

  @Test func aRefusalIsNotAskedAgain() async {
    var tries = 0
    await #expect(throws: Status.self) {
      try await ChangeRetry.run(pause: { _ in }) { () async throws(Status) in
        tries += 1
        throw Status(.failedPrecondition, reason: "FOUR_EYES", "Let another person do it.")
      }
    }
    #expect(tries == 1)
  }

  @Test func itGivesUpAtLast() async {
    var tries = 0
    await #expect(throws: Status.self) {
      try await ChangeRetry.run(pause: { _ in }) { () async throws(Status) in
        tries += 1
        throw Status.draining()
      }
    }
    #expect(tries == 7)
  }

  @Test(arguments: StatusCode.all) func onlyAnUnknownOutcomeTellsItsKey(_ code: StatusCode) {
    let unknown: Set<StatusCode> = [.unavailable, .deadlineExceeded, .cancelled, .internal, .unknown, .dataLoss]
    #expect(ChangeRetry.mayHaveHappened(Status(code, "x")) == unknown.contains(code))
  }

  @Test(arguments: [
    (StatusCode.aborted, EX_TEMPFAIL), (.failedPrecondition, EX_DATAERR), (.notFound, EX_NOINPUT), (.permissionDenied, EX_NOPERM),
    (.alreadyExists, EX_CANTCREAT), (.unavailable, EX_UNAVAILABLE),
  ])
  func theRegistersRefusalsHaveTheirExitStatus(_ code: StatusCode, _ status: CInt) {
    #expect(ExitStatus.code(of: code) == status)
  }

  @Test func anErrorSaysWhatToTypeNext() {
    let status = Status(
      .aborted, reason: "STALE_ETAG", "The case has changed since.",
      details: [.resourceInfo(ResourceInfo(resourceType: "case", resourceName: "SYN-9"))])
    #expect(ErrorReport(status).text.contains("amnestyctl case show SYN-9 --history"))
  }

  // MARK: - Bulk

  @Test func theActorOfTheEnvironmentIsTheOneThatNobodyNamed() throws {
    func actor(_ line: String, _ environment: [String: String]) throws -> String? {
      let command = try #require(try AmnestyControl.parseAsRoot(line.split(separator: " ").map(String.init)) as? WhoAmI)
      return command.connection.callOptions(outer: nil, environment: environment).actor
    }
    #expect(try actor("whoami", ["AMNESTY_ACTOR": "aigul"]) == "aigul")
    #expect(try actor("whoami --actor dana", ["AMNESTY_ACTOR": "aigul"]) == "dana")
    #expect(try actor("whoami", ["AMNESTY_ACTOR": ""]) == nil)
    #expect(try actor("whoami", [:]) == nil)
  }

  @Test func whoTheCallerIsTakenForIsSaidOfficeByOffice() {
    let clerk = WhoAmIResponse(
      principal: "user:1000", actor: "aigul", person: "aigul", everywhere: [],
      offices: [OfficeRoles(office: "almaty", body: "court", roles: ["preparer", "registrar"])])
    let page = WhoAmIPage(answer: clerk).table(on: Terminal(width: 80, hasColour: false))
    #expect(page == ["person      aigul", "user        user:1000, for aigul", "offices     almaty (court): preparer, registrar"])
    let stranger = WhoAmIPage(answer: WhoAmIResponse(principal: "user:7", person: "user:7", everywhere: [], offices: []))
    #expect(stranger.table(on: Terminal(width: 80, hasColour: false)).joined().contains("none in any office"))
  }

  @Test func aStaleVersionIsToldWithTheCaseToLookAt() {
    func stale(_ type: String, _ name: String) -> Status {
      Status(.aborted, reason: "STALE_ETAG", "", details: [.resourceInfo(ResourceInfo(resourceType: type, resourceName: name))])
    }
    #expect(ErrorReport.hint(for: stale("case", "SYN-1"), .en) == "look again: amnestyctl case show SYN-1 --history")
    // A need is no case.
    #expect(ErrorReport.hint(for: stale("need", "0746cc"), .en) == nil)
  }

  @Test func aBulkReportCountsAndGivesUpOnADaemonThatIsGone() {
    var report = BulkReport(skipped: ["referred": 2])
    let item = Case(
      reference: "SYN-1", etag: "v1", state: .assessed, office: "o", record: Self.record, recordVersion: 1, recordDigest: "", clocks: [],
      reassessmentDue: false, sealed: false, registeredBy: "p", registeredAt: "", updatedAt: "", masked: [])
    report.add(.success(CaseResponse(case: item)))
    report.add(.failure(Status(.failedPrecondition, reason: "FOUR_EYES", "x")))
    #expect(
      report.line(.en, done: DecisionDecide.done, found: 4, elapsed: .zero)
        == "1 decided; 1 refused; 2 not tried; 2 left alone: referred")
    #expect(
      report.line(.ru, done: DecisionDecide.done, found: 1236, elapsed: .zero)
        == "Решено: 1; отказано: 1; не начато: 1\u{A0}234; оставлено как есть: 2 (referred)")
    #expect(!report.isHopeless)
    for _ in 0..<96 { report.add(.failure(.draining())) }
    #expect(report.isHopeless)
  }

  @Test(arguments: [
    (Outcome.eligible, Verdict.grant as Verdict?), (.partial, .grant), (.ineligible, .refuse), (.undetermined, nil), (.referred, nil),
  ])
  func aProposalFollowsTheAssessment(_ outcome: Outcome, _ verdict: Verdict?) {
    #expect(DecisionPropose.verdict(for: outcome) == verdict)
  }
}
