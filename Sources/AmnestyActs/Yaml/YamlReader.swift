// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules
internal import Yams

/// YAML text to nodes with places. Anchors, aliases, tags, several documents and keys written twice are refused: a reviewer must see what
/// a line says without looking elsewhere.
struct YamlReader {
  static let sizeLimit = 1 << 20
  static let depthLimit = 40

  private var list: ProblemList
  private var renamed: [Character] = []

  /// The root, or nil where the text is no YAML; the problems say why.
  static func read(_ bytes: [UInt8], into list: inout ProblemList) -> YamlNode? {
    var reader = YamlReader(list: list)
    let root = reader.read(bytes)
    list = reader.list
    return root
  }

  private init(list: ProblemList) { self.list = list }

  private mutating func read(_ bytes: [UInt8]) -> YamlNode? {
    let start = Place(line: 1, column: 1)
    guard bytes.count <= YamlReader.sizeLimit else {
      list.report(
        start, "the file has \(bytes.count) bytes, more than \(YamlReader.sizeLimit)",
        hint: "an act is a page or two of rules; split what is more")
      return nil
    }
    guard var text = String(validating: bytes, as: UTF8.self) else {
      list.report(firstBadByte(bytes), "not UTF-8", hint: "save the file as UTF-8")
      return nil
    }
    if let place = suspectedAliases(text) {
      list.report(place, "anchors and aliases are not allowed", hint: "write the value out where it is needed")
      return nil
    }
    while true {
      do {
        // The parser owns the anchors: it must outlive the walk over the nodes.
        let parser = try Yams.Parser(yaml: text, resolver: .basic, encoding: .utf8)
        let root = try parser.singleRoot()
        return withExtendedLifetime(parser) {
          guard let root else {
            list.report(start, "the file is empty", hint: "an act begins with the sections act and sources")
            return nil
          }
          return node(root, depth: 1)
        }
      } catch YamlError.duplicatedKeysInMapping(_, let context) {
        guard let next = renamingKey(at: context.mark, in: text) else {
          list.report(Place(context.mark), "a key is written twice in one mapping", hint: "keep one of them")
          return nil
        }
        text = next
      } catch let error as YamlError {
        report(error, in: text)
        return nil
      } catch {
        list.report(start, "not readable as YAML")
        return nil
      }
    }
  }

  // MARK: Nodes

  private mutating func node(_ node: Yams.Node, depth: Int) -> YamlNode {
    let place = node.mark.map(Place.init) ?? .unknown
    if depth > YamlReader.depthLimit {
      list.report(place, "nested more than \(YamlReader.depthLimit) deep", hint: "name a provision of its own for the inner part")
      return .missing
    }
    switch node {
    case .scalar(let scalar):
      if scalar.anchor != nil { return anchored(place) }
      let isPlain = scalar.style == .plain || scalar.style == .any
      let tag = scalar.tag.description
      if !(tag.isEmpty || (tag == Tag.Name.str.rawValue && !isPlain)) { return tagged(tag, place) }
      return YamlNode(content: .scalar(scalar.string, isPlain: isPlain), place: place)
    case .sequence(let sequence):
      if sequence.anchor != nil { return anchored(place) }
      if !sequence.tag.description.isEmpty { return tagged(sequence.tag.description, place) }
      return YamlNode(content: .list(sequence.map { self.node($0, depth: depth + 1) }), place: place)
    case .mapping(let mapping):
      if mapping.anchor != nil { return anchored(place) }
      if !mapping.tag.description.isEmpty { return tagged(mapping.tag.description, place) }
      var members: [YamlNode.Member] = []
      for (key, value) in mapping {
        let keyPlace = key.mark.map(Place.init) ?? place
        guard case .scalar(let scalar) = key else {
          list.report(keyPlace, "a key must be a word", hint: "write key: value")
          continue
        }
        if scalar.anchor != nil { _ = anchored(keyPlace) }
        members.append(YamlNode.Member(name: scalar.string, place: keyPlace, value: self.node(value, depth: depth + 1)))
      }
      return YamlNode(content: .mapping(withoutRepeats(members)), place: place)
    case .alias:
      return anchored(place)
    }
  }

  private mutating func anchored(_ place: Place) -> YamlNode {
    list.report(place, "anchors and aliases are not allowed", hint: "write the value out where it is needed")
    return .missing
  }

  private mutating func tagged(_ tag: String, _ place: Place) -> YamlNode {
    list.report(place, "the tag \(tag) is not allowed", hint: "remove it: the schema says what a value means")
    return .missing
  }

  // MARK: Keys written twice

  /// Yams gives up at a repeated key. So the first one gets a mark in its name, the text is read again, and the walk tells of both.
  private mutating func renamingKey(at mark: Mark, in text: String) -> String? {
    guard renamed.count < 100, let index = index(of: mark, in: text) else { return nil }
    var at = index
    if text.unicodeScalars[at] == "\"" || text.unicodeScalars[at] == "'" { at = text.unicodeScalars.index(after: at) }
    guard at < text.unicodeScalars.endIndex, let stand = Unicode.Scalar(0xE000 + UInt32(renamed.count)) else { return nil }
    let first = text.unicodeScalars[at]
    guard first.properties.isAlphabetic || first.properties.numericType != nil || first == "_" else { return nil }
    renamed.append(Character(first))
    var scalars = text.unicodeScalars
    scalars.replaceSubrange(at..<scalars.index(after: at), with: [stand])
    return String(scalars)
  }

  private mutating func withoutRepeats(_ members: [YamlNode.Member]) -> [YamlNode.Member] {
    if renamed.isEmpty { return members }
    var kept: [YamlNode.Member] = []
    var seen: [String: Place] = [:]
    for var member in members {
      if let first = member.name.unicodeScalars.first, first.value >= 0xE000, first.value < 0xE000 + UInt32(renamed.count) {
        let rest = String(String.UnicodeScalarView(member.name.unicodeScalars.dropFirst()))
        member.name = String(renamed[Int(first.value - 0xE000)]) + rest
      }
      if let earlier = seen[member.name] {
        list.report(member.place, "the key \(member.name) is written twice, first at line \(earlier.line)", hint: "keep one of them")
      } else {
        seen[member.name] = member.place
        kept.append(member)
      }
    }
    return kept
  }

  private func index(of mark: Mark, in text: String) -> String.Index? {
    let scalars = text.unicodeScalars
    var line = 1
    var column = 1
    var index = scalars.startIndex
    // A byte order mark is no column.
    if scalars.first == "\u{FEFF}" { index = scalars.index(after: index) }
    while index < scalars.endIndex {
      if line == mark.line, column == mark.column { return index }
      let scalar = scalars[index]
      let next = scalars.index(after: index)
      let isBreak = ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"].contains(scalar)
      if isBreak, !(scalar == "\r" && next < scalars.endIndex && scalars[next] == "\n") {
        line += 1
        column = 1
      } else {
        column += 1
      }
      index = next
    }
    return nil
  }

  // MARK: Before and beside the parser

  /// A few aliases are found in the tree, exactly. Many could make a tree too large to walk, so they are refused unread.
  private func suspectedAliases(_ text: String) -> Place? {
    var anchor: Place?
    var aliases = 0
    var line = 1
    var column = 1
    var before: UInt8 = 0x0A
    for byte in text.utf8 {
      let opens = [0x0A, 0x0D, 0x20, 0x09, 0x2C, 0x5B, 0x7B, 0x3A, 0x2D, 0x3F].contains(before)
      if opens, byte == UInt8(ascii: "&"), anchor == nil { anchor = Place(line: line, column: column) }
      if opens, byte == UInt8(ascii: "*") { aliases += 1 }
      if byte == 0x0A {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
      before = byte
    }
    return aliases > 8 ? anchor : nil
  }

  private func firstBadByte(_ bytes: [UInt8]) -> Place {
    var line = 1
    var column = 1
    var rest = bytes[...]
    while !rest.isEmpty {
      let end = rest.firstIndex(of: 0x0A).map { $0 + 1 } ?? rest.endIndex
      let part = rest[rest.startIndex..<end]
      if let text = String(validating: part, as: UTF8.self) {
        line += text.hasSuffix("\n") ? 1 : 0
        rest = rest[end...]
        continue
      }
      // Valid up to here on this line: what decodes without a replacement counts.
      for scalar in String(decoding: part, as: UTF8.self).unicodeScalars {
        if scalar == "\u{FFFD}" { break }
        column += 1
      }
      break
    }
    return Place(line: line, column: column)
  }

  private mutating func report(_ error: YamlError, in text: String) {
    let start = Place(line: 1, column: 1)
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let isDeep = problem.contains("nesting") || problem.contains("maximum")
      let hint =
        if isDeep {
          "nested too deep"
        } else if problem.contains("tab") {
          "indent with blanks, not tabs"
        } else if problem.contains("another document") {
          "one act a file"
        } else {
          "check the indentation, quotes and colons here"
        }
      // Where the text ends too early, what was begun is the place to look at.
      let begun = problem.contains("end of stream") ? context?.mark : nil
      list.report(Place(begun ?? mark), "not YAML: " + (context.map { $0.text + ": " } ?? "") + problem, hint: hint)
    case .reader(let problem, let offset, _, _):
      // The offset counts characters from the start.
      let read = offset.flatMap { text.index(text.startIndex, offsetBy: $0, limitedBy: text.endIndex) }.map { text[..<$0] } ?? ""
      let line = 1 + read.count { $0.isNewline }
      let column =
        1
        + (read.lastIndex { $0.isNewline }.map { read.unicodeScalars.distance(from: read.index(after: $0), to: read.endIndex) }
          ?? read.unicodeScalars.count)
      list.report(Place(line: line, column: column), "not YAML: \(problem)", hint: "remove the control character")
    default:
      list.report(start, "not YAML", hint: "check the file with an editor that knows YAML")
    }
  }
}

extension Place {
  fileprivate init(_ mark: Mark) { self.init(line: mark.line, column: mark.column) }
}
