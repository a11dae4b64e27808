// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Testing

@testable internal import AmnestyRules

/// The oracle: complete a record in every way, ask for each, and see that the engine neither asks too much nor too little.
struct PossibleWorldsTests {
  struct Random: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

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

  static func signature(_ answer: Assessment) -> String {
    answer.outcome.rawValue + answer.offences.map { " \($0.outcome.rawValue) \($0.measure ?? "-")" }.joined()
  }

  @Test(arguments: 0..<300)
  func theEngineAgreesWithEveryWorld(_ seed: UInt64) throws {
    let act = try SmallAct.act()
    var random = Random(state: seed)
    var facts = SmallAct.record(act, offences: seed % 4 == 0 ? 2 : 1)
    facts.set("sentence.aggregation", to: seed % 4 == 0 ? "partial_addition" : "single")
    var unknown: [(ref: FactRef, offence: Int, values: [Int64])] = []
    for offence in facts.offences.indices {
      for (name, values) in Self.domains {
        guard let ref = facts.layout.ref(named: name), offence == 0 || ref.isOffence else { continue }
        let type = facts.layout.fact(ref).type
        if name != "sentence.currentEnd", Int.random(in: 0..<4, using: &random) == 0, unknown.count < 4 {
          facts[ref, offence: offence] = CaseFacts.unknown
          unknown.append((ref, offence, values.compactMap { type.value(of: $0) }))
        } else if Int.random(in: 0..<5, using: &random) == 0, let value = values.randomElement(using: &random) {
          facts.set(name, offence: offence, to: value)
        }
      }
    }
    guard facts.contradictions().isEmpty else { return }

    var worlds: [[Int64]: String] = [:]
    func complete(_ record: CaseFacts, _ chosen: [Int64]) {
      guard chosen.count < unknown.count else {
        if record.contradictions().isEmpty { worlds[chosen] = Self.signature(act.assess(record)) }
        return
      }
      let next = unknown[chosen.count]
      for value in next.values {
        var record = record
        record[next.ref, offence: next.offence] = value
        complete(record, chosen + [value])
      }
    }
    complete(facts, [])
    guard !worlds.isEmpty else { return }

    let answer = act.assess(facts)
    var decisive: Set<String> = []
    for (chosen, result) in worlds {
      for (index, fact) in unknown.enumerated() {
        for value in fact.values where value != chosen[index] {
          var other = chosen
          other[index] = value
          if let neighbour = worlds[other], neighbour != result {
            decisive.insert(facts.pointer(facts.layout.index(fact.ref, offence: fact.offence)))
          }
        }
      }
    }
    let asked = Set(answer.missing.map { facts.pointer($0.slot) })
    #expect(asked == decisive, "seed \(seed): \(Self.signature(answer))")
    if Set(worlds.values).count == 1, let only = worlds.values.first {
      #expect(Self.signature(answer) == only, "seed \(seed)")
    } else {
      #expect(answer.outcome == .undetermined, "seed \(seed)")
    }
    for missing in answer.missing {
      guard let index = unknown.firstIndex(where: { facts.layout.index($0.ref, offence: $0.offence) == missing.slot }) else { continue }
      let settles = unknown[index].values.contains { value in
        let results = worlds.filter { $0.key[index] == value }.values
        return !results.isEmpty && Set(results).count == 1
      }
      #expect(missing.decides == settles, "seed \(seed): \(facts.pointer(missing.slot))")
    }
  }

  @Test(arguments: 0..<200)
  func learningAFactNeverTurnsASettledOutcome(_ seed: UInt64) throws {
    let act = try SmallAct.act()
    var random = Random(state: seed &* 7919)
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
      if let settled { #expect(Self.signature(answer) == settled, "seed \(seed)") }
      if answer.outcome != .undetermined { settled = Self.signature(answer) }
      facts[ref, offence: 0] = value
    }
  }
}
