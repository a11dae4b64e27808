// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// The JSON of the register's own columns: small, written here and read back here, so that SQLite's JSON functions and a human can read it too.
enum StoredJSON: Sendable, Hashable {
  case null
  case bool(Bool)
  case int(Int64)
  case string(String)
  case array([StoredJSON])
  case object([Member])

  struct Member: Sendable, Hashable {
    var name: String
    var value: StoredJSON
  }

  /// Members that are null are left out.
  static func fields(_ members: [(String, StoredJSON)]) -> StoredJSON {
    .object(members.compactMap { $0.1 == .null ? nil : Member(name: $0.0, value: $0.1) })
  }

  static func optional(_ text: String?) -> StoredJSON { text.map(StoredJSON.string) ?? .null }

  subscript(name: String) -> StoredJSON {
    guard case .object(let members) = self else { return .null }
    return members.first { $0.name == name }?.value ?? .null
  }

  var string: String? { if case .string(let value) = self { value } else { nil } }
  var int: Int64? { if case .int(let value) = self { value } else { nil } }
  var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  var array: [StoredJSON] { if case .array(let values) = self { values } else { [] } }

  // MARK: - Writing

  var text: String {
    var out: [UInt8] = []
    out.reserveCapacity(128)
    write(to: &out)
    return String(decoding: out, as: UTF8.self)
  }

  func write(to out: inout [UInt8]) {
    switch self {
    case .null: out.append(contentsOf: "null".utf8)
    case .bool(let value): out.append(contentsOf: (value ? "true" : "false").utf8)
    case .int(let value): out.append(contentsOf: String(value).utf8)
    case .string(let value): StoredJSON.write(value, to: &out)
    case .array(let values):
      out.append(UInt8(ascii: "["))
      for (index, value) in values.enumerated() {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        value.write(to: &out)
      }
      out.append(UInt8(ascii: "]"))
    case .object(let members):
      out.append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        StoredJSON.write(member.name, to: &out)
        out.append(UInt8(ascii: ":"))
        member.value.write(to: &out)
      }
      out.append(UInt8(ascii: "}"))
    }
  }

  /// As RFC 8785 writes a string: the same text is always the same bytes.
  static func write(_ text: String, to out: inout [UInt8]) {
    out.append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { bytes in
      for byte in bytes {
        switch byte {
        case UInt8(ascii: "\""): out.append(contentsOf: [UInt8(ascii: "\\"), byte])
        case UInt8(ascii: "\\"): out.append(contentsOf: [UInt8(ascii: "\\"), byte])
        case 0x20...: out.append(byte)
        case 0x08: out.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "b")])
        case 0x09: out.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "t")])
        case 0x0A: out.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "n")])
        case 0x0C: out.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "f")])
        case 0x0D: out.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "r")])
        default:
          out.append(contentsOf: "\\u00".utf8)
          out.append(hexDigit(byte >> 4))
          out.append(hexDigit(byte & 15))
        }
      }
    }
    out.append(UInt8(ascii: "\""))
  }

  static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10 }
}

extension StoredJSON {
  /// Nil where the bytes are no JSON of the kind that is written here: what a damaged file may hold.
  init?(_ bytes: some Sequence<UInt8>) {
    var reader = Reader(bytes: Array(bytes))
    guard let value = reader.value(depth: 0), reader.atEnd else { return nil }
    self = value
  }

  init?(_ text: String) { self.init(text.utf8) }

  private struct Reader {
    var bytes: [UInt8]
    var at = 0

    var atEnd: Bool { at == bytes.count }
    var peek: UInt8? { at < bytes.count ? bytes[at] : nil }

    mutating func take(_ byte: UInt8) -> Bool {
      guard peek == byte else { return false }
      at += 1
      return true
    }

    mutating func take(_ word: StaticString) -> Bool {
      let count = word.utf8CodeUnitCount
      guard bytes.count - at >= count else { return false }
      for i in 0..<count where bytes[at + i] != word.utf8Start[i] { return false }
      at += count
      return true
    }

    mutating func value(depth: Int) -> StoredJSON? {
      guard depth < 8, let byte = peek else { return nil }
      switch byte {
      case UInt8(ascii: "\""): return string().map(StoredJSON.string)
      case UInt8(ascii: "{"):
        at += 1
        var members: [Member] = []
        if take(UInt8(ascii: "}")) { return .object([]) }
        repeat {
          guard let name = string(), take(UInt8(ascii: ":")), let value = value(depth: depth + 1) else { return nil }
          members.append(Member(name: name, value: value))
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "}")) ? .object(members) : nil
      case UInt8(ascii: "["):
        at += 1
        var values: [StoredJSON] = []
        if take(UInt8(ascii: "]")) { return .array([]) }
        repeat {
          guard let value = value(depth: depth + 1) else { return nil }
          values.append(value)
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "]")) ? .array(values) : nil
      case UInt8(ascii: "t"): return take("true") ? .bool(true) : nil
      case UInt8(ascii: "f"): return take("false") ? .bool(false) : nil
      case UInt8(ascii: "n"): return take("null") ? .null : nil
      default: return number()
      }
    }

    mutating func number() -> StoredJSON? {
      let start = at
      _ = take(UInt8(ascii: "-"))
      while let byte = peek, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { at += 1 }
      return Int64(String(decoding: bytes[start..<at], as: UTF8.self)).map(StoredJSON.int)
    }

    mutating func string() -> String? {
      guard take(UInt8(ascii: "\"")) else { return nil }
      let start = at
      // Almost every string is plain.
      while let byte = peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { at += 1 }
      if take(UInt8(ascii: "\"")) { return String(decoding: bytes[start..<at - 1], as: UTF8.self) }
      var out = Array(bytes[start..<at])
      while let byte = peek {
        at += 1
        if byte == UInt8(ascii: "\"") { return String(decoding: out, as: UTF8.self) }
        guard byte == UInt8(ascii: "\\") else {
          out.append(byte)
          continue
        }
        guard let escape = peek else { return nil }
        at += 1
        switch escape {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(escape)
        case UInt8(ascii: "b"): out.append(0x08)
        case UInt8(ascii: "t"): out.append(0x09)
        case UInt8(ascii: "n"): out.append(0x0A)
        case UInt8(ascii: "f"): out.append(0x0C)
        case UInt8(ascii: "r"): out.append(0x0D)
        case UInt8(ascii: "u"):
          // Only control characters are written so.
          guard bytes.count - at >= 4, let code = UInt8(String(decoding: bytes[at + 2..<at + 4], as: UTF8.self), radix: 16),
            bytes[at] == UInt8(ascii: "0"), bytes[at + 1] == UInt8(ascii: "0"), code < 0x80
          else { return nil }
          out.append(code)
          at += 4
        default: return nil
        }
      }
      return nil
    }
  }
}
