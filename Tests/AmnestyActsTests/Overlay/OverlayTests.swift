// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyActs
internal import AmnestyRules
internal import Foundation
internal import Testing

@Suite struct OverlayTests {
  @Test func itIsTheSameActAsTheOneWrittenOut() throws {
    let act = try SmallOverlay.act()
    let whole = try #require(SmallAct.parse(SmallOverlay.whole).act)
    #expect(String(decoding: act.document.json.canonical, as: UTF8.self) == String(decoding: whole.document.json.canonical, as: UTF8.self))
    #expect(act.digest == whole.digest)
    #expect(act.definition.isDraft && !act.definition.canBeFinal)
    #expect(act.source == Array(SmallOverlay.text.utf8) && act.bases == [ActSource(name: "small.yaml", bytes: Array(SmallAct.text.utf8))])
  }

  @Test func itsDigestChangesWithWhatItExtends() throws {
    let plain = try SmallOverlay.act().digest
    let other = SmallAct.text.replacing("atMost: P1Y", with: "atMost: P2Y")
    #expect(try SmallOverlay.act(beside: ["small": other]).digest != plain)
    let commented = SmallAct.text.replacing("# A made-up act.", with: "# Another remark.")
    #expect(try SmallOverlay.act(beside: ["small": commented]).digest == plain)
  }

  @Test func anActMayExtendOneThatExtendsAnother() throws {
    let second = """
      extends: draft
      act: { id: xx-small-second, version: 1.0.0 }
      without: [relief.minor]
      """
    let act = try SmallOverlay.act(second, name: "second.yaml", beside: ["small": SmallAct.text, "draft": SmallOverlay.text])
    #expect(act.definition.relief.map(\.provision.id) == ["relief.cut", "open.others"])
    #expect(act.definition.isDraft && act.bases.map(\.name) == ["draft.yaml", "small.yaml"])
  }

  static let mistakes: [Mistake] = [
    Mistake("extends: small", "extends: ¦smal", "smal.yaml, which is extended: no such file"),
    Mistake("extends: small", "extends: ¦../small", "is not the name of a file"),
    Mistake("extends: small", "extends: ¦draft", "extends itself"),
    Mistake("  id: xx-small-draft\n", "  id: ¦xx-small\n", "the act that is extended has this id"),
    Mistake("  id: xx-small-draft\n  version", "  ¦version", "id is missing"),
    Mistake("  draft: true", "  draft: true\n  ¦timeZone: Etc/UTC", "timeZone of act is the same"),
    Mistake("  draft: true", "  draft: ¦perhaps", "is not true or false"),
    Mistake("[exclusion.conduct.young,", "[¦exclusion.conduct.old,", "there is no exclusion.conduct.old"),
    Mistake("act.fictional", "¦act.fiction", "there is no act.fiction"),
    Mistake("act.fictional", "¦relief.rest.lessThan", "there is no relief.rest.lessThan"),
    Mistake("cited: [law]", "cited: [law, ¦minutes]", "nothing that is taken over is surer by minutes"),
    Mistake("basis: inferred", "basis: ¦open", "needs a condition that says so"),
    Mistake("basis: inferred", "¦base: inferred", "unknown key base"),
    Mistake("  - id: exclusion.conduct\n", "  - id: ¦exclusion.conducts\n", "no provision has the id exclusion.conducts"),
    Mistake("  - id: relief.cut\n", "  - ¦basis: text\n", "id is missing"),
    Mistake("  - id: relief.cut\n    basis: reported", "  - id: relief.cut\n    ¦basis: inferred", "basis of relief.cut is the same"),
    Mistake("    source: minutes\n    text: { kk: Жартысы", "    source: ¦minute\n    text: { kk: Жартысы", "unknown source minute"),
    Mistake("    text: { kk: Жартысы, ru: Половина, en: Half }\n    grant", "    ¦grant", "does something else and says the same"),
    Mistake("by: 1/2", "by: ¦3/2", "is not a share"),
    Mistake("en: Bad conduct }", "en: Bad conduct }\n    ¦wen: { open: true }", "unknown key wen"),
    Mistake("    - id: relief.minor\n", "    - id: ¦relief.cut\n", "the act that is extended has a provision relief.cut"),
    Mistake("{ put: relief.minor, before: open.others }", "{ put: ¦relief.minor, before: exclusion.conduct }", "stand in different lists"),
    Mistake(
      "{ put: relief.minor, before: open.others }", "{ put: ¦relief.cut, before: open.others }", "stands before open.others as it is"),
    Mistake(
      "{ put: relief.minor, before: open.others }", "{ put: relief.minor, before: ¦open.other }", "no provision has the id open.other"),
    Mistake("  minutes: Minutes", "  ¦other: Others\n  minutes: Minutes", "nothing cites the source other"),
    Mistake("relief:\n", "¦releif: 1\nrelief:\n", "unknown key releif"),
  ]

  @Test(arguments: mistakes) func aMistakeIsToldWithItsPlace(_ mistake: Mistake) throws {
    let (text, place) = try SmallAct.changed(mistake.old, mistake.new, in: SmallOverlay.text)
    let result = SmallOverlay.parse(text)
    #expect(result.act == nil)
    let found = result.problems.contains {
      $0.file == "draft.yaml" && $0.place == place && $0.message.contains(mistake.message) && $0.hint != nil
    }
    #expect(found, "expected \(mistake.message) at \(place.line):\(place.column), got \(result.problems)")
  }

  @Test func aMistakeInWhatIsExtendedIsToldWithItsFile() throws {
    let (text, place) = try SmallAct.changed("fact: territory", "fact: ¦teritory", in: SmallAct.text)
    let result = SmallOverlay.parse(SmallOverlay.text, beside: ["small": text])
    #expect(result.problems.map(\.file) == ["small.yaml"] && result.problems.map(\.place) == [place])
    let yaml = SmallOverlay.parse(SmallOverlay.text, beside: ["small": "act: [\n"])
    #expect(yaml.act == nil && yaml.problems.map(\.file) == ["small.yaml"])
  }

  @Test func bothPlacesAreNamedWhereTwoFilesDisagree() {
    let text = SmallOverlay.text + "\nstatements:\n  - { id: s, basis: text, source: law, text: { kk: а, ru: б, en: c } }\narticles: []\n"
    let base = SmallAct.text + "\narticles:\n  - { article: 188, title: { kk: а, ru: б, en: c } }\n"
    let twice = text.replacing("articles: []", with: "articles:\n  - { article: 188, title: { kk: а, ru: б, en: d } }")
    let messages = SmallOverlay.parse(twice, beside: ["small": base]).problems.map(\.message)
    let line = base.split(separator: "\n", omittingEmptySubsequences: false).count - 1
    #expect(messages == ["article 188 has two titles, first at line \(line) of small.yaml"])
  }

  @Test func anActThatSaysNothingNewIsRefused() {
    let nothing = SmallOverlay.parse("extends: small\nact: { id: xx-same, version: 1.0.0, citation: The same }\n")
    #expect(nothing.problems.map(\.message) == ["the act says nothing that the one it extends does not say"])
    #expect(nothing.problems.map(\.place) == [Place(line: 1, column: 10)])
    let headless = SmallOverlay.parse("extends: small\nwithout: [act.fictional]\n")
    #expect(headless.problems.map(\.message) == ["an act that extends another has an id and a version of its own"])
  }

  @Test func aChainEnds() {
    let around = ["a": "extends: b\nact: { id: a, version: 1.0.0 }\n", "b": "extends: a\nact: { id: b, version: 1.0.0 }\n"]
    #expect(
      SmallOverlay.parse(around["a"] ?? "", name: "acts/a.yaml", beside: around).problems.map(\.message) == [
        "the act extends itself by way of a"
      ])
    let long = Dictionary(
      uniqueKeysWithValues: (0..<20).map { ("n\($0)", "extends: n\($0 + 1)\nact: { id: n\($0), version: 1.0.0 }\n") })
    #expect(
      SmallOverlay.parse(long["n0"] ?? "", name: "n0.yaml", beside: long).problems.map(\.message) == [
        "more than 8 files extend one another"
      ])
  }

  @Test func whatIsAddedToASectionOfNamesIsAddedAndWhatIsThereReplaced() throws {
    let text = SmallOverlay.text.replacing(
      "sources:\n", with: "facts:\n  age2: { type: integer, question: { kk: а, ru: б, en: c } }\nsources:\n"
    )
    .replacing("  law: The small law\n", with: "")
    .replacing("{ fact: gravity, is: minor }", with: "{ fact: age2, atMost: 3 }")
    .replacing("sources:\n", with: "terms: { rounding: days_up }\nsources:\n  law: The small law as amended\n")
    let act = try SmallOverlay.act(text)
    #expect(act.definition.facts.map(\.name) == ["conduct", "age2"])
    #expect(act.definition.termRounding == .daysUp)
    #expect(act.compiled.provisions.first { $0.id == "open.others" }?.citation == "The small law as amended")
  }

  @Test func aFolderTellsEachMistakeOnceAndNeverTakesADraftForTheDefault() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "acts-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func write(_ name: String, _ text: String) throws { try Data(text.utf8).write(to: folder.appending(path: name)) }
    let examples = ExampleTests.table
    try write("small.yaml", SmallAct.text.replacing("  fictional: true\n", with: ""))
    try write("small.examples.csv", examples)
    try write("draft.yaml", "extends: small\nact: { id: xx-draft, version: 1.0.0, draft: true }\n")
    try write(
      "draft.examples.csv", "example,asOf,outcome,measure,standing,shows\nnothing known,2022-01-01,undetermined,,provisional,It asks.\n")
    let path = folder.path(percentEncoded: false)
    let loaded = ActFolder.load(path)
    #expect(loaded.problems == [])
    #expect(loaded.library?.defaultAct?.definition.id == "xx-small")
    #expect(loaded.library?["xx-draft"]?.definition.isDraft == true)
    let named = ActFolder.load(path, defaultID: "xx-draft")
    #expect(named.library == nil && named.problems.map(\.message) == ["xx-draft is a draft, which nothing is decided on"])

    try write("small.yaml", SmallAct.text.replacing("fact: territory", with: "fact: teritory"))
    let refused = ActFolder.load(path)
    #expect(refused.problems.map(\.message) == ["unknown fact teritory"])
    #expect(refused.problems.allSatisfy { $0.file.hasSuffix("small.yaml") })
  }
}
