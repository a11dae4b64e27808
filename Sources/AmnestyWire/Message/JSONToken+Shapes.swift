// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

// Shapes of strings, matched over registers and bytes; the generator's `Shape.swift` says which pattern of the schemas each one is.

extension JSONToken {
  /// `^[A-Za-z0-9._/-]{1,64}$`
  var isReference: Bool {
    guard 1...64 ~= self.count else { return false }
    for byte in self.bytes {
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-")...UInt8(ascii: "9"),
        UInt8(ascii: "_"):
        continue  // From - to 9 stand . and / too.
      default: return false
      }
    }
    return true
  }

  /// `^[0-9]{4}-[0-9]{2}-[0-9]{2}$`
  @inline(__always)
  var isDay: Bool {
    guard self.count == 10 else { return false }
    // "YYYY-MM-" and "MM-DD" less zeros and dashes: each byte of a digit is then at most 9, each dash is 0.
    return Self.isDigits(self.head ^ 0x2D30_302D_3030_3030, dashes: 0xFF00_00FF_0000_0000)
      && Self.isDigits(self.word(at: 2) ^ 0x3030_2D30_302D_3030, dashes: 0x0000_FF00_00FF_0000)
  }

  @inline(__always)
  private static func isDigits(_ lanes: UInt64, dashes: UInt64) -> Bool {
    let tens: UInt64 = 0xF0F0_F0F0_F0F0_F0F0
    return (lanes | (lanes &+ 0x0606_0606_0606_0606)) & tens == 0 && lanes & dashes == 0
  }

  /// `^P(?=[0-9])([0-9]{1,4}Y)?([0-9]{1,4}M)?([0-9]{1,4}D)?$`
  var isTerm: Bool {
    guard self.count >= 3, self.start[0] == UInt8(ascii: "P") else { return false }
    var digits = 0
    var step = 0
    for index in 1..<self.count {
      switch self.start[index] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        digits += 1
        if digits > 4 { return false }
        continue
      case UInt8(ascii: "Y") where step < 1: step = 1
      case UInt8(ascii: "M") where step < 2: step = 2
      case UInt8(ascii: "D") where step < 3: step = 3
      default: return false
      }
      guard digits > 0 else { return false }
      digits = 0
    }
    return digits == 0
  }

  /// `^[1-9][0-9]{0,2}(-[1-9][0-9]?)?$`
  var isArticle: Bool {
    guard 1...6 ~= self.count else { return false }
    var index = 0
    guard Self.number(self.bytes, from: &index, atMost: 3) else { return false }
    if index == self.count { return true }
    guard self.start[index] == UInt8(ascii: "-") else { return false }
    index += 1
    return Self.number(self.bytes, from: &index, atMost: 2) && index == self.count
  }

  /// Past digits of which the first is not 0.
  private static func number(_ bytes: UnsafeBufferPointer<UInt8>, from index: inout Int, atMost digits: Int) -> Bool {
    guard index < bytes.count, bytes[index] &- UInt8(ascii: "1") < 9 else { return false }
    let limit = min(bytes.count, index + digits)
    repeat { index += 1 } while index < limit && bytes[index] &- UInt8(ascii: "0") < 10
    return true
  }

  /// `^[0-9]{12}$`
  var isTwelveDigits: Bool {
    guard self.count == 12 else { return false }
    return Self.isDigits(self.head ^ 0x3030_3030_3030_3030, dashes: 0) && Self.isDigits(self.word(at: 4) ^ 0x3030_3030_3030_3030, dashes: 0)
  }

  /// `^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?Z$`
  var isInstant: Bool {
    guard self.count == 20 || 22...30 ~= self.count, self.start[self.count - 1] == UInt8(ascii: "Z") else { return false }
    let shape: StaticString = "0000-00-00T00:00:00.000000000"
    return shape.withUTF8Buffer { shape in
      (0..<self.count - 1).allSatisfy { index in
        shape[index] == UInt8(ascii: "0") ? self.start[index] &- UInt8(ascii: "0") < 10 : self.start[index] == shape[index]
      }
    }
  }

  /// `^[A-Z]{2}$`
  var isTwoCapitals: Bool {
    self.count == 2 && self.start[0] &- UInt8(ascii: "A") < 26 && self.start[1] &- UInt8(ascii: "A") < 26
  }
}

extension JSONReader {
  /// A string of a shape, which `words` describe.
  @inline(__always)
  mutating func scanText(_ words: StaticText, _ matches: (JSONToken) -> Bool) throws(JSONError) -> ScannedString? {
    guard try self.peek() == UInt8(ascii: "\"") else {
      try self.skipWrongType(expected: "a string")
      return nil
    }
    let offset = self.offset
    let scanned = try self.scanString()
    if !matches(self.token(of: scanned, at: offset)), !self.isLenient { self.note(.pattern(words), at: offset) }
    return scanned
  }

  /// A string of so many characters.
  @inline(never)
  mutating func scanText(length: ClosedRange<Int>) throws(JSONError) -> ScannedString? {
    let offset = self.valueOffset
    guard let scanned = try self.scanText() else { return nil }
    // Bytes bound the characters from above, so most strings need no count.
    if scanned.count < length.lowerBound || scanned.count > length.upperBound || scanned.hasEscapes || !scanned.isASCII, !self.isLenient {
      let count = scanned.string.unicodeScalars.count
      if count < length.lowerBound { self.note(.tooShort(minimum: length.lowerBound), at: offset) }
      if count > length.upperBound { self.note(.tooLong(maximum: length.upperBound), at: offset) }
    }
    return scanned
  }

  /// An array of so many elements.
  mutating func readArray<Element>(
    count: ClosedRange<Int>, _ element: (inout JSONReader) throws(JSONError) -> Element
  ) throws(JSONError) -> [Element] {
    let offset = self.valueOffset
    let elements = try self.readArray(element)
    guard !self.isLenient else { return elements }
    if elements.count < count.lowerBound { self.note(.tooFew(minimum: count.lowerBound), at: offset) }
    if elements.count > count.upperBound { self.note(.tooMany(maximum: count.upperBound), at: offset) }
    return elements
  }

  @inline(never)
  mutating func noteUnknownWord(_ word: JSONToken, allowed: StaticText) {
    if !self.isLenient { self.note(.unknownWord(allowed: allowed), at: word.offset) }
  }

  /// A member that the message does not have: refused in a request, passed over in a response.
  @inline(never)
  mutating func skipMember(_ key: JSONToken, names: inout JSONNameSet) throws(JSONError) {
    if self.isLenient {
      try self.ignoreUnknownMember(key, names: &names)
    } else {
      try self.refuseUnknownMember(key, names: &names)
    }
  }
}
