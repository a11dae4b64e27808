// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules
internal import AmnestyWire

extension CaseFacts {
  /// The facts of a scanned record under an act, without a message between; nil where ``RecordReader`` has to say what the record is.
  ///
  /// That is every record with something disputed, unknowable, declared or contradictory in it: what is here is the record of most people.
  init?(_ scan: CaseRecord.Scan, in bytes: UnsafeRawBufferPointer, under act: ServedAct) {
    guard scan.disputed.count == 0, scan.unknowable.count == 0, 1...CaseFacts.mostScannedOffences ~= scan.offences.count else { return nil }
    if scan.person.iin.isPresent, !IndividualIdentificationNumber.isValid(utf8: scan.person.iin.bytes(in: bytes)) { return nil }
    var offences: [CaseFacts.Offence] = []
    offences.reserveCapacity(scan.offences.count)
    for (position, offence) in scan.offences.enumerated() where offence.dropped != true {
      offences.append(CaseFacts.Offence(id: offence.id.string(in: bytes), position: position))
    }
    guard !offences.isEmpty, !CaseFacts.mayRepeatID(scan.offences, in: bytes) else { return nil }
    self.init(layout: act.act.layout, offences: offences)
    let isFilled = slots.withUnsafeMutableBufferPointer { slots -> Bool in
      var filler = SlotFiller(slots: slots, bytes: bytes)
      filler.fill(scan)
      for (index, offence) in offences.enumerated() {
        filler.base = layout.base(ofOffence: index)
        filler.fill(scan.offences[offence.position])
      }
      return filler.isUsual
    }
    guard isFilled, isConsistent else { return nil }
    hasAdditionalPunishments = scan.sentence.additional.count > 0
  }

  /// A record of more is read as a message: ids are compared one by one here.
  private static let mostScannedOffences = 16

  /// Whether two offences have the same id, or may have: strings beyond ASCII can be equal and differ in bytes.
  private static func mayRepeatID(_ offences: [AmnestyWire.Offence.Scan], in bytes: UnsafeRawBufferPointer) -> Bool {
    guard offences.count > 1 else { return false }
    for index in offences.indices {
      let id = offences[index].id.bytes(in: bytes)
      if id.contains(where: { $0 >= 0x80 }) { return true }
      for other in offences[..<index] where other.id.bytes(in: bytes).elementsEqual(id) { return true }
    }
    return false
  }
}

/// Puts the values of a scan into the slots of a record.
private struct SlotFiller {
  let slots: UnsafeMutableBufferPointer<Int64>
  let bytes: UnsafeRawBufferPointer
  /// The first slot of the offence in hand; 0 for the record's own.
  var base = 0
  /// False once a value was met that only an error can tell of.
  private(set) var isUsual = true

  init(slots: UnsafeMutableBufferPointer<Int64>, bytes: UnsafeRawBufferPointer) {
    self.slots = slots
    self.bytes = bytes
  }

  mutating func fill(_ record: CaseRecord.Scan) {
    set(RecordSlot.stage, record.stage)
    set(RecordSlot.recidivism, record.recidivism)
    set(RecordSlot.objectsToTermination, record.objectsToTermination.map { $0 ? 1 : 0 })
    set(RecordSlot.detained, record.detained.map { $0 ? 1 : 0 })
    setDay(RecordSlot.bornOn, record.person.bornOn)
    if record.person.exclusions.isPresent { set(RecordSlot.exclusions, record.person.exclusions.bits) }
    let sentence = record.sentence
    setDay(RecordSlot.imposedOn, sentence.imposedOn)
    set(RecordSlot.kind, sentence.kind)
    setTerm(RecordSlot.term, sentence.term)
    setDay(RecordSlot.startsOn, sentence.startsOn)
    set(RecordSlot.creditDays, sentence.creditDays)
    set(RecordSlot.aggregation, sentence.aggregation)
    setDay(RecordSlot.servedOn, sentence.servedOn)
    setDay(RecordSlot.finalOn, sentence.finalOn)
    setDay(RecordSlot.currentEnd, sentence.currentEnd)
    if let amount = sentence.amount, amount > RecordReader.greatestInteger { isUsual = false }
    set(RecordSlot.amount, sentence.amount)
  }

  mutating func fill(_ offence: AmnestyWire.Offence.Scan) {
    if offence.article.isPresent { set(OffenceSlot.article, Article(utf8: offence.article.bytes(in: bytes))?.code) }
    set(OffenceSlot.part, offence.part)
    set(OffenceSlot.gravity, offence.gravity)
    setDay(OffenceSlot.committedFrom, offence.committedFrom)
    setDay(OffenceSlot.committedThrough, offence.committedThrough)
    if offence.territory.isPresent { set(OffenceSlot.territory, Territory.value(ofUTF8: offence.territory.bytes(in: bytes))) }
    set(OffenceSlot.nexus, offence.nexus)
    if offence.classes.isPresent { set(OffenceSlot.classes, offence.classes.bits) }
    set(OffenceSlot.stage, offence.stage)
    set(OffenceSlot.kind, offence.sentence.kind)
    setTerm(OffenceSlot.term, offence.sentence.term)
  }

  private mutating func set(_ slot: Int, _ value: Int64?) {
    guard let value else { return }
    guard slots.indices.contains(base + slot) else {
      isUsual = false
      return
    }
    slots[base + slot] = value
  }

  /// The words of the wire are numbered as those of the rules; a test holds the two lists side by side.
  private mutating func set(_ slot: Int, _ word: ScannedWord) {
    if word.isPresent { set(slot, Int64(word.index)) }
  }

  private mutating func setDay(_ slot: Int, _ text: ScannedPlace) {
    guard text.isPresent else { return }
    guard let day = Day(utf8: text.bytes(in: bytes)) else {
      isUsual = false
      return
    }
    set(slot, Int64(day.number))
  }

  private mutating func setTerm(_ slot: Int, _ text: ScannedPlace) {
    if text.isPresent { set(slot, Term(utf8: text.bytes(in: bytes))?.packed) }
  }
}
