// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

// Strings, names and words.

/// A string of the message as it stands there, checked but not unescaped. It owns nothing, so that a reader can hold many until it knows
/// that the message is whole; its bytes are those of the message.
package struct ScannedString {
  var start: UnsafePointer<UInt8>
  var count: Int
  var isASCII: Bool
  var hasEscapes: Bool

  package var string: String {
    @inline(__always) get {
      self.hasEscapes ? JSONReader.unescape(self) : JSONToken.makeString(self.start, count: self.count, isASCII: self.isASCII)
    }
  }
}

extension JSONReader {
  package mutating func readString() throws(JSONError) -> String {
    guard try self.peek() == UInt8(ascii: "\"") else {
      try self.skipWrongType(expected: "a string")
      return ""
    }
    return try self.scanString().string
  }

  /// A string to be built later, or nil where the value is no string (noted and skipped).
  @inline(__always)
  mutating func scanText() throws(JSONError) -> ScannedString? {
    guard try self.peek() == UInt8(ascii: "\"") else {
      try self.skipWrongType(expected: "a string")
      return nil
    }
    return try self.scanString()
  }

  /// A string as a token to compare with words or patterns, or nil where the value is no string (noted and skipped).
  @inline(__always)
  package mutating func readWord() throws(JSONError) -> JSONToken? {
    guard try self.peek() == UInt8(ascii: "\"") else {
      try self.skipWrongType(expected: "a string")
      return nil
    }
    return try self.readToken()
  }

  /// The string at the cursor, whose quote was seen.
  @inline(__always)
  mutating func readToken() throws(JSONError) -> JSONToken {
    let offset = self.offset
    return try self.token(of: self.scanString(), at: offset)
  }

  /// What a scanned string says, to be compared.
  @inline(__always)
  mutating func token(of scanned: ScannedString, at offset: Int) -> JSONToken {
    if scanned.hasEscapes { return self.unescapeToken(scanned, offset: offset) }
    return JSONToken(
      start: scanned.start, count: scanned.count, head: self.loadHead(scanned.start, count: scanned.count), offset: offset,
      isASCII: scanned.isASCII, isTransient: false)
  }

  @inline(__always)
  private func loadHead(_ start: UnsafePointer<UInt8>, count: Int) -> UInt64 {
    if self.end - start >= 8 {
      let word = UInt64(littleEndian: UnsafeRawPointer(start).loadUnaligned(as: UInt64.self))
      return count >= 8 ? word : word & ((1 &<< UInt64(truncatingIfNeeded: count &* 8)) &- 1)
    }
    return Self.loadShort(start, count: count)
  }

  @inline(never)
  private static func loadShort(_ start: UnsafePointer<UInt8>, count: Int) -> UInt64 {
    var word: UInt64 = 0
    for index in 0..<min(count, 8) { word |= UInt64(start[index]) &<< UInt64(index * 8) }
    return word
  }

  // MARK: - Scanning

  /// Finds the end of the string at the cursor and checks everything in it.
  @inline(__always)
  mutating func scanString() throws(JSONError) -> ScannedString {
    let start = self.cursor + 1
    var position = start
    while self.end - position >= 8 {
      let stops = Self.stops(UInt64(littleEndian: UnsafeRawPointer(position).loadUnaligned(as: UInt64.self)))
      guard stops != 0 else {
        position += 8
        continue
      }
      position += stops.trailingZeroBitCount &>> 3
      if position.pointee == UInt8(ascii: "\"") {
        self.cursor = position + 1
        return ScannedString(start: start, count: position - start, isASCII: true, hasEscapes: false)
      }
      break
    }
    return try self.scanString(from: start, at: position)
  }

  /// A set high bit for each byte that is a quote, a backslash, a control character or not ASCII. Exact up to the first.
  @inline(__always)
  private static func stops(_ word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let high: UInt64 = 0x8080_8080_8080_8080
    let quote = word ^ (ones &* 0x22)
    let backslash = word ^ (ones &* 0x5C)
    return ((quote &- ones) | (backslash &- ones) | (word &- (ones &* 0x20)) | word) & high
  }

  @inline(never)
  private mutating func scanString(from start: UnsafePointer<UInt8>, at first: UnsafePointer<UInt8>) throws(JSONError) -> ScannedString {
    var scanned = ScannedString(start: start, count: 0, isASCII: true, hasEscapes: false)
    var position = first
    while true {
      guard position < self.end else { throw JSONError(offset: self.end - self.base, reason: .endOfInput) }
      let byte = position.pointee
      if byte >= 0x80 {
        scanned.isASCII = false
        position = try self.scanMultibyte(at: position)
      } else if byte == UInt8(ascii: "\"") {
        self.cursor = position + 1
        scanned.count = position - start
        return scanned
      } else if byte == UInt8(ascii: "\\") {
        scanned.hasEscapes = true
        position = try self.scanEscape(at: position)
      } else if byte < 0x20 {
        throw JSONError(offset: position - self.base, reason: .controlCharacter)
      } else {
        position += 1
        while self.end - position >= 8 {
          let stops = Self.stops(UInt64(littleEndian: UnsafeRawPointer(position).loadUnaligned(as: UInt64.self)))
          position += stops == 0 ? 8 : stops.trailingZeroBitCount &>> 3
          if stops != 0 { break }
        }
      }
    }
  }

  /// Past a run of characters that are not ASCII.
  @inline(__always)
  private func scanMultibyte(at first: UnsafePointer<UInt8>) throws(JSONError) -> UnsafePointer<UInt8> {
    var position = first
    // Four letters of two bytes each at a time: Cyrillic, which most of the text here is.
    while self.end - position >= 8 {
      let word = UInt64(littleEndian: UnsafeRawPointer(position).loadUnaligned(as: UInt64.self))
      guard word & 0xC0E0_C0E0_C0E0_C0E0 == 0x80C0_80C0_80C0_80C0 else { break }
      // C0 and C1 would be overlong: their bits above the lowest are all clear.
      let lead = (word & 0x001E_001E_001E_001E) &+ 0x007E_007E_007E_007E
      guard lead & 0x0080_0080_0080_0080 == 0x0080_0080_0080_0080 else { break }
      position += 8
    }
    while position < self.end, position.pointee >= 0x80 {
      if position.pointee &- 0xC2 < 0x1E, self.end - position >= 2, position[1] & 0xC0 == 0x80 {
        position += 2
      } else {
        position += try self.checkScalar(at: position)
      }
    }
    return position
  }

  /// The length of the UTF-8 sequence at `position`, whose first byte is not ASCII.
  @inline(never)
  private func checkScalar(at position: UnsafePointer<UInt8>) throws(JSONError) -> Int {
    let lead = position.pointee
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch lead {
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    case 0xF1...0xF3: length = 4
    default: throw JSONError(offset: position - self.base, reason: .invalidUTF8)
    }
    var scalar = UInt32(lead) & (0xFF &>> UInt32(length + 1))
    for index in 1..<length {
      guard position + index < self.end else { throw JSONError(offset: self.end - self.base, reason: .endOfInput) }
      let byte = position[index]
      guard index == 1 ? second.contains(byte) : byte & 0xC0 == 0x80 else {
        throw JSONError(offset: position + index - self.base, reason: .invalidUTF8)
      }
      scalar = scalar << 6 | UInt32(byte & 0x3F)
    }
    if Self.isNoncharacter(scalar) { throw JSONError(offset: position - self.base, reason: .noncharacter) }
    return length
  }

  private static func isNoncharacter(_ scalar: UInt32) -> Bool {
    scalar & 0xFFFE == 0xFFFE || (0xFDD0...0xFDEF).contains(scalar)
  }

  /// Past the escape at `position`.
  private func scanEscape(at position: UnsafePointer<UInt8>) throws(JSONError) -> UnsafePointer<UInt8> {
    guard position + 1 < self.end else { throw JSONError(offset: self.end - self.base, reason: .endOfInput) }
    switch position[1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
      UInt8(ascii: "r"), UInt8(ascii: "t"):
      return position + 2
    case UInt8(ascii: "u"):
      break
    default:
      throw JSONError(offset: position + 1 - self.base, reason: .invalidEscape)
    }
    let unit = try self.scanHexadecimal(at: position + 2)
    guard unit & 0xF800 == 0xD800 else {
      if Self.isNoncharacter(unit) { throw JSONError(offset: position - self.base, reason: .noncharacter) }
      return position + 6
    }
    let alone = JSONError(offset: position - self.base, reason: .loneSurrogate)
    guard unit < 0xDC00 else { throw alone }
    let low = position + 6
    guard low < self.end else { throw JSONError(offset: self.end - self.base, reason: .endOfInput) }
    guard low.pointee == UInt8(ascii: "\\") else { throw alone }
    guard low + 1 < self.end else { throw JSONError(offset: self.end - self.base, reason: .endOfInput) }
    guard low[1] == UInt8(ascii: "u") else { throw alone }
    let trail = try self.scanHexadecimal(at: low + 2)
    guard trail & 0xFC00 == 0xDC00 else { throw alone }
    if Self.isNoncharacter(Self.joined(unit, trail)) { throw JSONError(offset: position - self.base, reason: .noncharacter) }
    return low + 6
  }

  private func scanHexadecimal(at position: UnsafePointer<UInt8>) throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for index in 0..<4 {
      guard position + index < self.end else { throw JSONError(offset: self.end - self.base, reason: .endOfInput) }
      guard let digit = Self.hexadecimalDigit(position[index]) else {
        throw JSONError(offset: position + index - self.base, reason: .invalidEscape)
      }
      value = value << 4 | digit
    }
    return value
  }

  private static func hexadecimalDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }

  private static func joined(_ lead: UInt32, _ trail: UInt32) -> UInt32 {
    0x10000 + ((lead & 0x3FF) << 10 | trail & 0x3FF)
  }

  // MARK: - Unescaping

  @inline(never)
  static func unescape(_ scanned: ScannedString) -> String {
    String(unsafeUninitializedCapacity: scanned.count) { Self.unescape(scanned, into: $0) }
  }

  @inline(never)
  private mutating func unescapeToken(_ scanned: ScannedString, offset: Int) -> JSONToken {
    if self.scratch.count < scanned.count + 8 {
      self.scratch.deallocate()
      self.scratch = .allocate(capacity: scanned.count + 8)
    }
    let count = Self.unescape(scanned, into: self.scratch)
    let start = self.scratch.baseAddress.map { UnsafePointer($0) } ?? scanned.start
    return JSONToken(
      start: start, count: count, head: Self.loadShort(start, count: count), offset: offset, isASCII: false, isTransient: true)
  }

  /// Writes the characters of a checked string to `output`, which is at least as long, and returns their bytes.
  private static func unescape(_ scanned: ScannedString, into output: UnsafeMutableBufferPointer<UInt8>) -> Int {
    var source = scanned.start
    let end = source + scanned.count
    var count = 0
    while source < end {
      guard source.pointee == UInt8(ascii: "\\") else {
        output[count] = source.pointee
        count += 1
        source += 1
        continue
      }
      let escape = source[1]
      source += 2
      switch escape {
      case UInt8(ascii: "b"): output[count] = 0x08
      case UInt8(ascii: "f"): output[count] = 0x0C
      case UInt8(ascii: "n"): output[count] = 0x0A
      case UInt8(ascii: "r"): output[count] = 0x0D
      case UInt8(ascii: "t"): output[count] = 0x09
      case UInt8(ascii: "u"):
        var scalar = Self.fourDigits(source)
        source += 4
        if scalar & 0xF800 == 0xD800 {
          scalar = Self.joined(scalar, Self.fourDigits(source + 2))
          source += 6
        }
        count += Self.encode(scalar, into: output, at: count)
        continue
      default: output[count] = escape
      }
      count += 1
    }
    return count
  }

  private static func fourDigits(_ source: UnsafePointer<UInt8>) -> UInt32 {
    (0..<4).reduce(0) { $0 << 4 | (Self.hexadecimalDigit(source[$1]) ?? 0) }
  }

  private static func encode(_ scalar: UInt32, into output: UnsafeMutableBufferPointer<UInt8>, at index: Int) -> Int {
    guard let encoded = Unicode.Scalar(scalar).flatMap({ UTF8.encode($0) }) else { return 0 }
    var count = 0
    for byte in encoded {
      output[index + count] = byte
      count += 1
    }
    return count
  }
}
