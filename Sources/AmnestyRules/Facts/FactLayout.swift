// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Where each fact of a record stands among its slots, under one act.
///
/// A slot index below `FactRef.offenceBase` is the record's; above, it counts from the first slot of the offence in hand.
package struct FactRef: Sendable, Hashable, BitwiseCopyable {
  package static let offenceBase: Int16 = 1024

  package var raw: Int16

  package static func record(_ slot: Int) -> FactRef { FactRef(raw: Int16(slot)) }
  package static func offence(_ slot: Int) -> FactRef { FactRef(raw: offenceBase + Int16(slot)) }

  package var isOffence: Bool { raw >= FactRef.offenceBase }
  /// Index into the record's slots, or among the offence's.
  package var slot: Int { Int(isOffence ? raw - FactRef.offenceBase : raw) }

  /// The record's fact that stands in where the offence says nothing of its own.
  package var fallback: FactRef? {
    switch self {
    case .offence(OffenceSlot.stage): .record(RecordSlot.stage)
    case .offence(OffenceSlot.kind): .record(RecordSlot.kind)
    default: nil
    }
  }
}

package final class FactLayout: Sendable {
  /// The record's facts, then the act's declared ones.
  package let record: [Fact]
  package let offence: [Fact]
  package let declared: [DeclaredFact]
  private let refs: [String: FactRef]

  package init(declared: [DeclaredFact]) {
    let own = declared.map { fact in
      let type: FactType =
        switch fact.kind {
        case .boolean: .boolean
        case .integer: .integer
        case .day: .day
        case .term: .term
        case .word(let words): .word(words)
        case .words(let words): .words(words)
        }
      return Fact(fact.name, .record, type, "/facts/" + fact.name)
    }
    self.declared = declared
    record = FactVocabulary.record + own
    offence = FactVocabulary.offence
    var refs: [String: FactRef] = [:]
    for (slot, fact) in record.enumerated() { refs[fact.name] = .record(slot) }
    for (slot, fact) in offence.enumerated() { refs[fact.name] = .offence(slot) }
    self.refs = refs
    recordSlots = record.count
  }

  package let recordSlots: Int

  package func ref(named name: String) -> FactRef? { refs[name] }

  package func fact(_ ref: FactRef) -> Fact { ref.isOffence ? offence[ref.slot] : record[ref.slot] }

  package var names: [String] { record.map(\.name) + offence.map(\.name) }

  /// Absolute slot of a fact.
  package func index(_ ref: FactRef, offence: Int) -> Int {
    ref.isOffence ? recordSlots + offence * OffenceSlot.count + ref.slot : ref.slot
  }

  package func base(ofOffence offence: Int) -> Int { recordSlots + offence * OffenceSlot.count }

  /// The fact and, where it is an offence's, the offence of an absolute slot.
  package func locate(_ index: Int) -> (ref: FactRef, offence: Int?) {
    if index < recordSlots { return (.record(index), nil) }
    let (offence, slot) = (index - recordSlots).quotientAndRemainder(dividingBy: OffenceSlot.count)
    return (.offence(slot), offence)
  }
}
