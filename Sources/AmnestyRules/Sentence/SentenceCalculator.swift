// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Computes what is left of a punishment once every offence in it has its finding.
///
/// Terms: the start moves back by the custody credit; the base of a cut ignores it. What cannot be computed stays nil.
struct SentenceCalculator {
  private let act: CompiledAct
  private let evaluator: Evaluator

  init(_ evaluator: Evaluator) {
    act = evaluator.act
    self.evaluator = evaluator
  }

  /// What the punishment comes to, and whether only a court can say so.
  struct Result: Equatable {
    var sentence: SentenceAssessment?
    var readings: [Reading] = []
    /// The joint sentence has to be redone by a court, or by a human.
    var needsCourt = false
    /// Readings disagree.
    var conflict = false
    /// The readings disagree on the outcome itself.
    var conflictOnOutcome = false
    /// Slots without which the new end cannot be computed.
    var wanted: [Int] = []
  }

  /// Offences that the sentence punishes: those whose stage, their own or the record's, is `sentenced` or `served`.
  func offencesInSentence() -> [Int] {
    (0..<evaluator.offenceCount).filter(isInSentence)
  }

  private func isInSentence(_ offence: Int) -> Bool {
    let own = evaluator.slots[act.layout.base(ofOffence: offence) + OffenceSlot.stage]
    let stage = own == CaseFacts.absent ? evaluator.slots[RecordSlot.stage] : own
    return stage == Stage.sentenced || stage == Stage.served
  }

  private func relief(_ finding: Finding) -> CompiledEffect? {
    finding.result == .eligible ? act.effects[Int(finding.effect)] : nil
  }

  /// - Parameters:
  ///   - findings: of every offence, each eligible or ineligible.
  ///   - outcome: what the offences come to by themselves.
  func result(_ findings: [Finding], outcome: Assessment.Outcome) -> Result {
    if findings.count == 1, findings[0].isExact {
      // The usual case, without lists.
      guard let relief = relief(findings[0]), relief.punishment != .untouched, isInSentence(0) else { return Result() }
      return uniform(relief, outcome: outcome)
    }
    let offences = offencesInSentence()
    let reliefs = offences.map { relief(findings[$0]) }
    guard let first = reliefs.lazy.compactMap({ $0 }).first, reliefs.contains(where: { ($0?.punishment ?? .untouched) != .untouched })
    else {
      return Result()
    }
    if offences.contains(where: { !findings[$0].isExact }) {
      return Result(sentence: SentenceAssessment(imposed: evaluator.term(), originalEnd: evaluator.originalEnd()), wanted: wanted(findings))
    }
    if reliefs.allSatisfy({ $0 == first }) { return uniform(first, outcome: outcome) }
    // Released for every offence on the same ground of time: whatever the measures are called, nothing is left to put together.
    if case .release = first.punishment, reliefs.allSatisfy({ $0?.punishment == first.punishment }) {
      return uniform(first, outcome: outcome)
    }
    return mixed(offences, reliefs, outcome: outcome)
  }

  // MARK: One relief for the whole sentence

  private func uniform(_ relief: CompiledEffect, outcome: Assessment.Outcome) -> Result {
    let term = evaluator.term()
    var sentence = SentenceAssessment(imposed: term, originalEnd: evaluator.originalEnd())
    switch relief.punishment {
    case .untouched:
      return Result()
    case .release(let day):
      sentence.releaseOn = evaluator.known(day)
      return Result(sentence: sentence)
    case .reduceAmount(let keep):
      let amount = evaluator.slots[RecordSlot.amount]
      sentence = SentenceAssessment()
      guard amount != CaseFacts.unknown else { return Result(sentence: sentence, wanted: [RecordSlot.amount]) }
      sentence.imposedAmount = amount
      // In the person's favour, as days are: rounded down.
      let (whole, rest) = amount.quotientAndRemainder(dividingBy: keep.denominator)
      sentence.reducedAmount = whole * keep.numerator + rest * keep.numerator / keep.denominator
      return Result(sentence: sentence)
    case .reduceTerm(let keep, let base, let hasRemainder):
      sentence.reduced = term.flatMap { reduced($0, keep: keep, base: base) }
      return reduce(sentence, remainder: hasRemainder ? act.remainder : nil, outcome: outcome)
    }
  }

  /// What is still to be asked for, where some offence of the sentence has its term cut.
  func wanted(_ findings: [Finding]) -> [Int] {
    offencesInSentence().contains { relief(findings[$0])?.cutsTerm ?? false } ? wantedForEnd() : []
  }

  private func wantedForEnd() -> [Int] {
    var wanted: [Int] = []
    for slot in RecordSlot.term...RecordSlot.creditDays where evaluator.slots[slot] == CaseFacts.unknown { wanted.append(slot) }
    return wanted
  }

  /// The day that counts as entry into force; `asOf` under an act that does not state it.
  private var entry: Day { act.inForceFrom ?? Day(number: evaluator.asOf) }

  private func reduced(_ term: Term, keep: Fraction, base: TermReduction.Base) -> Term? {
    switch base {
    case .imposed:
      return term.fraction(keep, rounding: act.termRounding)
    case .unserved:
      // Served until the entry into force: that stays; of the rest, in days, the share is kept.
      guard let start = evaluator.effectiveStart(), let end = evaluator.originalEnd() else { return nil }
      let from = min(max(entry, start), end)
      let left = Int64(end.number - from.number) * keep.numerator
      let kept =
        act.termRounding == .daysDown ? left / keep.denominator : (left + keep.denominator - 1) / keep.denominator
      return Term(months: 0, days: Int64(from.number - start.number) + kept)
    }
  }

  /// Puts the cut term in its place in time, and applies the remainder rule under both its readings.
  private func reduce(_ cut: SentenceAssessment, remainder: CompiledRemainder?, outcome: Assessment.Outcome) -> Result {
    var result = Result(wanted: wantedForEnd())
    var sentence = cut
    guard result.wanted.isEmpty, let reduced = sentence.reduced, let start = evaluator.effectiveStart(),
      let originalEnd = sentence.originalEnd
    else {
      result.sentence = sentence
      return result
    }
    let newEnd = start.adding(reduced)
    sentence.newEnd = newEnd
    let entry = entry
    let released = max(entry, evaluator.recordDay(RecordSlot.imposedOn) ?? entry)
    if newEnd <= entry {
      sentence.releaseOn = released
    } else if let remainder {
      let limit = limit(remainder, start: start)
      func release(_ answer: Choice.Answer) -> Day? {
        remainder.comparison.holds(answer == .beforeReduction ? originalEnd : newEnd, limit) ? released : nil
      }
      sentence.releaseOn = release(evaluator.chosenAnswer ?? remainder.defaultAnswer)
      if evaluator.chosenAnswer == nil, release(.beforeReduction) != release(.afterReduction) {
        let question = act.definition.choices[remainder.choice].id
        result.readings.reserveCapacity(2)
        for answer in act.definition.choices[remainder.choice].answers {
          result.readings.append(Reading(question: question, answer: answer, outcome: outcome, releaseOn: release(answer)))
        }
        result.conflict = true
      }
    }
    result.sentence = sentence
    return result
  }

  /// The last day on which what is left of a term is within the rule: from the later of the entry into force and the start.
  private func limit(_ rule: CompiledRemainder, start: Day) -> Day { max(entry, start).adding(rule.limit) }

  // MARK: Different reliefs in one sentence

  private func mixed(_ offences: [Int], _ reliefs: [CompiledEffect?], outcome: Assessment.Outcome) -> Result {
    var sentence = SentenceAssessment(imposed: evaluator.term(), originalEnd: evaluator.originalEnd())
    let aggregation = evaluator.slots[RecordSlot.aggregation]
    let wanted = reliefs.contains { $0?.cutsTerm ?? false } ? wantedForEnd() : []
    let whole = offences.map { evaluator.slots[act.layout.base(ofOffence: $0) + OffenceSlot.term] }
    guard aggregation == Aggregation.absorption || aggregation == Aggregation.addition,
      whole.allSatisfy({ $0 >= 0 && $0 != CaseFacts.absent })
    else { return Result(sentence: sentence, needsCourt: aggregation != CaseFacts.unknown, wanted: wanted) }

    var left: [Term] = []
    for (relief, term) in zip(reliefs, whole.map(Term.init(packed:))) {
      switch relief?.punishment {
      case nil, .untouched: left.append(term)
      case .release: left.append(.zero)
      case .reduceTerm(let keep, .imposed, _):
        left.append(term.fraction(keep, rounding: act.termRounding))
      case .reduceTerm, .reduceAmount:
        return Result(sentence: sentence, needsCourt: true, wanted: wanted)
      }
    }
    let start = evaluator.effectiveStart()
    sentence.reduced = aggregation == Aggregation.addition ? left.reduce(.zero, +) : latest(left, from: start)
    guard reliefs.contains(where: { $0 == nil }) else { return reduce(sentence, remainder: act.remainder, outcome: outcome) }

    // Nobody says that the remainder rule reaches a sentence that also punishes what the act does not cover: where it would, a court decides.
    var result = Result(sentence: sentence, wanted: wanted)
    guard let start, let originalEnd = sentence.originalEnd, let reduced = sentence.reduced else { return result }
    let newEnd = start.adding(reduced)
    result.sentence?.newEnd = newEnd
    guard let rule = act.remainder else { return result }
    let choice = act.definition.choices[rule.choice]
    let limit = limit(rule, start: start)
    let readings = (evaluator.chosenAnswer.map { [$0] } ?? choice.answers).map { answer in
      let meets = rule.comparison.holds(answer == .beforeReduction ? originalEnd : newEnd, limit)
      return Reading(question: choice.id, answer: answer, outcome: meets ? .referred : outcome, releaseOn: nil)
    }
    result.needsCourt = readings.contains { $0.outcome == .referred }
    if readings.contains(where: { $0.outcome != readings[0].outcome }) {
      result.readings = readings
      result.conflict = true
      result.conflictOnOutcome = true
    }
    return result
  }

  /// Of several terms from one start the one that ends last; without a start, where one is longer on any calendar.
  private func latest(_ terms: [Term], from start: Day?) -> Term? {
    if let start { return terms.max { start.adding($0) < start.adding($1) } }
    return terms.first { candidate in terms.allSatisfy { candidate.months >= $0.months && candidate.days >= $0.days } }
  }
}
