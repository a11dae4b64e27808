// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Testing

@testable internal import AmnestyRules

struct ContradictionTests {
  let act: CompiledAct

  init() throws { act = try SmallAct.act() }

  @Test(arguments: [
    ([("committedThrough", "2022-01-04")], "/offences/0/committedThrough"),
    ([("person.bornOn", "2022-01-06")], "/person/bornOn"),
    ([("sentence.imposedOn", "2022-01-04"), ("sentence.startsOn", "2022-01-04")], "/offences/0/committedThrough"),
    ([("sentence.term", "P0D")], "/sentence/term"),
    ([("sentence.servedOn", "2022-06-09")], "/sentence/servedOn"),
    ([("sentence.servedOn", "2027-01-09")], "/sentence/servedOn"),
    ([("record.stage", "served"), ("detained", "true")], "/detained"),
    ([("sentence.currentEnd", "2022-01-09")], "/sentence/currentEnd"),
    ([("sentence.finalOn", "2022-06-09")], "/sentence/finalOn"),
  ])
  func itIsNamedByItsPath(_ changes: [(String, String)], _ pointer: String) {
    var facts = SmallAct.record(act)
    #expect(facts.contradictions().isEmpty)
    for (name, value) in changes { facts.set(name, to: value) }
    #expect(facts.contradictions().map(\.pointer).contains(pointer))
  }

  @Test func theDayItselfIsNoContradiction() {
    let facts = SmallAct.record(act).with(("sentence.servedOn", "2027-01-10"), ("person.bornOn", "2022-01-05"))
    #expect(facts.contradictions().isEmpty)
  }

  @Test(arguments: [
    ("single", "P5Y", false), ("absorption", "P3Y", true), ("absorption", "P5Y", false), ("addition", "P5Y", true),
    ("addition", "P4Y", false),
    ("partial_addition", "P4Y", true), ("partial_addition", "P2Y11M", false), ("partial_addition", "P5Y1D", false),
  ])
  func partsComeToTheirSum(_ aggregation: String, _ joint: String, _ isConsistent: Bool) {
    var facts = SmallAct.record(act, offences: 2)
    facts.set("offence.term", offence: 0, to: "P3Y")
    facts.set("offence.term", offence: 1, to: "P2Y")
    facts.set("sentence.aggregation", to: aggregation)
    facts.set("sentence.term", to: joint)
    #expect(facts.contradictions().isEmpty == isConsistent)
  }
}
