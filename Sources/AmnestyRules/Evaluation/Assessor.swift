// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

extension CompiledAct {
  /// Assesses a record that does not contradict itself.
  ///
  /// The same facts, act and day always give the same answer; `explain` adds the grounds and changes nothing else.
  ///
  /// - Parameter readings: answers to open points of the act that a person chose, by the ids of the points.
  package func assess(_ facts: CaseFacts, asOf: Day, explain: Bool, following readings: [String: Choice.Answer] = [:]) -> Assessment {
    let chosen = remainder.flatMap { readings.isEmpty ? nil : readings[definition.choices[$0.choice].id] }
    let answer = assessAsItStands(facts, asOf: asOf, explain: explain, chosen: chosen)
    guard let rest = facts.withoutDoubtful() else { return answer }
    return answer.whetherOrNot(assessAsItStands(rest, asOf: asOf, explain: false, chosen: chosen), of: rest, in: facts)
  }

  private func assessAsItStands(_ facts: CaseFacts, asOf: Day, explain: Bool, chosen: Choice.Answer?) -> Assessment {
    var answer = Assessment(isFinal: false, outcome: .undetermined, basis: nil, offences: [])
    assess(facts, asOf: asOf, explain: explain, chosen: chosen, into: &answer)
    return answer
  }

  /// Apart, so that the answer is handed on and not copied out of what a closure has captured.
  @inline(never)
  private func assess(_ facts: CaseFacts, asOf: Day, explain: Bool, chosen: Choice.Answer?, into answer: inout Assessment) {
    Evaluator.with(self, facts, asOf: asOf, chosen: chosen) { evaluator in
      var assessor = Assessor(self, facts, asOf: asOf, evaluator)
      assessor.assess(explain: explain, into: &answer)
    }
  }
}

/// One assessment, from findings to the whole answer. It is not copied: that would count every reference in it.
private struct Assessor: ~Copyable {
  let act: CompiledAct
  let facts: CaseFacts
  let asOf: Day
  var evaluator: Evaluator
  var findings: [Finding] = []
  var referrals: [Referral] = []

  init(_ act: CompiledAct, _ facts: CaseFacts, asOf: Day, _ evaluator: Evaluator) {
    self.act = act
    self.facts = facts
    self.asOf = asOf
    self.evaluator = evaluator
  }

  mutating func assess(explain: Bool, into answer: inout Assessment) {
    var grounds: [[Ground]] = []
    evaluator.evaluateBars()
    var isSettled = true
    findings.reserveCapacity(facts.offences.count)
    for offence in facts.offences.indices {
      let finding = evaluator.finding(offence)
      if finding.result == .unsettled { isSettled = false }
      findings.append(finding)
      if explain { grounds.append(trace(offence)) }
    }
    let missing = isSettled ? [] : settle()
    answer.isFinal = act.canBeFinal && (act.inForceFrom.map { asOf >= $0 } ?? false)
    answer.outcome = Finding.outcome(of: findings)
    answer.missing = missing
    answer.notes = facts.hasAdditionalPunishments ? act.notesOnAdditional : act.notes
    for finding in findings where finding.result == .referred { refer(finding.code, finding.provision) }
    finishSentence(&answer)
    answer.basis = answer.outcome == .undetermined || answer.outcome == .referred ? nil : basis(of: answer.outcome)
    answer.referrals = referrals
    answer.offences.reserveCapacity(findings.count)
    for offence in findings.indices {
      let finding = findings[offence]
      let isGranted = finding.result == .eligible
      let measure = isGranted ? act.measures[Int(act.effects[Int(finding.effect)].measure)] : nil
      if explain, let ground = remainderGround(offence, answer.sentence, hasReadings: !answer.readings.isEmpty) {
        grounds[offence].append(ground)
      }
      answer.offences.append(
        OffenceAssessment(
          id: facts.offences[offence].id, outcome: outcome(finding), measure: measure,
          basis: isGranted || finding.result == .ineligible ? finding.basis : nil, grounds: explain ? grounds[offence] : []))
    }
  }

  // MARK: Reasons

  private func trace(_ offence: Int) -> [Ground] {
    var grounds: [Ground] = []
    grounds.reserveCapacity(act.shapes.count + 1)
    for (index, raw) in evaluator.truths.enumerated() {
      guard let truth = Truth(rawValue: raw) else { continue }
      let shape = act.shapes[index]
      let basis = truth == .no ? shape.basisWhenFalse : shape.basis
      grounds.append(Ground(provision: index, truth: truth, basis: basis, offence: offence))
    }
    return grounds
  }

  /// The remainder rule is tried on the sentence, after the offences.
  private func remainderGround(_ offence: Int, _ sentence: SentenceAssessment?, hasReadings: Bool) -> Ground? {
    guard let rule = act.remainder, findings[offence].result == .eligible,
      case .reduceTerm(_, _, hasRemainder: true) = act.effects[Int(findings[offence].effect)].punishment
    else { return nil }
    let truth: Truth =
      if let sentence, sentence.newEnd != nil {
        sentence.releaseOn != nil ? .yes : hasReadings ? .open : .no
      } else {
        .unknown
      }
    return Ground(provision: Int(rule.provision), truth: truth, basis: act.shapes[Int(rule.provision)].basis, offence: offence)
  }

  // MARK: Outcome

  private func outcome(_ finding: Finding) -> Assessment.Outcome {
    switch finding.result {
    case .ineligible: .ineligible
    case .referred: .referred
    case .eligible: .eligible
    case .unsettled: .undetermined
    }
  }

  private func basis(of outcome: Assessment.Outcome) -> Basis? {
    var weakest: Basis? = outcome == .ineligible ? .text : nil
    for finding in findings where outcome == .ineligible || finding.result == .eligible {
      weakest = min(weakest ?? .text, finding.basis)
    }
    return weakest
  }

  private mutating func refer(_ code: ReferralCode, _ provision: Int32) {
    let referral = Referral(code: code, provision: provision < 0 ? nil : Int(provision))
    if !referrals.contains(referral) { referrals.append(referral) }
  }

  // MARK: Unknown facts

  /// Settles what the unknown facts cannot change, and returns those that can.
  private mutating func settle() -> [MissingFact] {
    var completions = Completions(evaluator)
    var open: [Int] = []
    var inexact: [Int] = []
    for offence in findings.indices where findings[offence].result == .unsettled {
      guard var constant = completions.constant(offence) else {
        open.append(offence)
        continue
      }
      if constant.result == .eligible, completions.constant(offence, fine: true) == nil {
        constant.isExact = false
        inexact.append(offence)
      }
      findings[offence] = constant
    }
    if open.isEmpty, inexact.isEmpty { return [] }
    let unknown = completions.unknownFacts()
    let ordinary = unknown.filter { !facts.withheld.contains($0) }
    let withheld = unknown.filter { facts.withheld.contains($0) }
    var missing = completions.decisive(ordinary, offences: open, fine: false)
    for offence in open where !withheld.isEmpty && completions.decisive(missing, offences: [offence], fine: false).isEmpty {
      findings[offence] = Finding(result: .referred, code: .disputedFact, provision: undecided(offence))
    }
    if missing.isEmpty {
      // No one fact tips it, only several together: whoever is undetermined is told what to ask for all the same.
      for offence in open where findings[offence].result == .unsettled && !missing.contains(findings[offence].split) {
        missing.append(findings[offence].split)
      }
    }
    let count = missing.count
    let ranked = missing.map { (slot: $0, share: completions.settlingShare($0, ordinary: ordinary, withheld: withheld, of: count)) }
      .sorted { $0.share != $1.share ? $0.share > $1.share : $0.slot < $1.slot }
    let forTheEnd = completions.decisive(ordinary, offences: inexact, fine: true).filter { !missing.contains($0) }
    if forTheEnd.isEmpty, !inexact.isEmpty, !withheld.isEmpty { refer(.disputedFact, findings[inexact[0]].provision) }
    return ranked.map { MissingFact(slot: $0.slot, decides: $0.share > 0) }
      + forTheEnd.map { MissingFact(slot: $0, decides: false, isForEnd: true) }
  }

  /// The provision of an offence that an unknown fact keeps open.
  private mutating func undecided(_ offence: Int) -> Int32 {
    _ = evaluator.finding(offence)
    return Int32(evaluator.truths.firstIndex(of: Truth.unknown.rawValue) ?? -1)
  }

  // MARK: The sentence

  private mutating func finishSentence(_ answer: inout Assessment) {
    guard answer.outcome == .eligible || answer.outcome == .partial || isSentenceSettled(answer.outcome) else {
      // What only disputed facts keep open is settled for whoever may be asked: then it is the terms alone that are asked about.
      let isDisputed = answer.outcome == .referred && findings.contains { $0.code == .disputedFact }
      if answer.outcome == .undetermined || isDisputed, aggregationCouldDecide() {
        answer.outcome = .undetermined
        answer.missing.append(MissingFact(slot: RecordSlot.aggregation, decides: isDisputed))
      }
      return want(SentenceCalculator(evaluator).wanted(findings), &answer)
    }
    var result = SentenceCalculator(evaluator).result(findings, outcome: answer.outcome)
    if answer.outcome != .referred, isAggregationOpen(result), let settled = settleAggregation(&answer) { result = settled }
    answer.sentence = result.sentence
    answer.readings = result.readings
    let decider = self.decider
    if result.needsCourt {
      refer(.jointSentence, decider)
      answer.outcome = .referred
    }
    if result.conflict, let remainder = act.remainder {
      refer(.readingsConflict, remainder.provision)
      if result.conflictOnOutcome { answer.outcome = .referred }
    }
    if result.needsCourt || answer.outcome == .undetermined {
      answer.sentence?.releaseOn = nil
    }
    want(result.wanted, &answer)
  }

  /// Whether what is referred lies outside the sentence, an offence still pending beside it: then the sentence itself can be computed.
  private func isSentenceSettled(_ outcome: Assessment.Outcome) -> Bool {
    guard outcome == .referred, facts.offences.count > 1 else { return false }
    let own = SentenceCalculator(evaluator).offencesInSentence()
    return !own.isEmpty && facts.offences.indices.allSatisfy { facts[$0, OffenceSlot.stage] != CaseFacts.unknown }
      && own.allSatisfy { findings[$0].result == .eligible || findings[$0].result == .ineligible }
  }

  /// The clause that granted first; referrals about the sentence name it.
  private var decider: Int32 { findings.first { $0.result == .eligible }?.provision ?? -1 }

  /// Asks for what the new end cannot be computed without; a human is told of what nobody may be asked for.
  private mutating func want(_ slots: [Int], _ answer: inout Assessment) {
    for slot in slots {
      if facts.withheld.contains(slot) {
        refer(.disputedFact, decider)
      } else if !answer.missing.contains(where: { $0.slot == slot }) {
        answer.missing.append(MissingFact(slot: slot, decides: false, isForEnd: true))
      }
    }
  }

  /// Different reliefs in one sentence, and nobody said how the terms were put together.
  private func isAggregationOpen(_ result: SentenceCalculator.Result) -> Bool {
    result.sentence != nil && result.sentence?.reduced == nil && evaluator.slots[RecordSlot.aggregation] == CaseFacts.unknown
      && SentenceCalculator(evaluator).offencesInSentence().count > 1 && hasDifferentReliefs()
  }

  private func hasDifferentReliefs() -> Bool {
    let signatures = SentenceCalculator(evaluator).offencesInSentence().map { findings[$0].fineSignature }
    return signatures.contains { $0 != signatures[0] }
  }

  /// Whether, once other facts are known, it could turn on how the terms of a joint sentence were put together.
  private mutating func aggregationCouldDecide() -> Bool {
    guard facts.offences.count > 1, evaluator.slots[RecordSlot.aggregation] == CaseFacts.unknown,
      !facts.withheld.contains(RecordSlot.aggregation)
    else { return false }
    let (act, count) = (act, facts.offences.count)
    var completions = Completions(evaluator)
    var budget = 5_000
    var isDecisive = false
    let isSearched = completions.exploreTogether(budget: &budget) { evaluator, findings in
      defer { evaluator.slots[RecordSlot.aggregation] = CaseFacts.unknown }
      var first: Bool?
      for value in Aggregation.ofSeveral {
        evaluator.slots[RecordSlot.aggregation] = value
        guard Consistency.isConsistent(UnsafeBufferPointer(evaluator.slots), act.layout, offences: count) else { continue }
        let result = SentenceCalculator(evaluator).result(findings, outcome: .partial)
        let isReferred = result.needsCourt || result.conflictOnOutcome
        if let first, first != isReferred { isDecisive = true }
        first = first ?? isReferred
      }
      return !isDecisive
    }
    return isDecisive || !isSearched && budget < 0
  }

  /// Tries each way of putting the terms together that the record allows: asks for it where they differ in outcome.
  private mutating func settleAggregation(_ answer: inout Assessment) -> SentenceCalculator.Result? {
    var results: [SentenceCalculator.Result] = []
    defer { evaluator.slots[RecordSlot.aggregation] = CaseFacts.unknown }
    for value in Aggregation.ofSeveral {
      evaluator.slots[RecordSlot.aggregation] = value
      guard Consistency.isConsistent(UnsafeBufferPointer(evaluator.slots), act.layout, offences: facts.offences.count) else { continue }
      results.append(SentenceCalculator(evaluator).result(findings, outcome: answer.outcome))
    }
    guard let first = results.first else { return nil }
    if results.allSatisfy({ $0.needsCourt == first.needsCourt && $0.conflictOnOutcome == first.conflictOnOutcome }) {
      // The outcome stands; what differs is not shown.
      var common = first
      if results.contains(where: { $0.sentence != first.sentence }) {
        common.sentence?.reduced = nil
        common.sentence?.newEnd = nil
        common.sentence?.releaseOn = nil
        common.readings = []
        common.conflict = first.conflictOnOutcome
        if !first.needsCourt { common.wanted.append(RecordSlot.aggregation) }
      }
      return common
    }
    if facts.withheld.contains(RecordSlot.aggregation) {
      answer.outcome = .referred
      refer(.disputedFact, decider)
    } else {
      answer.outcome = .undetermined
      answer.missing.append(MissingFact(slot: RecordSlot.aggregation, decides: true))
    }
    return nil
  }
}
