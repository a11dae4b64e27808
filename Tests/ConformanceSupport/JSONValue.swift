// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// A JSON value that keeps the order of members and the text of numbers.
///
/// Not the reader under test: vectors are judged by something that shares no code with what they judge.
package indirect enum JSONValue: Sendable, Equatable {
  case null
  case bool(Bool)
  case number(String)
  case string(String)
  case array([JSONValue])
  case object([Member])

  package struct Member: Sendable, Equatable {
    package var name: String
    package var value: JSONValue

    package init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  package subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  package var members: [Member]? {
    if case .object(let members) = self { members } else { nil }
  }

  package var elements: [JSONValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  package var text: String? {
    if case .string(let text) = self { text } else { nil }
  }

  package var integer: Int64? {
    if case .number(let digits) = self { Int64(digits) } else { nil }
  }

  package var isTrue: Bool { self == .bool(true) }

  /// Without white space, members in their order.
  package var compact: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .number(let digits): digits
    case .string(let text): Self.quoted(text)
    case .array(let elements): "[" + elements.map(\.compact).joined(separator: ",") + "]"
    case .object(let members): "{" + members.map { Self.quoted($0.name) + ":" + $0.value.compact }.joined(separator: ",") + "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case ..<" ": result += "\\u" + String(repeating: "0", count: scalar.value < 16 ? 3 : 2) + String(scalar.value, radix: 16)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

package struct JSONTextError: Error, CustomStringConvertible {
  package var offset: Int
  package var what: String

  package var description: String { "not JSON at byte \(self.offset): \(self.what)" }
}

extension JSONValue {
  package init(parsing bytes: [UInt8]) throws {
    var parser = JSONTextParser(bytes: bytes)
    self = try parser.parseDocument()
  }
}

private struct JSONTextParser {
  let bytes: [UInt8]
  var position = 0

  mutating func parseDocument() throws -> JSONValue {
    let value = try self.parseValue()
    self.skipSpace()
    guard self.position == self.bytes.count else { throw self.error("something follows the value") }
    return value
  }

  private func error(_ what: String) -> JSONTextError { JSONTextError(offset: self.position, what: what) }

  private var next: UInt8? { self.position < self.bytes.count ? self.bytes[self.position] : nil }

  private mutating func skipSpace() {
    while let byte = self.next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { self.position += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard self.next == UInt8(ascii: character) else { return false }
    self.position += 1
    return true
  }

  private mutating func parseValue() throws -> JSONValue {
    self.skipSpace()
    switch self.next {
    case UInt8(ascii: "{"): return try self.parseObject()
    case UInt8(ascii: "["): return try self.parseArray()
    case UInt8(ascii: "\""): return .string(try self.parseString())
    case UInt8(ascii: "t"): return try self.parseWord("true", .bool(true))
    case UInt8(ascii: "f"): return try self.parseWord("false", .bool(false))
    case UInt8(ascii: "n"): return try self.parseWord("null", .null)
    default: return try self.parseNumber()
    }
  }

  private mutating func parseWord(_ word: String, _ value: JSONValue) throws -> JSONValue {
    guard self.bytes[self.position...].starts(with: word.utf8) else { throw self.error("no word of JSON") }
    self.position += word.utf8.count
    return value
  }

  private mutating func parseObject() throws -> JSONValue {
    self.position += 1
    self.skipSpace()
    var members: [JSONValue.Member] = []
    if self.take("}") { return .object(members) }
    var names: Set<String> = []
    repeat {
      self.skipSpace()
      guard self.next == UInt8(ascii: "\"") else { throw self.error("no name") }
      let name = try self.parseString()
      guard names.insert(name).inserted else { throw self.error("the name \(name) a second time") }
      self.skipSpace()
      guard self.take(":") else { throw self.error("no colon") }
      members.append(JSONValue.Member(name, try self.parseValue()))
      self.skipSpace()
    } while self.take(",")
    guard self.take("}") else { throw self.error("no end of the object") }
    return .object(members)
  }

  private mutating func parseArray() throws -> JSONValue {
    self.position += 1
    self.skipSpace()
    var elements: [JSONValue] = []
    if self.take("]") { return .array(elements) }
    repeat {
      elements.append(try self.parseValue())
      self.skipSpace()
    } while self.take(",")
    guard self.take("]") else { throw self.error("no end of the array") }
    return .array(elements)
  }

  private mutating func parseNumber() throws -> JSONValue {
    let start = self.position
    while let byte = self.next, "+-.0123456789eE".utf8.contains(byte) { self.position += 1 }
    let text = String(decoding: self.bytes[start..<self.position], as: UTF8.self)
    guard text.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/) != nil else {
      self.position = start
      throw self.error("no value")
    }
    return .number(text)
  }

  private mutating func parseString() throws -> String {
    self.position += 1
    var units: [UInt8] = []
    while let byte = self.next {
      self.position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: units, as: UTF8.self) else { throw self.error("a string is not UTF-8") }
        return text
      case UInt8(ascii: "\\"): try self.parseEscape(into: &units)
      case ..<0x20: throw self.error("a control character")
      default: units.append(byte)
      }
    }
    throw self.error("a string does not end")
  }

  private mutating func parseEscape(into units: inout [UInt8]) throws {
    guard let byte = self.next else { throw self.error("an escape does not end") }
    self.position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): units.append(byte)
    case UInt8(ascii: "b"): units.append(0x08)
    case UInt8(ascii: "f"): units.append(0x0C)
    case UInt8(ascii: "n"): units.append(0x0A)
    case UInt8(ascii: "r"): units.append(0x0D)
    case UInt8(ascii: "t"): units.append(0x09)
    case UInt8(ascii: "u"):
      var code = try self.parseHex()
      if (0xD800..<0xDC00).contains(code) {
        guard self.take("\\"), self.take("u") else { throw self.error("a surrogate stands alone") }
        let low = try self.parseHex()
        guard (0xDC00..<0xE000).contains(low) else { throw self.error("a surrogate stands alone") }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw self.error("a surrogate stands alone") }
      units.append(contentsOf: Array(String(Character(scalar)).utf8))
    default: throw self.error("no escape of JSON")
    }
  }

  private mutating func parseHex() throws -> UInt32 {
    guard self.position + 4 <= self.bytes.count,
      let code = UInt32(String(decoding: self.bytes[self.position..<self.position + 4], as: UTF8.self), radix: 16)
    else { throw self.error("no four hexadecimal digits") }
    self.position += 4
    return code
  }
}
