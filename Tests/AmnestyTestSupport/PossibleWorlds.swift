// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyRules

/// The oracle for unknown facts: completes a record in every way its domains allow, asks for each, and compares.
///
/// It knows nothing of how the engine searches: only complete records are assessed, and the definition of what is missing is applied to them.
package struct PossibleWorlds {
  package struct Unknown {
    package var ref: FactRef
    package var offence: Int
    package var values: [Int64]

    package init(ref: FactRef, offence: Int, values: [Int64]) {
      self.ref = ref
      self.offence = offence
      self.values = values
    }
  }

  let act: CompiledAct
  let facts: CaseFacts
  let asOf: Day
  let unknown: [Unknown]
  /// What each completion that does not contradict itself comes to.
  private var worlds: [[Int64]: String] = [:]

  package init(_ act: CompiledAct, _ facts: CaseFacts, asOf: Day, unknown: [Unknown]) {
    self.act = act
    self.facts = facts
    self.asOf = asOf
    self.unknown = unknown
    complete(facts, [])
  }

  package var isEmpty: Bool { worlds.isEmpty }

  /// Outcome of the record, and outcome and measure of each offence.
  package static func signature(_ answer: Assessment) -> String {
    answer.outcome.rawValue + answer.offences.map { " \($0.outcome.rawValue) \($0.measure ?? "-")" }.joined()
  }

  private mutating func complete(_ record: CaseFacts, _ chosen: [Int64]) {
    guard chosen.count < unknown.count else {
      if record.contradictions().isEmpty {
        worlds[chosen] = Self.signature(act.assess(record, asOf: asOf, explain: false))
      }
      return
    }
    let next = unknown[chosen.count]
    for value in next.values {
      var record = record
      record[next.ref, offence: next.offence] = value
      complete(record, chosen + [value])
    }
  }

  /// How the engine's answer to the incomplete record departs from its worlds; empty where it agrees.
  package func disagreements() -> [String] {
    let answer = act.assess(facts, asOf: asOf, explain: false)
    let told = Self.signature(answer)
    var found: [String] = []
    if Set(worlds.values).count == 1, let only = worlds.values.first {
      if told != only { found.append("every world gives \(only), told \(told)") }
    } else if answer.outcome != .undetermined {
      found.append("worlds differ, told \(told)")
    }
    let decisive = Set(unknown.indices.filter(isDecisive).map(pointer))
    // What is asked for beyond that serves the new end alone and decides nothing.
    let asked = Set(answer.missing.filter { !isForTheEnd($0) }.map { facts.pointer($0.slot) })
    if asked != decisive { found.append("decisive \(decisive.sorted()), asked \(asked.sorted()); \(told)") }
    for missing in answer.missing {
      guard let index = unknown.indices.first(where: { facts.layout.index(unknown[$0].ref, offence: unknown[$0].offence) == missing.slot })
      else { continue }
      if missing.decides != settles(index), !isForTheEnd(missing) { found.append("decides of \(pointer(index)) is \(missing.decides)") }
    }
    return found
  }

  private func isForTheEnd(_ missing: MissingFact) -> Bool {
    !missing.decides && (RecordSlot.term...RecordSlot.creditDays).contains(missing.slot)
      && !unknown.indices.contains { !unknown[$0].ref.isOffence && unknown[$0].ref.slot == missing.slot && isDecisive($0) }
  }

  private func pointer(_ index: Int) -> String {
    facts.pointer(facts.layout.index(unknown[index].ref, offence: unknown[index].offence))
  }

  private func isDecisive(_ index: Int) -> Bool {
    worlds.contains { chosen, result in
      unknown[index].values.contains { value in
        var other = chosen
        other[index] = value
        return worlds[other].map { $0 != result } ?? false
      }
    }
  }

  private func settles(_ index: Int) -> Bool {
    unknown[index].values.contains { value in
      let results = worlds.filter { $0.key[index] == value }.values
      return Set(results).count == 1
    }
  }
}

/// SplitMix64: the same numbers for the same seed on every machine.
package struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
