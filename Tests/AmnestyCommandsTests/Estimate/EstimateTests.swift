// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyCommands
internal import AmnestyTexts
internal import AmnestyWire
internal import Testing

@Suite struct EstimateTests {
  private static let words = LocalizedText(en: "in words", ru: "словами", kk: "сөзбен")
  private static let reference = ActReference(id: "small", version: "1.0.0", digest: "sha256:0")

  private func group(_ word: String, _ kind: GroupKind = .procedure, eligible: Int, undetermined: Int = 0) -> GroupEstimate {
    let counts = GroupCounts(eligible: eligible, partial: 0, ineligible: 1, undetermined: undetermined, referred: 0)
    return GroupEstimate(
      by: kind, group: word, cases: counts, people: counts, peopleInAll: counts.eligible + 1,
      measures: [Count(word: "reduce_term", count: eligible)], freed: 1,
      daysTakenOff: 100)
  }

  private var report: EstimateReport {
    let act = ActEstimate(
      act: Self.reference, title: Self.words, standing: .final, covered: Margin(now: 1450, least: 1412, most: 1498),
      coveredPeople: Margin(now: 1440, least: 1402, most: 1488), notSearched: 2,
      outcomes: [OutcomeEstimate(outcome: .eligible, cases: Margin(now: 1450, least: 1412, most: 1498), people: 1440)],
      measures: [
        MeasureEstimate(measure: "reduce_term", cases: Margin(now: 1450, least: 1412, most: 1498)),
        MeasureEstimate(measure: "remove_conviction", cases: Margin(now: 0, least: 0, most: 0)),
      ],
      groups: [
        group("convicted_detained", eligible: 450), group("convicted_at_liberty", eligible: 1000, undetermined: 30),
        group("grave", .gravity, eligible: 1450),
      ],
      term: TermEstimate(cases: 1450, daysTakenOff: 730_500, unknown: 3),
      releases: [ReleaseDay(on: "2022-11-03", detained: 12, others: 40)],
      readingCases: 7,
      readings: [
        ReadingEstimate(
          question: "one_year_test", text: Self.words, answer: "after_reduction", isDefault: false,
          cases: GroupCounts(eligible: 7, partial: 0, ineligible: 0, undetermined: 0, referred: 0), freed: 7, freedDetained: 2)
      ],
      referrals: [ReferralEstimate(code: .openProvision, provision: "open.x", text: Self.words, cases: 5)],
      missing: [
        MissingEstimate(fact: "recidivism", question: Self.words, cases: 1200, detained: 4, decides: 1100, forEnd: 0),
        MissingEstimate(fact: "sentence.term", question: Self.words, cases: 12, detained: 1, decides: 0, forEnd: 12),
      ])
    let changed = ChangedCases(cases: 3, detained: 1, examples: ["SYN-1", "SYN-2"])
    return EstimateReport(
      asOf: "2022-11-03", cases: 1482, people: 1470, refused: 1, acts: [act],
      published: [
        PublishedFigure(on: "2022-11-02", text: Self.words, published: 1112, computed: 1452, basis: .reported, source: "press"),
        PublishedFigure(on: "2023-01-05", text: Self.words, published: 1221, computed: nil, basis: .reported, source: "press"),
      ],
      changes: [
        ActChange(
          first: Self.reference, second: ActReference(id: "other", version: "1", digest: "sha256:1"), cases: 3,
          outcomes: [
            OutcomeChange(before: .eligible, after: .ineligible, measuresBefore: ["reduce_term"], measuresAfter: [], changed: changed)
          ],
          provisions: [ProvisionEffect(provision: "exclusion.detained", text: Self.words, changed: changed)])
      ])
  }

  private func lines(_ width: Int?, _ language: Language = .en) -> [String] {
    EstimateTable(report, language: language).table(on: Terminal(width: width, hasColour: false))
  }

  @Test func theHeadsSayThatPeopleInCustodyAreConvicted() throws {
    let lines = EstimateTable(report, language: .en).table(on: Terminal(width: nil, hasColour: false))
    let last = try #require(lines.firstIndex { $0.hasPrefix("cases ") })
    #expect(lines[last].contains("in custody  at liberty ") && lines[last - 1].hasSuffix("convicted,  convicted,"))
  }

  @Test func theTableSaysWhatTheReportSays() throws {
    let lines = lines(nil)
    #expect(lines.first == "small 1.0.0, as of 2022-11-03 (final): 1,482 cases of 1,470 people")
    let relief = try #require(lines.first { $0.hasPrefix("any relief") })
    #expect(relief.split(separator: " ").suffix(3) == ["450", "1,000", "1,450"])
    let all = try #require(lines.first { $0.hasPrefix("all ") })
    #expect(all.split(separator: " ").suffix(3) == ["451", "1,031", "1,482"])
    let text = lines.joined(separator: "\n")
    for words in [
      "1 records contradict themselves", "covered: between 1,402 and 1,488 people, 1,440 as things stand (cases: 1,412 to 1,498)",
      "2 cases have too much unknown", "730,500 days, 2,000 years", "3 cannot be computed yet", "differ in 7 cases",
      "one_year_test after_reduction: 7 free at once, 2 of them detained", "recidivism: 4 detained, alone decides 1,100",
      "sentence.term: 1 detained, alone decides 0, 12 for the new end only", "open_provision open.x", "small → other: 3 cases change",
      "eligible (reduce_term)", "SYN-1 SYN-2", "exclusion.detained",
    ] { #expect(text.contains(words), "\(words)") }
    #expect(!text.contains("remove conviction"), "a measure that no case can get has no row")
    let published = try #require(lines.firstIndex { $0.hasPrefix("published  ") })
    #expect(lines[published + 1].split(separator: " ") == ["2022-11-02", "1,112", "1,452", "in", "words"])
    #expect(lines[published + 2].split(separator: " ") == ["2023-01-05", "1,221", "none", "in", "words"])
  }

  @Test(arguments: [Language.kk, .ru, .en])
  func itFitsEightyColumns(_ language: Language) {
    #expect(lines(80, language).filter { $0.columns > 80 } == [])
    #expect(lines(80, language).joined().contains(Self.words.text(in: language)))
  }
}
