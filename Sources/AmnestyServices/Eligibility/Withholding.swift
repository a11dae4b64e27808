// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules
internal import AmnestyWire

/// Which facts of a record the pointers of `disputed` and `unknowable` take out.
///
/// Each pointer costs its own length: one that names a parent marks what lies below it once, however often it is given.
struct Withholding {
  private let record: CaseRecord
  private let act: ServedAct
  private let acts: ActSnapshot
  private let layout: FactLayout
  /// Members that may be left out, and are: nobody disputes them by disputing what they could have stood in.
  private let unstated: [Bool]
  /// Marked slots.
  private(set) var slots: [Bool]
  /// Index among the assessed offences of each offence of the record; nil where it was dropped.
  private var assessed: [Int?]
  private var isEverything = false
  private var isEveryOffence = false

  enum Result {
    case named
    case unknownMember
    case outOfRange
  }

  init(record: CaseRecord, act: ServedAct, acts: ActSnapshot, facts: CaseFacts) {
    self.record = record
    self.act = act
    self.acts = acts
    layout = facts.layout
    slots = [Bool](repeating: false, count: facts.slots.count)
    unstated = facts.slots.enumerated().map { $1 == CaseFacts.absent || ($0 == RecordSlot.exclusions && record.person?.exclusions == nil) }
    assessed = [Int?](repeating: nil, count: record.offences.count)
    for (index, offence) in facts.offences.enumerated() { assessed[offence.position] = index }
  }

  mutating func add(_ pointer: String) -> Result {
    guard let target = RecordPointer(pointer) else { return .unknownMember }
    switch target {
    case .everything:
      if !isEverything { markStated(slots.indices) }
      isEverything = true
    case .record(let own):
      mark(own, from: 0)
    case .everyOffence:
      if !isEveryOffence { markStated(layout.recordSlots..<slots.count) }
      isEveryOffence = true
    case .offence(let position, let own):
      guard position < assessed.count else { return .outOfRange }
      if let index = assessed[position] { mark(own, from: layout.base(ofOffence: index)) }
    case .element(let list, let index):
      guard index < count(list) else { return .outOfRange }
      // An element in doubt puts the whole list in doubt.
      switch list {
      case .exclusions: slots[RecordSlot.exclusions] = true
      case .classes(let position): if let index = assessed[position] { slots[layout.base(ofOffence: index) + OffenceSlot.classes] = true }
      case .additional, .disputed, .unknowable: break
      }
    case .everyDeclaredFact:
      for fact in act.declared.values { slots[fact.slot] = true }
    case .declaredFact(let name):
      if let own = act.declared[name] { slots[own.slot] = true } else if acts.declared[name] == nil { return .unknownMember }
    }
    return .named
  }

  /// One slot is the fact that the pointer names; several lie below it.
  private mutating func mark(_ own: some Collection<Int>, from base: Int) {
    if own.count == 1 { for slot in own { slots[base + slot] = true } } else { markStated(own.lazy.map { base + $0 }) }
  }

  private mutating func markStated(_ indices: some Sequence<Int>) {
    for index in indices where !unstated[index] { slots[index] = true }
  }

  private func count(_ list: RecordPointer.RecordList) -> Int {
    switch list {
    case .exclusions: record.person?.exclusions?.count ?? 0
    case .additional: record.sentence?.additional?.count ?? 0
    case .disputed: record.disputed?.count ?? 0
    case .unknowable: record.unknowable?.count ?? 0
    case .classes(let position): position < record.offences.count ? record.offences[position].classes?.count ?? 0 : 0
    }
  }
}
