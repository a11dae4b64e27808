// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import Foundation

/// Our reader against Foundation's on the same bytes: the same values; and what only one of them takes is of a class that is listed in
/// `protocol/vectors/json`.
enum FoundationTarget {
  static func run(_ bytes: UnsafeRawBufferPointer) throws(Discrepancy) -> FuzzTarget.Verdict {
    let ours = JSONTree.read(bytes)
    let theirs = Self.foundation(bytes)
    switch (ours, theirs) {
    case (.success(let ours), let theirs?):
      try Self.compare(ours, theirs)
    case (.failure(let error), _?):
      try require(Self.rule(of: error, in: bytes) != nil, "only Foundation takes it, and no listed rule says why: \(error)")
    case (.success(let ours), nil):
      try require(Self.rule(of: ours) != nil, "only Foundation refuses it, and no listed rule says why")
    case (.failure, nil):
      break
    }
    return .worthKeeping
  }

  /// Nil where Foundation refuses the bytes.
  private static func foundation(_ bytes: UnsafeRawBufferPointer) -> Any? {
    try? JSONSerialization.jsonObject(with: Data(bytes), options: [.fragmentsAllowed])
  }

  // MARK: - Classes

  /// Why this reader refuses what Foundation takes.
  private static func rule(of error: JSONError, in bytes: UnsafeRawBufferPointer) -> FoundationRule? {
    switch error.reason {
    case .duplicateName: .duplicateNames
    case .loneSurrogate: .loneSurrogates
    case .noncharacter: .noncharacters
    case .byteOrderMark: .noByteOrderMark
    case .tooDeep: .depth
    case .unexpectedByte where Self.isCommaBeforeBracket(error.offset, bytes): .grammar
    default: Self.mayBeOtherEncoding(bytes) ? .utf8Only : nil
    }
  }

  private static func isCommaBeforeBracket(_ offset: Int, _ bytes: UnsafeRawBufferPointer) -> Bool {
    let before = bytes[..<offset].last { !" \t\r\n".utf8.contains($0) }
    return "]}".utf8.contains(bytes[offset]) && before == UInt8(ascii: ",")
  }

  /// Foundation looks for zeros and marks among the first four bytes.
  private static func mayBeOtherEncoding(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let first = bytes.prefix(4)
    return first.contains(0) || first.starts(with: [0xFE, 0xFF]) || first.starts(with: [0xFF, 0xFE])
  }

  /// Why Foundation refuses what this reader takes.
  private static func rule(of tree: JSONTree) -> FoundationRule? {
    switch tree {
    case .number(let text): Double(text)?.isFinite == true ? nil : .numbersOfAnySize
    case .array(let elements): elements.lazy.compactMap(Self.rule).first
    case .object(let members): members.lazy.compactMap { Self.rule(of: $0.value) }.first
    default: nil
    }
  }

  // MARK: - Values

  private static func compare(_ ours: JSONTree, _ theirs: Any) throws(Discrepancy) {
    switch ours {
    case .null:
      try require(theirs is NSNull, "null, and Foundation reads \(theirs)")
    case .bool(let value):
      try require((theirs as? Bool) == value, "\(value), and Foundation reads \(theirs)")
    case .string(let bytes):
      let theirs = (theirs as? String).map { Self.withoutMarks(Array($0.utf8)) }
      try requireEqual(theirs, Self.withoutMarks(bytes), "a text")
    case .number(let text):
      guard let number = theirs as? NSNumber else { throw Discrepancy("the number \(text), and Foundation reads \(theirs)") }
      if let integer = Int64(text) {
        try requireEqual(number.int64Value, integer, "the integer \(text)")
      } else if let number = Optional(number.doubleValue), let ours = Double(text) {
        // Foundation makes some numbers digit by digit, so that the last bits are not those of the nearest binary64.
        try require(abs(number - ours) <= abs(ours) * 1e-12, "the number \(text): \(ours), and Foundation reads \(number)")
      }
    case .array(let elements):
      guard let list = theirs as? [Any], list.count == elements.count else { throw Discrepancy("a list of \(elements.count) elements") }
      for (element, other) in zip(elements, list) { try Self.compare(element, other) }
    case .object(let members):
      guard let map = theirs as? [String: Any] else { throw Discrepancy("an object that is none to Foundation") }
      // Names that Unicode takes for equal are one to a dictionary.
      let names = Set(members.map { String(decoding: Self.withoutMarks($0.name), as: UTF8.self) })
      guard names.count == members.count, !members.contains(where: { Self.withoutMarks($0.name) != $0.name }) else { return }
      for member in members {
        guard let other = map[String(decoding: member.name, as: UTF8.self)] else { throw Discrepancy("Foundation misses a member") }
        try Self.compare(member.value, other)
      }
      try requireEqual(map.count, members.count, "the number of members")
    }
  }

  /// Foundation loses a U+FEFF that stands first in a string or behind an escape.
  private static func withoutMarks(_ text: [UInt8]) -> [UInt8] {
    var kept: [UInt8] = []
    for byte in text {
      kept.append(byte)
      if kept.suffix(3) == [0xEF, 0xBB, 0xBF] { kept.removeLast(3) }
    }
    return kept
  }
}

/// The classes of what only one of the two readers takes: all but the last are in `stricter.json`, the last in `laxer.json`.
package enum FoundationRule: String, CaseIterable, Sendable {
  case duplicateNames = "duplicate_names"
  case loneSurrogates = "lone_surrogates"
  case noncharacters
  case utf8Only = "utf8_only"
  case noByteOrderMark = "no_byte_order_mark"
  case depth
  case grammar
  case numbersOfAnySize = "numbers_of_any_size"
}
