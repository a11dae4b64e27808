// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Runs an act over the slots of a record. One code path, whether or not reasons are wanted: the trace is what it leaves in `truths`.
///
/// It works on memory lent for the time of one assessment, so that no node tried costs a count or an allocation. Copies share it.
struct Evaluator {
  static let notTried: UInt8 = 0xff

  /// Outlives the evaluator, which is lent: so a copy of the evaluator need not count it.
  unowned(unsafe) let act: CompiledAct
  private let tables: ActTables
  /// The act's conditions; a review puts constants in their place to see what they decide.
  var nodes: UnsafeBufferPointer<ConditionNode>
  private let recordSlots: Int
  let asOf: Int32
  /// The reading of the remainder rule that a person chose; nil: the act's default decides, and the others are shown beside it.
  let chosenAnswer: Choice.Answer?
  let offenceCount: Int
  /// Changed in place while completions are tried.
  let slots: UnsafeMutableBufferPointer<Int64>
  /// Truth of each provision for the offence evaluated last.
  let truths: UnsafeMutableBufferPointer<UInt8>
  /// Truth of each offence's own exclusions, for the bar of the person; empty where nothing bars.
  private let bars: UnsafeMutableBufferPointer<Truth>
  private var base = 0
  private var firstUnknown = -1
  /// The day of birth that ages were measured from last, taken apart: an act measures several from the same one.
  private var birth = (number: CaseFacts.unknown, civil: (year: 0, month: 0, day: 0))

  /// Lends an evaluator of the facts to `body`; it must not leave it.
  static func with<R>(
    _ act: CompiledAct, _ facts: CaseFacts, asOf: Day, chosen: Choice.Answer? = nil, _ body: (inout Evaluator) -> R
  ) -> R {
    let offences = facts.offences.count
    let bars = offences > 1 && act.personBar != nil ? offences : 0
    let slotCount = facts.slots.count
    let truthCount = act.shapes.count
    // One piece of memory: the slots, then a byte for each truth and bar.
    return withUnsafeTemporaryAllocation(byteCount: slotCount * 8 + truthCount + bars, alignment: 8) { memory in
      let slots = UnsafeMutableRawBufferPointer(rebasing: memory[..<(slotCount * 8)]).bindMemory(to: Int64.self)
      let bytes = UnsafeMutableRawBufferPointer(rebasing: memory[(slotCount * 8)...])
      let truths = UnsafeMutableRawBufferPointer(rebasing: bytes[..<truthCount]).bindMemory(to: UInt8.self)
      let bars = UnsafeMutableRawBufferPointer(rebasing: bytes[truthCount...]).bindMemory(to: Truth.self)
      _ = slots.initialize(fromContentsOf: facts.slots)
      if !facts.hasOwnKinds, offences > 0 { slots[act.layout.recordSlots + OffenceSlot.kind] = CaseFacts.absent }
      truths.initialize(repeating: notTried)
      bars.initialize(repeating: .no)
      return withExtendedLifetime(act) {
        var evaluator = Evaluator(act, slots, truths, bars, asOf: asOf, chosen: chosen, offences: offences)
        return body(&evaluator)
      }
    }
  }

  private init(
    _ act: CompiledAct, _ slots: UnsafeMutableBufferPointer<Int64>, _ truths: UnsafeMutableBufferPointer<UInt8>,
    _ bars: UnsafeMutableBufferPointer<Truth>, asOf: Day, chosen: Choice.Answer?, offences: Int
  ) {
    self.act = act
    tables = act.tables
    nodes = tables.nodes
    recordSlots = act.layout.recordSlots
    self.slots = slots
    self.truths = truths
    self.bars = bars
    self.asOf = asOf.number
    chosenAnswer = chosen
    offenceCount = offences
  }

  private func start(ofOffence offence: Int) -> Int { recordSlots + offence * OffenceSlot.count }

  // MARK: An offence

  /// Has to run before findings, and again after a change of slots, where several offences are barred by one another.
  mutating func evaluateBars() {
    guard !bars.isEmpty else { return }
    for offence in 0..<offenceCount { evaluateBar(offence) }
  }

  /// The same, where only this slot has changed.
  mutating func evaluateBars(after slot: Int) {
    guard !bars.isEmpty else { return }
    let (ref, offence) = act.layout.locate(slot)
    guard act.barFacts.contains(ref) else { return }
    if let offence { evaluateBar(offence) } else { evaluateBars() }
  }

  private mutating func evaluateBar(_ offence: Int) {
    base = start(ofOffence: offence)
    var bar = Truth.no
    for provision in act.offenceExclusions { bar = bar || truth(of: provision) }
    bars[offence] = bar
  }

  mutating func finding(_ offence: Int) -> Finding {
    truths.update(repeating: Evaluator.notTried)
    base = start(ofOffence: offence)
    var split = -1
    var openProvision: Int32 = -1
    var gate = Truth.yes
    var weakestTrue = Basis.text
    var strongestFalse: Basis?
    var decider: Int32 = -1

    for provision in tables.scope {
      firstUnknown = -1
      let truth = truth(of: provision)
      gate = gate && truth
      switch truth {
      case .yes: weakestTrue = min(weakestTrue, basis(provision, .yes))
      case .no:
        let basis = basis(provision, .no)
        if strongestFalse.map({ basis > $0 }) ?? true { (strongestFalse, decider) = (basis, provision) }
      case .open: if openProvision < 0 { openProvision = self.openProvision(under: provision) }
      case .unknown: if split < 0 { split = firstUnknown }
      }
    }
    for provision in tables.exclusions {
      firstUnknown = -1
      let truth = truth(of: provision)
      gate = gate && !truth
      switch truth {
      case .yes:
        let basis = basis(provision, .yes)
        if strongestFalse.map({ basis > $0 }) ?? true { (strongestFalse, decider) = (basis, provision) }
      case .no: weakestTrue = min(weakestTrue, savedBy(provision))
      case .open: if openProvision < 0 { openProvision = self.openProvision(under: provision) }
      case .unknown: if split < 0 { split = firstUnknown }
      }
    }
    if let bar = act.personBar, !bars.isEmpty {
      let (truth, unknown) = barOfOthers(than: offence)
      gate = gate && !truth
      truths[Int(bar)] = truth.rawValue
      switch truth {
      case .yes:
        let basis = tables.shapes[Int(bar)].basis
        if strongestFalse.map({ basis > $0 }) ?? true { (strongestFalse, decider) = (basis, bar) }
      case .open: if openProvision < 0 { openProvision = bar }
      case .unknown: if split < 0 { split = unknown }
      case .no: break
      }
    }
    if gate == .no { return Finding(result: .ineligible, provision: decider, basis: strongestFalse ?? .open) }

    let relief = self.relief()
    if relief.result == .ineligible { return relief }
    if gate == .unknown { return Finding(result: .unsettled, split: split) }
    if relief.result == .unsettled { return relief }
    if gate == .open { return Finding(result: .referred, effect: relief.effect, code: .openProvision, provision: openProvision) }
    if relief.result == .referred { return relief }
    if tables.effects[Int(relief.effect)].mayObject {
      switch slots[RecordSlot.objectsToTermination] {
      case 0: break
      case CaseFacts.unknown: return Finding(result: .unsettled, split: RecordSlot.objectsToTermination)
      default: return Finding(result: .referred, effect: relief.effect, code: .objection, provision: relief.provision)
      }
    }
    var granted = relief
    granted.basis = min(relief.basis, weakestTrue)
    return granted
  }

  /// The relief clauses alone, as if the offence were in scope.
  mutating func relief(_ offence: Int) -> Finding {
    base = start(ofOffence: offence)
    return relief()
  }

  /// One provision alone: its truth, and an unknown fact that it read.
  mutating func truth(of provision: Int32, _ offence: Int) -> (truth: Truth, split: Int) {
    base = start(ofOffence: offence)
    firstUnknown = -1
    return (truth(of: provision), firstUnknown)
  }

  // MARK: Relief

  private mutating func relief() -> Finding {
    switch act.reliefOrder {
    case .firstMatch: firstMatch()
    case .exclusive: onlyMatch()
    }
  }

  private func finding(_ clause: CompiledClause, _ truth: Truth) -> Finding {
    if truth == .open { return Finding(result: .referred, effect: clause.effect, code: .openProvision, provision: clause.provision) }
    if let code = tables.effects[Int(clause.effect)].referral { return Finding(result: .referred, code: code, provision: clause.provision) }
    return Finding(result: .eligible, effect: clause.effect, provision: clause.provision, basis: basis(clause.provision, .yes))
  }

  /// Whether two clauses come to the same for the person, so that not knowing which applies does not matter.
  private func agree(_ a: Finding, _ b: Finding) -> Bool {
    a.result == b.result && (a.result == .referred || a.effect == b.effect)
  }

  private mutating func firstMatch() -> Finding {
    var possible: Finding?
    var disagreement = false
    var split = -1
    var weakestFalse = Basis.text
    for clause in tables.clauses {
      firstUnknown = -1
      let truth = truth(of: clause.provision)
      if truth == .no {
        weakestFalse = min(weakestFalse, tables.shapes[Int(clause.provision)].basisWhenFalse)
        continue
      }
      var found = finding(clause, truth == .unknown ? .yes : truth)
      if truth == .unknown {
        if split < 0 { split = firstUnknown }
        if let earlier = possible { disagreement = disagreement || !agree(earlier, found) }
        found.basis = min(found.basis, possible?.basis ?? .text)
        possible = found
        continue
      }
      if let earlier = possible {
        if disagreement || !agree(earlier, found) { return Finding(result: .unsettled, split: split) }
        found.basis = min(found.basis, earlier.basis)
      }
      return found
    }
    if possible != nil { return Finding(result: .unsettled, split: split) }
    return Finding(result: .ineligible, basis: weakestFalse)
  }

  private mutating func onlyMatch() -> Finding {
    var match: Finding?
    var possible: Finding?
    var split = -1
    var conflict = false
    var disagreement = false
    var weakestFalse = Basis.text
    for clause in tables.clauses {
      firstUnknown = -1
      let truth = truth(of: clause.provision)
      switch truth {
      case .no: weakestFalse = min(weakestFalse, tables.shapes[Int(clause.provision)].basisWhenFalse)
      case .unknown:
        if split < 0 { split = firstUnknown }
        let found = finding(clause, .yes)
        if let other = possible { disagreement = disagreement || !agree(other, found) }
        possible = found
      case .yes, .open:
        let found = finding(clause, truth)
        if let other = match {
          conflict = conflict || !agree(other, found)
        } else {
          match = found
        }
      }
    }
    guard let match else {
      return possible == nil ? Finding(result: .ineligible, basis: weakestFalse) : Finding(result: .unsettled, split: split)
    }
    if conflict { return Finding(result: .referred, code: .draftingConflict, provision: match.provision) }
    if let possible, disagreement || !agree(match, possible) { return Finding(result: .unsettled, split: split) }
    return match
  }

  // MARK: Provisions

  private mutating func truth(of provision: Int32) -> Truth {
    let shape = tables.shapes[Int(provision)]
    var truth: Truth
    if shape.condition >= 0 {
      truth = self.truth(ofNode: shape.condition)
    } else {
      truth = .no
      for index in shape.firstAlternative..<shape.firstAlternative + shape.alternativeCount {
        truth = truth || self.truth(of: tables.alternatives[Int(index)])
      }
    }
    if truth != .no, shape.exceptionCount > 0 {
      for index in shape.firstException..<shape.firstException + shape.exceptionCount {
        truth = truth && !self.truth(of: tables.alternatives[Int(index)])
      }
    }
    truths[Int(provision)] = truth.rawValue
    return truth
  }

  /// Basis of what was found of a provision: with alternatives the strongest that suffices, or the weakest of those all needed to fail.
  private func basis(_ provision: Int32, _ truth: Truth) -> Basis {
    let shape = tables.shapes[Int(provision)]
    if shape.alternativeCount == 0 { return truth == .yes ? shape.basis : shape.basisWhenFalse }
    var result: Basis?
    for index in shape.firstAlternative..<shape.firstAlternative + shape.alternativeCount {
      let part = tables.alternatives[Int(index)]
      guard truths[Int(part)] == truth.rawValue else { continue }
      let basis = basis(part, truth)
      result = result.map { truth == .yes ? max($0, basis) : min($0, basis) } ?? basis
    }
    return result ?? (truth == .yes ? shape.basis : shape.basisWhenFalse)
  }

  /// Where an exclusion falls away by an exception, relief rests on that exception too.
  private func savedBy(_ provision: Int32) -> Basis {
    let shape = tables.shapes[Int(provision)]
    guard shape.exceptionCount > 0 else { return .text }
    var result: Basis?
    for index in shape.firstException..<shape.firstException + shape.exceptionCount {
      let exception = tables.alternatives[Int(index)]
      if truths[Int(exception)] == Truth.yes.rawValue { result = max(result ?? .open, tables.shapes[Int(exception)].basis) }
    }
    return result ?? .text
  }

  /// The innermost alternative or exception that is open, so that a human is told the very point.
  private func openProvision(under provision: Int32) -> Int32 {
    let shape = tables.shapes[Int(provision)]
    for (first, count) in [(shape.firstException, shape.exceptionCount), (shape.firstAlternative, shape.alternativeCount)] {
      for index in first..<first + count where truths[Int(tables.alternatives[Int(index)])] == Truth.open.rawValue {
        return openProvision(under: tables.alternatives[Int(index)])
      }
    }
    return provision
  }

  private mutating func barOfOthers(than offence: Int) -> (Truth, Int) {
    var truth = Truth.no
    for other in 0..<offenceCount where other != offence { truth = truth || bars[other] }
    guard truth == .unknown else { return (truth, -1) }
    // The unknown fact behind it: the first offence whose own exclusions are not settled.
    let (base, saved) = (self.base, Array(truths))
    defer {
      self.base = base
      _ = truths.update(fromContentsOf: saved)
    }
    for other in 0..<offenceCount where other != offence && bars[other] == .unknown {
      self.base = start(ofOffence: other)
      for provision in act.offenceExclusions {
        firstUnknown = -1
        if self.truth(of: provision) == .unknown, firstUnknown >= 0 { return (truth, firstUnknown) }
      }
    }
    return (truth, -1)
  }

  // MARK: Conditions

  @inline(__always)
  private func load(_ fact: FactRef) -> Int64 {
    fact.isOffence ? slots[base + fact.slot] : slots[fact.slot]
  }

  private mutating func unknown(_ index: Int) -> Truth {
    if firstUnknown < 0 { firstUnknown = index }
    return .unknown
  }

  private func index(_ fact: FactRef) -> Int { fact.isOffence ? base + fact.slot : fact.slot }

  /// The fact's value and the slot it stands in: the offence's own, or the record's where the offence says nothing.
  @inline(__always)
  private func value(_ node: UnsafePointer<ConditionNode>) -> (Int64, Int) {
    let own = load(node.pointee.fact)
    if own == CaseFacts.absent, let fallback = node.pointee.fallback { return (load(fallback), fallback.slot) }
    return (own, index(node.pointee.fact))
  }

  private mutating func truth(ofNode index: Int32) -> Truth {
    // By its place: copying a node costs more than most of them do.
    guard nodes.indices.contains(Int(index)), let node = nodes.baseAddress.map({ $0 + Int(index) }) else { return .unknown }
    switch node.pointee.operation {
    case .all:
      var truth = Truth.yes
      for child in node.pointee.first..<node.pointee.first + node.pointee.count {
        truth = truth && self.truth(ofNode: tables.children[Int(child)])
        if truth == .no { return .no }
      }
      return truth
    case .any:
      var truth = Truth.no
      for child in node.pointee.first..<node.pointee.first + node.pointee.count {
        truth = truth || self.truth(ofNode: tables.children[Int(child)])
        if truth == .yes { return .yes }
      }
      return truth
    case .not:
      return !truth(ofNode: tables.children[Int(node.pointee.first)])
    case .constant:
      return Truth(rawValue: UInt8(truncatingIfNeeded: node.pointee.a)) ?? .unknown
    case .inMask:
      let (value, slot) = value(node)
      if value == CaseFacts.unknown { return unknown(slot) }
      return Truth(value >= 0 && value < 64 && node.pointee.a & (1 << value) != 0)
    case .equals:
      let (value, slot) = value(node)
      return value == CaseFacts.unknown ? unknown(slot) : Truth(value == node.pointee.a)
    case .intersects:
      let (value, slot) = value(node)
      if value == CaseFacts.unknown { return unknown(slot) }
      return Truth(value != CaseFacts.absent && value & node.pointee.a != 0)
    case .compare:
      let (value, slot) = value(node)
      if value == CaseFacts.unknown { return unknown(slot) }
      return Truth(value != CaseFacts.absent && node.pointee.comparison.holds(value, node.pointee.a))
    case .stated:
      let (value, slot) = value(node)
      return value == CaseFacts.unknown ? unknown(slot) : Truth(value != CaseFacts.absent)
    case .compareDay: return compareDay(node)
    case .committedWithin: return committedWithin(node)
    case .articleIn: return articleIn(node)
    case .articleNumber:
      let (value, slot) = value(node)
      return value == CaseFacts.unknown ? unknown(slot) : Truth(node.pointee.comparison.holds(value / 100, node.pointee.a))
    case .ageUnder: return ageUnder(node)
    case .servedShare: return servedShare(node)
    case .remaining: return remaining(node)
    case .endsBefore:
      guard let end = originalEnd(), case .known(let day) = day(node.pointee.day) else { return .no }
      return Truth(end.number < day)
    }
  }

  private enum KnownDay {
    case known(Int32)
    case unknown(Int)
  }

  private func day(_ day: CompiledDay) -> KnownDay {
    switch day {
    case .constant(let number): return .known(number)
    case .asOf: return .known(asOf)
    case .fact(let ref):
      let value = load(ref)
      return value == CaseFacts.unknown || value == CaseFacts.absent ? .unknown(index(ref)) : .known(Int32(truncatingIfNeeded: value))
    case .inForceOrImposed(let inForce):
      let imposed = slots[RecordSlot.imposedOn]
      return imposed == CaseFacts.unknown ? .unknown(RecordSlot.imposedOn) : .known(max(inForce, Int32(truncatingIfNeeded: imposed)))
    case .offence, .range: return .unknown(-1)
    }
  }

  /// Day of a reference outside any offence; nil where it is not known.
  func known(_ reference: CompiledDay) -> Day? {
    if case .fact(let ref) = reference, ref.isOffence { return nil }
    guard case .known(let day) = day(reference) else { return nil }
    return Day(number: day)
  }

  func recordDay(_ slot: Int) -> Day? {
    let value = slots[slot]
    return value == CaseFacts.unknown || value == CaseFacts.absent ? nil : Day(number: Int32(truncatingIfNeeded: value))
  }

  private mutating func compareDay(_ node: UnsafePointer<ConditionNode>) -> Truth {
    let (value, slot) = value(node)
    if value == CaseFacts.unknown { return unknown(slot) }
    if value == CaseFacts.absent { return .no }
    switch day(node.pointee.day) {
    case .known(let day): return Truth(node.pointee.comparison.holds(value, Int64(day)))
    case .unknown(let slot): return unknown(slot)
    }
  }

  private mutating func committedWithin(_ node: UnsafePointer<ConditionNode>) -> Truth {
    let from = slots[base + OffenceSlot.committedFrom]
    let through = slots[base + OffenceSlot.committedThrough]
    let knowsFrom = from != CaseFacts.unknown
    let knowsThrough = through != CaseFacts.unknown
    if knowsFrom, from > node.pointee.b { return .no }
    if knowsThrough, through < node.pointee.a { return .no }
    if !knowsFrom { return unknown(base + OffenceSlot.committedFrom) }
    if !knowsThrough { return unknown(base + OffenceSlot.committedThrough) }
    return from >= node.pointee.a && through <= node.pointee.b ? .yes : .open
  }

  private mutating func articleIn(_ node: UnsafePointer<ConditionNode>) -> Truth {
    let article = slots[base + OffenceSlot.article]
    if article == CaseFacts.unknown { return unknown(base + OffenceSlot.article) }
    let parts = tables.parts(of: article, in: Int(node.pointee.a))
    if parts == 0 { return .no }
    if parts == ArticleTable.everyPart { return .yes }
    let part = slots[base + OffenceSlot.part]
    if part == CaseFacts.unknown { return unknown(base + OffenceSlot.part) }
    return Truth(part >= 0 && part < 63 && parts & (1 << UInt64(part)) != 0)
  }

  private mutating func ageUnder(_ node: UnsafePointer<ConditionNode>) -> Truth {
    let born = slots[RecordSlot.bornOn]
    if born == CaseFacts.unknown { return unknown(RecordSlot.bornOn) }
    if birth.number != born { birth = (born, Day(number: Int32(truncatingIfNeeded: born)).civil) }
    let birthday = Int64(Day.birthday(Int(node.pointee.a), of: birth.civil).number)
    var from: Int64
    var through: Int64
    switch node.pointee.day {
    case .offence:
      from = slots[base + OffenceSlot.committedFrom]
      through = slots[base + OffenceSlot.committedThrough]
      if through != CaseFacts.unknown, through < birthday { return .yes }
      if from != CaseFacts.unknown, from > birthday { return .no }
      if from == CaseFacts.unknown { return unknown(base + OffenceSlot.committedFrom) }
      if through == CaseFacts.unknown { return unknown(base + OffenceSlot.committedThrough) }
    case .range(let first, let span):
      from = Int64(first)
      through = Int64(first + span)
    default:
      switch day(node.pointee.day) {
      case .known(let day): (from, through) = (Int64(day), Int64(day))
      case .unknown(let slot): return unknown(slot)
      }
    }
    if through < birthday { return .yes }
    return from > birthday ? .no : .open
  }

  // MARK: The record's term

  /// Start of the term with custody credit taken off; nil where one of them is not known.
  func effectiveStart() -> Day? {
    let credit = slots[RecordSlot.creditDays]
    guard credit != CaseFacts.unknown, let start = recordDay(RecordSlot.startsOn) else { return nil }
    return start.adding(days: -credit)
  }

  func term() -> Term? {
    let term = slots[RecordSlot.term]
    return term == CaseFacts.unknown ? nil : Term(packed: term)
  }

  func originalEnd() -> Day? {
    guard let start = effectiveStart(), let term = term() else { return nil }
    return start.adding(term)
  }

  private mutating func unknownOfTerm() -> Truth {
    for slot in [RecordSlot.term, RecordSlot.startsOn, RecordSlot.creditDays] where slots[slot] == CaseFacts.unknown {
      return unknown(slot)
    }
    return .unknown
  }

  private mutating func servedShare(_ node: UnsafePointer<ConditionNode>) -> Truth {
    guard let start = effectiveStart(), let term = term(), let share = Fraction(node.pointee.a, node.pointee.b) else {
      return unknownOfTerm()
    }
    switch day(node.pointee.day) {
    case .known(let day): return Truth(start.adding(term.fraction(share, rounding: act.termRounding)).number <= day)
    case .unknown(let slot): return unknown(slot)
    }
  }

  private mutating func remaining(_ node: UnsafePointer<ConditionNode>) -> Truth {
    guard let end = originalEnd() else { return unknownOfTerm() }
    switch day(node.pointee.day) {
    case .known(let day): return Truth(node.pointee.comparison.holds(end, Day(number: day).adding(Term(packed: node.pointee.a))))
    case .unknown(let slot): return unknown(slot)
    }
  }
}
