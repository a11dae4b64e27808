// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyActs
internal import AmnestyRules
internal import Foundation
internal import Testing

@Suite struct ShippedActTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "acts").path(percentEncoded: false)

  static let ids = [
    "kz-2002-294-ii", "kz-2022-152-vii", "kz-2022-announced", "kz-2022-majilis", "kz-2022-senate", "xx-sample-fictional",
  ]
  /// Stages of the act of 2022 before it was law.
  static let stages = ["kz-2022-announced", "kz-2022-majilis", "kz-2022-senate"]

  private func act(_ id: String) throws -> ActFile {
    let result = ActFile.load(contentsOf: ShippedActTests.folder + "/\(id).yaml")
    return try #require(result.act, "\(result.problems)")
  }

  @Test func theFolderLoadsAndItsExamplesPass() throws {
    let result = ActFolder.load(ShippedActTests.folder)
    #expect(result.problems == [])
    let library = try #require(result.library)
    #expect(library.acts.map(\.definition.id) == ShippedActTests.ids)
    #expect(library.defaultAct?.definition.id == "kz-2022-152-vii")
    #expect(library["kz-2002-294-ii"]?.definition.isExcerpt == true)
    #expect(library["no-such-act"] == nil)
  }

  @Test func theDefaultMayBeNamed() {
    #expect(
      ActFolder.load(ShippedActTests.folder, defaultID: "xx-sample-fictional").library?.defaultAct?.definition.id == "xx-sample-fictional")
    let wrong = ActFolder.load(ShippedActTests.folder, defaultID: "none-such")
    #expect(wrong.library == nil && wrong.problems.count == 1)
  }

  @Test(arguments: [
    ("kz-2022-152-vii", 60), ("kz-2002-294-ii", 25), ("xx-sample-fictional", 20), ("kz-2022-announced", 12), ("kz-2022-majilis", 15),
    ("kz-2022-senate", 12),
  ])
  func thereAreEnoughExamples(_ id: String, _ least: Int) throws {
    let act = try act(id)
    let path = ActExamples.path(besides: act.name)
    let result = ActExamples.run(Array(try Data(contentsOf: URL(filePath: path))), name: path, on: act)
    #expect(result.problems == [])
    #expect(result.count >= least)
  }

  /// Every provision decides some example: a rule that none shows is a rule that nobody has checked.
  @Test(arguments: ids) func everyTextStandsInThreeLanguages(_ id: String) throws {
    let act = try act(id)
    let texts =
      act.definition.choices.map(\.question) + act.definition.facts.map(\.question) + act.compiled.provisions.map(\.text)
      + act.compiled.provisions.map(\.referralNote) + act.definition.notes.map(\.text) + [act.definition.title]
    #expect(texts.count > 10)
    let kazakh = Set("әғқңөұүһіӘҒҚҢӨҰҮҺІ")
    for text in texts {
      #expect(Set([text.kk, text.ru, text.en]).count == 3, "\(text.en)")
      #expect(text.kk.contains { kazakh.contains($0) }, "not Kazakh: \(text.kk)")
      #expect(!text.ru.contains { kazakh.contains($0) } && text.ru.contains { ("а"..."я").contains($0) }, "not Russian: \(text.ru)")
      #expect(text.en.allSatisfy { $0.isASCII }, "not English: \(text.en)")
    }
  }

  @Test(arguments: ids) func everyProvisionSaysWhereItIsFrom(_ id: String) throws {
    for provision in try act(id).compiled.provisions {
      #expect(!provision.citation.isEmpty)
      #expect(provision.place.line > 1)
    }
  }

  @Test func theActOf2022CitesNoArticleThatNobodyHasSeen() throws {
    let act = try act("kz-2022-152-vii")
    for provision in act.compiled.provisions where provision.citation.hasPrefix("Law") { #expect(provision.citation.contains("Article 1")) }
    let open = act.compiled.provisions.filter { $0.basis == .open }
    #expect(open.count == 6)
    #expect(open.allSatisfy { $0.citation.hasPrefix("open: not seen") })
    #expect(act.definition.inForceFrom == Day("2022-11-03") && act.definition.executeThrough == Day("2023-05-03"))
  }

  /// What was assessed and decided under it names this digest.
  @Test func theActOf2022IsTheOneThatCasesWereDecidedUnder() throws {
    #expect(try act("kz-2022-152-vii").digest == "sha256:8bb1982143b736fa9954f001f5bc68958b88f38f0505c0d373588a52a8a92103")
  }

  @Test(arguments: stages) func aStageIsADraftAndNoSurerThanWhatIsKnownOfIt(_ id: String) throws {
    let (stage, law) = (try act(id), try act("kz-2022-152-vii"))
    #expect(stage.definition.isDraft && stage.definition.executeThrough == nil)
    #expect(stage.definition.notes.map(\.code) == ["draft"])
    // The words of the law are of the law as signed, and so is the press service's summary.
    for provision in stage.compiled.provisions {
      #expect(provision.basis != .text && provision.basisWhenFalse != .text, "\(provision.id)")
      #expect(!provision.citation.contains("press service summary") && !provision.citation.hasPrefix("Law"), "\(provision.id)")
      if provision.basis == .open { #expect(provision.citation.hasPrefix("open: not seen"), "\(provision.id)") }
    }
    let titles = ShippedActTests.ids.compactMap { try? act($0).definition.title.en }
    #expect(Set(titles).count == titles.count)
    #expect(stage.definition.timeZone == law.definition.timeZone)
  }

  @Test func onlyWhatWasReportedOfAStageIsReported() throws {
    func reported(_ id: String) throws -> Set<String> {
      Set(try act(id).compiled.provisions.filter { $0.basis == .reported }.map(\.id))
    }
    #expect(try reported("kz-2022-announced") == ["exclusion.treason", "exclusion.seizure_of_power", "exclusion.main_defendants"])
    #expect(try reported("kz-2022-majilis") == ["exclusion.corruption", "exclusion.torture", "exclusion.recidivism"])
    #expect(try reported("kz-2022-senate") == ["exclusion.recidivism"])
  }

  @Test func anActWithoutExamplesOrWithFailingOnesIsRefused() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "acts-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "small.yaml").path(percentEncoded: false)
    try Data(SmallAct.text.utf8).write(to: URL(filePath: path))
    #expect(ActFolder.loadWithExamples(path).problems.map(\.hint) == ["an act needs its worked examples beside it"])

    let table = URL(filePath: ActExamples.path(besides: path))
    try Data(ExampleTests.table.utf8).write(to: table)
    #expect(ActFolder.loadWithExamples(path).act?.definition.id == "xx-small")

    try Data(ExampleTests.table.replacing("eligible,reduce_term", with: "partial,reduce_term").utf8).write(to: table)
    let refused = ActFolder.load(folder.path(percentEncoded: false))
    #expect(refused.library == nil)
    #expect(refused.problems.map(\.place.line) == [3])
    #expect(refused.problems.allSatisfy { $0.file.hasSuffix("small.examples.csv") })

    try Data(ExampleTests.table.utf8).write(to: table)
    let copy = folder.appending(path: "copy.yaml").path(percentEncoded: false)
    try FileManager.default.copyItem(atPath: path, toPath: copy)
    try FileManager.default.copyItem(at: table, to: URL(filePath: ActExamples.path(besides: copy)))
    #expect(ActFolder.load(folder.path(percentEncoded: false)).problems.map(\.message).contains { $0.contains("the act xx-small is in") })
    #expect(ActFolder.load(folder.path(percentEncoded: false) + "/none").problems.map(\.message) == ["no readable folder"])
  }
}
