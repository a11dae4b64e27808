// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// A way in which a record contradicts itself.
package struct Contradiction: Sendable, Equatable {
  /// JSON Pointer in the record.
  package var pointer: String
  package var message: String
}

/// What no record can say, whatever the act: ends before starts, parts that do not come to their sum.
///
/// The same test decides which completions of an incomplete record are possible.
enum Consistency {
  enum Rule {
    case offenceEndsBeforeStart(Int), offenceAfterSentence(Int), bornAfterOffence(Int)
    case termNotPositive, offenceTermNotPositive(Int)
    case servedBeforeImposed, servedBeforeEnd, servedAndDetained
    case finalBeforeImposed, currentEndBeforeStart
    case singleWithSeveral, absorptionNotLongest, additionNotSum, partialBelowLongest, partialAboveSum
  }

  /// Calls `report` for every rule broken; stops where it returns false.
  static func check(_ slots: UnsafeBufferPointer<Int64>, _ layout: FactLayout, offences: Int, report: (Rule) -> Bool) {
    func day(_ slot: Int) -> Int64? { slots[slot] == CaseFacts.unknown || slots[slot] == CaseFacts.absent ? nil : slots[slot] }

    let imposed = day(RecordSlot.imposedOn)
    let born = day(RecordSlot.bornOn)
    for offence in 0..<offences {
      let base = layout.base(ofOffence: offence)
      let from = day(base + OffenceSlot.committedFrom)
      let through = day(base + OffenceSlot.committedThrough)
      if let from, let through, through < from, !report(.offenceEndsBeforeStart(offence)) { return }
      if let born, let first = from ?? through, born > first, !report(.bornAfterOffence(offence)) { return }
      let stage = slots[base + OffenceSlot.stage]
      let isPending = stage >= 0 && stage < Stage.sentenced
      if !isPending, let imposed, let last = through ?? from, last > imposed, !report(.offenceAfterSentence(offence)) { return }
      let term = slots[base + OffenceSlot.term]
      if term == 0, !report(.offenceTermNotPositive(offence)) { return }
    }
    let term = slots[RecordSlot.term]
    if term == 0, !report(.termNotPositive) { return }
    if let served = day(RecordSlot.servedOn) {
      if let imposed, served < imposed, !report(.servedBeforeImposed) { return }
      if let end = end(slots), served < end, !report(.servedBeforeEnd) { return }
    }
    if slots[RecordSlot.stage] == Stage.served, slots[RecordSlot.detained] == 1, !report(.servedAndDetained) { return }
    if let final = day(RecordSlot.finalOn), let imposed, final < imposed, !report(.finalBeforeImposed) { return }
    if let current = day(RecordSlot.currentEnd), let start = day(RecordSlot.startsOn), current < start, !report(.currentEndBeforeStart) {
      return
    }
    checkAggregation(slots, layout, offences: offences, report: report)
  }

  /// The day the term ends, less credit, or as it was changed since, whichever comes first; nil where it cannot be computed.
  private static func end(_ slots: UnsafeBufferPointer<Int64>) -> Int64? {
    let current = slots[RecordSlot.currentEnd]
    if current == CaseFacts.unknown { return nil }
    let (start, term, credit) = (slots[RecordSlot.startsOn], slots[RecordSlot.term], slots[RecordSlot.creditDays])
    guard start != CaseFacts.unknown, term != CaseFacts.unknown, credit != CaseFacts.unknown else { return nil }
    let end = Int64(Day(number: Int32(truncatingIfNeeded: start)).adding(days: -credit).adding(Term(packed: term)).number)
    return min(end, current)
  }

  private static func checkAggregation(_ slots: UnsafeBufferPointer<Int64>, _ layout: FactLayout, offences: Int, report: (Rule) -> Bool) {
    let aggregation = slots[RecordSlot.aggregation]
    guard aggregation != CaseFacts.unknown, offences > 1 else { return }
    var inSentence = 0
    var sum = Term.zero
    var longest = Term.zero
    var everyTerm = true
    for offence in 0..<offences {
      let base = layout.base(ofOffence: offence)
      let stage = slots[base + OffenceSlot.stage]
      if stage >= 0 && stage < Stage.sentenced { continue }
      inSentence += 1
      let own = slots[base + OffenceSlot.term]
      guard own >= 0, own != CaseFacts.absent else {
        everyTerm = false
        continue
      }
      let term = Term(packed: own)
      sum = sum + term
      if term.nominalDays > longest.nominalDays { longest = term }
    }
    guard inSentence > 1 else { return }
    if aggregation == Aggregation.single {
      _ = report(.singleWithSeveral)
      return
    }
    guard everyTerm, slots[RecordSlot.term] >= 0 else { return }
    let joint = Term(packed: slots[RecordSlot.term]).nominalDays
    switch aggregation {
    case Aggregation.absorption: if joint != longest.nominalDays { _ = report(.absorptionNotLongest) }
    case Aggregation.addition: if joint != sum.nominalDays { _ = report(.additionNotSum) }
    default:
      if joint < longest.nominalDays, !report(.partialBelowLongest) { return }
      if joint > sum.nominalDays { _ = report(.partialAboveSum) }
    }
  }

  static func isConsistent(_ slots: UnsafeBufferPointer<Int64>, _ layout: FactLayout, offences: Int) -> Bool {
    var consistent = true
    check(slots, layout, offences: offences) { _ in
      consistent = false
      return false
    }
    return consistent
  }
}

extension CaseFacts {
  /// Whether the record does not contradict itself; ``contradictions()`` says how it does.
  package var isConsistent: Bool {
    slots.withUnsafeBufferPointer { Consistency.isConsistent($0, layout, offences: offences.count) }
  }

  /// Every way in which the record contradicts itself, in the order of its members.
  package func contradictions() -> [Contradiction] {
    var broken: [Consistency.Rule] = []
    slots.withUnsafeBufferPointer { slots in
      Consistency.check(slots, layout, offences: offences.count) { rule in
        broken.append(rule)
        return true
      }
    }
    return broken.map(contradiction)
  }

  private func contradiction(_ rule: Consistency.Rule) -> Contradiction {
    func at(_ offence: Int, _ member: String) -> String { "/offences/\(offences[offence].position)/\(member)" }
    return switch rule {
    case .offenceEndsBeforeStart(let n): .init(pointer: at(n, "committedThrough"), message: "lies before committedFrom")
    case .offenceAfterSentence(let n): .init(pointer: at(n, "committedThrough"), message: "lies after the day the sentence was imposed")
    case .bornAfterOffence(let n): .init(pointer: "/person/bornOn", message: "lies after offence \(offences[n].id) was committed")
    case .termNotPositive: .init(pointer: "/sentence/term", message: "is not longer than nothing")
    case .offenceTermNotPositive(let n): .init(pointer: at(n, "sentence/term"), message: "is not longer than nothing")
    case .servedBeforeImposed: .init(pointer: "/sentence/servedOn", message: "lies before imposedOn")
    case .servedBeforeEnd: .init(pointer: "/sentence/servedOn", message: "lies before the end of the term less credit")
    case .servedAndDetained: .init(pointer: "/detained", message: "is true although the sentence is served")
    case .finalBeforeImposed: .init(pointer: "/sentence/finalOn", message: "lies before imposedOn")
    case .currentEndBeforeStart: .init(pointer: "/sentence/currentEnd", message: "lies before startsOn")
    case .singleWithSeveral: .init(pointer: "/sentence/aggregation", message: "is single, but there are several offences")
    case .absorptionNotLongest: .init(pointer: "/sentence/term", message: "is not the longest of its parts, as absorption says")
    case .additionNotSum: .init(pointer: "/sentence/term", message: "is not the sum of its parts, as addition says")
    case .partialBelowLongest: .init(pointer: "/sentence/term", message: "is shorter than the longest of its parts")
    case .partialAboveSum: .init(pointer: "/sentence/term", message: "is longer than the sum of its parts")
    }
  }
}
