// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Provisions and what else has an id are the items of an act, wherever they stand in it: entries of lists, and the rule that bars the person.
extension YamlNode {
  private static let itemMember = "exclusionsBarPerson"

  /// The ids of all items, in the order of the document.
  var itemIDs: [String] {
    var ids: [String] = []
    _ = rewritingItems { item in
      if let id = item["id"]?.text { ids.append(id) }
      return item
    }
    return ids
  }

  /// The same with every item as `change` makes it; nil takes it out. Items within an item come after it.
  func rewritingItems(_ change: (YamlNode) -> YamlNode?) -> YamlNode {
    func item(_ node: YamlNode) -> YamlNode? { (node["id"] == nil ? node : change(node))?.rewritingItems(change) }
    var node = self
    switch content {
    case .scalar, .missing: break
    case .list(let elements): node.content = .list(elements.compactMap(item))
    case .mapping(let members):
      node.content = .mapping(
        members.compactMap { member in
          let value = member.name == YamlNode.itemMember ? item(member.value) : member.value.rewritingItems(change)
          // A provision without exceptions has no empty list of them.
          if member.name == "exceptions", value?.elements?.isEmpty == true, member.value.elements?.isEmpty == false { return nil }
          return value.map { Member(name: member.name, place: member.place, value: $0) }
        })
    }
    return node
  }

  /// The same without what the names lead to; the first may be an item's id, which has dots itself. Nil where there is none.
  func removing(path: ArraySlice<Substring>) -> YamlNode? {
    guard let last = path.last else { return nil }
    let id = path.dropLast().joined(separator: ".")
    if itemIDs.contains(id) {
      var isFound = false
      let result = rewritingItems { item in
        guard item["id"]?.text == id, item[String(last)] != nil else { return item }
        isFound = true
        var item = item
        item.remove(String(last))
        return item
      }
      return isFound ? result : nil
    }
    guard let first = path.first.map(String.init), let value = self[first] else { return nil }
    var node = self
    if path.count == 1 {
      node.remove(first)
    } else {
      guard let rest = value.removing(path: path.dropFirst()), let old = members?.first(where: { $0.name == first }) else { return nil }
      node.set(Member(name: first, place: old.place, value: rest))
    }
    return node
  }

  enum Move {
    case moved(YamlNode)
    /// It stands there.
    case isThere
    /// The two are not of one list.
    case apart
  }

  /// The same with one item right before another of the same list.
  func moving(_ id: String, before other: String) -> Move {
    switch content {
    case .scalar, .missing: return .apart
    case .list(var elements):
      if let from = elements.firstIndex(where: { $0["id"]?.text == id }), let to = elements.firstIndex(where: { $0["id"]?.text == other }) {
        if from + 1 == to || from == to { return .isThere }
        elements.insert(elements.remove(at: from), at: from < to ? to - 1 : to)
        return .moved(YamlNode(content: .list(elements), place: place))
      }
      for index in elements.indices {
        switch elements[index].moving(id, before: other) {
        case .moved(let element):
          elements[index] = element
          return .moved(YamlNode(content: .list(elements), place: place))
        case .isThere: return .isThere
        case .apart: continue
        }
      }
      return .apart
    case .mapping(var members):
      for index in members.indices {
        switch members[index].value.moving(id, before: other) {
        case .moved(let value):
          members[index].value = value
          return .moved(YamlNode(content: .mapping(members), place: place))
        case .isThere: return .isThere
        case .apart: continue
        }
      }
      return .apart
    }
  }

  /// Puts a member in the place of the one with its name, or at the end.
  mutating func set(_ member: Member) {
    guard var members else { return }
    if let index = members.firstIndex(where: { $0.name == member.name }) {
      members[index] = member
    } else {
      members.append(member)
    }
    content = .mapping(members)
  }

  mutating func remove(_ name: String) {
    guard let members else { return }
    content = .mapping(members.filter { $0.name != name })
  }
}
