// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyTestSupport
internal import Testing

@testable internal import AmnestyRules

/// The oracle: complete a record in every way, ask for each, and see that the engine neither asks too much nor too little.
struct PossibleWorldsTests {
  /// Values that the small act could tell apart, chosen by hand and not by the engine.
  static let domains: [(name: String, values: [String])] = [
    ("record.stage", Words.stage), ("recidivism", Words.recidivism), ("objectsToTermination", ["true", "false"]),
    ("person.bornOn", ["1990-01-01", "2004-01-03", "2004-01-04", "2004-01-05", "2004-01-06", "2004-01-08", "2010-01-01"]),
    ("article", ["188", "106", "190", "207", "208", "300"]), ("part", ["1", "2", "3"]), ("gravity", Words.gravity),
    ("committedFrom", ["2022-01-02", "2022-01-03", "2022-01-04", "2022-01-05", "2022-01-06", "2022-01-07", "2022-01-08", "2022-01-09"]),
    ("committedThrough", ["2022-01-02", "2022-01-03", "2022-01-04", "2022-01-05", "2022-01-06", "2022-01-07", "2022-01-08", "2022-01-09"]),
    ("territory", ["KZ", "RU"]), ("classes", ["", "torture", "riot_organisation", "torture riot_organisation", "corruption"]),
    ("sentence.currentEnd", ["2025-01-01"]),
  ]

  @Test(arguments: 0..<300)
  func theEngineAgreesWithEveryWorld(_ seed: UInt64) throws {
    let act = try SmallAct.act()
    var random = SeededGenerator(seed: seed)
    var facts = SmallAct.record(act, offences: seed % 4 == 0 ? 2 : 1)
    facts.set("sentence.aggregation", to: seed % 4 == 0 ? "partial_addition" : "single")
    var unknown: [PossibleWorlds.Unknown] = []
    for offence in facts.offences.indices {
      for (name, values) in Self.domains {
        guard let ref = facts.layout.ref(named: name), offence == 0 || ref.isOffence else { continue }
        let type = facts.layout.fact(ref).type
        if name != "sentence.currentEnd", Int.random(in: 0..<4, using: &random) == 0, unknown.count < 4 {
          facts[ref, offence: offence] = CaseFacts.unknown
          unknown.append(.init(ref: ref, offence: offence, values: values.compactMap { type.value(of: $0) }))
        } else if Int.random(in: 0..<5, using: &random) == 0, let value = values.randomElement(using: &random) {
          facts.set(name, offence: offence, to: value)
        }
      }
    }
    guard facts.contradictions().isEmpty else { return }
    let worlds = PossibleWorlds(act, facts, asOf: SmallAct.day("2022-11-03"), unknown: unknown)
    if worlds.isEmpty { return }
    #expect(worlds.disagreements() == [], "seed \(seed)")
  }

  @Test(arguments: 0..<200)
  func learningAFactNeverTurnsASettledOutcome(_ seed: UInt64) throws {
    let act = try SmallAct.act()
    var random = SeededGenerator(seed: seed &* 7919)
    var facts = SmallAct.record(act)
    var hidden: [(FactRef, Int64)] = []
    for (name, _) in Self.domains where name != "sentence.currentEnd" {
      guard let ref = facts.layout.ref(named: name), Bool.random(using: &random) else { continue }
      hidden.append((ref, facts[ref, offence: 0]))
      facts[ref, offence: 0] = CaseFacts.unknown
    }
    var settled: String?
    for (ref, value) in hidden.shuffled(using: &random) {
      let answer = act.assess(facts)
      if let settled { #expect(PossibleWorlds.signature(answer) == settled, "seed \(seed)") }
      if answer.outcome != .undetermined { settled = PossibleWorlds.signature(answer) }
      facts[ref, offence: 0] = value
    }
  }
}
