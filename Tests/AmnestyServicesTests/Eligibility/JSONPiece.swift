// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// JSON text taken apart just far enough to be put together differently; scalars stay as they are written.
indirect enum JSONPiece {
  case object([(name: String, value: JSONPiece)])
  case array([JSONPiece])
  /// A string with its quotes, a number, a literal.
  case scalar(String)

  /// Takes apart text without white space, as the sample's records are.
  init(_ text: String) {
    var rest = Substring(text)
    self = JSONPiece.take(&rest)
  }

  private static func take(_ rest: inout Substring) -> JSONPiece {
    switch rest.first {
    case "{":
      var members: [(name: String, value: JSONPiece)] = []
      takeElements(&rest, end: "}") { rest in
        let name = takeString(&rest)
        rest.removeFirst()
        members.append((name, take(&rest)))
      }
      return .object(members)
    case "[":
      var elements: [JSONPiece] = []
      takeElements(&rest, end: "]") { elements.append(take(&$0)) }
      return .array(elements)
    case "\"":
      return .scalar(takeString(&rest))
    default:
      let word = rest.prefix { !",]}".contains($0) }
      rest = rest.dropFirst(word.count)
      return .scalar(String(word))
    }
  }

  private static func takeElements(_ rest: inout Substring, end: Character, _ element: (inout Substring) -> Void) {
    rest.removeFirst()
    while rest.first != end {
      if rest.first == "," { rest.removeFirst() }
      element(&rest)
    }
    rest.removeFirst()
  }

  private static func takeString(_ rest: inout Substring) -> String {
    var text = "\""
    rest.removeFirst()
    while let character = rest.popFirst() {
      text.append(character)
      if character == "\\", let escaped = rest.popFirst() { text.append(escaped) } else if character == "\"" { break }
    }
    return text
  }

  /// Changes the piece here or somewhere below: `change` is told how likely it is to be the place.
  mutating func change(using random: inout some RandomNumberGenerator) {
    switch self {
    case .object(var members) where !members.isEmpty:
      let index = members.indices.randomElement(using: &random) ?? 0
      switch Int.random(in: 0..<12, using: &random) {
      case 0: members.shuffle(using: &random)
      case 1: members.remove(at: index)
      case 2: members.append(members[index])
      case 3: members[index].value = .scalar("null")
      case 4: members.append(("\"unheardOf\"", .scalar("1")))
      case 5:
        members[index].name =
          "\"\\u00" + String(members[index].name.utf8.dropFirst().first ?? 0x61, radix: 16) + members[index].name.dropFirst(2)
      default: members[index].value.change(using: &random)
      }
      self = .object(members)
    case .array(var elements):
      let index = elements.indices.randomElement(using: &random)
      switch (Int.random(in: 0..<5, using: &random), index) {
      case (0, let index?): elements.append(elements[index])
      case (1, _): elements.append(JSONPiece.odd(using: &random))
      case (2, let index?): elements.remove(at: index)
      case (_, let index?): elements[index].change(using: &random)
      default: break
      }
      self = .array(elements)
    case .object, .scalar:
      self = JSONPiece.odd(using: &random)
    }
  }

  /// A value that stands in few records.
  private static func odd(using random: inout some RandomNumberGenerator) -> JSONPiece {
    let values = [
      "null", "true", "false", "0", "-0", "1", "7", "999", "1000", "-1", "1.0", "1e2", "36500", "9007199254740992", "9223372036854775808",
      "\"\"",
      "\"x\"", "\"P0D\"", "\"P1Y6M\"", "\"P9999Y\"", "\"2022-02-30\"", "\"2022-01-05\"", "\"1990-12-31\"", "\"0001-01-01\"",
      "\"9999-12-31\"",
      "\"trial\"", "\"sentenced\"", "\"served\"", "\"fine\"", "\"grave\"", "\"torture\"", "\"terrorism\"", "\"absorption\"", "\"addition\"",
      "\"partial_addition\"", "\"none\"", "\"188-1\"", "\"272\"", "\"KZ\"", "\"/recidivism\"", "\"/offences/0/gravity\"", "\"/person\"",
      "\"é\"",
      "\"e\\u0301\"", "\"Ж \\\"q\\\"\"", "\"a\\/b\"", "\"\u{7f}\"", "\"129456789016\"", "[]", "{}", "[\"torture\"]", "[\"a\",\"b\"]", "[1]",
    ]
    return JSONPiece(values.randomElement(using: &random) ?? "null")
  }

  /// The text, with white space where it may stand.
  func text(blanks: Bool, using random: inout some RandomNumberGenerator) -> String {
    func blank() -> String { blanks ? ["", " ", "\n  ", "\t", "\r\n"].randomElement(using: &random) ?? "" : "" }
    switch self {
    case .scalar(let text): return text
    case .object(let members):
      let parts = members.map { blank() + $0.name + blank() + ":" + blank() + $0.value.text(blanks: blanks, using: &random) + blank() }
      return "{" + parts.joined(separator: ",") + "}"
    case .array(let elements):
      return "[" + elements.map { blank() + $0.text(blanks: blanks, using: &random) + blank() }.joined(separator: ",") + "]"
    }
  }
}
