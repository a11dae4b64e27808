// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient
internal import AmnestyTexts
internal import Testing

@testable internal import AmnestyCommands

@Suite("Acts at the terminal") struct ActPageTests {
  private static let title = LocalizedText(
    en: "On Amnesty (the January 2022 events)", ru: "Об амнистии (январские события 2022 года)",
    kk: "Рақымшылық жасау туралы (2022 жылғы қаңтар оқиғалары)")

  private static func act(_ id: String, isDefault: Bool = false, isDraft: Bool? = nil) -> ActSummary {
    ActSummary(
      id: id, version: "1.0.0", digest: "sha256:" + String(repeating: "a", count: 64), title: title,
      standing: isDraft == true ? .provisional : .final, inForceFrom: "2022-11-03", excerpt: isDraft == true, default: isDefault,
      provisions: 41, draft: isDraft)
  }

  private static let words = LocalizedText(en: "as it says", ru: "как в нём сказано", kk: "онда айтылғандай")

  private static let answer = GetActResponse(
    act: act("kz-2022-152-vii"),
    provisions: [
      ActProvision(id: "scope.period", kind: "scope", basis: .text, citation: "Article 1", text: words),
      ActProvision(
        id: "exclusion.other_proceedings.riot_organisation.minor", kind: "exception", basis: .inferred, citation: "Article 2", text: words),
      ActProvision(
        id: "relief.grave.at_sentencing", kind: "relief", basis: .reported, citation: "Article 3", text: words,
        measure: "reduce_at_sentencing"),
    ],
    facts: [
      ActFact(name: "violentBreach", kind: FactKind(word: "boolean"), words: [], question: words),
      ActFact(name: "personClasses", kind: FactKind(word: "words"), words: ["parent", "veteran"], question: words),
    ], source: "", bases: [ActFileSource(fileName: "kz-base.yaml", source: "")])

  @Test(
    arguments: [
      (
        Language.en,
        [
          "id                   version  in force from  standing     provisions",
          "kz-2022-152-vii      1.0.0    2022-11-03     final                41", "  On Amnesty (the January 2022 events) [default]",
          "xx-sample-fictional  1.0.0    2022-11-03     provisional          41", "  On Amnesty (the January 2022 events) [excerpt, draft]",
        ]
      ),
      (
        .ru,
        [
          "ид.                  версия  действует с  статус          норм",
          "kz-2022-152-vii      1.0.0   2022-11-03   окончательно      41",
          "  Об амнистии (январские события 2022 года) [по умолчанию]",
          "xx-sample-fictional  1.0.0   2022-11-03   предварительно    41",
          "  Об амнистии (январские события 2022 года) [выдержка, проект]",
        ]
      ),
      (
        .kk,
        [
          "                            күшіне", "ид.                  нұсқа  енген күні  мәртебесі   ережелер",
          "kz-2022-152-vii      1.0.0  2022-11-03  түпкілікті        41",
          "  Рақымшылық жасау туралы (2022 жылғы қаңтар оқиғалары) [әдепкі]",
          "xx-sample-fictional  1.0.0  2022-11-03  алдын ала         41",
          "  Рақымшылық жасау туралы (2022 жылғы қаңтар оқиғалары) [үзінді, жоба]",
        ]
      ),
    ])
  func theList(_ language: Language, _ expected: [String]) {
    let listing = ActListing(
      acts: [Self.act("kz-2022-152-vii", isDefault: true), Self.act("xx-sample-fictional", isDraft: true)], language: language)
    // The language asked for is not that of the terminal.
    let lines = listing.table(on: Terminal(width: 80, hasColour: false, language: .en))
    for line in expected { #expect(lines.contains(line), "\(line)\n\(lines.joined(separator: "\n"))") }
    #expect(lines.allSatisfy { $0.columns <= 80 })
  }

  @Test(
    arguments: [
      (
        Language.en,
        [
          "extends kz-base.yaml", "scope.period  scope, text of the law", "  as it says",
          "relief.grave.at_sentencing  relief, reported → reduce at sentencing", "/facts/violentBreach  yes or no",
          "/facts/personClasses  words: parent, veteran",
        ]
      ),
      (
        .ru,
        [
          "основан на kz-base.yaml", "scope.period  охват, текст закона", "  как в нём сказано",
          "exclusion.other_proceedings.riot_organisation.minor  изъятие, вывод",
          "relief.grave.at_sentencing  мера, по сообщениям → сокращение в приговоре", "/facts/violentBreach  да или нет",
          "/facts/personClasses  слова: parent, veteran",
        ]
      ),
      (
        .kk,
        [
          "негізі: kz-base.yaml", "scope.period  қамту, заң мәтіні", "  онда айтылғандай",
          "exclusion.other_proceedings.riot_organisation.minor  ерекше жағдай, қорытынды",
          "relief.grave.at_sentencing  шара, хабарланған → үкімде қысқарту", "/facts/violentBreach  иә не жоқ",
          "/facts/personClasses  сөздер: parent, veteran",
        ]
      ),
    ])
  func anAct(_ language: Language, _ expected: [String]) {
    let lines = ActPage(answer: Self.answer, language: language).table(on: Terminal(width: 80, hasColour: false))
    for line in expected { #expect(lines.contains(line), "\(line)\n\(lines.joined(separator: "\n"))") }
    #expect(lines.allSatisfy { $0.columns <= 80 })
  }

  @Test(
    arguments: [
      (
        Language.en, "xx-bridge 1.0.0, 41 provisions: good", "a.yaml:3:7: error: unknown word medum (relief.cut)",
        "xx-bridge 1.0.0, 41 provisions: would be refused", "the act: would be refused"
      ),
      (
        .ru, "xx-bridge 1.0.0, норм 41: ошибок нет", "a.yaml:3:7: ошибка: unknown word medum (relief.cut)",
        "xx-bridge 1.0.0, норм 41: принят не будет", "акт: принят не будет"
      ),
      (
        .kk, "xx-bridge 1.0.0, ереже саны 41: қате жоқ", "a.yaml:3:7: қате: unknown word medum (relief.cut)",
        "xx-bridge 1.0.0, ереже саны 41: қабылданбайды", "акт: қабылданбайды"
      ),
    ])
  func aCheck(_ language: Language, _ good: String, _ problem: String, _ refused: String, _ unread: String) {
    let terminal = Terminal(width: 80, hasColour: false, language: language)
    let problems = [
      ActProblem(
        severity: .error, file: "a.yaml", line: 3, column: 7, provision: "relief.cut", message: "unknown word medum",
        hint: "did you mean medium?")
    ]
    func lines(_ ok: Bool, _ act: ActSummary?, _ problems: [ActProblem]) -> [String] {
      ActCheckAnswer(answer: CheckActResponse(ok: ok, act: act, problems: problems)).table(on: terminal)
    }
    #expect(lines(true, Self.act("xx-bridge"), []) == [good])
    #expect(lines(false, Self.act("xx-bridge"), problems) == [problem, "  did you mean medium?", refused])
    #expect(lines(false, nil, problems).last == unread)
  }
}
