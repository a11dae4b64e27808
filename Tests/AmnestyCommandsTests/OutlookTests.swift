// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient
internal import AmnestyTexts
internal import Testing

@testable internal import AmnestyCommands

@Suite("The outlook of a case") struct OutlookTests {
  private static func words(_ text: String) -> LocalizedText { LocalizedText(en: text, ru: text + " ру", kk: text + " қаз") }

  private static let provisions: [ActProvision] = [
    ("scope.period", "scope"), ("scope.offence", "scope"), ("scope.offence.listed", "scope"), ("scope.offence.riots", "scope"),
    ("exclusion.terrorism", "exclusion"), ("exclusion.recidivism", "exclusion"), ("exclusion.recidivism.minor", "exception"),
    ("relief.cut", "relief"), ("relief.termination", "relief"),
  ].map { ActProvision(id: $0.0, kind: $0.1, basis: .text, citation: "law", text: words("[\($0.0)]")) }

  private static let title = words("Law")

  private static let act = GetActResponse(
    act: ActSummary(
      id: "small", version: "1", digest: "sha256:0", title: title, standing: .final, excerpt: false, default: true, provisions: 9),
    provisions: provisions, facts: [], source: "")

  private static func ground(_ provision: String, _ truth: Truth, _ facts: [String] = [], open: Bool? = nil) -> Ground {
    Ground(provision: provision, truth: truth, basis: .text, facts: facts, open: open)
  }

  /// An offence with the truths of what was tried; the rest of the scope is met, no exclusion applies.
  private static func offence(_ outcome: OffenceOutcome, id: String = "1", _ grounds: [Ground]) -> AssessedOffence {
    let usual = [
      ground("scope.period", .true), ground("scope.offence", .true), ground("scope.offence.listed", .true),
      ground("scope.offence.riots", .false), ground("exclusion.terrorism", .false), ground("exclusion.recidivism", .false),
      ground("exclusion.recidivism.minor", .false),
    ]
    let told = Set(grounds.map(\.provision))
    return AssessedOffence(id: id, outcome: outcome, grounds: usual.filter { !told.contains($0.provision) } + grounds)
  }

  private static func assessment(
    _ outcome: Outcome, _ offences: [AssessedOffence], missing: [MissingFact] = [], referrals: [Referral] = []
  ) -> Assessment {
    Assessment(
      act: ActReference(id: "small", version: "1", digest: "sha256:0"), recordDigest: "sha256:1", asOf: "2022-11-03", standing: .final,
      outcome: outcome, offences: offences, readings: [], missing: missing, referrals: referrals, notes: [])
  }

  private static func lines(_ answer: OutlookResponse, _ language: Language = .en, width: Int? = nil) -> [String] {
    OutlookPage(answer: answer, act: Self.act, language: language).table(on: Terminal(width: width, hasColour: false))
  }

  private static func because(_ assessment: Assessment) -> [String] {
    Self.lines(OutlookResponse(assessment: assessment, changes: [], events: [])).filter { $0.hasPrefix("  ") }
  }

  @Test("A scope that is not met and an exclusion that applies are told, and nothing else")
  func bars() {
    let offence = Self.offence(
      .ineligible,
      [Self.ground("scope.period", .false), Self.ground("exclusion.terrorism", .true), Self.ground("exclusion.recidivism", .unknown)])
    #expect(
      Self.because(Self.assessment(.ineligible, [offence])) == [
        "  scope.period is not met: [scope.period]", "  exclusion.terrorism applies: [exclusion.terrorism]",
      ])
  }

  @Test("One of several ways to be in a scope is never told beside the scope")
  func parts() {
    let outside = Self.offence(
      .ineligible, [Self.ground("scope.offence", .false), Self.ground("scope.offence.listed", .false)])
    #expect(Self.because(Self.assessment(.ineligible, [outside])) == ["  scope.offence is not met: [scope.offence]"])
    let inside = Self.offence(.ineligible, [Self.ground("exclusion.recidivism", .true)])
    #expect(Self.because(Self.assessment(.ineligible, [inside])) == ["  exclusion.recidivism applies: [exclusion.recidivism]"])
  }

  @Test("What waits for a fact that is asked for is told as not known yet; what no question is about, not at all")
  func waiting() {
    let offence = Self.offence(
      .undetermined,
      [
        Self.ground("scope.period", .unknown, ["/offences/0/committedFrom"]),
        Self.ground("exclusion.terrorism", .unknown, ["/offences/0/classes"]),
        Self.ground("exclusion.recidivism", .unknown, open: true), Self.ground("relief.cut", .unknown, ["/offences/0/committedFrom"]),
      ])
    let missing = [MissingFact(fact: "/offences/0/committedFrom", question: Self.words("When?"), decides: true)]
    #expect(
      Self.because(Self.assessment(.undetermined, [offence], missing: missing)) == [
        "  whether scope.period holds is not known yet: [scope.period]", "  missing /offences/0/committedFrom: When?",
      ])
  }

  @Test("Where the act grants nothing for the offence, that is the reason")
  func nothingFits() {
    let reliefs = [Self.ground("relief.cut", .false), Self.ground("relief.termination", .false)]
    let offences = [Self.offence(.ineligible, reliefs), Self.offence(.eligible, id: "2", [Self.ground("relief.cut", .true)])]
    #expect(Self.because(Self.assessment(.partial, offences)) == ["  nothing that the act grants fits offence 1"])
    let barred = Self.offence(.ineligible, [Self.ground("scope.period", .false)])
    #expect(Self.because(Self.assessment(.ineligible, [barred, barred])).count == 1, "each reason once")
  }

  private static let whole: OutlookResponse = {
    let offences = [
      offence(.ineligible, [ground("scope.period", .false), ground("exclusion.terrorism", .true)]),
      offence(.undetermined, id: "2", [ground("exclusion.recidivism", .unknown, ["/recidivism"])]),
      offence(.ineligible, id: "3", [ground("relief.cut", .false)]),
    ]
    return OutlookResponse(
      assessment: assessment(
        .referred, offences, missing: [MissingFact(fact: "/recidivism", question: words("Q?"), decides: true)],
        referrals: [Referral(code: .openProvision, provision: "scope.x", note: words("N."))]),
      changes: [
        OutlookChange(
          fact: "/stage", question: words("Q?"), value: "sentenced", outcome: .eligible, measures: ["reduce_term", "remove_conviction"],
          releaseOn: "2023-01-02"),
        OutlookChange(fact: "/person/exclusions", question: words("Q?"), outcome: .partial, measures: [], newEnd: "2024-01-02"),
      ],
      events: [
        OutlookEvent(kind: .inForce, on: "2022-12-01"),
        OutlookEvent(
          kind: .termEnds, on: "2023-04-10", reading: Reading(question: "one_year_test", answer: "before_reduction", outcome: .eligible)),
        OutlookEvent(kind: .executionEnds, on: "2023-05-03"),
      ])
  }()

  @Test(
    arguments: [
      (
        Language.en,
        [
          "now (2022-11-03, final): referred", "because:", "  scope.period is not met: [scope.period]",
          "  exclusion.terrorism applies: [exclusion.terrorism]",
          "  whether exclusion.recidivism holds is not known yet: [exclusion.recidivism]",
          "  nothing that the act grants fits offence 3", "  open point of the act: N.", "  missing /recidivism: Q?",
          "what would have to change, one of:", "  /stage sentenced → eligible (reduce term, remove conviction), free on 2023-01-02",
          "  /person/exclusions none of the kind → partial, ends 2024-01-02", "days to come:",
          "  2022-12-01  the act enters into force; until then nothing may be decided",
          "  2023-04-10  the term ends (reading one_year_test: before_reduction)",
          "  2023-05-03  the authorities must have executed the act",
        ]
      ),
      (
        .ru,
        [
          "сейчас (2022-11-03, окончательно): передано человеку", "причины:", "  условие scope.period не выполнено: [scope.period] ру",
          "  исключение exclusion.terrorism действует: [exclusion.terrorism] ру",
          "  пока неизвестно, выполняется ли exclusion.recidivism: [exclusion.recidivism] ру",
          "  ни одна мера акта не подходит к деянию 3", "  вопрос, открытый в акте: N. ру", "  не хватает /recidivism: Q? ру",
          "что должно измениться (достаточно одного):",
          "  /stage sentenced → подпадает под амнистию (сокращение срока, снятие судимости), освобождение 2023-01-02",
          "  /person/exclusions ничего такого → подпадает частично, конец срока 2024-01-02", "предстоящие дни:",
          "  2022-12-01  акт вступает в силу; до этого дня решать ничего нельзя",
          "  2023-04-10  срок заканчивается (толкование one_year_test: before_reduction)",
          "  2023-05-03  последний день, когда органы должны исполнить акт",
        ]
      ),
      (
        .kk,
        [
          "қазір (2022-11-03, түпкілікті): адамға берілді", "себептері:", "  scope.period шарты орындалмаған: [scope.period] қаз",
          "  exclusion.terrorism шектеуі қолданылады: [exclusion.terrorism] қаз",
          "  exclusion.recidivism орындалатыны әлі белгісіз: [exclusion.recidivism] қаз",
          "  актінің бірде-бір шарасы сай келмейтін әрекет: 3", "  актіде ашық қалған мәселе: N. қаз", "  жетіспейді /recidivism: Q? қаз",
          "не өзгеруі керек (біреуі жеткілікті):",
          "  /stage sentenced → рақымшылық қолданылады (мерзімді қысқарту, соттылықты алу), босату 2023-01-02",
          "  /person/exclusions ондай ештеңе жоқ → ішінара қолданылады, мерзімнің соңы 2024-01-02", "алдағы күндер:",
          "  2022-12-01  акт күшіне енеді; оған дейін ештеңе шешуге болмайды",
          "  2023-04-10  мерзім аяқталады (one_year_test түсіндірмесі: before_reduction)",
          "  2023-05-03  органдар актіні орындауға тиіс соңғы күн",
        ]
      ),
    ])
  func theWhole(_ language: Language, _ expected: [String]) {
    #expect(Self.lines(Self.whole, language) == expected)
    #expect(Self.lines(Self.whole, language, width: 80).allSatisfy { $0.columns <= 80 })
  }

  @Test(
    arguments: [
      (Language.en, "no single fact that may still change would bring a relief"),
      (.ru, "ни один факт, который ещё может измениться, сам по себе не приведёт к применению амнистии"),
      (.kk, "әлі өзгеруі мүмкін фактілердің ешқайсысы жеке өзі рақымшылыққа жеткізбейді"),
    ])
  func whereNothingHelps(_ language: Language, _ text: String) {
    let assessment = Self.assessment(.ineligible, [Self.offence(.ineligible, [Self.ground("scope.period", .false)])])
    #expect(Self.lines(OutlookResponse(assessment: assessment, changes: [], events: []), language).last == text)
  }
}
