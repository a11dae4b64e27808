// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

// Numbers: exact integers of 64 bits, and decimals.

extension JSONReader {
  /// An integer within `range`. `1.0` and `1e2` are numbers but no integers; `-0` reads as 0.
  package mutating func readInteger(in range: ClosedRange<Int64> = .min ... .max) throws(JSONError) -> Int64 {
    let first = try self.peek()
    guard first == UInt8(ascii: "-") || first &- UInt8(ascii: "0") < 10 else {
      try self.skipWrongType(expected: "an integer")
      return 0
    }
    let offset = self.offset
    let number = try self.scanNumber()
    guard number.isInteger else {
      self.note(.wrongType(expected: "an integer"), at: offset)
      return 0
    }
    guard let value = number.integer, range.contains(value) else {
      self.note(.outOfRange(range), at: offset)
      return 0
    }
    return value
  }

  /// A number as the nearest binary64; one that is beyond its range is a fault.
  package mutating func readNumber() throws(JSONError) -> Double {
    let first = try self.peek()
    guard first == UInt8(ascii: "-") || first &- UInt8(ascii: "0") < 10 else {
      try self.skipWrongType(expected: "a number")
      return 0
    }
    let offset = self.offset
    let number = try self.scanNumber()
    if let integer = number.integer { return Double(integer) }
    return self.double(of: number, at: offset)
  }

  mutating func double(of number: ScannedNumber, at offset: Int) -> Double {
    let text = String(decoding: UnsafeBufferPointer(start: number.start, count: number.count), as: UTF8.self)
    guard let value = Double(text), value.isFinite else {
      self.note(.beyondBinary64, at: offset)
      return 0
    }
    return value
  }

  /// A number of the message: where it stands, and its value if it is an integer of 64 bits.
  struct ScannedNumber {
    var start: UnsafePointer<UInt8>
    var count: Int
    var isInteger: Bool
    var integer: Int64?
  }

  mutating func scanNumber() throws(JSONError) -> ScannedNumber {
    let start = self.cursor
    let isNegative = start.pointee == UInt8(ascii: "-")
    if isNegative { self.cursor += 1 }
    let firstDigit = self.cursor
    // Negative, since the range of negative integers is the larger one.
    var value: Int64 = 0
    var overflows = false
    while self.cursor < self.end {
      let digit = self.cursor.pointee &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
      let (next, underflow) = tenfold.subtractingReportingOverflow(Int64(digit))
      overflows = overflows || overflow || underflow
      value = next
      self.cursor += 1
    }
    try self.requireDigits(since: firstDigit)
    if firstDigit.pointee == UInt8(ascii: "0"), self.cursor - firstDigit > 1 {
      throw JSONError(offset: firstDigit + 1 - self.base, reason: .invalidNumber)
    }
    var isInteger = true
    if self.cursor < self.end, self.cursor.pointee == UInt8(ascii: ".") {
      isInteger = false
      self.cursor += 1
      try self.skipDigits()
    }
    if self.cursor < self.end, self.cursor.pointee | 0x20 == UInt8(ascii: "e") {
      isInteger = false
      self.cursor += 1
      if self.cursor < self.end, self.cursor.pointee == UInt8(ascii: "+") || self.cursor.pointee == UInt8(ascii: "-") { self.cursor += 1 }
      try self.skipDigits()
    }
    var integer: Int64?
    if isInteger, !overflows, isNegative || value != .min { integer = isNegative ? value : -value }
    return ScannedNumber(start: start, count: self.cursor - start, isInteger: isInteger, integer: integer)
  }

  private mutating func skipDigits() throws(JSONError) {
    let first = self.cursor
    while self.cursor < self.end, self.cursor.pointee &- UInt8(ascii: "0") < 10 { self.cursor += 1 }
    try self.requireDigits(since: first)
  }

  private func requireDigits(since first: UnsafePointer<UInt8>) throws(JSONError) {
    guard self.cursor == first else { return }
    throw JSONError(offset: self.offset, reason: self.cursor == self.end ? .endOfInput : .invalidNumber)
  }
}
