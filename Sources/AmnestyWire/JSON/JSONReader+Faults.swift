// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

// Faults: what is wrong with a value, and the second walk that turns its place into a JSON Pointer.

/// What is wrong with a value.
package enum FaultKind: Sendable, Equatable {
  case wrongType(expected: StaticText)
  case missing
  case unknownMember
  /// The words that may stand here, separated by commas.
  case unknownWord(allowed: StaticText)
  /// What the string has to look like, in words.
  case pattern(StaticText)
  case tooShort(minimum: Int)
  case tooLong(maximum: Int)
  case tooFew(minimum: Int)
  case tooMany(maximum: Int)
  case outOfRange(ClosedRange<Int64>)
  case beyondBinary64
  case repeated
}

/// A text of the program that costs nothing to carry.
package struct StaticText: Sendable, Equatable, ExpressibleByStringLiteral, CustomStringConvertible {
  private let text: StaticString

  package init(_ text: StaticString) { self.text = text }
  package init(stringLiteral text: StaticString) { self.text = text }

  package var description: String { self.text.description }

  package static func == (left: StaticText, right: StaticText) -> Bool { left.description == right.description }
}

extension FaultKind: CustomStringConvertible {
  package var description: String {
    switch self {
    case .wrongType(let expected): "must be \(expected)"
    case .missing: "is required"
    case .unknownMember: "is not a member of this message; leave it out"
    case .unknownWord(let allowed): "must be one of \(allowed)"
    case .pattern(let words): "must be \(words)"
    case .tooShort(let minimum): "must have at least \(minimum) \(minimum == 1 ? "character" : "characters")"
    case .tooLong(let maximum): "must have at most \(maximum) characters"
    case .tooFew(let minimum): "must have at least \(minimum) \(minimum == 1 ? "element" : "elements")"
    case .tooMany(let maximum): "must have at most \(maximum) elements"
    case .outOfRange(let range):
      switch (range.lowerBound, range.upperBound) {
      case (.min, .max): "must fit 64 bits"
      case (let lower, .max): "must be at least \(lower)"
      case (.min, let upper): "must be at most \(upper)"
      case (let lower, let upper): "must be from \(lower) to \(upper)"
      }
    case .beyondBinary64: "must be within the range of a binary64 number"
    case .repeated: "is given twice"
    }
  }
}

extension JSONReader {
  /// The faults noted, each with its pointer.
  mutating func resolveFaults() -> [JSONFault] {
    var pointers: [Int: String] = [:]
    for fault in self.faults { pointers[fault.offset] = "" }
    self.cursor = self.base
    self.depth = 0
    var path: [String] = []
    // The message was read to its end before, so this walk cannot fail.
    try? self.collectPointers(of: &pointers, path: &path)
    return self.faults.map { fault in
      var pointer = pointers[fault.offset] ?? ""
      if let member = fault.member { pointer += "/\(member)" }
      return JSONFault(pointer: pointer, description: fault.kind.description)
    }
  }

  private mutating func collectPointers(of pointers: inout [Int: String], path: inout [String]) throws(JSONError) {
    let offset = self.valueOffset
    if pointers[offset] != nil { pointers[offset] = path.map { "/" + $0 }.joined() }
    switch try self.peek() {
    case UInt8(ascii: "{"):
      guard try self.enterObject() == .nonEmpty else { return }
      repeat {
        try path.append(Self.segment(self.readKey()))
        try self.collectPointers(of: &pointers, path: &path)
        path.removeLast()
      } while try self.nextMember()
    case UInt8(ascii: "["):
      guard try self.enterArray() == .nonEmpty else { return }
      var index = 0
      repeat {
        path.append(String(index))
        try self.collectPointers(of: &pointers, path: &path)
        path.removeLast()
        index += 1
      } while try self.nextElement()
    default:
      try self.skipValue()
    }
  }

  /// A member's name as a segment of a pointer; an overlong one is cut, so that an answer stays within its bounds.
  private static func segment(_ key: JSONToken) -> String {
    let longest = 64
    let name = key.string.unicodeScalars
    var segment = ""
    for scalar in name.prefix(longest) {
      switch scalar {
      case "~": segment += "~0"
      case "/": segment += "~1"
      default: segment.unicodeScalars.append(scalar)
      }
    }
    return name.dropFirst(longest).isEmpty ? segment : segment + "…"
  }
}
