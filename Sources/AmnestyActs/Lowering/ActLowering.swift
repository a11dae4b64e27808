// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules

/// From the typed document to the act that the rules compile: names are looked up, one-of-several is checked, texts become values.
struct ActLowering {
  let document: ActDocument
  let layout: FactLayout
  var list: ProblemList
  private var sources: [String: String] = [:]
  private var usedSources: Set<String> = []
  private var ids: [String: Place] = [:]
  var choices: Set<String> = []
  var usedChoices: Set<String> = []
  var usedFacts: Set<String> = []
  var usedMeasures: Set<String> = []

  static func lower(_ document: ActDocument, _ list: inout ProblemList) -> ActDefinition {
    var lowering = ActLowering(document, list)
    let definition = lowering.definition()
    list = lowering.list
    return definition
  }

  private init(_ document: ActDocument, _ list: ProblemList) {
    self.document = document
    var list = list
    layout = FactLayout(declared: ActLowering.facts(document.facts ?? [], &list))
    self.list = list
    for source in document.sources { sources[source.name.value] = source.value.value }
    choices = Set((document.choices ?? []).map(\.name.value))
  }

  private mutating func definition() -> ActDefinition {
    let head = document.act
    let inForceFrom = head.inForceFrom.flatMap { Day($0.value) }
    let executeThrough = head.executeThrough.flatMap { Day($0.value) }
    if let inForceFrom, let executeThrough, let place = head.executeThrough?.place, executeThrough < inForceFrom {
      list.report(place, "executeThrough lies before inForceFrom", hint: "the act is executed after it enters into force")
    }
    let scope = document.scope.map { provision($0) }
    let exclusions = (document.exclusions ?? []).map { provision($0) }
    let barsPerson = document.exclusionsBarPerson.map {
      rule(id: $0.id, basis: $0.basis, source: $0.source, text: $0.text, place: $0.place)
    }
    let remainders = remainderRules()
    let relief = document.relief.clauses.map { clause($0, remainders: remainders) }
    let definition = ActDefinition(
      id: head.id.value, version: head.version.value, title: text(head.title), citation: head.citation.value, timeZone: head.timeZone.value,
      inForceFrom: inForceFrom, executeThrough: executeThrough, isExcerpt: head.excerpt?.value ?? false,
      isFictional: head.fictional?.value ?? false, isDraft: head.draft?.value ?? false,
      facts: layout.declared, measures: (document.measures ?? []).map(\.name.value), scope: scope, exclusions: exclusions,
      exclusionsBarPerson: barsPerson, reliefOrder: document.relief.order.value == .firstMatch ? .firstMatch : .exclusive, relief: relief,
      choices: (document.choices ?? []).map { choice($0) }, termRounding: document.terms.rounding.value == .daysDown ? .daysDown : .daysUp,
      notes: (document.notes?.always ?? []).map { ActNote(code: $0.code.value, text: text($0.text)) },
      additionalPunishmentNote: document.notes?.additionalPunishments.map { ActNote(code: $0.code.value, text: text($0.text)) },
      deciders: deciders())
    readOnly()
    unused()
    return definition
  }

  // MARK: Texts, sources, ids

  func text(_ text: ActDocument.Text) -> LocalizedText { LocalizedText(text) }

  mutating func citation(_ source: ActDocument.Source) -> String {
    switch source {
    case .word(let key): return words(of: key)
    case .sourcePlace(let cited): return words(of: cited.id) + ", " + cited.at.value
    }
  }

  private mutating func words(of key: Located<String>) -> String {
    usedSources.insert(key.value)
    if let words = sources[key.value] { return words }
    list.report(
      key.place, "unknown source \(key.value)",
      hint: nearest(key.value, of: sources.keys.sorted()).map { "did you mean \($0)?" } ?? "add it to sources")
    return ""
  }

  mutating func declare(_ id: Located<String>) {
    guard id.place != .unknown else { return }
    if let first = ids[id.value] {
      list.report(
        id.place, "the id \(id.value) is used twice, first at \(list.words(first, from: id.place))", hint: "give each provision its own id")
    } else {
      ids[id.value] = id.place
    }
  }

  func basis(_ word: ActDocument.Basis) -> Basis { Basis(word) }

  // MARK: Provisions

  /// A provision that is only named: where an answer rests on it, its text is the reason.
  mutating func rule(
    id: Located<String>, basis: Located<ActDocument.Basis>, source: ActDocument.Source, text: ActDocument.Text, place: Place
  ) -> Provision {
    declare(id)
    return Provision(
      id: id.value, basis: self.basis(basis.value), citation: citation(source), text: self.text(text), body: .anyOf([]), place: place)
  }

  mutating func provision(_ provision: ActDocument.Provision) -> Provision {
    declare(provision.id)
    let body: Provision.Body
    switch (provision.when, provision.anyOf) {
    case (let when?, nil):
      let isOpen = when.leavesOpen
      if isOpen, provision.basis.value != .open {
        list.report(
          provision.basis.place, "the condition is open, the basis is not",
          hint: "write basis: open, or split the open part into a provision of its own")
      }
      if !isOpen, provision.basis.value == .open {
        list.report(
          provision.basis.place, "the basis is open, the condition is not",
          hint: "add { open: true } to the condition, so that the case is referred")
      }
      body = .condition(condition(when))
    case (nil, let parts?):
      body = .anyOf(parts.map { self.provision($0) })
    default:
      let place = provision.place
      list.report(place, "\(provision.id.value) needs when or anyOf", hint: "write exactly one of them")
      body = .anyOf([])
    }
    return Provision(
      id: provision.id.value, basis: basis(provision.basis.value), basisWhenFalse: provision.basisWhenFalse.map { basis($0.value) },
      citation: citation(provision.source), text: text(provision.text), body: body,
      exceptions: (provision.exceptions ?? []).map { self.provision($0) }, referralNote: provision.referralNote.map { text($0) },
      place: provision.place)
  }

  // MARK: Facts and choices

  private static func facts(_ facts: [Named<ActDocument.Fact>], _ list: inout ProblemList) -> [DeclaredFact] {
    let known = Set((FactVocabulary.record + FactVocabulary.offence).map(\.name))
    return facts.map { named in
      let fact = named.value
      if known.contains(named.name.value) {
        list.report(named.name.place, "\(named.name.value) is a fact of every record", hint: "use it as it is, or choose another name")
      }
      let words = (fact.values ?? []).map(\.value)
      let takesValues = fact.type.value == .word || fact.type.value == .words
      if takesValues, fact.values == nil {
        list.report(fact.place, "values is missing", hint: "name the words that are allowed")
      } else if !takesValues, let values = fact.values, let place = values.first?.place {
        list.report(place, "a fact of type \(fact.type.value.rawValue) has no values", hint: "remove values, or make it a word")
      }
      var seen: Set<String> = []
      for value in fact.values ?? [] where !seen.insert(value.value).inserted {
        list.report(value.place, "\(value.value) is named twice", hint: "name each value once")
      }
      if words.count > 60 { list.report(fact.place, "\(words.count) values, more than 60", hint: "group them") }
      let kind: DeclaredFact.Kind =
        switch fact.type.value {
        case .boolean: .boolean
        case .integer: .integer
        case .day: .day
        case .term: .term
        case .word: .word(words)
        case .words: .words(words)
        }
      let question = LocalizedText(kk: fact.question.kk.value, ru: fact.question.ru.value, en: fact.question.en.value)
      return DeclaredFact(name: named.name.value, kind: kind, question: question, place: named.name.place)
    }
  }

  private mutating func choice(_ named: Named<ActDocument.Choice>) -> Choice {
    let choice = named.value
    var answers: [Choice.Answer] = []
    for answer in choice.answers {
      let lowered = self.answer(answer.value)
      if answers.contains(lowered) { list.report(answer.place, "\(answer.value.rawValue) is named twice", hint: "name each reading once") }
      answers.append(lowered)
    }
    let standard = answer(choice.default.value)
    if !answers.contains(standard) {
      list.report(
        choice.default.place, "the default is none of the answers", hint: "one of " + answers.map(\.rawValue).joined(separator: ", "))
    }
    return Choice(id: named.name.value, question: text(choice.question), answers: answers, defaultAnswer: standard, place: named.name.place)
  }

  private func answer(_ word: ActDocument.Answer) -> Choice.Answer {
    switch word {
    case .beforeReduction: .beforeReduction
    case .afterReduction: .afterReduction
    }
  }

  // MARK: Who decides

  private mutating func deciders() -> [Decider] {
    let known = ActLowering.builtInMeasures + (document.measures ?? []).map(\.name.value)
    return (document.statements ?? []).compactMap { statement in
      guard let decides = statement.decides else { return nil }
      for measure in decides.measures ?? [] where !known.contains(measure.value) {
        let hint = nearest(measure.value, of: known).map { "did you mean \($0)?" } ?? "name a measure that the act grants"
        list.report(measure.place, "unknown measure \(measure.value)", hint: hint)
      }
      if decides.body != nil, statement.basis.value == .open {
        list.report(statement.basis.place, "the basis is open, but decides names a body", hint: "remove the body, or say how sure it is")
      }
      return Decider(
        id: statement.id.value, stages: Set(decides.stages.map(\.value.rawValue)), measures: decides.measures.map { Set($0.map(\.value)) },
        body: decides.body?.value, basis: basis(statement.basis.value), citation: citation(statement.source), text: text(statement.text))
    }
  }

  // MARK: What no condition reads

  private mutating func readOnly() {
    for event in document.history ?? [] { _ = citation(event.source) }
    for statement in document.statements ?? [] {
      declare(statement.id)
      _ = citation(statement.source)
      for conflict in statement.conflicts ?? [] { _ = citation(conflict.source) }
    }
    for statement in document.statements ?? [] {
      for id in statement.concerns ?? [] where ids[id.value] == nil {
        let hint = nearest(id.value, of: ids.keys.sorted()).map { "did you mean \($0)?" } ?? "name a provision of this act"
        list.report(id.place, "no provision has the id \(id.value)", hint: hint)
      }
    }
    var titled: [String: Place] = [:]
    for title in document.articles ?? [] {
      if let first = titled.updateValue(title.article.place, forKey: title.article.value) {
        list.report(
          title.article.place, "article \(title.article.value) has two titles, first at \(list.words(first, from: title.article.place))",
          hint: "keep one of them")
      }
    }
  }

  /// What an act takes over and has no use for is no mistake of its author.
  private mutating func unused() {
    func report<Value>(_ entries: [Named<Value>]?, but used: Set<String>, _ message: (String) -> String, hint: String) {
      for entry in entries ?? [] where entry.name.place.file == 0 && !used.contains(entry.name.value) {
        list.report(entry.name.place, message(entry.name.value), hint: hint)
      }
    }
    report(document.sources, but: usedSources, { "nothing cites the source \($0)" }, hint: "cite it, or remove it")
    report(document.choices, but: usedChoices, { "nothing refers to the choice \($0)" }, hint: "name it in a remainder rule, or remove it")
    report(document.measures, but: usedMeasures, { "nothing grants the measure \($0)" }, hint: "grant it in a clause, or remove it")
    report(document.facts, but: usedFacts, { "nothing reads the fact \($0)" }, hint: "test it in a condition, or remove it")
  }
}

extension ActDocument.Condition {
  /// The act is open somewhere in it.
  var leavesOpen: Bool {
    open != nil || (all ?? []).contains { $0.leavesOpen } || (any ?? []).contains { $0.leavesOpen } || not?.value.leavesOpen == true
  }
}
