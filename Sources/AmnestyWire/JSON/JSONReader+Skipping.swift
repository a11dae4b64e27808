// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

// Values that nobody asked for: checked to the last byte all the same, duplicate names included.

extension JSONReader {
  /// Past one value of any type.
  package mutating func skipValue() throws(JSONError) {
    switch try self.peek() {
    case UInt8(ascii: "\""):
      _ = try self.scanString()
    case UInt8(ascii: "{"):
      guard try self.enterObject() == .nonEmpty else { return }
      var names = JSONNameSet()
      repeat {
        try names.insert(self.readKey())
        try self.skipValue()
      } while try self.nextMember()
    case UInt8(ascii: "["):
      guard try self.enterArray() == .nonEmpty else { return }
      repeat { try self.skipValue() } while try self.nextElement()
    case UInt8(ascii: "t"):
      try self.expectLiteral("true")
    case UInt8(ascii: "f"):
      try self.expectLiteral("false")
    case UInt8(ascii: "n"):
      try self.expectLiteral("null")
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      _ = try self.scanNumber()
    default:
      throw JSONError(offset: self.offset, reason: .unexpectedByte)
    }
  }

  /// The bytes of one value as they stand in the message, checked.
  package mutating func readRawValue() throws(JSONError) -> UnsafeRawBufferPointer {
    self.skipSpace()
    let start = self.cursor
    try self.skipValue()
    return UnsafeRawBufferPointer(start: start, count: self.cursor - start)
  }
}
