// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules

/// An act laid out for comparison: its provisions in the order of the document, and its other members by name.
struct ComparedAct {
  struct Entry {
    var id: String
    /// The provision that it is an alternative or exception of.
    var owner: String?
    var provision: ComparedProvision
    var referralNote: LocalizedText?
  }

  private(set) var provisions: [Entry] = []
  private(set) var members: [(name: String, value: String)] = []
  private let sources: [String: String]

  init(_ document: ActDocument) {
    sources = Dictionary(document.sources.map { ($0.name.value, $0.value.value) }, uniquingKeysWith: { first, _ in first })
    addMembers(document)
    for provision in document.scope { add(provision, .scope, of: nil) }
    for provision in document.exclusions ?? [] { add(provision, .exclusion, of: nil) }
    if let rule = document.exclusionsBarPerson { add(rule.id, rule.basis, rule.source, rule.text, .rule) }
    for remainder in document.relief.remainders ?? [] { add(remainder) }
    for clause in document.relief.clauses { add(clause) }
    for statement in document.statements ?? [] { add(statement) }
  }

  func provision(_ id: String) -> Entry? { provisions.first { $0.id == id } }

  func member(_ name: String) -> String? { members.first { $0.name == name }?.value }

  // MARK: Provisions

  private mutating func add(
    _ id: Located<String>, _ basis: Located<ActDocument.Basis>, _ source: ActDocument.Source, _ text: ActDocument.Text,
    _ kind: ComparedProvision.Kind, of owner: String? = nil, whenFalse: Located<ActDocument.Basis>? = nil, condition: String? = nil,
    effect: String? = nil, note: ActDocument.Text? = nil
  ) {
    let own = Basis(basis.value)
    provisions.append(
      Entry(
        id: id.value, owner: owner,
        provision: ComparedProvision(
          kind: kind, basis: own, basisWhenFalse: whenFalse.map { Basis($0.value) } ?? own, citation: citation(source),
          text: LocalizedText(text), condition: condition, effect: effect), referralNote: note.map { LocalizedText($0) }))
  }

  private mutating func add(_ provision: ActDocument.Provision, _ kind: ComparedProvision.Kind, of owner: String?) {
    let alternatives = provision.anyOf.map { ActJSON.object([("anyOf", ComparedAct.ids($0))]) }
    add(
      provision.id, provision.basis, provision.source, provision.text, kind, of: owner, whenFalse: provision.basisWhenFalse,
      condition: ComparedAct.condition(provision.when?.json ?? alternatives, provision.exceptions), note: provision.referralNote)
    for part in provision.anyOf ?? [] { add(part, .alternative, of: provision.id.value) }
    for part in provision.exceptions ?? [] { add(part, .exception, of: provision.id.value) }
  }

  private mutating func add(_ clause: ActDocument.Clause) {
    let referral = clause.refer.map { ActJSON.object([("refer", .string($0.value.rawValue))]) }
    add(
      clause.id, clause.basis, clause.source, clause.text, .relief, whenFalse: clause.basisWhenFalse,
      condition: ComparedAct.condition(clause.when.json, clause.exceptions), effect: (clause.grant?.json ?? referral)?.flow,
      note: clause.referralNote)
    for part in clause.exceptions ?? [] { add(part, .exception, of: clause.id.value) }
  }

  private mutating func add(_ remainder: ActDocument.Remainder) {
    let limits = [("atMost", remainder.atMost), ("lessThan", remainder.lessThan), ("choice", remainder.choice)]
    add(
      remainder.id, remainder.basis, remainder.source, remainder.text, .remainder,
      effect: ActJSON.object(limits.compactMap { name, value in value.map { (name, .string($0.value)) } }).flow)
  }

  private mutating func add(_ statement: ActDocument.Statement) {
    let concerns = statement.concerns.map { ids in ActJSON.object([("concerns", .array(ids.map { .string($0.value) }))]) }
    let effects: [(String, ActJSON?)] = [
      ("decides", statement.decides?.json), ("conflicts", statement.conflicts.map { .array($0.map(\.json)) }),
    ]
    let effect = effects.compactMap { name, value in value.map { (name, $0) } }
    add(
      statement.id, statement.basis, statement.source, statement.text, .statement, condition: concerns?.flow,
      effect: effect.isEmpty ? nil : ActJSON.object(effect).flow)
  }

  private static func condition(_ test: ActJSON?, _ exceptions: [ActDocument.Provision]?) -> String? {
    guard let exceptions, let test else { return test?.flow }
    return ActJSON.object([("when", test), ("exceptions", ids(exceptions))]).flow
  }

  private static func ids(_ provisions: [ActDocument.Provision]) -> ActJSON { .array(provisions.map { .string($0.id.value) }) }

  private func citation(_ source: ActDocument.Source) -> String {
    switch source {
    case .word(let key): sources[key.value] ?? key.value
    case .sourcePlace(let cited): (sources[cited.id.value] ?? cited.id.value) + ", " + cited.at.value
    }
  }

  // MARK: Other members

  /// What tells two acts apart by name is no difference between them.
  private static let names = ["id", "version", "title"]

  private mutating func addMembers(_ document: ActDocument) {
    addMembers("act", document.act.json, but: ComparedAct.names)
    addMembers("facts", .object((document.facts ?? []).map { ($0.name.value, $0.value.json) }))
    addMembers("measures", .object((document.measures ?? []).map { ($0.name.value, $0.value.json) }))
    members.append((name: "relief.order", value: document.relief.order.value.rawValue))
    addMembers("choices", .object((document.choices ?? []).map { ($0.name.value, $0.value.json) }))
    addMembers("terms", document.terms.json)
    if let notes = document.notes { addMembers("notes", notes.json) }
  }

  private mutating func addMembers(_ section: String, _ json: ActJSON, but left: [String] = []) {
    guard case .object(let all) = json else { return }
    for (name, value) in all where !left.contains(name) { members.append((name: "\(section).\(name)", value: value.flow)) }
  }
}

extension Basis {
  init(_ word: ActDocument.Basis) {
    switch word {
    case .text: self = .text
    case .reported: self = .reported
    case .inferred: self = .inferred
    case .open: self = .open
    }
  }
}

extension LocalizedText {
  init(_ text: ActDocument.Text) { self.init(kk: text.kk.value, ru: text.ru.value, en: text.en.value) }
}
