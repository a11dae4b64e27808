// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Crypto

/// The act as JSON, typed by the schema: comments, layout and the order of keys are gone.
package enum ActJSON: Sendable, Equatable {
  case string(String)
  /// Within 2^53 either way, so that every reader of JSON keeps it exact.
  case integer(Int64)
  case boolean(Bool)
  case array([ActJSON])
  case object([(String, ActJSON)])

  package static func == (a: ActJSON, b: ActJSON) -> Bool { a.canonical == b.canonical }

  /// The bytes of RFC 8785 (JSON Canonicalization Scheme).
  package var canonical: [UInt8] {
    var out: [UInt8] = []
    write(into: &out)
    return out
  }

  /// `sha256:` and the SHA-256 of the canonical bytes in hexadecimal.
  package var digest: String {
    let alphabet = Array("0123456789abcdef".utf8)
    let hex = SHA256.hash(data: canonical).flatMap { [alphabet[Int($0 >> 4)], alphabet[Int($0 & 15)]] }
    return "sha256:" + String(decoding: hex, as: UTF8.self)
  }

  private func write(into out: inout [UInt8]) {
    switch self {
    case .string(let text): ActJSON.write(text, into: &out)
    case .integer(let value): out += String(value).utf8
    case .boolean(let value): out += (value ? "true" : "false").utf8
    case .array(let elements):
      out.append(UInt8(ascii: "["))
      for (position, element) in elements.enumerated() {
        if position > 0 { out.append(UInt8(ascii: ",")) }
        element.write(into: &out)
      }
      out.append(UInt8(ascii: "]"))
    case .object(let members):
      // Names are sorted by their UTF-16 code units, which is not the order of their UTF-8 bytes.
      out.append(UInt8(ascii: "{"))
      for (position, member) in members.sorted(by: { $0.0.utf16.lexicographicallyPrecedes($1.0.utf16) }).enumerated() {
        if position > 0 { out.append(UInt8(ascii: ",")) }
        ActJSON.write(member.0, into: &out)
        out.append(UInt8(ascii: ":"))
        member.1.write(into: &out)
      }
      out.append(UInt8(ascii: "}"))
    }
  }

  private static func write(_ text: String, into out: inout [UInt8]) {
    out.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): out += "\\\"".utf8
      case UInt8(ascii: "\\"): out += "\\\\".utf8
      case 0x08: out += "\\b".utf8
      case 0x09: out += "\\t".utf8
      case 0x0A: out += "\\n".utf8
      case 0x0C: out += "\\f".utf8
      case 0x0D: out += "\\r".utf8
      case 0..<0x20:
        let alphabet = Array("0123456789abcdef".utf8)
        out += "\\u00".utf8
        out += [alphabet[Int(byte >> 4)], alphabet[Int(byte & 15)]]
      default: out.append(byte)
      }
    }
    out.append(UInt8(ascii: "\""))
  }
}
