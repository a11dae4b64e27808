// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyActs
internal import AmnestyRules
internal import Testing

@Suite struct LoweringTests {
  /// What a condition of the small act's relief comes to.
  private func test(_ condition: String) throws -> Condition.Test {
    let text = SmallAct.text.replacing("{ fact: gravity, in: [grave, medium] }", with: condition)
    let result = SmallAct.parse(text)
    let act = try #require(result.act, "\(result.problems)")
    guard case .condition(let whole) = act.definition.relief[0].provision.body, case .all(let parts) = whole.test else {
      throw Unexpected()
    }
    return parts[1].test
  }

  private struct Unexpected: Error {}

  @Test func conditionsBecomeTests() throws {
    let day = try #require(Day("2022-01-04"))
    let later = try #require(Day("2022-01-07"))
    let third = try #require(Fraction(1, 3))
    let expected: [(String, Condition.Test)] = [
      ("{ fact: gravity, in: [grave, medium] }", .oneOf(fact: "gravity", values: ["grave", "medium"])),
      ("{ fact: detained, is: true }", .oneOf(fact: "detained", values: ["true"])),
      ("{ fact: classes, containsAny: [torture] }", .contains(fact: "classes", words: ["torture"])),
      ("{ fact: part, atMost: 2 }", .integer(fact: "part", .atMost, 2)),
      ("{ fact: sentence.amount, moreThan: 100 }", .integer(fact: "sentence.amount", .moreThan, 100)),
      ("{ fact: sentence.term, lessThan: P1Y6M }", .term(fact: "sentence.term", .lessThan, Term(months: 18))),
      ("{ fact: sentence.servedOn, before: inForce }", .day(fact: "sentence.servedOn", .lessThan, .inForce)),
      ("{ fact: sentence.servedOn, onOrBefore: 2022-01-04 }", .day(fact: "sentence.servedOn", .atMost, .date(day))),
      ("{ fact: sentence.servedOn, on: asOf }", .day(fact: "sentence.servedOn", .equal, .asOf)),
      ("{ fact: sentence.servedOn, onOrAfter: inForceOrImposed }", .day(fact: "sentence.servedOn", .atLeast, .inForceOrImposed)),
      ("{ fact: sentence.servedOn, after: sentence.imposedOn }", .day(fact: "sentence.servedOn", .moreThan, .fact("sentence.imposedOn"))),
      ("{ fact: sentence.currentEnd, stated: true }", .stated(fact: "sentence.currentEnd")),
      ("{ committed: { from: 2022-01-04, through: 2022-01-07 } }", .committedWithin(from: day, through: later)),
      (
        "{ articles: [188, \"188-1\", { article: 106, parts: [1, 2] }] }",
        .article([
          ArticleEntry(article: Article(number: 188)), ArticleEntry(article: Article(number: 188, suffix: 1)),
          ArticleEntry(article: Article(number: 106), parts: [1, 2]),
        ])
      ),
      ("{ articleNumber: { moreThan: 207 } }", .articleNumber(.moreThan, 207)),
      ("{ age: { under: 21, on: sentence.imposedOn } }", .ageUnder(years: 21, on: .day(.fact("sentence.imposedOn")))),
      ("{ age: { under: 18, on: { from: 2022-01-04, through: 2022-01-07 } } }", .ageUnder(years: 18, on: .between(day, later))),
      ("{ served: { atLeast: 1/3, on: asOf } }", .servedShare(atLeast: third, on: .asOf)),
      ("{ remaining: { lessThan: P1Y, on: asOf } }", .remaining(.lessThan, Term(months: 12), on: .asOf)),
      ("{ endsBefore: inForce }", .endsBefore(.inForce)),
    ]
    for (text, test) in expected { #expect(try self.test(text) == test, "\(text)") }
    guard case .not(let inner) = try test("{ not: { fact: detained, is: false } }") else { throw Unexpected() }
    #expect(inner.test == .oneOf(fact: "detained", values: ["false"]))
  }

  @Test func provisionsKeepTheirBasisSourceTextAndPlace() throws {
    let act = try #require(SmallAct.parse(SmallAct.text).act).definition
    let exclusion = act.exclusions[0]
    #expect(exclusion.id == "exclusion.conduct")
    #expect(exclusion.basis == .reported && exclusion.basisWhenFalse == .reported)
    #expect(exclusion.citation == "The small law, section 2")
    #expect(exclusion.text == LocalizedText(kk: "Мінез", ru: "Поведение", en: "Conduct"))
    #expect(exclusion.place == Place(line: 24, column: 5))
    #expect(exclusion.exceptions.map(\.basis) == [.inferred])
  }

  @Test func aCutKeepsWhatItDoesNotTake() throws {
    let act = try #require(SmallAct.parse(SmallAct.text).act).definition
    guard case .grant(let relief) = act.relief[0].effect, case .reduceTerm(let cut) = relief.punishment else { throw Unexpected() }
    #expect(cut.keep == Fraction(1, 4))
    #expect(cut.remainder?.limit == Term(months: 12) && cut.remainder?.comparison == .atMost)
    #expect(act.choices.map(\.answers) == [[.afterReduction, .beforeReduction]])
    #expect(act.choices.map(\.defaultAnswer) == [.beforeReduction])
  }

  /// Words that other readers of YAML take for something else are what they say.
  @Test func scalarsAreReadByTheSchemaNotByTheirLooks() throws {
    let text = SmallAct.text.replacing("values: [good, bad]", with: "values: [no, bad, yes, null_, on]").replacing(
      "en: Rest", with: "en: 2022-01-04"
    )
    .replacing("ru: Остаток", with: "ru: 0x1F").replacing("kk: Қалған", with: "kk: 12:30:00")
    let act = try #require(SmallAct.parse(text).act, "\(SmallAct.parse(text).problems)").definition
    #expect(act.facts[0].kind == .word(["no", "bad", "yes", "null_", "on"]))
    guard case .grant(let relief) = act.relief[0].effect, case .reduceTerm(let cut) = relief.punishment else { throw Unexpected() }
    #expect(cut.remainder?.provision.text == LocalizedText(kk: "12:30:00", ru: "0x1F", en: "2022-01-04"))
  }
}
