// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules

/// An act file that extends another: it holds what differs, and everything else is taken over.
///
/// The merge is of YAML, before anything is read as an act: so each value keeps its place in the file where it stands, and what comes of it is
/// checked as any act is. In this order: `without`, `inherited`, `change`, the sections, `order`.
struct ActOverlay {
  private let overlay: YamlNode
  private let base: YamlNode
  private var merged: YamlNode
  private(set) var reader: DocumentReader
  private var isDifferent = false

  static func merge(_ overlay: YamlNode, over base: YamlNode, _ list: inout ProblemList) -> YamlNode {
    var merge = ActOverlay(overlay, base, list)
    merge.run()
    list = merge.reader.list
    return merge.merged
  }

  private init(_ overlay: YamlNode, _ base: YamlNode, _ list: ProblemList) {
    self.overlay = overlay
    self.base = base
    merged = base
    merged.place = overlay.place
    reader = DocumentReader(list: list)
  }

  /// What only an act that extends another has.
  private static let own = ["extends", "without", "inherited", "change", "order"]
  private static let sectionsOfNames = ["sources", "facts", "measures", "choices"]
  private static let sectionsOfItems = ["scope", "exclusions", "statements", "history", "articles"]

  private mutating func run() {
    let before = reader.list.problems.count
    if let without = overlay["without"] { for name in names(without) { remove(name) } }
    if let inherited = overlay["inherited"] {
      for rule in reader.list(inherited, minimum: 1, { InheritedBasis($0, &$1) }) {
        isDifferent = true
        merged = rule.applied(to: merged, &reader)
      }
    }
    if let changes = overlay["change"] { for change in elements(changes) { apply(change) } }
    for member in overlay.members ?? [] where !ActOverlay.own.contains(member.name) { add(member) }
    if let order = overlay["order"] { for step in elements(order) { put(step) } }
    head()
    if !isDifferent, reader.list.problems.count == before, let extends = overlay["extends"] {
      report(extends.place, "the act says nothing that the one it extends does not say", hint: "remove the file, or write what differs")
    }
  }

  private mutating func report(_ place: Place, _ message: String, hint: String) { reader.report(place, message, hint: hint) }

  private mutating func elements(_ node: YamlNode) -> [YamlNode] { reader.list(node, minimum: 1) { node, _ in node } }

  private mutating func names(_ node: YamlNode) -> [Located<String>] {
    reader.list(node, minimum: 1) { node, reader in reader.text(node, .words) }.filter { $0.place != .unknown }
  }

  // MARK: What is gone, and what is changed

  /// A provision by its id, or what stands elsewhere by the names that lead to it: `act.executeThrough`, `choices.one_year_test`.
  private mutating func remove(_ name: Located<String>) {
    let ids = merged.itemIDs
    if ids.contains(name.value) {
      merged = merged.rewritingItems { $0["id"]?.text == name.value ? nil : $0 }
    } else if let rest = merged.removing(path: name.value.split(separator: ".")[...]) {
      merged = rest
    } else {
      report(
        name.place, "there is no \(name.value) to leave out",
        hint: nearest(name.value, of: ids).map { "did you mean \($0)?" } ?? "the id of a provision, or names joined by dots")
      return
    }
    isDifferent = true
  }

  private static let effects = ["when", "anyOf", "grant", "refer", "atMost", "lessThan", "choice"]
  /// Of each pair an item has one: the one that is written takes the other's place.
  private static let rivals = [
    "when": "anyOf", "anyOf": "when", "grant": "refer", "refer": "grant", "atMost": "lessThan", "lessThan": "atMost",
  ]

  private mutating func apply(_ change: YamlNode) {
    guard let members = change.members, let id = change["id"], let name = id.text else {
      report(change.place, "id is missing", hint: "name the provision that is changed, then what is different")
      return
    }
    guard merged.itemIDs.contains(name) else {
      report(
        id.place, "no provision has the id \(name)",
        hint: nearest(name, of: merged.itemIDs).map { "did you mean \($0)?" } ?? "what is new stands in its section")
      return
    }
    let different = members.filter { $0.name != "id" }
    if different.isEmpty { report(change.place, "\(name) is not changed", hint: "write what is different, or remove the entry") }
    if change["text"] == nil, let effect = different.first(where: { ActOverlay.effects.contains($0.name) }) {
      report(effect.place, "\(name) does something else and says the same", hint: "write its text anew")
    }
    // A text that was looked at again may still be right.
    let mayRepeat = different.contains { ActOverlay.effects.contains($0.name) } ? ["id", "text"] : ["id"]
    merged = merged.rewritingItems { item in
      guard item["id"]?.text == name else { return item }
      var item = item
      item.place = change.place
      for member in members {
        if let rival = ActOverlay.rivals[member.name] { item.remove(rival) }
        override(&item, by: member, of: name, mayRepeat: mayRepeat.contains(member.name))
      }
      return item
    }
  }

  /// Puts a member in the place of the base's; where they say the same, one of them is a mistake.
  private mutating func override(_ node: inout YamlNode, by member: YamlNode.Member, of name: String, mayRepeat: Bool = false) {
    if !mayRepeat, node[member.name]?.isSame(as: member.value) == true {
      report(
        member.place, "\(member.name) of \(name) is the same in the act that is extended", hint: "leave it out, so that it is taken over")
    } else if !mayRepeat {
      isDifferent = true
    }
    node.set(member)
  }

  // MARK: What is added

  private mutating func add(_ section: YamlNode.Member) {
    switch section.name {
    case "act": break
    case "relief" where section.value.isMapping, "notes" where section.value.isMapping, "terms" where section.value.isMapping:
      addMembers(section)
    case _ where ActOverlay.sectionsOfNames.contains(section.name) && section.value.isMapping:
      addMembers(section)
    case _ where ActOverlay.sectionsOfItems.contains(section.name):
      merged.set(appending(section, to: merged[section.name]))
    default:
      isDifferent = true
      merged.set(section)
    }
  }

  private mutating func addMembers(_ section: YamlNode.Member) {
    var node = merged[section.name] ?? YamlNode(content: .mapping([]), place: section.value.place)
    node.place = section.value.place
    for member in section.value.members ?? [] {
      if ["remainders", "clauses", "always"].contains(member.name) {
        node.set(appending(member, to: node[member.name]))
      } else {
        override(&node, by: member, of: section.name)
      }
    }
    merged.set(YamlNode.Member(name: section.name, place: section.place, value: node))
  }

  private mutating func appending(_ section: YamlNode.Member, to base: YamlNode?) -> YamlNode.Member {
    isDifferent = true
    guard let taken = base?.elements, let added = section.value.elements else { return section }
    let known = merged.itemIDs
    for item in added {
      guard let id = item["id"], let name = id.text, known.contains(name) else { continue }
      report(id.place, "the act that is extended has a provision \(name)", hint: "to change it, name it under change")
    }
    var section = section
    section.value.content = .list(taken + added)
    return section
  }

  /// `{ put: a, before: b }`: the order decides where the first clause that holds takes the case.
  private mutating func put(_ step: YamlNode) {
    let members = reader.members(step, known: ["put", "before"])
    let put = reader.text(members.required("put", &reader), .provisionId)
    let before = reader.text(members.required("before", &reader), .provisionId)
    guard put.place != .unknown, before.place != .unknown else { return }
    for name in [put, before] where !merged.itemIDs.contains(name.value) {
      report(
        name.place, "no provision has the id \(name.value)",
        hint: nearest(name.value, of: merged.itemIDs).map { "did you mean \($0)?" } ?? "name a provision of this act")
      return
    }
    switch merged.moving(put.value, before: before.value) {
    case .moved(let node):
      merged = node
      isDifferent = true
    case .isThere: report(put.place, "\(put.value) stands before \(before.value) as it is", hint: "remove the entry")
    case .apart: report(put.place, "\(put.value) and \(before.value) stand in different lists", hint: "name two of one list")
    }
  }

  // MARK: The head

  private mutating func head() {
    guard let head = overlay["act"], head.isMapping else {
      report(
        overlay["act"]?.place ?? overlay["extends"]?.place ?? overlay.place,
        "an act that extends another has an id and a version of its own",
        hint: "add act: with id: and version:")
      return
    }
    for name in ["id", "version"] where head[name] == nil {
      report(head.place, "\(name) is missing", hint: "an act that extends another has an id and a version of its own")
    }
    guard var node = merged["act"] else { return }
    node.place = head.place
    if let id = head["id"], node["id"]?.isSame(as: id) == true {
      report(id.place, "the act that is extended has this id", hint: "give each act its own id")
    }
    let wasDifferent = isDifferent
    for member in head.members ?? [] { override(&node, by: member, of: "act", mayRepeat: ["id", "version"].contains(member.name)) }
    // What an act is called makes no other act of it.
    isDifferent = wasDifferent || head.members?.contains { !["id", "version", "title", "citation"].contains($0.name) } == true
    merged.set(YamlNode.Member(name: "act", place: overlay.members?.first { $0.name == "act" }?.place ?? head.place, value: node))
  }
}
