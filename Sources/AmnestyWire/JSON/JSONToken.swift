// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// The bytes of a name or a word of a message, unescaped, with its first eight in a register to choose by.
package struct JSONToken {
  let start: UnsafePointer<UInt8>
  package let count: Int
  /// The first eight bytes, little-endian, zero-padded.
  package let head: UInt64
  /// The offset of the opening quote.
  package let offset: Int
  package let isASCII: Bool
  /// Unescaped into memory that the next one with escapes will overwrite.
  let isTransient: Bool

  /// The eight bytes from `index`; `index + 8` must not exceed `count`.
  @inline(__always)
  package func word(at index: Int) -> UInt64 {
    UInt64(littleEndian: UnsafeRawPointer(self.start + index).loadUnaligned(as: UInt64.self))
  }

  /// True where the token is exactly the words given; the generator writes these for names of 9 to 16 bytes, `tail` being the last eight.
  @inline(__always)
  package func equals(count: Int, head: UInt64, tail: UInt64) -> Bool {
    self.count == count && self.head == head && self.word(at: count - 8) == tail
  }

  package func equals(_ text: StaticString) -> Bool {
    self.count == text.utf8CodeUnitCount && self.bytes.elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: self.count))
  }

  package var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: self.start, count: self.count) }

  package var string: String {
    @inline(__always) get { JSONToken.makeString(self.start, count: self.count, isASCII: self.isASCII) }
  }

  /// A string of bytes that were checked before: validating them again would double the cost of a message.
  @inline(__always)
  static func makeString(_ start: UnsafePointer<UInt8>, count: Int, isASCII: Bool) -> String {
    let span = unsafe Span<UInt8>(_unsafeStart: start, count: count)
    return unsafe String(copying: UTF8Span(unchecked: span, isKnownASCII: isASCII))
  }
}
