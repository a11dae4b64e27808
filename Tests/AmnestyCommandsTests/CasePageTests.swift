// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient
internal import AmnestyTexts
internal import Testing

@testable internal import AmnestyCommands

/// A case with everything in it, as a clerk sees it.
struct CasePageTests {
  static let at = "2022-11-03T10:15:00.000Z"
  static let long = "Соттың қаулысы бойынша, после проверки всех материалов дела, as the papers of the institution show beyond doubt"

  static let whole: Case = {
    let record = CaseRecord(
      reference: "SYN-1",
      person: Person(iin: "123456789013", familyName: "Үлгібаев", givenName: "Сынақ", patronymic: "Мысалұлы", bornOn: "1990-02-03"),
      stage: .sentenced, recidivism: .nothing,
      offences: [
        Offence(
          id: "1", article: "202", part: 2, gravity: .grave, committedFrom: "2022-01-05", committedThrough: "2022-01-06", territory: "KZ",
          nexus: .riot, sentence: OffenceSentence(kind: .imprisonment, term: "P5Y"))
      ],
      sentence: Sentence(imposedOn: "2022-06-10", kind: .imprisonment, term: "P5Y", startsOn: "2022-01-10"), detained: true)
    let text = LocalizedText(en: "The term ends", ru: "Срок кончается", kk: "Мерзім аяқталады")
    let assessment = Assessment(
      act: ActReference(id: "kz-2022-152-vii", version: "1.0.0", digest: "sha256:00"), recordDigest: "sha256:01", asOf: "2022-11-03",
      standing: .final, outcome: .eligible, basis: .reported,
      offences: [AssessedOffence(id: "1", outcome: .eligible, measure: "reduce_term", basis: .reported)],
      sentence: AssessedSentence(imposed: "P5Y", reduced: "P1Y3M", originalEnd: "2027-01-10", newEnd: "2023-04-10"), readings: [],
      missing: [MissingFact(fact: "/recidivism", question: text, decides: true)],
      referrals: [Referral(code: .readingsConflict, provision: "relief", note: text)], notes: [])
    return Case(
      reference: "SYN-1", etag: "v7", state: .aftercare, office: "almaty", assignedTo: "clerk-1", record: record, recordVersion: 2,
      recordDigest: "sha256:01", assessment: assessment, assessmentNumber: 2,
      proposal: CaseProposal(
        verdict: .grant, measures: ["reduce_term"], departs: true, reason: Self.long, assessment: 2, person: "bolat", at: Self.at),
      decision: CaseDecision(
        verdict: .grant, measures: ["reduce_term"], departs: true, reason: Self.long, body: "court", office: "almaty", assessment: 2,
        on: "2022-11-04", person: "dana", at: Self.at),
      objection: CaseObjection(note: Self.long, person: "aigul", at: Self.at),
      appeal: CaseAppeal(party: .prosecutor, grounds: Self.long, person: "bolat", at: Self.at),
      execution: CaseExecution(
        on: "2022-11-05", orders: [ExecutionOrder(kind: .newEnd, on: "2023-04-10", measure: "reduce_term", text: text)], person: "erlan",
        at: Self.at),
      needs: [
        AftercareNeed(
          id: "0746cc8886511eaeeb53c2486a9d6d21", kind: .employment, state: .open, responsible: "employment centre", dueOn: "2022-12-05",
          overdue: true, notes: [], etag: "v1")
      ],
      clocks: [
        CaseClock(kind: .actWindow, statutory: true, startedOn: "2022-11-03", dueOn: "2023-05-03", daysLeft: 181, overdue: false),
        CaseClock(kind: .decide, statutory: false, startedOn: "2022-11-03", dueOn: "2022-11-10", daysLeft: -3, overdue: true),
        CaseClock(
          kind: .assess, statutory: false, startedOn: "2022-11-03", overdue: false, pausedOn: "2022-11-04", pauseReason: "papers"),
      ],
      linked: ["SYN-2", "SYN-3"], reassessmentDue: true, sealed: false, next: NextStep(command: .resolveAppeal, role: "authority"),
      registeredBy: "aigul", registeredAt: Self.at, updatedAt: Self.at,
      masked: ["/record/person/iin"])
  }()

  @Test func aWholeCaseFitsEightyColumns() {
    let lines = CasePage(item: Self.whole, language: .en).table(on: Terminal(width: 80, hasColour: false))
    #expect(lines.allSatisfy { $0.columns <= 80 }, "\(lines.joined(separator: "\n"))")
    #expect(lines.first?.hasPrefix("SYN-1 Үлгібаев Сынақ Мысалұлы, born 1990-02-03") == true)
    let page = lines.joined(separator: "\n")
    for words in [
      "aftercare, in custody, appeal pending", "almaty, assigned to clerk-1", "also        SYN-2 SYN-3", "art. 202-2, grave, 2022-01-05 to",
      "eligible (no. 2, final, basis reported)", "term P5Y to P1Y3M, end 2027-01-10 to 2023-04-10",
      "ask         The term ends (/recidivism)",
      "departs from the assessment", "by dana, court (almaty), 2022-11-04", "new_end 2023-04-10: The term ends", "by the prosecutor",
      "act window, due 2023-05-03, 181 days left, set by the act", "decide, due 2022-11-10, OVERDUE by 3 days",
      "paused since 2022-11-04: papers", "employment: open, employment centre, due", "not shown   /record/person/iin",
      "decision resolve-appeal SYN-1",
    ] {
      #expect(page.contains(words), "\(words)")
    }
  }

  @Test func whatReadingsComeToAndWhichWasChosenIsShownAsItIsTyped() throws {
    var item = Self.whole
    item.assessment?.readings = [
      Reading(question: "one_year_test", answer: "after_reduction", outcome: .eligible, releaseOn: "2022-11-03"),
      Reading(question: "one_year_test", answer: "before_reduction", outcome: .eligible),
    ]
    let chosen = [ChosenReading(question: "one_year_test", answer: "after_reduction")]
    item.decision?.readings = chosen
    let page = CasePage(item: item, language: .en).table(on: Terminal(width: 80, hasColour: false)).joined(separator: "\n")
    #expect(page.contains("readings    one_year_test=after_reduction: eligible, release 2022-11-03"))
    #expect(page.contains("one_year_test=before_reduction: eligible, no release by itself"))
    #expect(page.contains("by the reading one_year_test=after_reduction"))
    item.state = .granted
    let receipt = CaseReceipt(answer: CaseResponse(case: item)).table(on: Terminal(width: nil, hasColour: false))
    #expect(receipt[0].hasSuffix("by the reading one_year_test=after_reduction"))
  }

  @Test(arguments: [(Language.kk, "Мерзім аяқталады"), (.ru, "Срок кончается")])
  func itsTextsComeInTheLanguageAskedFor(_ language: Language, _ text: String) {
    let page = CasePage(item: Self.whole, language: language).table(on: Terminal(width: 80, hasColour: false)).joined(separator: "\n")
    #expect(page.contains("new_end 2023-04-10: \(text)"))
  }

  @Test(
    arguments: [
      (
        NextStep(command: .update, role: "registrar", why: .factsMissing),
        "case update SYN-1 --set /recidivism=…, by the registrar; or decision"
      ),
      (
        NextStep(command: .decide, role: "authority", why: .objection),
        "--verdict continue_proceedings, or decision withdraw-objection SYN-1"
      ),
      (NextStep(command: .propose, role: "preparer", why: .objection), "decision withdraw-objection SYN-1: an objection stands"),
      (NextStep(command: .assess, role: "preparer", why: .changed), "case assess SYN-1, as facts or act changed after the decision"),
      (NextStep(command: .revoke, role: "authority", why: .differs), "decision revoke SYN-1"),
      (NextStep(command: .close, role: "authority"), "case close SYN-1"), (NextStep(command: .unrecognized("x"), role: "y"), nil),
    ] as [(NextStep, String?)])
  func whatIsNextIsSaidAsItIsTyped(_ next: NextStep, _ words: String?) {
    let line = next.line(for: Self.whole, .en)
    #expect(words.map { line?.contains($0) == true } ?? (line == nil), "\(line ?? "")")
  }

  @Test func theTimelineSaysWhoDidWhatOnWhichLawAndFacts() {
    let by = Attribution(
      person: "dana", principal: "user:1000", actor: "clerk-17", role: "authority", office: "almaty", at: "2022-11-04T09:00:00.000Z")
    let link = CaseLink(
      number: 4, command: .decide, by: by, from: .proposed, to: .granted, actDigest: "sha256:8bb1982143b7",
      recordDigest: "sha256:e697365a5b00",
      assessment: 2, departs: true, reason: Self.long)
    var chosen = link
    chosen.readings = [ChosenReading(question: "one_year_test", answer: "after_reduction")]
    let version = RecordVersion(
      version: 2, recordDigest: "sha256:e697365a5b00", by: by,
      sources: [FactSource(pointer: "/sentence/term", source: "judgment", learntOn: "2022-11-01")], record: Self.whole.record)
    let timeline = Timeline(history: CaseHistoryResponse(links: [link], versions: [version]))
    let lines = timeline.table(on: Terminal(width: 80, hasColour: false))
    #expect(lines.allSatisfy { $0.columns <= 80 }, "\(lines.joined(separator: "\n"))")
    let page = lines.joined(separator: "\n")
    #expect(page.contains("4  2022-11-04 09:00Z  decide  proposed → granted  departs from the assessment"))
    #expect(page.contains("by dana as authority in almaty (user:1000, for clerk-17)"))
    #expect(page.contains("on facts e697365a5b, assessment 2, act 8bb1982143"))
    #expect(page.contains("/sentence/term  judgment, learnt 2022-11-01"))
    #expect(timeline.records()?.allSatisfy { $0.count == 16 } == true)
    let other = Timeline(history: CaseHistoryResponse(links: [link, chosen], versions: []))
    #expect(other.records()?.map { $0.last ?? nil } == ["readings", nil, "one_year_test=after_reduction"])
    #expect(other.table(on: Terminal(width: nil, hasColour: false)).joined().split(separator: "by the reading one_year_test=").count == 2)
  }

  @Test func aReplayShowsWhatDiffers() throws {
    let recorded = try #require(Self.whole.assessment)
    var now = recorded
    now.outcome = .ineligible
    let by = Attribution(person: "bolat", principal: "user:0", role: "preparer", office: "o", at: Self.at)
    let page = ReplayPage(
      answer: ReplayCaseResponse(
        number: 2, by: by, recorded: recorded, thenAgain: recorded, now: now, reproduced: true, differences: [.outcome])
    ).table(on: Terminal(width: 80, hasColour: false)).joined(separator: "\n")
    #expect(page.contains("outcome   eligible") && page.contains("ineligible"))
    #expect(page.contains("reproduced:") && page.contains("differs in: outcome"))
  }
}
