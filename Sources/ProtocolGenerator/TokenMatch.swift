// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Writes the comparison of a token with a word as comparisons of registers.
enum TokenMatch {
  /// The first eight bytes, little-endian, zero-padded.
  static func head(of word: String) -> String { self.hexadecimal(Array(word.utf8.prefix(8))) }

  /// What must hold beside an equal head.
  static func condition(_ word: String, token: String) -> String {
    let bytes = Array(word.utf8)
    var conditions = ["\(token).count == \(bytes.count)"]
    var index = 8
    while index < bytes.count {
      let start = min(index, bytes.count - 8)
      conditions.append("\(token).word(at: \(start)) == \(self.hexadecimal(Array(bytes[start..<start + 8])))")
      index += 8
    }
    return conditions.joined(separator: " && ")
  }

  /// The call that takes the name, quotes and colon included, if it comes next; nil where it is too long for that.
  static func take(_ name: String) -> String? {
    let bytes = Array("\"\(name)\":".utf8)
    let head = self.hexadecimal(Array(bytes.prefix(8)))
    let tail = self.hexadecimal(Array(bytes.suffix(8)))
    switch bytes.count {
    case ..<8: return "takeKey(word, count: \(bytes.count), head: \(head), mask: \(self.hexadecimal(bytes.map { _ in 0xFF })))"
    case ...16: return "takeKey(word, count: \(bytes.count), head: \(head), tail: \(tail))"
    case ...24:
      let middle = self.hexadecimal(Array(bytes[8..<16]))
      return "takeKey(word, count: \(bytes.count), head: \(head), middle: \(middle), tail: \(tail))"
    default: return nil
    }
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    var value: UInt64 = 0
    for (index, byte) in bytes.enumerated() { value |= UInt64(byte) << UInt64(index * 8) }
    return "0x" + String(value, radix: 16, uppercase: true)
  }
}
