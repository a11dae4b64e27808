// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import ConformanceSupport

/// The bytes of what a vector sends.
enum OutgoingBytes {
  static func of(_ frame: JSONValue) throws -> [UInt8] {
    if let text = frame["text"]?.text { return Array(text.utf8) }
    if let hex = frame["hex"]?.text { return try self.bytes(hex: hex) }
    if let fill = frame["textFill"] { return try self.filled(fill) }
    if let line = frame["line"] { return Array(line.compact.utf8) + [0x0A] }
    let payload = try self.payload(frame)
    let length = UInt32(payload.count)
    return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) } + payload
  }

  private static func payload(_ frame: JSONValue) throws -> [UInt8] {
    if let hex = frame["payloadHex"]?.text { return try self.bytes(hex: hex) }
    guard let head = try self.part(frame, "head") else { throw VectorError("a frame without head: \(frame.compact)") }
    guard let body = try self.part(frame, "body") else { return head }
    return head + [0x0A] + body
  }

  private static func part(_ frame: JSONValue, _ name: String) throws -> [UInt8]? {
    if let text = frame[name + "Text"]?.text { return Array(text.utf8) }
    if let hex = frame[name + "Hex"]?.text { return try self.bytes(hex: hex) }
    if let fill = frame[name + "Fill"] { return try self.filled(fill) }
    return frame[name].map { Array($0.compact.utf8) }
  }

  private static func filled(_ fill: JSONValue) throws -> [UInt8] {
    guard let before = fill["before"]?.text, let text = fill["fill"]?.text, let count = fill["count"]?.integer,
      let after = fill["after"]?.text
    else { throw VectorError("a fill lacks before, fill, count or after") }
    let unit = Array(text.utf8)
    let middle = unit.count == 1 ? Array(repeating: unit[0], count: Int(count)) : (0..<count).flatMap { _ in unit }
    return Array(before.utf8) + middle + Array(after.utf8)
  }

  private static func bytes(hex: String) throws -> [UInt8] {
    let digits = Array(hex.utf8)
    guard digits.count.isMultiple(of: 2) else { throw VectorError("half a byte of hex") }
    return try stride(from: 0, to: digits.count, by: 2).map { index in
      guard let byte = UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16) else {
        throw VectorError("no hex: \(hex)")
      }
      return byte
    }
  }
}
