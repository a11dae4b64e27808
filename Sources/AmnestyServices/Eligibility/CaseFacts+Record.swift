// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules
internal import AmnestyWire

extension CaseFacts {
  /// The facts of a record under an act.
  ///
  /// - Throws: INVALID_ARGUMENT, `INVALID_FIELD` for facts that no act declares and pointers that name nothing, `CONTRADICTORY_RECORD` with
  ///   every way in which the record contradicts itself.
  init(_ record: CaseRecord, under act: ServedAct, in acts: ActSnapshot) throws(Status) {
    var reader = RecordReader(record, act, acts)
    self = try reader.read()
  }
}

/// Takes one record apart.
struct RecordReader {
  private let record: CaseRecord
  private let act: ServedAct
  private let acts: ActSnapshot
  private var facts: CaseFacts
  private var invalid = Violations()
  private var contradictory = Violations()
  /// Slots whose day has the shape of a day but does not exist.
  private var impossibleDays: [Int] = []

  /// The greatest integer of I-JSON; it also keeps arithmetic far from its bounds.
  static let greatestInteger: Int64 = 9_007_199_254_740_991

  init(_ record: CaseRecord, _ act: ServedAct, _ acts: ActSnapshot) {
    self.record = record
    self.act = act
    self.acts = acts
    var offences: [CaseFacts.Offence] = []
    offences.reserveCapacity(record.offences.count)
    let doubts = RecordReader.doubts(record)
    var doubtful: [Int] = []
    for (position, offence) in record.offences.enumerated() {
      let isDoubtful = RecordReader.isDropDoubtful(position, record, doubts)
      if offence.dropped == true, !isDoubtful { continue }
      if isDoubtful { doubtful.append(offences.count) }
      offences.append(CaseFacts.Offence(id: offence.id, position: position))
    }
    facts = CaseFacts(layout: act.act.layout, offences: offences)
    facts.doubtful = doubtful
  }

  /// Pointers that can put in doubt whether an offence was dropped, each once.
  private static func doubts(_ record: CaseRecord) -> Set<String> {
    var result: Set<String> = []
    for list in [record.disputed ?? [], record.unknowable ?? []] {
      for pointer in list where pointer.isEmpty || pointer.hasPrefix("/offences") { result.insert(pointer) }
    }
    return result
  }

  private static func isDropDoubtful(_ position: Int, _ record: CaseRecord, _ doubts: Set<String>) -> Bool {
    if doubts.isEmpty { return false }
    let own = "/offences/\(position)"
    if doubts.contains(own + "/dropped") { return true }
    // A whole that is disputed disputes what is stated in it.
    return record.offences[position].dropped != nil && !doubts.isDisjoint(with: ["", "/offences", own])
  }

  /// Far above any case; what an answer costs grows with it.
  private static let mostOffences = 256

  mutating func read() throws(Status) -> CaseFacts {
    if record.offences.count > RecordReader.mostOffences {
      invalid.add(
        "/record/offences",
        "has \(record.offences.count) elements; at most \(RecordReader.mostOffences) are taken, so send the case in parts")
      throw invalid.invalidField
    }
    readRecord()
    for offence in facts.offences.indices { readOffence(offence) }
    if let declared = record.facts, !declared.isEmpty { readDeclared(declared) }
    withhold()
    if !invalid.isEmpty { throw invalid.invalidField }
    settleDoubt()
    findContradictions()
    if !contradictory.isEmpty { throw contradictory.contradictoryRecord }
    return facts
  }

  // MARK: Members

  private mutating func readRecord() {
    if let stage = record.stage { facts[record: RecordSlot.stage] = stage.slot }
    if let recidivism = record.recidivism { facts[record: RecordSlot.recidivism] = recidivism.slot }
    if let objects = record.objectsToTermination { facts[record: RecordSlot.objectsToTermination] = objects ? 1 : 0 }
    if let detained = record.detained { facts[record: RecordSlot.detained] = detained ? 1 : 0 }
    if let person = record.person {
      setDay(person.bornOn, RecordSlot.bornOn)
      if let exclusions = person.exclusions { facts[record: RecordSlot.exclusions] = OffenceClass.set(exclusions) }
    }
    guard let sentence = record.sentence else { return }
    setDay(sentence.imposedOn, RecordSlot.imposedOn)
    if let kind = sentence.kind { facts[record: RecordSlot.kind] = kind.slot }
    setTerm(sentence.term, RecordSlot.term)
    setDay(sentence.startsOn, RecordSlot.startsOn)
    if let credit = sentence.creditDays { facts[record: RecordSlot.creditDays] = Int64(credit) }
    if let aggregation = sentence.aggregation { facts[record: RecordSlot.aggregation] = aggregation.slot }
    setDay(sentence.servedOn, RecordSlot.servedOn)
    setDay(sentence.finalOn, RecordSlot.finalOn)
    setDay(sentence.currentEnd, RecordSlot.currentEnd)
    if let amount = sentence.amount {
      if amount > RecordReader.greatestInteger {
        invalid.add("/record/sentence/amount", "must be at most \(RecordReader.greatestInteger)")
      } else {
        facts[record: RecordSlot.amount] = Int64(amount)
      }
    }
    facts.hasAdditionalPunishments = !(sentence.additional ?? []).isEmpty
  }

  private mutating func readOffence(_ index: Int) {
    let offence = record.offences[facts.offences[index].position]
    let base = facts.layout.base(ofOffence: index)
    if let article = offence.article.flatMap({ Article($0) }) { facts.slots[base + OffenceSlot.article] = article.code }
    if let part = offence.part { facts.slots[base + OffenceSlot.part] = Int64(part) }
    if let gravity = offence.gravity { facts.slots[base + OffenceSlot.gravity] = gravity.slot }
    setDay(offence.committedFrom, base + OffenceSlot.committedFrom)
    setDay(offence.committedThrough, base + OffenceSlot.committedThrough)
    if let territory = offence.territory.flatMap({ Territory.value(of: $0) }) { facts.slots[base + OffenceSlot.territory] = territory }
    if let nexus = offence.nexus { facts.slots[base + OffenceSlot.nexus] = nexus.slot }
    if let classes = offence.classes { facts.slots[base + OffenceSlot.classes] = OffenceClass.set(classes) }
    if let stage = offence.stage { facts.slots[base + OffenceSlot.stage] = stage.slot }
    if let sentence = offence.sentence {
      if let kind = sentence.kind { facts.slots[base + OffenceSlot.kind] = kind.slot }
      setTerm(sentence.term, base + OffenceSlot.term)
    }
  }

  private mutating func setDay(_ text: String?, _ slot: Int) {
    guard let text else { return }
    if let day = Day(text) { facts.slots[slot] = Int64(day.number) } else { impossibleDays.append(slot) }
  }

  private mutating func setTerm(_ text: String?, _ slot: Int) {
    if let term = text.flatMap({ Term($0) }) { facts.slots[slot] = term.packed }
  }

  // MARK: Declared facts

  private mutating func readDeclared(_ values: [String: FactValue]) {
    // A dictionary has no order of its own; errors shall have one.
    for (name, value) in values.sorted(by: { $0.key < $1.key }) {
      func field() -> String { "/record/facts/" + Status.bounded(name.escapedForPointer) }
      if let own = act.declared[name] {
        switch RecordReader.slotValue(value, own.kind) {
        case .value(let number): facts.slots[own.slot] = number
        case .impossibleDay: impossibleDays.append(own.slot)
        case .wrongType: invalid.add(field(), "must be \(own.kind.words)")
        }
      } else if let kinds = acts.declared[name] {
        // Another act's fact: checked, and then of no effect here.
        let fits = kinds.contains { kind in
          if case .wrongType = RecordReader.slotValue(value, kind) { false } else { true }
        }
        if !fits { invalid.add(field(), "must be \(kinds.map(\.words).joined(separator: ", or "))") }
      } else {
        let known = acts.declared.keys.sorted().joined(separator: ", ")
        invalid.add(
          field(), "is declared by no loaded act\(known.isEmpty ? "; leave it out" : "; declared are \(Status.bounded(known, to: 1000))")")
      }
    }
  }

  private enum SlotValue {
    case value(Int64)
    case impossibleDay
    case wrongType
  }

  private static func slotValue(_ value: FactValue, _ kind: DeclaredFact.Kind) -> SlotValue {
    switch (kind, value) {
    case (.boolean, .bool(let flag)): return .value(flag ? 1 : 0)
    case (.integer, .integer(let number)): return number.magnitude <= greatestInteger ? .value(number) : .wrongType
    case (.day, .string(let text)):
      if let day = Day(text) { return .value(Int64(day.number)) }
      return text.hasShapeOfDay ? .impossibleDay : .wrongType
    case (.term, .string(let text)): return Term(text).map { .value($0.packed) } ?? .wrongType
    case (.word(let words), .string(let text)): return words.firstIndex(of: text).map { .value(Int64($0)) } ?? .wrongType
    case (.words(let words), .strings(let texts)):
      var set: Int64 = 0
      for text in texts {
        guard let index = words.firstIndex(of: text) else { return .wrongType }
        set |= 1 << Int64(index)
      }
      return .value(set)
    default: return .wrongType
    }
  }

  // MARK: Disputed and unknowable facts

  private mutating func withhold() {
    let lists = [("disputed", record.disputed ?? []), ("unknowable", record.unknowable ?? [])]
    guard lists.contains(where: { !$0.1.isEmpty }) else { return }
    var withholding = Withholding(record: record, act: act, acts: acts, facts: facts)
    for (member, pointers) in lists {
      for (index, pointer) in pointers.enumerated() {
        switch withholding.add(pointer) {
        case .named: break
        case .unknownMember:
          invalid.add(
            "/record/\(member)/\(index)", "names no member of a record: \(Status.bounded(pointer)); give a JSON Pointer such as /recidivism"
          )
        case .outOfRange:
          invalid.add("/record/\(member)/\(index)", "names an element that the record does not have: \(Status.bounded(pointer))")
        }
      }
    }
    for slot in withholding.slots.indices where withholding.slots[slot] { facts.withhold(slot) }
    // A disputed value is ignored, also where it makes no sense.
    impossibleDays.removeAll { withholding.slots[$0] }
  }

  // MARK: Contradictions

  /// Of the record with its doubtful offences and without them, one may be impossible: then the other is what happened.
  private mutating func settleDoubt() {
    guard let rest = facts.withoutDoubtful() else { return }
    if rest.offences.isEmpty || !rest.contradictions().isEmpty {
      facts.doubtful = []
    } else if !facts.contradictions().isEmpty {
      facts = rest
    }
  }

  private mutating func findContradictions() {
    if facts.offences.isEmpty {
      contradictory.add("/record/offences", record.offences.isEmpty ? "is empty; a case has an offence" : "has only dropped offences")
    }
    findRepeatedIDs()
    if let iin = record.person?.iin, !IndividualIdentificationNumber.isValid(iin), !isIINWithheld {
      contradictory.add("/record/person/iin", "has a wrong control digit")
    }
    for slot in impossibleDays { contradictory.add("/record" + facts.pointer(slot), "is a day that does not exist") }
    for contradiction in facts.contradictions() { contradictory.add("/record" + contradiction.pointer, contradiction.message) }
  }

  private mutating func findRepeatedIDs() {
    guard record.offences.count > 1 else { return }
    var seen: [String: Int] = [:]
    for (position, offence) in record.offences.enumerated() {
      if let first = seen[offence.id] {
        contradictory.add("/record/offences/\(position)/id", "is the id of offence \(first) too")
      } else {
        seen[offence.id] = position
      }
    }
  }

  private var isIINWithheld: Bool {
    [record.disputed, record.unknowable].contains { $0?.contains { ["/person/iin", "/person", ""].contains($0) } ?? false }
  }
}

extension DeclaredFact.Kind {
  /// What a value has to be, for errors.
  fileprivate var words: String {
    switch self {
    case .boolean: "true or false"
    case .integer: "an integer"
    case .day: "a day as YYYY-MM-DD"
    case .term: "a duration such as P5Y, P1Y3M or P10D"
    case .word(let words): "one of " + words.joined(separator: ", ")
    case .words(let words): "a list of " + words.joined(separator: ", ")
    }
  }
}

extension String {
  fileprivate var hasShapeOfDay: Bool {
    let bytes = Array(utf8)
    return bytes.count == 10
      && bytes.enumerated().allSatisfy { index, byte in
        index == 4 || index == 7 ? byte == UInt8(ascii: "-") : (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      }
  }

  fileprivate var escapedForPointer: String {
    guard contains(where: { $0 == "~" || $0 == "/" }) else { return self }
    return map { $0 == "~" ? "~0" : $0 == "/" ? "~1" : String($0) }.joined()
  }
}
