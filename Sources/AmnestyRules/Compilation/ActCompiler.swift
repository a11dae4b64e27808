// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Flattens an act's provisions and conditions, and notes which values of each fact they tell apart.
struct ActCompiler {
  let definition: ActDefinition
  let layout: FactLayout
  var problems: [ActProblem] = []
  var provisions: [CompiledAct.CompiledProvision] = []
  var shapes: [ProvisionShape] = []
  var alternatives: [Int32] = []
  var nodes: [ConditionNode] = []
  var nodePlaces: [NodePlace] = []
  var children: [Int32] = []
  var articleTables: [ArticleTable] = []
  var effects: [CompiledEffect] = []
  var measures: [String] = []
  var domains: [FactRef: FactDomain] = [:]
  private var ids: [String: Place] = [:]
  private var provision = ""
  private var factsRead: [FactRef] = []
  private var place = Place.unknown

  static let builtInMeasures = [
    "terminate_proceedings", "release_from_punishment", "remove_conviction", "reduce_term", "reduce_at_sentencing",
  ]

  init(_ definition: ActDefinition) {
    self.definition = definition
    layout = FactLayout(declared: definition.facts)
  }

  mutating func report(_ place: Place, _ provision: String?, _ message: String, hint: String? = nil) {
    problems.append(ActProblem(at: place, provision: provision, message, hint: hint))
  }

  // MARK: Provisions

  mutating func add(_ provision: Provision, _ kind: CompiledAct.CompiledProvision.Kind) -> Int32 {
    if let first = ids.updateValue(provision.place, forKey: provision.id) {
      report(
        provision.place, provision.id, "the id \(provision.id) is used twice, first at line \(first.line)",
        hint: "give each provision its own id")
    }
    let index = provisions.count
    provisions.append(
      .init(
        id: provision.id, kind: kind, basis: provision.basis, basisWhenFalse: provision.basisWhenFalse, text: provision.text,
        citation: provision.citation, referralNote: provision.referralNote ?? provision.text, place: provision.place, measure: nil,
        facts: []))
    shapes.append(ProvisionShape(basis: provision.basis, basisWhenFalse: provision.basisWhenFalse))
    var facts: [FactRef] = []
    switch provision.body {
    case .condition(let condition):
      self.provision = provision.id
      factsRead = []
      shapes[index].condition = compile(condition)
      facts = factsRead
    case .anyOf(let parts):
      let indices = parts.map { add($0, kind) }
      shapes[index].firstAlternative = Int32(alternatives.count)
      shapes[index].alternativeCount = Int32(indices.count)
      alternatives += indices
      for part in indices {
        for fact in provisions[Int(part)].facts where !facts.contains(fact) { facts.append(fact) }
      }
    }
    provisions[index].facts = facts
    let exceptions = provision.exceptions.map { add($0, .exception) }
    shapes[index].firstException = Int32(alternatives.count)
    shapes[index].exceptionCount = Int32(exceptions.count)
    alternatives += exceptions
    return Int32(index)
  }

  mutating func add(_ clause: ReliefClause) -> CompiledClause {
    let index = add(clause.provision, .relief)
    var compiled = CompiledEffect()
    if case .refer(let code) = clause.effect { compiled.referral = code }
    if case .grant(let relief) = clause.effect {
      if !ActCompiler.builtInMeasures.contains(relief.measure), !definition.measures.contains(relief.measure) {
        report(
          clause.provision.place, clause.provision.id, "the measure \(relief.measure) is not declared",
          hint: "add it to measures, or use one of \(ActCompiler.builtInMeasures.joined(separator: ", "))")
      }
      let measure = measures.firstIndex(of: relief.measure) ?? measures.count
      if measure == measures.count { measures.append(relief.measure) }
      compiled.measure = Int32(measure)
      compiled.mayObject = relief.mayObject
      provisions[Int(index)].measure = relief.measure
      if relief.mayObject { note(.record(RecordSlot.objectsToTermination)) { $0.values = [0, 1] } }
      place = clause.provision.place
      provision = clause.provision.id
      switch relief.punishment {
      case .untouched: break
      case .release(let day): compiled.punishment = .release(self.day(day))
      case .reduceAmount(let keep): compiled.punishment = .reduceAmount(keep: keep)
      case .reduceTerm(let cut):
        compiled.punishment = .reduceTerm(keep: cut.keep, base: cut.base, hasRemainder: cut.remainder != nil)
        if cut.base == .unserved || cut.remainder != nil, definition.inForceFrom == nil, !definition.isExcerpt {
          report(place, provision, "the remaining term is measured on the entry into force, which the act does not state")
        }
      }
    }
    let effect = effects.firstIndex(of: compiled) ?? effects.count
    if effect == effects.count { effects.append(compiled) }
    return CompiledClause(provision: index, effect: Int32(effect))
  }

  /// The remainder rule stands once in an act, however many clauses use it.
  mutating func addRemainder() -> CompiledRemainder? {
    var found: (rule: RemainderRule, compiled: CompiledRemainder)?
    for clause in definition.relief {
      guard case .grant(let relief) = clause.effect, case .reduceTerm(let cut) = relief.punishment, let rule = cut.remainder else {
        continue
      }
      if let found {
        if found.rule != rule {
          report(
            clause.provision.place, clause.provision.id, "a second remainder rule",
            hint: "an act has one; name it once and use it in each clause")
        }
        continue
      }
      guard let choice = definition.choices.firstIndex(where: { $0.id == rule.choice }) else {
        report(clause.provision.place, clause.provision.id, "the choice \(rule.choice) is not declared", hint: "add it to choices")
        continue
      }
      let compiled = CompiledRemainder(
        provision: add(rule.provision, .rule), limit: rule.limit, comparison: rule.comparison, choice: choice,
        defaultAnswer: definition.choices[choice].defaultAnswer)
      found = (rule, compiled)
    }
    return found?.compiled
  }

  // MARK: Conditions

  private mutating func note(_ fact: FactRef, _ change: (inout FactDomain) -> Void) {
    change(&domains[fact, default: FactDomain()])
    if let fallback = fact.fallback { change(&domains[fallback, default: FactDomain()]) }
  }

  private mutating func read(_ fact: FactRef) {
    if !factsRead.contains(fact) { factsRead.append(fact) }
  }

  private mutating func fact(_ name: String) -> FactRef? {
    guard let ref = layout.ref(named: name) else {
      let hint = closest(name, to: layout.names).map { "did you mean \($0)?" } ?? "declare it under facts"
      report(place, provision, "unknown fact \(name)", hint: hint)
      return nil
    }
    read(ref)
    return ref
  }

  private mutating func mismatch(_ name: String, _ wanted: String) {
    report(place, provision, "\(name) is not \(wanted)")
  }

  private mutating func append(_ node: ConditionNode) -> Int32 {
    nodes.append(node)
    nodePlaces.append(NodePlace(place: place, provision: provision))
    return Int32(nodes.count - 1)
  }

  private mutating func append(_ operation: ConditionNode.Operation, _ parts: [Condition]) -> Int32 {
    if parts.isEmpty { report(place, provision, "an empty list of conditions", hint: "name at least one") }
    let own = place
    let indices = parts.map { compile($0) }
    place = own
    var node = ConditionNode(operation)
    node.first = Int32(children.count)
    node.count = Int32(indices.count)
    children += indices
    return append(node)
  }

  private mutating func node(_ operation: ConditionNode.Operation, on ref: FactRef) -> ConditionNode {
    var node = ConditionNode(operation)
    node.fact = ref
    node.fallback = ref.fallback
    return node
  }

  private mutating func compile(_ condition: Condition) -> Int32 {
    place = condition.place
    switch condition.test {
    case .all(let parts): return append(.all, parts)
    case .any(let parts): return append(.any, parts)
    case .not(let part): return append(.not, [part])
    case .open: return append(.constant(.open))
    case .oneOf(let name, let values): return compileOneOf(name, values)
    case .contains(let name, let words): return compileContains(name, words)
    case .integer(let name, let comparison, let value):
      guard let ref = fact(name) else { return -1 }
      guard layout.fact(ref).type == .integer else { mismatch(name, "a number"); return -1 }
      note(ref) { $0.integers.insert(value) }
      var node = node(.compare, on: ref)
      node.comparison = comparison
      node.a = value
      return append(node)
    case .term(let name, let comparison, let term):
      guard let ref = fact(name) else { return -1 }
      guard layout.fact(ref).type == .term else { mismatch(name, "a term"); return -1 }
      note(ref) { $0.terms.insert(term.packed) }
      var node = node(.compare, on: ref)
      node.comparison = comparison
      node.a = term.packed
      return append(node)
    case .day(let name, let comparison, let reference):
      guard let ref = fact(name) else { return -1 }
      guard layout.fact(ref).type == .day else { mismatch(name, "a day"); return -1 }
      var node = node(.compareDay, on: ref)
      node.comparison = comparison
      node.day = day(reference)
      noteDay(node.day, comparedWith: ref)
      return append(node)
    case .stated(let name):
      guard let ref = fact(name) else { return -1 }
      guard layout.fact(ref).isOptional else {
        report(
          place, provision, "\(name) is never left out to say that there is none",
          hint: "only optional members can be tested for being stated")
        return -1
      }
      note(ref) { $0.values = [CaseFacts.absent, 0] }
      return append(node(.stated, on: ref))
    case .committedWithin(let from, let through):
      if through < from { report(place, provision, "the period ends before it begins") }
      read(.offence(OffenceSlot.committedFrom))
      read(.offence(OffenceSlot.committedThrough))
      for ref in [FactRef.offence(OffenceSlot.committedFrom), .offence(OffenceSlot.committedThrough)] {
        note(ref) { $0.days.formUnion([from.number, from.number - 1, through.number, through.number + 1]) }
      }
      var node = ConditionNode(.committedWithin)
      node.a = Int64(from.number)
      node.b = Int64(through.number)
      return append(node)
    case .article(let entries): return compileArticles(entries)
    case .articleNumber(let comparison, let number):
      let ref = FactRef.offence(OffenceSlot.article)
      read(ref)
      note(ref) { $0.articles.formUnion([number - 1, number, number + 1].filter { $0 > 0 }.map { Article(number: $0).code }) }
      var node = node(.articleNumber, on: ref)
      node.comparison = comparison
      node.a = Int64(number)
      return append(node)
    case .ageUnder(let years, let on): return compileAge(years, on)
    case .servedShare(let share, let on):
      var node = ConditionNode(.servedShare)
      node.a = share.numerator
      node.b = share.denominator
      node.day = day(on)
      measured(TermMeasure(limit: .served(share), day: node.day))
      return append(node)
    case .remaining(let comparison, let term, let on):
      var node = ConditionNode(.remaining)
      node.comparison = comparison
      node.a = term.packed
      node.day = day(on)
      measured(TermMeasure(limit: .remaining(term), day: node.day))
      return append(node)
    case .endsBefore(let reference):
      var node = ConditionNode(.endsBefore)
      node.day = day(reference)
      for slot in [RecordSlot.term, RecordSlot.startsOn, RecordSlot.creditDays] { read(.record(slot)) }
      return append(node)
    }
  }

  private mutating func measured(_ measure: TermMeasure) {
    for slot in [RecordSlot.term, RecordSlot.startsOn, RecordSlot.creditDays] {
      read(.record(slot))
      note(.record(slot)) { if !$0.measures.contains(measure) { $0.measures.append(measure) } }
    }
  }

  private mutating func compileOneOf(_ name: String, _ values: [String]) -> Int32 {
    guard let ref = fact(name) else { return -1 }
    let type = layout.fact(ref).type
    var mask: Int64 = 0
    for value in values {
      guard let number = type.value(of: value) else {
        var hint: String?
        if case .word(let words) = type { hint = "one of " + words.joined(separator: ", ") }
        report(place, provision, "\(value) is no value of \(name)", hint: hint)
        continue
      }
      switch type {
      case .word, .boolean: mask |= 1 << number
      case .territory:
        guard values.count == 1 else { report(place, provision, "name one territory"); return -1 }
        note(ref) { $0.values = [number, Territory.elsewhere] }
        var node = node(.equals, on: ref)
        node.a = number
        return append(node)
      default:
        mismatch(name, "a word; compare it with lessThan, atMost, equal, atLeast or moreThan, or use contains")
        return -1
      }
    }
    if case .word(let words) = type { note(ref) { $0.values = words.indices.map(Int64.init) } }
    if type == .boolean { note(ref) { $0.values = [0, 1] } }
    var node = node(.inMask, on: ref)
    node.a = mask
    return append(node)
  }

  private mutating func compileContains(_ name: String, _ words: [String]) -> Int32 {
    guard let ref = fact(name) else { return -1 }
    guard case .words(let known) = layout.fact(ref).type else { mismatch(name, "a list"); return -1 }
    var mask: Int64 = 0
    for word in words {
      guard let index = known.firstIndex(of: word) else {
        report(place, provision, "\(word) is no value of \(name)", hint: "one of " + known.joined(separator: ", "))
        continue
      }
      mask |= 1 << Int64(index)
    }
    note(ref) { $0.words |= mask }
    var node = node(.intersects, on: ref)
    node.a = mask
    return append(node)
  }

  private mutating func compileArticles(_ entries: [ArticleEntry]) -> Int32 {
    let ref = FactRef.offence(OffenceSlot.article)
    read(ref)
    note(ref) { $0.articles.formUnion(entries.map(\.article.code)) }
    if entries.contains(where: { $0.parts != nil }) {
      read(.offence(OffenceSlot.part))
      for part in entries.compactMap(\.parts).joined() {
        if !(1..<63).contains(part) { report(place, provision, "part \(part) is out of range", hint: "parts are 1 to 62") }
        note(.offence(OffenceSlot.part)) { $0.integers.insert(part) }
      }
    }
    var node = node(.articleIn, on: ref)
    node.a = Int64(articleTables.count)
    articleTables.append(ArticleTable(entries))
    return append(node)
  }

  private mutating func compileAge(_ years: Int, _ on: AgeDay) -> Int32 {
    if !(1...150).contains(years) { report(place, provision, "an age of \(years) years") }
    let bornOn = FactRef.record(RecordSlot.bornOn)
    read(bornOn)
    note(bornOn) { $0.ages.insert(years) }
    var node = node(.ageUnder, on: bornOn)
    node.a = Int64(years)
    switch on {
    case .offence:
      node.day = .offence
      read(.offence(OffenceSlot.committedFrom))
      read(.offence(OffenceSlot.committedThrough))
    case .between(let from, let through):
      if through < from { report(place, provision, "the days end before they begin") }
      node.day = .range(from.number, span: through.number - from.number)
      note(bornOn) { $0.days.formUnion([from.number, through.number]) }
    case .day(let reference):
      node.day = day(reference)
      if case .constant(let day) = node.day { note(bornOn) { $0.days.insert(day) } }
    }
    return append(node)
  }

  private mutating func noteDay(_ day: CompiledDay, comparedWith ref: FactRef) {
    switch day {
    case .constant(let number), .inForceOrImposed(let number): note(ref) { $0.days.formUnion([number - 1, number, number + 1]) }
    default: break
    }
  }

  private mutating func day(_ reference: DayReference) -> CompiledDay {
    switch reference {
    case .date(let day): return .constant(day.number)
    case .asOf: return .asOf
    case .inForce, .inForceOrImposed:
      guard let inForce = definition.inForceFrom else {
        report(place, provision, "the act does not state the day it enters into force", hint: "measure on asOf, or state inForce")
        return .asOf
      }
      return reference == .inForce ? .constant(inForce.number) : .inForceOrImposed(inForce.number)
    case .fact(let name):
      guard let ref = fact(name) else { return .asOf }
      guard layout.fact(ref).type == .day else { mismatch(name, "a day"); return .asOf }
      return .fact(ref)
    }
  }

  /// The known name nearest to a misspelt one.
  private func closest(_ name: String, to names: [String]) -> String? {
    names.filter { $0.lowercased().contains(name.lowercased()) || name.lowercased().contains($0.lowercased()) }.min { $0.count < $1.count }
  }
}
