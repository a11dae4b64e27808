// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

extension FactDomain {
  /// The values to try for an unknown fact: one for each that some provision could tell from the others.
  func candidates(for ref: FactRef, at index: Int, _ evaluator: borrowing Evaluator) -> [Int64] {
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
      for code in [Article(number: 1).code, Article(number: 999).code] where !articles.contains(code) { result.append(code) }
    case .integer:
      result = Array(integers.union(integers.map { $0 + 1 }).union(integers.filter { $0 > 0 }.map { $0 - 1 }))
      if isMeasured { result += [0, 36_500] }
      if index >= act.layout.recordSlots || ref.slot < RecordSlot.count { result.removeAll { $0 < 0 } }
      if ref == .offence(OffenceSlot.part) { result.removeAll { $0 < 1 } }
      if result.isEmpty { result = [0, 1] }
    case .term:
      result = terms.flatMap { [$0, $0 + 1, max(1, $0 - 1)] }
      if isMeasured || result.isEmpty { result += [Term(months: 0, days: 1).packed, Term(months: 600).packed] }
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
  private func dayCandidates(at index: Int, _ evaluator: borrowing Evaluator) -> [Int64] {
    var anchors: Set<Int64> = [Int64(evaluator.asOf)]
    for (slot, value) in evaluator.slots.enumerated() where slot != index && value != CaseFacts.unknown && value != CaseFacts.absent {
      if evaluator.act.layout.fact(evaluator.act.layout.locate(slot).ref).type == .day { anchors.insert(value) }
    }
    for domain in evaluator.act.domains.values { anchors.formUnion(domain.days.map(Int64.init)) }
    var result = Set(anchors.flatMap { [$0 - 1, $0, $0 + 1] })
    for years in ages {
      for anchor in anchors {
        let born = Day(number: Int32(truncatingIfNeeded: anchor)).adding(months: Int64(-12 * years))
        result.formUnion([Int64(born.number) - 1, Int64(born.number), Int64(born.number) + 1])
      }
    }
    if isMeasured, let asOf = Optional(Day(number: evaluator.asOf)) {
      result.formUnion([Int64(asOf.adding(months: -1200).number), Int64(asOf.adding(months: 1).number)])
      if let term = evaluator.term() {
        for part in 0...12 { result.insert(Int64(asOf.adding(days: -term.nominalDays * Int64(part) / 12).number)) }
      }
    }
    return Array(result)
  }
}
