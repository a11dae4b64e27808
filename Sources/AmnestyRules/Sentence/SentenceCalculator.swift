// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Computes what is left of a punishment once every offence in it has its finding.
///
/// Terms: the start moves back by the custody credit; the base of a cut ignores it. What cannot be computed stays nil.
struct SentenceCalculator {
  let act: CompiledAct
  let evaluator: Evaluator

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
    (0..<evaluator.offenceCount).filter { offence in
      let own = evaluator.slots[act.layout.base(ofOffence: offence) + OffenceSlot.stage]
      let stage = own == CaseFacts.absent ? evaluator.slots[RecordSlot.stage] : own
      return stage == Stage.sentenced || stage == Stage.served
    }
  }

  private func relief(_ finding: Finding) -> Relief? {
    guard finding.result == .eligible, case .grant(let relief) = act.effects[Int(finding.effect)].effect else { return nil }
    return relief
  }

  /// - Parameters:
  ///   - findings: of every offence, each eligible or ineligible.
  ///   - outcome: what the offences come to by themselves.
  func result(_ findings: [Finding], outcome: Assessment.Outcome) -> Result {
    let offences = offencesInSentence()
    let reliefs = offences.map { relief(findings[$0]) }
    guard let first = reliefs.lazy.compactMap({ $0 }).first, reliefs.contains(where: { changesPunishment($0) }) else { return Result() }
    if offences.contains(where: { !findings[$0].isExact }) {
      return Result(sentence: SentenceAssessment(imposed: evaluator.term(), originalEnd: evaluator.originalEnd()), wanted: wanted(findings))
    }
    if reliefs.allSatisfy({ $0 == first }) { return uniform(first, outcome: outcome) }
    return mixed(Array(zip(offences, reliefs)), outcome: outcome)
  }

  private func changesPunishment(_ relief: Relief?) -> Bool {
    guard let relief else { return false }
    return relief.punishment != .untouched
  }

  // MARK: One relief for the whole sentence

  private func uniform(_ relief: Relief, outcome: Assessment.Outcome) -> Result {
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
      sentence.imposed = nil
      sentence.originalEnd = nil
      guard amount != CaseFacts.unknown else { return Result(sentence: sentence, wanted: [RecordSlot.amount]) }
      sentence.imposedAmount = amount
      // In the person's favour, as days are: rounded down.
      let (whole, rest) = amount.quotientAndRemainder(dividingBy: keep.denominator)
      sentence.reducedAmount = whole * keep.numerator + rest * keep.numerator / keep.denominator
      return Result(sentence: sentence)
    case .reduceTerm(let cut):
      sentence.reduced = term.flatMap { reduced($0, by: cut) }
      return reduce(sentence, remainder: cut.remainder, outcome: outcome)
    }
  }

  /// What is still to be asked for, where some offence of the sentence has its term cut.
  func wanted(_ findings: [Finding]) -> [Int] {
    let hasCut = offencesInSentence().contains { if case .reduceTerm? = relief(findings[$0])?.punishment { true } else { false } }
    return hasCut ? wantedForEnd() : []
  }

  private func wantedForEnd() -> [Int] {
    [RecordSlot.term, RecordSlot.startsOn, RecordSlot.creditDays].filter { evaluator.slots[$0] == CaseFacts.unknown }
  }

  /// The day that counts as entry into force; `asOf` under an act that does not state it.
  private var entry: Day { act.definition.inForceFrom ?? Day(number: evaluator.asOf) }

  private func reduced(_ term: Term, by cut: TermReduction) -> Term? {
    switch cut.base {
    case .imposed:
      return term.fraction(cut.keep, rounding: act.definition.termRounding)
    case .unserved:
      // Served until the entry into force: that stays; of the rest, in days, the share is kept.
      guard let start = evaluator.effectiveStart(), let end = evaluator.originalEnd() else { return nil }
      let from = min(max(entry, start), end)
      let left = Int64(end.number - from.number) * cut.keep.numerator
      let kept =
        act.definition.termRounding == .daysDown ? left / cut.keep.denominator : (left + cut.keep.denominator - 1) / cut.keep.denominator
      return Term(months: 0, days: Int64(from.number - start.number) + kept)
    }
  }

  /// Puts the cut term in its place in time, and applies the remainder rule under both its readings.
  private func reduce(_ cut: SentenceAssessment, remainder: RemainderRule?, outcome: Assessment.Outcome) -> Result {
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
    let released = release(newEnd: newEnd, originalEnd: originalEnd, start: start, remainder)
    guard let remainder, let choice = act.definition.choices.first(where: { $0.id == remainder.choice }) else {
      sentence.releaseOn = released(nil)
      result.sentence = sentence
      return result
    }
    sentence.releaseOn = released(choice.defaultAnswer)
    result.sentence = sentence
    let readings = choice.answers.map { Reading(question: choice.id, answer: $0, outcome: outcome, releaseOn: released($0)) }
    if readings.contains(where: { $0.releaseOn != readings[0].releaseOn }) {
      result.readings = readings
      result.conflict = true
    }
    return result
  }

  /// The day of release under an answer to the remainder rule's open point; nil: only the new end counts.
  private func release(newEnd: Day, originalEnd: Day, start: Day, _ remainder: RemainderRule?) -> (Choice.Answer?) -> Day? {
    let entry = entry
    let released = max(entry, evaluator.recordDay(RecordSlot.imposedOn) ?? entry)
    return { answer in
      if newEnd <= entry { return released }
      guard let remainder, let answer else { return nil }
      return isWithin(remainder, answer == .beforeReduction ? originalEnd : newEnd, start: start) ? released : nil
    }
  }

  /// Whether what is left of a term that ends on the day is within the rule's limit, from the later of the entry into force and the start.
  private func isWithin(_ rule: RemainderRule, _ end: Day, start: Day) -> Bool {
    rule.comparison.holds(end, max(entry, start).adding(rule.limit))
  }

  // MARK: Different reliefs in one sentence

  private func mixed(_ parts: [(offence: Int, relief: Relief?)], outcome: Assessment.Outcome) -> Result {
    var sentence = SentenceAssessment(imposed: evaluator.term(), originalEnd: evaluator.originalEnd())
    let aggregation = evaluator.slots[RecordSlot.aggregation]
    let hasCut = parts.contains { if case .reduceTerm? = $0.relief?.punishment { true } else { false } }
    let wanted = hasCut ? wantedForEnd() : []
    let whole = parts.map { evaluator.slots[act.layout.base(ofOffence: $0.offence) + OffenceSlot.term] }
    guard aggregation == Aggregation.absorption || aggregation == Aggregation.addition,
      whole.allSatisfy({ $0 >= 0 && $0 != CaseFacts.absent })
    else { return Result(sentence: sentence, needsCourt: aggregation != CaseFacts.unknown, wanted: wanted) }

    var left: [Term] = []
    for (part, term) in zip(parts, whole.map(Term.init(packed:))) {
      switch part.relief?.punishment {
      case nil, .untouched: left.append(term)
      case .release: left.append(.zero)
      case .reduceTerm(let cut) where cut.base == .imposed:
        left.append(term.fraction(cut.keep, rounding: act.definition.termRounding))
      case .reduceTerm, .reduceAmount:
        return Result(sentence: sentence, needsCourt: true, wanted: wanted)
      }
    }
    let start = evaluator.effectiveStart()
    sentence.reduced = aggregation == Aggregation.addition ? left.reduce(.zero, +) : latest(left, from: start)
    let rule = act.remainder?.rule
    guard parts.contains(where: { $0.relief == nil }) else { return reduce(sentence, remainder: rule, outcome: outcome) }

    // Nobody says that the remainder rule reaches a sentence that also punishes what the act does not cover: where it would, a court decides.
    var result = Result(sentence: sentence, wanted: wanted)
    guard let start, let originalEnd = sentence.originalEnd, let reduced = sentence.reduced else { return result }
    let newEnd = start.adding(reduced)
    result.sentence?.newEnd = newEnd
    guard let rule, let choice = act.definition.choices.first(where: { $0.id == rule.choice }) else { return result }
    let readings = choice.answers.map { answer in
      let meets = isWithin(rule, answer == .beforeReduction ? originalEnd : newEnd, start: start)
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
