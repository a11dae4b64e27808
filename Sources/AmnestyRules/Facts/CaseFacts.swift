// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// The facts of one record, each in its slot: what the rules read.
package struct CaseFacts: Sendable {
  /// Nobody said, or what was said is disputed.
  package static let unknown = Int64.min
  /// Said to be nothing of the kind: an optional member that a record leaves out.
  package static let absent = Int64.max

  package let layout: FactLayout
  /// Positions in the record's own list, left-out offences not counted among them.
  package private(set) var offences: [Offence]
  package var slots: [Int64]
  /// Absolute slots whose value is disputed or cannot be known.
  package private(set) var withheld: [Int] = []
  /// Offences, by index, of which it is disputed or cannot be known whether they were dropped.
  package var doubtful: [Int] = []
  /// The sentence carries punishments beside the main one.
  package var hasAdditionalPunishments = false

  package struct Offence: Sendable {
    package var id: String
    /// Index in the record, for pointers.
    package var position: Int

    package init(id: String, position: Int) {
      self.id = id
      self.position = position
    }
  }

  package init(layout: FactLayout, offences: [Offence]) {
    self.layout = layout
    self.offences = offences
    slots = [Int64](repeating: CaseFacts.unknown, count: layout.recordSlots + offences.count * OffenceSlot.count)
    slots[RecordSlot.exclusions] = 0
    slots[RecordSlot.finalOn] = CaseFacts.absent
    slots[RecordSlot.currentEnd] = CaseFacts.absent
    for offence in offences.indices {
      for slot in [OffenceSlot.stage, OffenceSlot.kind, OffenceSlot.term] { self[offence, slot] = CaseFacts.absent }
    }
  }

  /// Whether an offence's own kind of punishment counts. Under a sentence for one offence the main punishment is the sentence's; an offence's
  /// own kind tells the parts of a joint one apart.
  package var hasOwnKinds: Bool { offences.count > 1 }

  package subscript(ref: FactRef, offence offence: Int) -> Int64 {
    get { slots[layout.index(ref, offence: offence)] }
    set { slots[layout.index(ref, offence: offence)] = newValue }
  }

  package subscript(record slot: Int) -> Int64 {
    get { slots[slot] }
    set { slots[slot] = newValue }
  }

  package subscript(offence: Int, slot: Int) -> Int64 {
    get { slots[layout.recordSlots + offence * OffenceSlot.count + slot] }
    set { slots[layout.recordSlots + offence * OffenceSlot.count + slot] = newValue }
  }

  /// Sets a fact by its name in act files and its text; false where the text is no value of it or the name is unknown.
  @discardableResult
  package mutating func set(_ name: String, offence: Int = 0, to text: String) -> Bool {
    guard let ref = layout.ref(named: name), let value = layout.fact(ref).type.value(of: text) else { return false }
    self[ref, offence: offence] = value
    return true
  }

  /// Takes a disputed or unknowable fact out: its value is ignored and nobody is asked for it.
  package mutating func withhold(_ index: Int) {
    slots[index] = CaseFacts.unknown
    withheld.append(index)
  }

  /// The JSON Pointer of an absolute slot in the record as it was given.
  package func pointer(_ index: Int) -> String {
    let (ref, offence) = layout.locate(index)
    let own = layout.fact(ref).pointer
    return if let offence { "/offences/\(offences[offence].position)\(own)" } else { own }
  }
}
