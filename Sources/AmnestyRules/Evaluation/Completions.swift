// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// What the unknown facts of a record could still change, found by completing them.
///
/// A fact is missing exactly if two completions of the record that differ in it alone differ in the outcome of an offence or in its
/// measure. Completions that contradict themselves are none. The search splits only on facts that an unsettled evaluation read, and is
/// bounded: past `limit` evaluations a fact that was not shown to be without effect counts as missing.
struct Completions {
  static let limit = 20_000

  var evaluator: Evaluator
  let offenceCount: Int
  /// Tells two results apart: by outcome and measure, or by all that is granted.
  private var isFine = false
  private var candidates: [Int: [Int64]] = [:]
  private let start: Int

  init(_ evaluator: Evaluator) {
    self.evaluator = evaluator
    offenceCount = evaluator.offenceCount
    start = evaluator.evaluations
  }

  private var isExhausted: Bool { evaluator.evaluations - start > Completions.limit }

  private mutating func values(_ slot: Int) -> [Int64] {
    if let known = candidates[slot] { return known }
    let ref = evaluator.act.layout.locate(slot).ref
    let domain = evaluator.act.domains[ref] ?? FactDomain()
    let values = domain.candidates(for: ref, at: slot, evaluator)
    // Where a measure tips depends on the other facts it is taken with.
    if !domain.isMeasured { candidates[slot] = values }
    return values
  }

  private var isConsistent: Bool {
    Consistency.isConsistent(UnsafeBufferPointer(evaluator.slots), evaluator.act.layout, offences: offenceCount)
  }

  private mutating func evaluate(_ offence: Int) -> Finding {
    evaluator.evaluateBars()
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
    defer { evaluator.slots[slot] = own }
    for value in values(slot) {
      evaluator.slots[slot] = value
      if isConsistent, !explore(offence, visit) { return false }
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
    let own = evaluator.slots[fact]
    var common: Int32?
    var split = -1
    for value in values(fact) {
      evaluator.slots[fact] = value
      guard isConsistent else { continue }
      let finding = evaluate(offence)
      if finding.result == .unsettled {
        if split < 0 { split = finding.split }
        continue
      }
      let signature = signature(finding)
      if let common, common != signature {
        evaluator.slots[fact] = own
        return true
      }
      common = signature
    }
    evaluator.slots[fact] = own
    guard split >= 0 else { return false }
    let other = evaluator.slots[split]
    defer { evaluator.slots[split] = other }
    for value in values(split) {
      evaluator.slots[split] = value
      if isConsistent, isDecisive(fact, for: offence) { return true }
    }
    return false
  }

  /// Visits the findings of all offences together over the completions; those with a referral are passed over. False if stopped.
  mutating func exploreTogether(budget: inout Int, _ visit: (inout Evaluator, [Finding]) -> Bool) -> Bool {
    evaluator.evaluateBars()
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
    defer { evaluator.slots[split] = own }
    for value in values(split) {
      evaluator.slots[split] = value
      if isConsistent, !exploreTogether(budget: &budget, visit) { return false }
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
        (own == nil || own == offence || sharesBar(fact)) && isDecisive(fact, for: offence)
      }
    }
  }

  /// A fact of one offence reaches the others only through the bar of the person.
  private func sharesBar(_ fact: Int) -> Bool {
    guard evaluator.act.personBar != nil else { return false }
    let ref = evaluator.act.layout.locate(fact).ref
    return evaluator.act.offenceExclusions.contains { evaluator.act.provisionReads($0, ref) }
  }

  /// For how many of its values the fact alone, the others staying unknown, settles the outcome, in thousandths.
  ///
  /// - Parameter ordinary: the facts that may be asked for; others that stay open do not keep an outcome from being settled.
  mutating func settlingShare(_ fact: Int, ordinary: [Int], withheld: [Int]) -> Int {
    let own = evaluator.slots[fact]
    defer { evaluator.slots[fact] = own }
    var settling = 0
    var possible = 0
    for value in values(fact) {
      evaluator.slots[fact] = value
      guard isConsistent else { continue }
      possible += 1
      var settled = true
      for offence in 0..<offenceCount where constant(offence) == nil {
        settled = false
        break
      }
      if !settled, !withheld.isEmpty, !isExhausted {
        let rest = ordinary.filter { $0 != fact }
        settled = decisive(rest, offences: Array(0..<offenceCount), fine: false).isEmpty
      }
      if settled { settling += 1 }
    }
    return possible == 0 ? 0 : settling * 1000 / possible
  }
}

extension CompiledAct {
  /// Whether the provision, or an exception to it, reads the fact.
  func provisionReads(_ provision: Int32, _ fact: FactRef) -> Bool {
    if provisions[Int(provision)].facts.contains(fact) { return true }
    let shape = shapes[Int(provision)]
    for (first, count) in [(shape.firstException, shape.exceptionCount), (shape.firstAlternative, shape.alternativeCount)] {
      for index in first..<first + count where provisionReads(alternatives[Int(index)], fact) { return true }
    }
    return false
  }
}
