// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// What a record can still come to, whatever the facts that are not known turn out to be.
package struct Possibilities: Sendable, Equatable {
  package struct Outcomes: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let eligible = Outcomes(rawValue: 1)
    package static let partial = Outcomes(rawValue: 2)
    package static let ineligible = Outcomes(rawValue: 4)
    package static let referred = Outcomes(rawValue: 8)
    /// Some offence gets a relief.
    package static let covered: Outcomes = [.eligible, .partial]
    static let all: Outcomes = [.eligible, .partial, .ineligible, .referred]

    init(_ outcome: Assessment.Outcome) {
      self =
        switch outcome {
        case .eligible: .eligible
        case .partial: .partial
        case .ineligible: .ineligible
        case .referred: .referred
        // Told apart no further.
        case .undetermined: .all
        }
    }
  }

  package private(set) var outcomes: Outcomes = []
  /// Measures of the covered completions, as bits by their index among the act's: those of some, and those of all.
  package private(set) var measuresOfSome: UInt64 = 0
  package private(set) var measuresOfAll: UInt64 = .max
  /// False where there was too much to search: then everything counts as possible.
  package private(set) var isExact = true

  /// Some offence gets a relief, come what may.
  package var isCovered: Bool { outcomes.isSubset(of: .covered) }
  package var mayBeCovered: Bool { !outcomes.isDisjoint(with: .covered) }

  mutating func insert(_ outcome: Outcomes, measures: UInt64) {
    outcomes.formUnion(outcome)
    let granted = outcome.isDisjoint(with: .covered) ? 0 : measures
    measuresOfSome |= granted
    measuresOfAll &= granted
  }

  mutating func giveUp(on act: CompiledAct) {
    isExact = false
    insert(.all, measures: (1 << UInt64(act.measures.count)) - 1)
    measuresOfAll = 0
  }
}

extension CompiledAct {
  /// Looks at offences, in completions of one record; some two milliseconds.
  static let possibilityLimit = 4_000

  /// Bits of the measures that an answer grants, by their index among the act's.
  package func measureBits(_ answer: Assessment) -> UInt64 {
    answer.offences.reduce(0) { bits, offence in
      guard let measure = offence.measure, let index = measures.firstIndex(of: measure) else { return bits }
      return bits | 1 << UInt64(index)
    }
  }

  /// Every outcome that a record, which was answered so, can come to once its ordinary unknown facts are known. Disputed ones stay so.
  package func possibilities(_ facts: CaseFacts, asOf: Day, answer: Assessment) -> Possibilities {
    var found = Possibilities()
    guard answer.outcome == .undetermined else {
      found.insert(.init(answer.outcome), measures: measureBits(answer))
      return found
    }
    var budget = CompiledAct.possibilityLimit
    if facts.withheld.isEmpty, facts.doubtful.isEmpty {
      Evaluator.with(self, facts, asOf: asOf) { evaluator in
        evaluator.evaluateBars()
        var completions = Completions(evaluator)
        completions.collect(into: &found, &budget)
      }
    } else {
      branch(facts, asOf: asOf, answer, into: &found, &budget)
    }
    return found
  }

  /// The slow way, by whole assessments: what is disputed is the assessor's to judge.
  private func branch(_ facts: CaseFacts, asOf: Day, _ answer: Assessment, into found: inout Possibilities, _ budget: inout Int) {
    guard answer.outcome == .undetermined else { return found.insert(.init(answer.outcome), measures: measureBits(answer)) }
    guard budget > 0, let missing = answer.missing.first(where: { !$0.isForEnd }) else { return found.giveUp(on: self) }
    var isCompleted = false
    for value in candidates(missing.slot, facts, asOf: asOf) {
      var completed = facts
      completed.slots[missing.slot] = value
      guard completed.isConsistent else { continue }
      isCompleted = true
      // An assessment with something open in it costs as much as some hundred looks.
      budget -= 100
      branch(completed, asOf: asOf, assess(completed, asOf: asOf, explain: false), into: &found, &budget)
      if !found.isExact { return }
    }
    if !isCompleted { found.giveUp(on: self) }
  }

  /// The values to try in a slot, as the other facts stand.
  func candidates(_ slot: Int, _ facts: CaseFacts, asOf: Day) -> [Int64] {
    if slot == RecordSlot.aggregation { return Aggregation.ofSeveral }
    return Evaluator.with(self, facts, asOf: asOf) { evaluator in
      var completions = Completions(evaluator)
      return completions.values(slot)
    }
  }
}

extension Completions {
  /// Collects what the completions of the record come to.
  fileprivate mutating func collect(into found: inout Possibilities, _ budget: inout Int) {
    var findings: [Finding] = []
    var split = -1
    for offence in 0..<offenceCount {
      budget -= 1
      let finding = evaluator.finding(offence)
      if finding.result == .unsettled, split < 0 { split = finding.split }
      findings.append(finding)
    }
    if budget < 0 { return found.giveUp(on: evaluator.act) }
    guard split >= 0 else { return settle(findings, into: &found) }
    let own = evaluator.slots[split]
    defer { restore(own, to: split) }
    for value in values(split) where assign(value, to: split) {
      collect(into: &found, &budget)
      if !found.isExact { return }
    }
  }

  private mutating func settle(_ findings: [Finding], into found: inout Possibilities) {
    let act = evaluator.act
    var measures: UInt64 = 0
    for finding in findings where finding.result == .eligible { measures |= 1 << UInt64(act.effects[Int(finding.effect)].measure) }
    let outcome = Finding.outcome(of: findings)
    guard outcome == .eligible || outcome == .partial else { return found.insert(.init(outcome), measures: measures) }
    // A joint sentence can still be a court's matter, by the way its terms were put together.
    let aggregation = evaluator.slots[RecordSlot.aggregation]
    defer { evaluator.slots[RecordSlot.aggregation] = aggregation }
    let ways = aggregation == CaseFacts.unknown && offenceCount > 1 ? Aggregation.ofSeveral : [aggregation]
    for way in ways {
      evaluator.slots[RecordSlot.aggregation] = way
      guard ways.count == 1 || isConsistent else { continue }
      let result = SentenceCalculator(evaluator).result(findings, outcome: outcome)
      found.insert(result.needsCourt || result.conflictOnOutcome ? .referred : .init(outcome), measures: measures)
    }
  }
}
