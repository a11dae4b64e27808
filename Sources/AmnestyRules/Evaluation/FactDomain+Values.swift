// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

extension FactDomain {
  /// The values to try for an unknown fact: one for each that some provision could tell from the others.
  func candidates(for ref: FactRef, at index: Int, _ evaluator: Evaluator) -> [Int64] {
    let act = evaluator.act
    let fact = act.layout.fact(ref)
    var result: [Int64]
    switch fact.type {
    case .word, .boolean, .territory:
      result = values.isEmpty ? [0, 1] : values
    case .words:
      // None, each alone, and all: what bars by one word bars by any list that holds it.
      result = [0]
      var all: Int64 = 0
      for bit in 0..<Int64(62) where words & (1 << bit) != 0 {
        result.append(1 << bit)
        all |= 1 << bit
      }
      if result.count > 2 { result.append(all) }
    case .article:
      result = Array(articles)
    case .integer:
      result = Array(integers.union(integers.map { $0 + 1 }).union(integers.filter { $0 > 0 }.map { $0 - 1 }))
      if isMeasured { result += [0, 36_500] + measuredCredits(evaluator) }
      if index >= act.layout.recordSlots || ref.slot < RecordSlot.count { result.removeAll { $0 < 0 } }
      if ref == .offence(OffenceSlot.part) { result.removeAll { $0 < 1 } }
      if result.isEmpty { result = [0, 1] }
    case .term:
      result = terms.flatMap { [$0, $0 + 1, Term(packed: $0).justShorter.packed] }
      if isMeasured || result.isEmpty { result += [Term(months: 0, days: 1).packed, Term(months: 600).packed] }
      result += measuredTerms(evaluator)
    case .day:
      result = days.map(Int64.init) + dayCandidates(at: index, evaluator)
      if ref.isOffence, let first = days.min(), let last = days.max() {
        // Around the act's period, the one thing these days are compared with: an offence is not stretched over years to meet a birthday.
        result.removeAll { $0 < Int64(first) || $0 > Int64(last) }
      }
    }
    if fact.isOptional, !result.contains(CaseFacts.absent) { result.append(CaseFacts.absent) }
    return Set(result).sorted()
  }

  /// Days that other known facts and ages make a difference at.
  private func dayCandidates(at index: Int, _ evaluator: Evaluator) -> [Int64] {
    var anchors: Set<Int64> = [Int64(evaluator.asOf)]
    for (slot, value) in evaluator.slots.enumerated() where slot != index && value != CaseFacts.unknown && value != CaseFacts.absent {
      if evaluator.act.layout.fact(evaluator.act.layout.locate(slot).ref).type == .day { anchors.insert(value) }
    }
    if let end = evaluator.originalEnd() { anchors.insert(Int64(end.number)) }
    for domain in evaluator.act.domains.values { anchors.formUnion(domain.days.map(Int64.init)) }
    var result = Set(anchors.flatMap { [$0 - 1, $0, $0 + 1] })
    for years in ages {
      for anchor in anchors {
        let born = Day(number: Int32(truncatingIfNeeded: anchor)).adding(months: Int64(-12 * years))
        result.formUnion([Int64(born.number) - 1, Int64(born.number), Int64(born.number) + 1])
      }
    }
    if isMeasured { result.formUnion(measuredStarts(evaluator)) }
    return Array(result)
  }

  // MARK: Measures of the term. Of start, term and credit, each is tried around where it tips a measure, the others being as they are.

  /// In months: no sentence is longer than a century.
  private static let longestTerm: Int64 = 1200
  /// Calendar months and days of months are not interchangeable: a few days to either side find the day that tips.
  private static let slack: ClosedRange<Int64> = -3...3

  private func measuredTerms(_ evaluator: Evaluator) -> [Int64] {
    guard let start = evaluator.effectiveStart() else { return isMeasured ? [Term(months: 12).packed, Term(months: 72).packed] : [] }
    return measures.flatMap { measure -> [Int64] in
      guard let on = evaluator.known(measure.day), on > start else { return [] }
      let elapsed = Int64(on.number - start.number)
      let months: Int64 =
        switch measure.limit {
        case .served(let share): share.numerator == 0 ? 0 : elapsed * share.denominator / (share.numerator * 30)
        case .remaining(let left): elapsed / 30 + left.months
        }
      // A month of thirty days is short of a calendar month by half a day: over years that comes to months.
      let drift = months / 60 + 2
      return (max(months - drift, 1)...(months + drift)).filter { $0 <= FactDomain.longestTerm }.map { Term(months: $0).packed }
    }
  }

  private func measuredStarts(_ evaluator: Evaluator) -> [Int64] {
    let asOf = Day(number: evaluator.asOf)
    var result = [Int64(asOf.adding(months: -1200).number), Int64(asOf.adding(months: 1).number)]
    guard let term = evaluator.term() else { return result }
    let credit = evaluator.slots[RecordSlot.creditDays] == CaseFacts.unknown ? 0 : evaluator.slots[RecordSlot.creditDays]
    for measure in measures {
      guard let on = evaluator.known(measure.day) else { continue }
      let tipping = tippingStart(measure, term, on).adding(days: credit)
      result += FactDomain.slack.map { Int64(tipping.number) + $0 }
    }
    return result
  }

  private func measuredCredits(_ evaluator: Evaluator) -> [Int64] {
    guard let term = evaluator.term(), let start = evaluator.recordDay(RecordSlot.startsOn) else { return [] }
    return measures.flatMap { measure -> [Int64] in
      guard let on = evaluator.known(measure.day) else { return [] }
      let credit = Int64(start.number - tippingStart(measure, term, on).number)
      return FactDomain.slack.map { max(0, credit + $0) }
    }
  }

  /// The start, credit taken off, at about which the measure tips.
  private func tippingStart(_ measure: TermMeasure, _ term: Term, _ on: Day) -> Day {
    switch measure.limit {
    case .served(let share):
      let part = term.fraction(share, rounding: .daysDown)
      return on.adding(months: -part.months).adding(days: -part.days)
    case .remaining(let left):
      return on.adding(left).adding(months: -term.months).adding(days: -term.days)
    }
  }
}

extension Term {
  /// A term just below this one, on any calendar.
  fileprivate var justShorter: Term {
    if days > 0 { return Term(months: months, days: days - 1) }
    return months > 0 ? Term(months: months - 1, days: 27) : self
  }
}
