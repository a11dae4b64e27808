// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient
internal import AmnestyCommands
internal import AmnestyTexts
internal import Testing

@Suite struct ComparisonPageTests {
  private static func text(_ text: String) -> LocalizedText { LocalizedText(en: text, ru: text + " ru", kk: text + " kk") }

  private static func act(_ id: String) -> ActSummary {
    ActSummary(
      id: id, version: "1.0.0", digest: "sha256:0", title: text(id), standing: .provisional, excerpt: false, default: false, provisions: 3)
  }

  private static func provision(_ words: String, _ basis: Basis, effect: String? = nil) -> ComparedProvision {
    ComparedProvision(
      kind: "relief", basis: basis, basisWhenFalse: basis, citation: "the law, \(words)", text: text(words),
      condition: "{ fact: stage, is: served }",
      effect: effect)
  }

  private static let answer = CompareActsResponse(
    act: act("xx-a"), other: act("xx-b"), members: [ActMemberDifference(member: "act.draft", before: "true", after: nil)],
    provisions: [
      ProvisionDifference(
        id: "relief.cut", change: .changed, parts: [.basis, .text], before: provision("one half", .inferred),
        after: provision("three quarters", .reported)),
      ProvisionDifference(
        id: "relief.new", change: .added, parts: [], before: nil, after: provision("new", .text, effect: "{ measure: reduce_term }")),
      ProvisionDifference(
        id: "relief.old", change: .changed, parts: [.order], before: provision("old", .text), after: provision("old", .text)),
    ])

  @Test func itShowsWhatDiffersAndNothingElse() {
    let lines = ComparisonPage(answer: Self.answer, language: .en).table(on: Terminal(width: nil, hasColour: false))
    #expect(
      lines == [
        "xx-a 1.0.0 → xx-b 1.0.0", "provisions: 1 added, 2 changed; other members: 1", "", "act.draft", "  - true", "",
        "relief.cut  relief, changed: basis, text", "  - inferred", "  + reported", "  - one half", "  + three quarters", "",
        "relief.new  relief, added", "  + new", "  + { fact: stage, is: served }", "  + { measure: reduce_term }", "  + text of the law",
        "",
        "relief.old  relief, changed: order",
      ])
  }

  @Test func itFitsATerminalAndSpeaksTheLanguage() {
    let lines = ComparisonPage(answer: Self.answer, language: .ru).table(on: Terminal(width: 24, hasColour: false))
    #expect(lines.contains("  + three quarters ru"))
    #expect(lines.filter { $0.hasPrefix("  - ") || $0.hasPrefix("  + ") }.allSatisfy { $0.count <= 24 })
  }

  @Test(
    arguments: [
      (
        Language.ru,
        [
          "нормы: добавлено 1, изменено 2; других полей: 1", "relief.cut  мера, изменено: основание, текст", "  - вывод",
          "  + по сообщениям",
          "relief.new  мера, добавлено", "  + текст закона", "relief.old  мера, изменено: порядок",
        ]
      ),
      (
        .kk,
        [
          "ережелер: қосылғаны 1, өзгергені 2; басқа өрістер: 1", "relief.cut  шара, өзгерді: негіз, мәтін", "  - қорытынды",
          "  + хабарланған", "relief.new  шара, қосылды", "  + заң мәтіні", "relief.old  шара, өзгерді: реті",
        ]
      ),
    ])
  func whatDiffersIsToldInTheLanguage(_ language: Language, _ expected: [String]) {
    let lines = ComparisonPage(answer: Self.answer, language: language).table(on: Terminal(width: 80, hasColour: false))
    for line in expected { #expect(lines.contains(line), "\(line)\n\(lines.joined(separator: "\n"))") }
    #expect(lines.allSatisfy { $0.columns <= 80 })
  }

  @Test(arguments: [
    (Language.ru, "  - без условия", "  - вывод; если не выполняется: текст закона"),
    (.kk, "  - шартсыз", "  - қорытынды; орындалмаса: заң мәтіні"),
  ])
  func whatHoldsWithoutAConditionAndHowSureTheContraryIs(_ language: Language, _ condition: String, _ basis: String) {
    var answer = Self.answer
    answer.provisions[0].parts = [.condition, .basis]
    answer.provisions[0].before?.condition = nil
    answer.provisions[0].before?.basisWhenFalse = .text
    let lines = ComparisonPage(answer: answer, language: language).table(on: Terminal(width: 80, hasColour: false))
    #expect(lines.contains(condition) && lines.contains(basis), "\(lines.joined(separator: "\n"))")
  }

  @Test func actsThatAreAlikeAreSaidToBe() {
    let same = CompareActsResponse(act: Self.act("xx-a"), other: Self.act("xx-b"), members: [], provisions: [])
    #expect(ComparisonPage(answer: same, language: .en).table(on: Terminal(width: nil, hasColour: false)).last == "no difference")
  }

  @Test func aRowIsAProvision() throws {
    let rows = try #require(ComparisonPage(answer: Self.answer, language: .en).records())
    #expect(
      rows.count == 4 && rows[1] == ["relief.cut", "relief", "changed", "basis text", "inferred", "reported", "one half", "three quarters"])
  }
}
