// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyActs
internal import AmnestyRules
internal import Testing

/// One mistake in an act, and what its author is told.
struct Mistake: Sendable, CustomTestStringConvertible {
  var old: String
  /// ¦ marks where the problem stands.
  var new: String
  var message: String

  init(_ old: String, _ new: String, _ message: String) {
    self.old = old
    self.new = new
    self.message = message
  }

  var testDescription: String { "\(new) → \(message)" }
}

@Suite struct ProblemTests {
  @Test func theSmallActIsSound() {
    let result = SmallAct.parse(SmallAct.text)
    #expect(result.problems == [])
    #expect(result.act?.definition.id == "xx-small")
  }

  static let shape: [Mistake] = [
    Mistake("  id: xx-small", "  id: ¦XX small", "is not an act id"),
    Mistake("version: 1.0.0", "version: ¦1.0", "is not a version"),
    Mistake("  version: 1.0.0\n", "  version: 1.0.0\n  ¦verzion: 1\n", "unknown key verzion"),
    Mistake("act:\n  id: xx-small\n  version", "act:\n  ¦version", "id is missing"),
    Mistake("title: { kk: Шағын, ru: Малый, en: Small }", "title: ¦{ kk: Шағын, ru: Малый }", "en is missing"),
    Mistake("title: { kk: Шағын, ru: Малый, en: Small }", "title: { kk: ¦\"  \", ru: Малый, en: Small }", "is not a text"),
    Mistake("title: { kk: Шағын, ru: Малый, en: Small }", "title: ¦Small", "a value where a mapping is due"),
    Mistake("inForceFrom: 2020-01-01", "inForceFrom: ¦2020-02-30", "is not a day"),
    Mistake("inForceFrom: 2020-01-01", "inForceFrom: ¦2020-1-1", "is not a day"),
    Mistake("fictional: true", "fictional: ¦yes", "is not true or false"),
    Mistake("fictional: true", "fictional: ¦\"true\"", "is not true or false"),
    Mistake("fictional: true", "fictional: ¦[true]", "a list where a value is due"),
    Mistake("fictional: true", "fictional: ¦null", "nothing where a value is due"),
    Mistake("basis: reported", "basis: ¦report", "unknown word “report”"),
    Mistake("atMost: P1Y", "atMost: ¦1 year", "is not a term"),
    Mistake("by: 3/4", "by: ¦5/4", "is not a share"),
    Mistake("by: 3/4", "by: ¦0.75", "is not a share"),
    Mistake("under: 18", "under: ¦\"18\"", "a text where a number is due"),
    Mistake("under: 18", "under: ¦0x12", "is out of place"),
    Mistake("under: 18", "under: ¦1_8", "is out of place"),
    Mistake("under: 18", "under: ¦18:00", "is out of place"),
    Mistake("under: 18", "under: ¦151", "is out of place"),
    Mistake("values: [good, bad]", "values: ¦[]", "an empty list"),
    Mistake("values: [good, bad]", "values: ¦good", "a value where a list is due"),
    Mistake("sources:\n  law: The small law", "sources:\n  ¦Law: The small law", "is not a word of this kind"),
    Mistake("sources:\n  law: The small law", "sources: ¦[law]", "a list where a mapping is due"),
  ]

  static let yaml: [Mistake] = [
    Mistake("  law: The small law", "  law: ¦&a The small law", "anchors and aliases"),
    Mistake("  law: The small law", "  law: ¦!!str The small law", "the tag"),
    Mistake("values: [good, bad]", "values: ¦!mine [good, bad]", "the tag"),
    Mistake("  version: 1.0.0\n", "  version: 1.0.0\n  ¦version: 1.0.1\n", "written twice, first at line 4"),
    Mistake("act:\n", "act:\n¦\t", "not YAML"),
    Mistake("citation: Small act", "citation: ¦\"Small act", "not YAML"),
    Mistake("terms: {", "...\n¦---\nterms: {", "another document"),
    Mistake("  law: The small law", "  ? ¦[law, order]\n  : The small law\n  law: x", "a key must be a word"),
  ]

  static let meaning: [Mistake] = [
    Mistake("fact: territory", "fact: ¦teritory", "unknown fact teritory"),
    Mistake("fact: territory, is: KZ", "fact: territory, is: ¦KAZ", "is no country code"),
    Mistake("fact: conduct, is: bad", "fact: conduct, is: ¦bat", "unknown word bat"),
    Mistake("fact: conduct, is: bad", "fact: conduct, atMost: ¦3", "atMost does not compare a word"),
    Mistake("when: { fact: conduct, is: bad }", "when: ¦{ fact: conduct, is: bad, in: [good] }", "compared once"),
    Mistake("when: { fact: conduct, is: bad }", "when: ¦{ fact: conduct }", "compared with nothing"),
    Mistake("when: { fact: conduct, is: bad }", "when: { open: true, is: ¦bad }", "and none is named"),
    Mistake("when: { fact: conduct, is: bad }", "when: ¦{ open: true, fact: conduct, is: bad }", "tests open and fact"),
    Mistake("when: { fact: conduct, is: bad }", "when: ¦{}", "tests nothing"),
    Mistake("in: [grave, medium]", "in: [grave, ¦grave]", "named twice"),
    Mistake("fact: gravity, in: [grave, medium]", "fact: part, atMost: ¦P1Y", "is no number"),
    Mistake("fact: gravity, in: [grave, medium]", "fact: sentence.term, atMost: ¦12", "is no term"),
    Mistake("fact: gravity, in: [grave, medium]", "fact: ¦article, is: grave", "not compared as a fact"),
    Mistake("fact: gravity, in: [grave, medium]", "fact: sentence.servedOn, before: ¦sentence.term", "is no day"),
    Mistake("fact: gravity, in: [grave, medium]", "fact: ¦gravity, stated: true", "never left out"),
    Mistake("fact: gravity, in: [grave, medium]", "committed: { from: 2022-01-07, through: ¦2022-01-04 }", "end before they begin"),
    Mistake("fact: gravity, in: [grave, medium]", "articleNumber: ¦{ atLeast: 1, atMost: 2 }", "more than one comparison"),
    Mistake("source: { id: law, at: section 2 }", "source: { id: ¦lav, at: section 2 }", "unknown source lav"),
    Mistake("  law: The small law", "  law: The small law\n  ¦other: Another", "nothing cites the source other"),
    Mistake("- id: open.others", "- id: ¦relief.cut", "used twice, first at line 45"),
    Mistake("choice: rest_test", "choice: ¦rest", "unknown choice rest"),
    Mistake(
      "choices:\n",
      "choices:\n  ¦spare:\n    question: { kk: а, ru: б, en: c }\n    answers: [after_reduction, before_reduction]\n    default: after_reduction\n",
      "nothing refers to the choice spare"),
    Mistake("answers: [after_reduction, before_reduction]", "answers: [after_reduction, ¦after_reduction]", "named twice"),
    Mistake("remainder: relief.rest", "remainder: ¦relief.test", "unknown remainder rule"),
    Mistake("measure: reduce_term", "measure: ¦reduce_therm", "unknown measure"),
    Mistake("basis: reported", "basis: ¦open", "the basis is open, the condition is not"),
    Mistake("    type: word\n    values: [good, bad]", "    ¦type: word", "values is missing"),
    Mistake("    values: [good, bad]", "    values: [good, ¦good, bad]", "named twice"),
    Mistake("facts:\n  conduct:", "facts:\n  ¦stage:", "is a fact of every record"),
  ]

  @Test(arguments: shape + yaml + meaning) func aMistakeIsToldWithItsPlace(_ mistake: Mistake) throws {
    let (text, place) = try SmallAct.changed(mistake.old, mistake.new)
    let result = SmallAct.parse(text)
    #expect(result.act == nil)
    let found = result.problems.contains { $0.place == place && $0.message.contains(mistake.message) && $0.hint != nil }
    #expect(found, "expected \(mistake.message) at \(place.line):\(place.column), got \(result.problems)")
  }

  @Test func everyMistakeIsToldAtOnceInTheOrderOfTheFile() {
    var text = SmallAct.text
    for (old, new) in [
      ("version: 1.0.0", "version: one"), ("fact: territory", "fact: teritory"), ("basis: reported", "basis: report"),
      ("choice: rest_test", "choice: none_such"),
      ("  law: The small law", "  law: The small law\n  law: Again"), ("fictional: true", "fictional: maybe"),
    ] {
      text = text.replacing(old, with: new)
    }
    let problems = SmallAct.parse(text).problems
    let messages = [
      "is not a version", "is not true or false", "written twice", "unknown fact teritory", "unknown word “report”",
      "unknown choice none_such", "nothing refers to the choice rest_test",
    ]
    #expect(problems.count == messages.count, "\(problems)")
    for (problem, message) in zip(problems, messages) { #expect(problem.message.contains(message)) }
  }

  @Test func aKeyWrittenThreeTimesIsToldTwice() {
    let text = SmallAct.text.replacing("  version: 1.0.0\n", with: "  version: 1.0.0\n  version: 1.0.1\n  'version': 1.0.2\n")
    let problems = SmallAct.parse(text).problems
    #expect(problems.map(\.place) == [Place(line: 5, column: 3), Place(line: 6, column: 3)])
  }

  @Test func noEffectOrTwoEffectsAreRefused() {
    let none = SmallAct.parse(SmallAct.text.replacing("      refer: open_provision\n", with: ""))
    #expect(none.problems.contains { $0.message.contains("open.others needs grant or refer") })
    let two = SmallAct.parse(SmallAct.text.replacing("measure: reduce_term, ", with: "measure: reduce_term, releaseOn: asOf, "))
    #expect(two.problems.contains { $0.message.contains("does one thing to the punishment") })
    let granted = SmallAct.parse(
      SmallAct.text.replacing("    - id: relief.cut\n      basis: text", with: "    - id: relief.cut\n      basis: open"))
    #expect(granted.problems.contains { $0.message.contains("what nobody knows is not granted") })
  }

  @Test func sizeDepthAndEncodingAreBounded() {
    let large = ActFile.parse([UInt8](repeating: UInt8(ascii: "#"), count: (1 << 20) + 1), name: "large.yaml")
    #expect(large.problems.map(\.message) == ["the file has 1048577 bytes, more than 1048576"])
    let deep = SmallAct.parse("act: " + String(repeating: "[", count: 60) + String(repeating: "]", count: 60))
    #expect(deep.problems.contains { $0.message.contains("nested more than 40 deep") })
    let deepest = SmallAct.parse("act: " + String(repeating: "[", count: 200_000))
    #expect(deepest.problems.count == 1)
    let latin = ActFile.parse(Array("act:\n  id: caf".utf8) + [0xE9, 0x0A], name: "latin.yaml")
    #expect(latin.problems.map(\.place) == [Place(line: 2, column: 10)])
    #expect(SmallAct.parse("").problems.map(\.message) == ["the file is empty"])
  }

  @Test func aliasesThatWouldGrowWithoutBoundAreRefusedUnread() {
    var bomb = "a: &a [x, x]\n"
    for step in 1...30 { bomb += "b\(step): &b\(step) [*\(step == 1 ? "a" : "b\(step - 1)"), *\(step == 1 ? "a" : "b\(step - 1)")]\n" }
    #expect(SmallAct.parse(bomb).problems.map(\.message) == ["anchors and aliases are not allowed"])
  }

  @Test func aMissingFileIsAProblemNotACrash() {
    #expect(ActFile.load(contentsOf: "no-such-file.yaml").problems.map(\.message) == ["no such file"])
    #expect(ActFile.load(contentsOf: "/").problems.map(\.message) == ["no regular file"])
  }
}
