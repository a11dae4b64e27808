// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules

/// What the generated document reads with. It never stops: what is wrong is reported with its place, something harmless stands in for it, and
/// reading goes on, so that an author sees every problem at once.
package struct DocumentReader {
  private(set) var list: ProblemList

  init(list: ProblemList) { self.list = list }

  mutating func report(_ place: Place, _ message: String, hint: String) { list.report(place, message, hint: hint) }

  package struct Members {
    fileprivate var values: [String: YamlNode]
    fileprivate var place: Place

    package subscript(name: String) -> YamlNode? { values[name] }

    /// The member, or a stand-in after reporting that it is missing.
    package func required(_ name: String, _ reader: inout DocumentReader) -> YamlNode {
      if let value = values[name] { return value }
      let hint = ["kk", "ru", "en"].contains(name) ? "every text stands in kk, ru and en" : "add \(name): …"
      reader.list.report(place, "\(name) is missing", hint: hint)
      return .missing
    }
  }

  package mutating func members(_ node: YamlNode, known: [String]) -> Members {
    guard case .mapping(let members) = node.content else {
      if case .missing = node.content { return Members(values: [:], place: .unknown) }
      list.report(node.place, "\(node.kind) where a mapping is due", hint: "with " + known.joined(separator: ", "))
      return Members(values: [:], place: .unknown)
    }
    var values: [String: YamlNode] = [:]
    for member in members {
      guard known.contains(member.name) else {
        let hint = nearest(member.name, of: known).map { "did you mean \($0)?" } ?? "one of " + known.joined(separator: ", ")
        list.report(member.place, "unknown key \(member.name)", hint: hint)
        continue
      }
      values[member.name] = member.value
    }
    return Members(values: values, place: node.place)
  }

  package mutating func text(_ node: YamlNode, _ format: DocumentFormat, maximum: Int? = nil) -> Located<String> {
    guard let text = scalar(node, hint: format.example) else { return Located("", at: .unknown) }
    if let maximum, text.count > maximum {
      list.report(node.place, "\(text.count) characters, more than \(maximum)", hint: "make it shorter")
      return Located("", at: .unknown)
    }
    guard format.accepts(text) else {
      list.report(node.place, "\(quoted(text)) is not \(DocumentReader.article(of: format))", hint: format.example)
      return Located("", at: .unknown)
    }
    return Located(text, at: node.place)
  }

  package mutating func integer(_ node: YamlNode, in range: ClosedRange<Int64>) -> Located<Int64> {
    let hint = "a whole number from \(range.lowerBound) to \(range.upperBound)"
    guard let text = scalar(node, hint: hint) else { return Located(range.lowerBound, at: .unknown) }
    guard isPlain(node) else {
      list.report(node.place, "a text where a number is due", hint: "remove the quotes")
      return Located(range.lowerBound, at: .unknown)
    }
    guard let value = DocumentFormat.integer(text), range.contains(value) else {
      list.report(node.place, "\(quoted(text)) is out of place", hint: hint)
      return Located(range.lowerBound, at: .unknown)
    }
    return Located(value, at: node.place)
  }

  package mutating func boolean(_ node: YamlNode, only: Bool? = nil) -> Located<Bool> {
    let hint = only.map { "write \($0), or leave the key out" } ?? "write true or false"
    guard let text = scalar(node, hint: hint) else { return Located(only ?? false, at: .unknown) }
    guard isPlain(node), text == "true" || text == "false", only.map({ text == "\($0)" }) ?? true else {
      list.report(node.place, "\(quoted(text)) is not \(only.map { "\($0)" } ?? "true or false")", hint: hint)
      return Located(only ?? false, at: .unknown)
    }
    return Located(text == "true", at: node.place)
  }

  package mutating func word<Word: RawRepresentable<String> & CaseIterable & Sendable & Equatable>(_ node: YamlNode, as _: Word.Type)
    -> Located<Word>
  {
    let words = Word.allCases.map(\.rawValue)
    let standIn = Word.allCases[Word.allCases.startIndex]
    guard let text = scalar(node, hint: "one of " + words.joined(separator: ", ")) else { return Located(standIn, at: .unknown) }
    guard let word = Word(rawValue: text) else {
      let hint = nearest(text, of: words).map { "did you mean \($0)?" } ?? "one of " + words.joined(separator: ", ")
      list.report(node.place, "unknown word \(quoted(text))", hint: hint)
      return Located(standIn, at: .unknown)
    }
    return Located(word, at: node.place)
  }

  package mutating func list<Element>(_ node: YamlNode, minimum: Int, _ element: (YamlNode, inout DocumentReader) -> Element) -> [Element] {
    guard case .list(let nodes) = node.content else {
      if node.content != .missing {
        list.report(node.place, "\(node.kind) where a list is due", hint: "write [a, b], or each on its own line after a hyphen")
      }
      return []
    }
    if nodes.count < minimum { list.report(node.place, "an empty list", hint: "name at least \(minimum), or leave the key out") }
    return nodes.map { element($0, &self) }
  }

  package mutating func entries<Value>(
    _ node: YamlNode, _ format: DocumentFormat, maximum: Int? = nil, _ value: (YamlNode, inout DocumentReader) -> Value
  ) -> [Named<Value>] {
    guard case .mapping(let members) = node.content else {
      if node.content != .missing { list.report(node.place, "\(node.kind) where a mapping is due", hint: "write name: value") }
      return []
    }
    return members.map { member in
      let name = YamlNode(content: .scalar(member.name, isPlain: true), place: member.place)
      let key = text(name, format, maximum: maximum)
      return Named(key, value(member.value, &self))
    }
  }

  // MARK: Scalars

  private mutating func scalar(_ node: YamlNode, hint: String) -> String? {
    switch node.content {
    case .missing: return nil
    case .scalar(let text, let isPlain):
      if isPlain, ["", "~", "null"].contains(text) {
        list.report(
          node.place, "nothing where a value is due", hint: "write the value, or leave the key out: what is left out is not known")
        return nil
      }
      return text
    case .list, .mapping:
      list.report(node.place, "\(node.kind) where a value is due", hint: hint)
      return nil
    }
  }

  private func isPlain(_ node: YamlNode) -> Bool {
    if case .scalar(_, let isPlain) = node.content { return isPlain }
    return false
  }

  private func quoted(_ text: String) -> String { text.count <= 60 ? "\u{201C}\(text)\u{201D}" : "\u{201C}\(text.prefix(60))…\u{201D}" }

  private static func article(of format: DocumentFormat) -> String {
    switch format {
    case .actId: "an act id"
    case .fileName: "the name of a file"
    case .version: "a version"
    case .timeZone: "a time zone"
    case .provisionId: "a provision id"
    case .word: "a word of this kind"
    case .factName: "the name of a fact"
    case .words: "a text"
    case .value: "a value"
    case .quantity: "a number or a term"
    case .date: "a day"
    case .term: "a term"
    case .fraction: "a share"
    case .article: "an article"
    case .dayReference: "a day"
    }
  }
}
