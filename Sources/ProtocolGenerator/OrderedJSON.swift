// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Foundation

/// A JSON value whose objects keep the order of their members: it is the order of the generated members and of the reference page.
indirect enum OrderedJSON {
  case null
  case bool(Bool)
  case number(String)
  case string(String)
  case array([OrderedJSON])
  case object([(name: String, value: OrderedJSON)])

  subscript(_ name: String) -> OrderedJSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  var string: String? { if case .string(let value) = self { value } else { nil } }
  var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  var integer: Int64? { if case .number(let text) = self { Int64(text) } else { nil } }
  var array: [OrderedJSON]? { if case .array(let value) = self { value } else { nil } }
  var members: [(name: String, value: OrderedJSON)]? { if case .object(let value) = self { value } else { nil } }

  /// The value on one line, members in their order.
  var text: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .number(let text): text
    case .string(let value): Self.quote(value)
    case .array(let values): "[" + values.map(\.text).joined(separator: ",") + "]"
    case .object(let members): "{" + members.map { "\(Self.quote($0.name)):\($0.value.text)" }.joined(separator: ",") + "}"
    }
  }

  static func quote(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  /// Reads a file of the contract. What is not JSON at all is reported by Foundation, with its place.
  init(contentsOf url: URL) throws {
    let data = try Data(contentsOf: url)
    _ = try JSONSerialization.jsonObject(with: data, options: [.fragmentsAllowed])
    var parser = Parser(scalars: Array(String(decoding: data, as: UTF8.self).unicodeScalars))
    self = parser.value()
  }

  /// Reads what is known to be JSON.
  private struct Parser {
    var scalars: [Unicode.Scalar]
    var position = 0

    var next: Unicode.Scalar? {
      mutating get {
        while self.position < self.scalars.count, self.scalars[self.position].properties.isWhitespace { self.position += 1 }
        return self.position < self.scalars.count ? self.scalars[self.position] : nil
      }
    }

    mutating func value() -> OrderedJSON {
      switch self.next {
      case "{": self.object()
      case "[": self.array()
      case "\"": .string(self.string())
      default: self.word()
      }
    }

    private mutating func object() -> OrderedJSON {
      var members: [(name: String, value: OrderedJSON)] = []
      self.position += 1
      while let scalar = self.next, scalar != "}" {
        if scalar == "," { self.position += 1 }
        _ = self.next
        let name = self.string()
        _ = self.next
        self.position += 1
        members.append((name, self.value()))
      }
      self.position += 1
      return .object(members)
    }

    private mutating func array() -> OrderedJSON {
      var values: [OrderedJSON] = []
      self.position += 1
      while let scalar = self.next, scalar != "]" {
        if scalar == "," { self.position += 1 }
        values.append(self.value())
      }
      self.position += 1
      return .array(values)
    }

    private mutating func string() -> String {
      let start = self.position
      self.position += 1
      while self.scalars[self.position] != "\"" { self.position += self.scalars[self.position] == "\\" ? 2 : 1 }
      self.position += 1
      var literal = String.UnicodeScalarView()
      literal.append(contentsOf: self.scalars[start..<self.position])
      let text = try? JSONSerialization.jsonObject(with: Data(String(literal).utf8), options: [.fragmentsAllowed]) as? String
      return text ?? ""
    }

    private mutating func word() -> OrderedJSON {
      var word = ""
      while self.position < self.scalars.count, !",]} \n\r\t".unicodeScalars.contains(self.scalars[self.position]) {
        word.unicodeScalars.append(self.scalars[self.position])
        self.position += 1
      }
      switch word {
      case "null": return .null
      case "true": return .bool(true)
      case "false": return .bool(false)
      default: return .number(word)
      }
    }
  }
}
