// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyRules

/// A value as the YAML file writes it, with its place and nothing guessed: a scalar is its text, and the schema says what it means.
package struct YamlNode: Sendable, Equatable {
  package indirect enum Content: Sendable, Equatable {
    case scalar(String, isPlain: Bool)
    case list([YamlNode])
    case mapping([Member])
    /// Stands in for a member that is missing, so that reading goes on to the next problem.
    case missing
  }

  package struct Member: Sendable, Equatable {
    package var name: String
    package var place: Place
    package var value: YamlNode
  }

  package var content: Content
  package var place: Place

  static let missing = YamlNode(content: .missing, place: .unknown)

  package var isMapping: Bool { members != nil }

  /// Of a mapping; nil where it is none.
  var members: [Member]? {
    if case .mapping(let members) = content { return members }
    return nil
  }

  /// Of a list; nil where it is none.
  var elements: [YamlNode]? {
    if case .list(let elements) = content { return elements }
    return nil
  }

  /// Of a scalar; nil where it is none.
  var text: String? {
    if case .scalar(let text, _) = content { return text }
    return nil
  }

  subscript(name: String) -> YamlNode? { members?.first { $0.name == name }?.value }

  /// Whether both say the same, wherever they stand and however they are quoted.
  func isSame(as other: YamlNode) -> Bool {
    switch (content, other.content) {
    case (.scalar(let a, _), .scalar(let b, _)): a == b
    case (.list(let a), .list(let b)): a.count == b.count && zip(a, b).allSatisfy { $0.isSame(as: $1) }
    case (.mapping(let a), .mapping(let b)):
      a.count == b.count && a.allSatisfy { member in other[member.name]?.isSame(as: member.value) ?? false }
    case (.missing, .missing): true
    default: false
    }
  }

  /// The same in the file of this number.
  func placed(inFile file: Int) -> YamlNode {
    var node = self
    node.place.file = file
    switch content {
    case .scalar, .missing: break
    case .list(let elements): node.content = .list(elements.map { $0.placed(inFile: file) })
    case .mapping(let members):
      node.content = .mapping(
        members.map { member in
          var place = member.place
          place.file = file
          return Member(name: member.name, place: place, value: member.value.placed(inFile: file))
        })
    }
    return node
  }

  /// What it is, for messages.
  var kind: String {
    switch content {
    case .scalar("", isPlain: true), .scalar("~", isPlain: true), .scalar("null", isPlain: true): "nothing"
    case .scalar: "a value"
    case .list: "a list"
    case .mapping: "a mapping"
    case .missing: "nothing"
    }
  }
}
