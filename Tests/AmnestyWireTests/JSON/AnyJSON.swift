// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire

/// Any JSON value, for tests: read through the reader, made at random, and written with all the liberties that JSON gives.
indirect enum AnyJSON: Equatable {
  case null
  case bool(Bool)
  case integer(Int64)
  case string(String)
  case array([AnyJSON])
  case object([String: AnyJSON])

  /// Why `bytes` are not I-JSON, or nil.
  static func error(in bytes: [UInt8]) -> JSONError? {
    bytes.withUnsafeBytes { bytes in
      do throws(JSONReadFailure) {
        try JSONReader.read(bytes) { reader throws(JSONError) in try reader.skipValue() }
        return nil
      } catch {
        guard case .malformed(let error) = error else { return JSONError(offset: -1, reason: .unexpectedByte) }
        return error
      }
    }
  }

  static func read(_ bytes: [UInt8]) throws -> AnyJSON {
    try bytes.withUnsafeBytes { bytes in
      try JSONReader.read(bytes) { reader throws(JSONError) in try Self.read(&reader, of: bytes) }
    }
  }

  private static func read(_ reader: inout JSONReader, of bytes: UnsafeRawBufferPointer) throws(JSONError) -> AnyJSON {
    if try reader.readNull() { return .null }
    let offset = reader.valueOffset
    switch offset < bytes.count ? bytes[offset] : 0 {
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool(try reader.readBool())
    case UInt8(ascii: "\""): return .string(try reader.readString())
    case UInt8(ascii: "["):
      return .array(try reader.readArray { reader throws(JSONError) in try Self.read(&reader, of: bytes) })
    case UInt8(ascii: "{"):
      guard try reader.enterObject() == .nonEmpty else { return .object([:]) }
      var members: [String: AnyJSON] = [:]
      var names = JSONNameSet()
      repeat {
        let key = try reader.readKey()
        try names.insert(key)
        let name = key.string
        members[name] = try Self.read(&reader, of: bytes)
      } while try reader.nextMember()
      return .object(members)
    default: return .integer(try reader.readInteger())
    }
  }

  // MARK: - Random values

  static func random(depth: Int, using random: inout some RandomNumberGenerator) -> AnyJSON {
    switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &random) {
    case 0: .null
    case 1: .bool(.random(using: &random))
    case 2: .integer(.random(in: .min ... .max, using: &random) >> Int64.random(in: 0..<64, using: &random))
    case 3, 4: .string(Self.randomText(using: &random))
    case 5: .array((0..<Int.random(in: 0..<5, using: &random)).map { _ in Self.random(depth: depth - 1, using: &random) })
    default:
      .object(
        (0..<Int.random(in: 0..<14, using: &random)).reduce(into: [:]) { members, _ in
          members[Self.randomText(using: &random)] = Self.random(depth: depth - 1, using: &random)
        })
    }
  }

  private static func randomText(using random: inout some RandomNumberGenerator) -> String {
    let letters: [Unicode.Scalar] = [
      "a", "b", "Z", "0", "/", "\"", "\\", "\n", "\t", "\u{0}", "\u{1f}", "\u{7f}", "é", "ж", "қ", "Ғ", "€", "한", "\u{2028}", "𝄞", "🌀",
      "\u{10FFFD}",
    ]
    var text = String.UnicodeScalarView()
    let usesOneAlphabet = Bool.random(using: &random)
    for _ in 0..<Int.random(in: 0..<20, using: &random) {
      text.append(
        usesOneAlphabet
          ? Unicode.Scalar(0x430 + UInt32.random(in: 0..<32, using: &random)) ?? "a" : letters.randomElement(using: &random) ?? "a")
    }
    return String(text)
  }

  /// The value as text, with blanks and escapes where JSON lets them be.
  func text(using random: inout some RandomNumberGenerator) -> String {
    let blank = Self.blank(using: &random)
    switch self {
    case .null: return blank + "null"
    case .bool(let value): return blank + "\(value)" + blank
    case .integer(let value): return "\(value)" + blank
    case .string(let value): return blank + Self.quote(value, using: &random)
    case .array(let values):
      return "[" + blank + values.map { $0.text(using: &random) }.joined(separator: ",") + blank + "]"
    case .object(let members):
      let members = members.sorted { $0.key < $1.key }.map {
        Self.quote($0.key, using: &random) + blank + ":" + $0.value.text(using: &random)
      }
      return blank + "{" + members.joined(separator: blank + "," + blank) + blank + "}"
    }
  }

  private static func blank(using random: inout some RandomNumberGenerator) -> String {
    Bool.random(using: &random) ? "" : [" ", "\n", "\t", "\r\n", "          "].randomElement(using: &random) ?? ""
  }

  private static func quote(_ text: String, using random: inout some RandomNumberGenerator) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      let mustEscape = scalar.value < 0x20 || scalar == "\"" || scalar == "\\"
      if mustEscape || Int.random(in: 0..<8, using: &random) == 0 {
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16, uppercase: .random(using: &random))
          quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      } else {
        quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}

/// SplitMix64: the same numbers on every run.
struct SeededRandom: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
