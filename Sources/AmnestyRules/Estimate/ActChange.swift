// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Whose outcome or measures change from one act to another, and by which provisions.
package struct ActChange: Sendable, Equatable {
  /// What a case is and what it becomes.
  package struct Transition: Sendable, Hashable {
    package var before: Assessment.Outcome
    package var after: Assessment.Outcome
    package var measuresBefore: [String]
    package var measuresAfter: [String]
  }

  package struct Instances: Sendable, Equatable {
    package var cases = 0
    package var detained = 0
    /// The first of them, by reference.
    package var examples: [String] = []

    mutating func add(_ reference: String, isDetained: Bool, limit: Int) {
      cases += 1
      if isDetained { detained += 1 }
      if examples.count < limit { examples.append(reference) }
    }
  }

  package private(set) var cases = 0
  package private(set) var transitions: [Transition: Instances] = [:]
  /// By the id of a provision that one act has and the other lacks, or that holds under one alone.
  package private(set) var provisions: [String: Instances] = [:]

  mutating func compare(
    _ one: EstimateTally.Answer, _ other: EstimateTally.Answer, _ first: CompiledAct, _ second: CompiledAct, asOf: Day, limit: Int,
    reference: () -> String
  ) {
    let (before, after) = (one.assessment, other.assessment)
    if before.outcome == after.outcome, ActChange.isSame(before.offences, after.offences) { return }
    cases += 1
    let reference = reference()
    let isDetained = one.facts.slots[RecordSlot.detained] == 1
    let transition = Transition(
      before: before.outcome, after: after.outcome, measuresBefore: ActChange.measures(before), measuresAfter: ActChange.measures(after))
    transitions[transition, default: Instances()].add(reference, isDetained: isDetained, limit: limit)
    // Reasons cost more than answers: they are asked for where something changes only.
    let truths = ActChange.truths(first, one.facts, asOf)
    let others = ActChange.truths(second, other.facts, asOf)
    for id in Set(truths.keys).union(others.keys) where truths[id] != others[id] {
      provisions[id, default: Instances()].add(reference, isDetained: isDetained, limit: limit)
    }
  }

  private static func isSame(_ one: [OffenceAssessment], _ other: [OffenceAssessment]) -> Bool {
    one.count == other.count && zip(one, other).allSatisfy { $0.outcome == $1.outcome && $0.measure == $1.measure }
  }

  private static func measures(_ answer: Assessment) -> [String] { Set(answer.offences.compactMap(\.measure)).sorted() }

  /// What held, and what could not be told, provision by provision; what does not hold decides nothing by itself but in the scope.
  private static func truths(_ act: CompiledAct, _ facts: CaseFacts, _ asOf: Day) -> [String: [Truth]] {
    var truths: [String: [Truth]] = [:]
    for offence in act.assess(facts, asOf: asOf, explain: true).offences {
      for ground in offence.grounds {
        let provision = act.provisions[ground.provision]
        if ground.truth == .no, provision.kind != .scope { continue }
        if ground.truth == .yes, provision.kind == .scope { continue }
        truths[provision.id, default: []].append(ground.truth)
      }
    }
    return truths
  }
}
