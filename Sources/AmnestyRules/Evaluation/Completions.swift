// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// What the unknown facts of a record could still change, found by completing them.
///
/// A fact is missing exactly if two completions of the record that differ in it alone differ in the outcome of an offence or in its
/// measure. Completions that contradict themselves are none. The search splits only on facts that an unsettled evaluation read, and is
/// bounded: past `limit` a fact that was not shown to be without effect counts as missing.
struct Completions {
  /// Offences looked at, in evaluations and in checks of consistency; some ten milliseconds.
  static let limit = 40_000
  /// The same for telling how decisive the missing facts are, over all of them.
  static let settlingLimit = 40_000

  var evaluator: Evaluator
  let offenceCount: Int
  /// Tells two results apart: by outcome and measure, or by all that is granted.
  private var isFine = false
  private var candidates: [Int: [Int64]] = [:]
  private var work = 0
  private var limit = Completions.limit

  init(_ evaluator: Evaluator) {
    self.evaluator = evaluator
    offenceCount = evaluator.offenceCount
  }

  private var isExhausted: Bool { work > limit }

  /// The values that make a difference in a slot, as the other facts stand.
  mutating func values(_ slot: Int) -> [Int64] {
    if let known = candidates[slot] { return known }
    let ref = evaluator.act.layout.locate(slot).ref
    let domain = evaluator.act.domains[ref] ?? FactDomain()
    let values = domain.candidates(for: ref, at: slot, evaluator)
    // Where a measure tips depends on the other facts it is taken with.
    if !domain.isMeasured { candidates[slot] = values }
    return values
  }

  /// Puts a value into a slot; false where the record then contradicts itself.
  mutating func assign(_ value: Int64, to slot: Int) -> Bool {
    work += 1 + offenceCount / 4
    evaluator.slots[slot] = value
    evaluator.evaluateBars(after: slot)
    return isConsistent
  }

  mutating func restore(_ value: Int64, to slot: Int) {
    evaluator.slots[slot] = value
    evaluator.evaluateBars(after: slot)
  }

  var isConsistent: Bool {
    Consistency.isConsistent(UnsafeBufferPointer(evaluator.slots), evaluator.act.layout, offences: offenceCount)
  }

  private mutating func evaluate(_ offence: Int) -> Finding {
    work += 1
    return evaluator.finding(offence)
  }

  private func signature(_ finding: Finding) -> Int32 { isFine ? finding.fineSignature : finding.signature(evaluator.act) }

  /// Visits the settled findings of an offence over the completions; stops where `visit` returns false. False if stopped.
  private mutating func explore(_ offence: Int, _ visit: (Finding) -> Bool) -> Bool {
    if isExhausted { return false }
    let finding = evaluate(offence)
    guard finding.result == .unsettled, finding.split >= 0 else { return visit(finding) }
    let slot = finding.split
    let own = evaluator.slots[slot]
    defer { restore(own, to: slot) }
    for value in values(slot) where assign(value, to: slot) {
      if !explore(offence, visit) { return false }
    }
    return true
  }

  /// The one finding that every completion of the record gives the offence, the weakest of their bases with it; nil where they differ.
  mutating func constant(_ offence: Int, fine: Bool = false) -> Finding? {
    isFine = fine
    defer { isFine = false }
    var result: Finding?
    var first: Int32 = 0
    let (act, isFine) = (evaluator.act, isFine)
    let same = explore(offence) { finding in
      let signature = isFine ? finding.fineSignature : finding.signature(act)
      guard var known = result else {
        result = finding
        first = signature
        return true
      }
      known.basis = min(known.basis, finding.basis)
      result = known
      return signature == first
    }
    return same ? result : nil
  }

  /// Whether two completions that differ in the fact alone give the offence different results.
  mutating func isDecisive(_ fact: Int, for offence: Int) -> Bool {
    if isExhausted { return true }
    // What is settled while the fact is unknown is settled for each of its values.
    if evaluate(offence).result != .unsettled { return false }
    let (split, differs) = tryValues(of: fact, for: offence)
    if differs { return true }
    guard split >= 0 else { return false }
    let other = evaluator.slots[split]
    defer { restore(other, to: split) }
    for value in values(split) where assign(value, to: split) {
      if isDecisive(fact, for: offence) { return true }
    }
    return false
  }

  /// Whether two values of the fact, all else as it is, give different results; otherwise another fact that was read where none was settled.
  private mutating func tryValues(of fact: Int, for offence: Int) -> (split: Int, differs: Bool) {
    let own = evaluator.slots[fact]
    defer { restore(own, to: fact) }
    var common: Int32?
    var split = -1
    for value in values(fact) where assign(value, to: fact) {
      let finding = evaluate(offence)
      if finding.result == .unsettled {
        if split < 0 { split = finding.split }
        continue
      }
      let signature = signature(finding)
      if let common, common != signature { return (split, true) }
      common = signature
    }
    return (split, false)
  }

  /// Visits the findings of all offences together over the completions; those with a referral are passed over. False if stopped.
  mutating func exploreTogether(budget: inout Int, _ visit: (inout Evaluator, [Finding]) -> Bool) -> Bool {
    var findings: [Finding] = []
    var split = -1
    for offence in 0..<offenceCount {
      budget -= 1
      let finding = evaluator.finding(offence)
      if finding.result == .referred { return true }
      if finding.result == .unsettled, split < 0 { split = finding.split }
      findings.append(finding)
    }
    if budget < 0 { return false }
    guard split >= 0 else { return visit(&evaluator, findings) }
    let own = evaluator.slots[split]
    defer { restore(own, to: split) }
    for value in values(split) where assign(value, to: split) {
      if !exploreTogether(budget: &budget, visit) { return false }
    }
    return true
  }

  /// Unknown facts that some provision reads: the only ones that can be missing.
  func unknownFacts() -> [Int] {
    evaluator.slots.indices.filter { slot in
      evaluator.slots[slot] == CaseFacts.unknown && evaluator.act.domains[evaluator.act.layout.locate(slot).ref] != nil
    }
  }

  /// Of `facts`, those that are decisive for some offence among `offences`.
  mutating func decisive(_ facts: [Int], offences: [Int], fine: Bool) -> [Int] {
    isFine = fine
    defer { isFine = false }
    return facts.filter { fact in
      let own = evaluator.act.layout.locate(fact).offence
      return offences.contains { offence in
        // A fact of one offence reaches the others only through the bar of the person.
        (own == nil || own == offence || evaluator.act.barFacts.contains(evaluator.act.layout.locate(fact).ref))
          && isDecisive(fact, for: offence)
      }
    }
  }

  /// Whether the record can be completed at all as it stands: a value that rules everything out settles nothing.
  private mutating func hasCompletion() -> Bool {
    (0..<offenceCount).allSatisfy { offence in
      var isVisited = false
      _ = explore(offence) { _ in
        isVisited = true
        return false
      }
      return isVisited || isExhausted
    }
  }

  /// For how many of its values the fact alone, the others staying unknown, settles the outcome, in thousandths.
  ///
  /// - Parameter ordinary: the facts that may be asked for; others that stay open do not keep an outcome from being settled.
  /// - Parameter share: how many facts are told about; each value of each has its part of the work, whatever was spent on finding them.
  mutating func settlingShare(_ fact: Int, ordinary: [Int], withheld: [Int], of share: Int) -> Int {
    let spent = work
    defer { (work, limit) = (spent, Completions.limit) }
    let own = evaluator.slots[fact]
    defer { restore(own, to: fact) }
    var settling = 0
    var possible = 0
    let values = values(fact)
    limit = Completions.settlingLimit / max(share * values.count, 1)
    for value in values where assign(value, to: fact) {
      work = 0
      possible += 1
      var settled = true
      for offence in 0..<offenceCount where constant(offence) == nil {
        settled = false
        break
      }
      if !settled, !withheld.isEmpty, !isExhausted {
        let rest = ordinary.filter { $0 != fact }
        settled = hasCompletion() && decisive(rest, offences: Array(0..<offenceCount), fine: false).isEmpty
      }
      if settled { settling += 1 }
    }
    return possible == 0 ? 0 : settling * 1000 / possible
  }
}
