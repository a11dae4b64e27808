// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyActs
internal import AmnestyRules
internal import Testing

@Suite struct ComparisonTests {
  /// What changes when one text of the small act is put in the place of another.
  private func compare(_ old: String, _ new: String) throws -> ActComparison {
    let changed = try #require(
      SmallAct.parse(SmallAct.text.replacing(old, with: new)).act, "\(SmallAct.parse(SmallAct.text.replacing(old, with: new)).problems)")
    return ActComparison(try #require(SmallAct.parse(SmallAct.text).act).document, changed.document)
  }

  @Test func anActIsLikeItself() throws {
    let same = try compare("# A made-up act.", "# Another remark.")
    #expect(same.members.isEmpty && same.differences.isEmpty)
    #expect(try compare("values: [good, bad]", "values:\n      - good\n      - 'bad'") == same)
    #expect(try compare("  version: 1.0.0", "  version: 1.0.1").members.isEmpty)
  }

  @Test(arguments: [
    ("  - id: scope.place\n    basis: text", "  - id: scope.place\n    basis: reported", "scope.place", [ActComparison.Part.basis]),
    ("    basis: reported\n", "    basis: reported\n    basisWhenFalse: inferred\n", "exclusion.conduct", [.basis]),
    ("at: section 2", "at: section 3", "exclusion.conduct", [.source]),
    ("en: Place }", "en: The place }", "scope.place", [.text]),
    ("en: Place }\n", "en: Place }\n    referralNote: { kk: а, ru: б, en: c }\n", "scope.place", [.text]),
    ("is: KZ", "is: KG", "scope.place", [.condition]),
    ("under: 18", "under: 21", "exclusion.conduct.young", [.condition]),
    ("by: 3/4", "by: 1/2", "relief.cut", [.measure]),
    ("atMost: P1Y", "lessThan: P1Y", "relief.rest", [.measure]),
    ("refer: open_provision", "refer: joint_sentence", "open.others", [.measure]),
    ("when: { fact: conduct, is: bad }", "when: { not: { fact: conduct, is: bad } }", "exclusion.conduct", [.condition]),
  ]) func whatDiffersIsNamed(_ old: String, _ new: String, _ id: String, _ parts: [ActComparison.Part]) throws {
    let found = try compare(old, new)
    #expect(found.differences.map(\.id) == [id] && found.members.isEmpty)
    #expect(found.differences.first?.change == .changed && found.differences.first?.parts == parts)
    #expect(found.differences.first?.before != nil && found.differences.first?.after != nil)
  }

  @Test func conditionsAndEffectsAreShownAsAnActWritesThem() throws {
    let cut = try #require(try compare("by: 3/4", "by: 1/2").differences.first)
    #expect(cut.before?.effect == "{ measure: reduce_term, cutTerm: { by: \"3/4\", of: imposed, remainder: relief.rest } }")
    #expect(cut.after?.condition == "{ all: [{ fact: stage, is: sentenced }, { fact: gravity, in: [grave, medium] }] }")
    let exclusion = try #require(try compare("at: section 2", "at: section 3").differences.first)
    #expect(exclusion.before?.condition == "{ when: { fact: conduct, is: bad }, exceptions: [exclusion.conduct.young] }")
    #expect(exclusion.before?.citation == "The small law, section 2" && exclusion.after?.citation == "The small law, section 3")
  }

  @Test func aProvisionIsAddedOrRemovedAndTheOneItBelongsToChanges() throws {
    let exception = """
          exceptions:
            - id: exclusion.conduct.young
              basis: inferred
              source: law
              text: { kk: Жас, ru: Молодой, en: Young }
              when: { age: { under: 18, on: offence } }

      """
    #expect(SmallAct.text.contains(exception))
    let removed = try compare(exception, "")
    #expect(removed.differences.map(\.id) == ["exclusion.conduct", "exclusion.conduct.young"])
    #expect(removed.differences.map(\.change) == [.changed, .removed])
    #expect(removed.differences[0].parts == [.condition] && removed.differences[1].before?.kind == .exception)
    let back = ActComparison(
      try #require(SmallAct.parse(SmallAct.text.replacing(exception, with: "")).act).document,
      try #require(SmallAct.parse(SmallAct.text).act).document)
    #expect(back.differences.map(\.change) == [.changed, .added] && back.differences[1].after?.text.en == "Young")
  }

  @Test func aClauseThatMovedIsTheOneThatHadTo() throws {
    func text(_ ids: [String]) -> String {
      let clauses = ids.map { id in
        "    - { id: \(id), basis: text, source: law, text: { kk: \(id), ru: \(id), en: \(id) }, when: { fact: part, equals: \(id.utf8.last ?? 0) }, grant: { measure: terminate_proceedings } }\n"
      }
      return SmallAct.text.replacing("    - id: open.others", with: clauses.joined() + "    - id: open.others")
    }
    let before = try #require(SmallAct.parse(text(["c.a", "c.b", "c.c", "c.d"])).act)
    let after = try #require(SmallAct.parse(text(["c.d", "c.a", "c.b", "c.c"])).act)
    let found = ActComparison(before.document, after.document)
    #expect(found.differences.map(\.id) == ["c.d"] && found.differences.first?.parts == [.order])
  }

  @Test func otherMembersAreNamedByTheirPath() throws {
    let days = try compare("inForceFrom: 2020-01-01", "inForceFrom: 2020-02-01")
    #expect(days.members == [.init(name: "act.inForceFrom", before: "2020-01-01", after: "2020-02-01")] && days.differences.isEmpty)
    let gone = try compare("  fictional: true\n", "")
    #expect(gone.members == [.init(name: "act.fictional", before: "true", after: nil)])
    #expect(try compare("default: before_reduction", "default: after_reduction").members.map(\.name) == ["choices.rest_test"])
    #expect(try compare("rounding: days_down", "rounding: days_up").members.map(\.name) == ["terms.rounding"])
    #expect(try compare("values: [good, bad]", "values: [good, bad, ugly]").members.map(\.name) == ["facts.conduct"])
    let order = try compare("order: firstMatch", "order: exclusive")
    #expect(order.members == [.init(name: "relief.order", before: "firstMatch", after: "exclusive")])
  }

  @Test func theStagesOf2022DifferInWhatIsKnownOfThem() throws {
    func act(_ id: String) throws -> ActDocument {
      try #require(ActFile.load(contentsOf: ShippedActTests.folder + "/\(id).yaml").act).document
    }
    let law = try act("kz-2022-152-vii")
    let senate = ActComparison(try act("kz-2022-senate"), law)
    #expect(senate.differences.allSatisfy { !$0.parts.contains(.condition) && !$0.parts.contains(.measure) && !$0.parts.contains(.order) })
    #expect(senate.differences.filter { $0.change == .added }.map(\.id) == ["statement.execution_period"])
    #expect(senate.differences.filter { $0.change == .removed }.map(\.id) == ["statement.liability_figure"])
    #expect(senate.members.map(\.name).contains("act.draft"))
    let announced = ActComparison(try act("kz-2022-announced"), law)
    #expect(announced.differences.filter { $0.change == .removed }.map(\.id).contains("exclusion.main_defendants"))
    #expect(announced.differences.first { $0.id == "scope.offence" }?.parts.contains(.condition) == true)
  }
}
