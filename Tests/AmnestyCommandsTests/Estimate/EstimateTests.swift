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
    #expect(lines[last].contains("custody    liberty ") && lines[last - 2].hasSuffix("convicted  convicted"))
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
      "cannot be read, left out: 1", "covered: between 1,402 and 1,488 people, 1,440 as things stand (cases: 1,412 to 1,498)",
      "2 cases have too much unknown", "730,500 days, 2,000 years", "3 cannot be computed yet", "differ in 7 cases",
      "one_year_test after_reduction: 7 free at once, 2 of them detained", "recidivism: 4 detained, alone decides 1,100",
      "sentence.term: 1 detained, alone decides 0, 12 for the new end only", "open point of the act (open.x)",
      "small → other: 3 cases change",
      "eligible (reduce term) → ineligible", "SYN-1 SYN-2", "exclusion.detained",
    ] { #expect(text.contains(words), "\(words)") }
    #expect(!text.contains("remove conviction"), "a measure that no case can get has no row")
    let published = try #require(lines.firstIndex { $0.hasPrefix("published  ") })
    #expect(lines[published + 1].split(separator: " ") == ["2022-11-02", "1,112", "1,452", "in", "words"])
    #expect(lines[published + 2].split(separator: " ") == ["2023-01-05", "1,221", "none", "in", "words"])
  }

  /// Every group and measure, numbers of a whole country, long names.
  private var wide: EstimateReport {
    var report = report
    let measures = ["terminate_proceedings", "release_from_punishment", "reduce_term", "reduce_at_sentencing", "remove_conviction"]
    report.acts[0].measures = measures.map { MeasureEstimate(measure: $0, cases: Margin(now: 1, least: 1, most: 1)) }
    report.acts[0].groups = ["convicted_detained", "convicted_at_liberty", "pending_grave", "pending_lighter", "not_known"].map {
      group($0, eligible: 300)
    }
    report.acts[0].missing.append(
      MissingEstimate(fact: "sentence.aggregation", question: Self.words, cases: 9, detained: 1234, decides: 1234, forEnd: 1234))
    report.acts[0].referrals = [
      ReferralEstimate(
        code: .draftingConflict, provision: "exclusion.other_proceedings.riot_organisation.minor", text: Self.words, cases: 12345)
    ]
    report.acts[0].readings[0].isDefault = true
    report.published[0].text = report.acts[0].referrals[0].text
    report.published[1].text = LocalizedText(
      en: String(repeating: "in words ", count: 9), ru: String(repeating: "словами ", count: 9), kk: String(repeating: "сөзбен ", count: 9))
    let examples = (1...5).map { "SYN-2022-000000\($0)" }
    let changed = ChangedCases(cases: 12345, detained: 1234, examples: examples)
    report.changes[0].outcomes = [
      OutcomeChange(before: .partial, after: .undetermined, measuresBefore: measures, measuresAfter: [], changed: changed)
    ]
    report.changes[0].provisions = [
      ProvisionEffect(
        provision: "exclusion.other_proceedings.riot_organisation.minor",
        text: LocalizedText(
          en: String(repeating: "in words ", count: 20), ru: String(repeating: "словами ", count: 20),
          kk: String(repeating: "сөзбен ", count: 20)), changed: changed)
    ]
    return report
  }

  @Test(arguments: [Language.kk, .ru, .en])
  func itFitsEightyColumnsAndCutsNothing(_ language: Language) {
    for report in [report, wide] {
      let lines = EstimateTable(report, language: language).table(on: Terminal(width: 80, hasColour: false))
      #expect(lines.filter { $0.columns > 80 } == [])
      #expect(!lines.joined().contains("…"), "\(lines.joined(separator: "\n"))")
      #expect(lines.joined().contains(Self.words.text(in: language)))
    }
  }

  /// Digits are grouped by a space that does not break; here it is written as `_`.
  private func grouped(_ lines: [String]) -> [String] { lines.map { $0.replacing("_", with: "\u{A0}") } }

  @Test func itIsWholeInRussian() {
    let lines = lines(nil, .ru)
    let expected = grouped([
      "small 1.0.0, на 2022-11-03 (окончательно); дел: 1_482, людей: 1_470",
      "не учтены записи, которые противоречат сами себе или не читаются: 1",
      "дел                    стражей   свободе  всего", "сокращение срока           450     1_000  1_450",
      "амнистия применяется       450     1_000  1_450", "  сразу свободны             1         1      2",
      "не хватает фактов            0        30     30", "решает человек               0         0      0",
      "не применяется               1         1      2", "всего                      451     1_031  1_482",
      "людей, к которым применяется амнистия: от 1_402 до 1_488, по известным сейчас фактам 1_440 (дел: от 1_412 до 1_498)",
      "из них дел, где неизвестного слишком много для перебора: 2; они учтены как возможные в обе стороны",
      "снято со сроков: дней 730_500, или лет 2_000; дел: 1_450, из них пока нельзя вычислить: 3",
      "наказания заканчиваются с 2022-11-03 (в этот день под стражей: 12, остальных: 40) по 2022-11-03",
      "толкования открытого вопроса расходятся, дел: 7", "каких фактов не хватает:",
      "  ########## 1_200  recidivism: под стражей 4, сам по себе решает 1_100",
      "  #             12  sentence.term: под стражей 1, сам по себе решает 0, нужен только для нового конца срока 12",
      "дела, которые решает человек:", "  ########## 5  вопрос, открытый в акте (open.x)",
      "опубликовано о реальных людях; записи, по которым считается здесь, могут быть не о них:",
      "опубликовано  число  здесь  показатель", "2022-11-02    1_112  1_452  словами", "2023-01-05    1_221    нет  словами",
      "small → other; изменится дел: 3", "дел  под стражей  что изменится",
      "  3            1  применяется (сокращение срока) → не применяется", "дел  норма", "  3  exclusion.detained", "     словами",
      "     SYN-1 SYN-2",
    ])
    for line in expected { #expect(lines.contains(line), "\(line)\n\(lines.joined(separator: "\n"))") }
    #expect(lines.contains { $0.hasPrefix("  one" + "_year_test after_reduction, сразу свободны: 7, из них под стражей: 2") })
  }

  @Test func itIsWholeInKazakh() {
    let lines = lines(nil, .kk)
    let expected = grouped([
      "small 1.0.0, 2022-11-03 күнгі (түпкілікті); істер: 1_482, адамдар: 1_470",
      "өзіне қайшы немесе оқылмайтын, есепке алынбаған жазбалар: 1", "мерзімді қысқарту        450      1_000    1_450",
      "қолданылады              450      1_000    1_450", "  бірден босайды           1          1        2",
      "факт жетіспейді            0         30       30", "адам шешеді                0          0        0",
      "қолданылмайды              1          1        2", "барлығы                  451      1_031    1_482",
      "рақымшылық қолданылатын адамдар: 1_402 – 1_488, қазір белгілі фактілер бойынша 1_440 (істер: 1_412 – 1_498)",
      "олардың ішінде белгісізі тым көп, бәрін тексеріп шығу мүмкін емес істер: 2; олар екі жаққа да шешілуі мүмкін деп есептелген",
      "мерзімдерден қысқартылғаны: 730_500 күн, яғни 2_000 жыл; істер: 1_450, олардың ішінде әлі есептелмейтіні: 3",
      "жазалар 2022-11-03 күнінен (сол күні қамауда: 12, басқалары: 40) 2022-11-03 күніне дейін аяқталады",
      "ашық мәселенің түсіндірмелері әртүрлі, істер: 7", "жетіспейтін фактілер:",
      "  ########## 1_200  recidivism: қамауда 4, жеке өзі шешетіні 1_100",
      "  #             12  sentence.term: қамауда 1, жеке өзі шешетіні 0, тек мерзімнің жаңа аяқталуы үшін 12",
      "адам шешетін істер:", "  ########## 5  актіде ашық қалған мәселе (open.x)",
      "нақты адамдар туралы жарияланған; осында есептелген жазбалар оларға қатысты болмауы мүмкін:",
      "жарияланған   саны  осында  көрсеткіш", "2023-01-05   1_221     жоқ  сөзбен", "small → other; өзгеретін істер: 3",
      "істер  қамауда  не өзгереді", "    3        1  қолданылады (мерзімді қысқарту) → қолданылмайды", "істер  ереже",
      "    3  exclusion.detained", "       сөзбен",
    ])
    for line in expected { #expect(lines.contains(line), "\(line)\n\(lines.joined(separator: "\n"))") }
  }

  @Test(arguments: [Language.ru, .kk]) func noEnglishIsLeft(_ language: Language) {
    let text = EstimateTable(wide, language: language).table(on: Terminal(width: nil, hasColour: false)).joined(separator: "\n")
    #expect(TranslatedErrorTests.english(in: text, but: ["one_year_test after_reduction"]) == nil, "\(text)")
  }
}
