// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import NIOCore

/// Writes one message as JSON with the least escapes (RFC 8785), straight into the writable bytes of a buffer.
///
/// What does not fit is counted but not written, and the caller writes once more with room for the count: so each write is a
/// comparison and a store, and nothing is allocated. Every member is written with a comma before it, and the first comma of
/// an object or array is made its opening bracket at the end, so no branch asks which member is the first:
///
/// ```swift
/// let start = writer.position
/// writer.raw(",\"reference\":")
/// writer.string(self.reference)
/// writer.closeObject(since: start)
/// ```
package struct JSONWriter: ~Copyable {
  private let base: UnsafeMutablePointer<UInt8>
  private let capacity: Int
  /// The bytes written so far, also those that found no room.
  package private(set) var position = 0

  private init(_ bytes: UnsafeMutableRawBufferPointer, fallback: UnsafeMutablePointer<UInt8>) {
    self.base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) ?? fallback
    self.capacity = bytes.count
  }

  /// Appends what `body` writes to `buffer`. `body` runs twice if it writes more than `reserving` bytes and the buffer has no more room.
  @inline(__always)
  package static func append(to buffer: inout ByteBuffer, reserving: Int = 1024, _ body: (inout JSONWriter) -> Void) {
    var needed = reserving
    var done = false
    while !done {
      buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: needed) { bytes in
        let count = Self.fill(bytes, body)
        done = count <= bytes.count
        needed = count
        return done ? count : 0
      }
    }
  }

  /// Lends what `body` writes to `use`, from memory on the stack where it is short.
  @inline(__always)
  package static func withBytes<Value>(
    reserving: Int = 2048, _ body: (inout JSONWriter) -> Void, use: (UnsafeRawBufferPointer) -> Value
  ) -> Value {
    var needed = reserving
    while true {
      let value: Value? = withUnsafeTemporaryAllocation(byteCount: needed, alignment: 8) { bytes in
        let count = Self.fill(bytes, body)
        needed = count
        return count <= bytes.count ? use(UnsafeRawBufferPointer(rebasing: bytes[..<count])) : nil
      }
      if let value { return value }
    }
  }

  /// What `body` writes, as text.
  package static func text(_ body: (inout JSONWriter) -> Void) -> String {
    Self.withBytes(body) { String(decoding: $0, as: UTF8.self) }
  }

  @inline(__always)
  private static func fill(_ bytes: UnsafeMutableRawBufferPointer, _ body: (inout JSONWriter) -> Void) -> Int {
    var nothing: UInt8 = 0
    return withUnsafeMutablePointer(to: &nothing) { fallback in
      var writer = JSONWriter(bytes, fallback: fallback)
      body(&writer)
      return writer.position
    }
  }

  // MARK: - Structure

  /// Text of the program that is JSON as it stands, such as `,"key":`.
  @inline(__always)
  package mutating func raw(_ text: StaticString) {
    let count = text.utf8CodeUnitCount
    if self.capacity - self.position >= count {
      UnsafeMutableRawPointer(self.base + self.position).copyMemory(from: text.utf8Start, byteCount: count)
    }
    self.position += count
  }

  /// JSON that was written or checked before.
  package mutating func raw(_ bytes: UnsafeRawBufferPointer) {
    if self.capacity - self.position >= bytes.count, let source = bytes.baseAddress {
      UnsafeMutableRawPointer(self.base + self.position).copyMemory(from: source, byteCount: bytes.count)
    }
    self.position += bytes.count
  }

  /// The same for what is mostly short: copied a word at a time, without a call.
  @inline(__always)
  mutating func rawWords(_ bytes: UnsafeRawBufferPointer) {
    let count = bytes.count
    guard let source = bytes.baseAddress, count >= 8, count <= 48, self.capacity - self.position >= count else { return self.raw(bytes) }
    let target = UnsafeMutableRawPointer(self.base + self.position)
    var index = 0
    while count - index > 8 {
      target.storeBytes(of: source.loadUnaligned(fromByteOffset: index, as: UInt64.self), toByteOffset: index, as: UInt64.self)
      index += 8
    }
    // The last word may overlap the one before.
    target.storeBytes(of: source.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self), toByteOffset: count - 8, as: UInt64.self)
    self.position += count
  }

  /// JSON that was written before, as text.
  package mutating func rawText(_ text: String) {
    var text = text
    text.withUTF8 { self.raw(UnsafeRawBufferPointer($0)) }
  }

  @inline(__always)
  package mutating func byte(_ byte: UInt8) {
    if self.position < self.capacity { self.base[self.position] = byte }
    self.position += 1
  }

  @inline(__always)
  package mutating func comma() { self.byte(UInt8(ascii: ",")) }

  /// Ends the object whose first member's comma stands at `start`.
  @inline(__always)
  package mutating func closeObject(since start: Int) {
    self.close(since: start, open: UInt8(ascii: "{"), close: UInt8(ascii: "}"))
  }

  /// Ends the array whose first element's comma stands at `start`.
  @inline(__always)
  package mutating func closeArray(since start: Int) {
    self.close(since: start, open: UInt8(ascii: "["), close: UInt8(ascii: "]"))
  }

  @inline(__always)
  private mutating func close(since start: Int, open: UInt8, close: UInt8) {
    if self.position == start { self.position += 1 }
    if start < self.capacity { self.base[start] = open }
    self.byte(close)
  }

  // MARK: - Values

  @inline(__always)
  package mutating func bool(_ value: Bool) { if value { self.raw("true") } else { self.raw("false") } }

  @inline(__always)
  package mutating func null() { self.raw("null") }

  package mutating func integer(_ value: Int64) {
    var magnitude = value.magnitude
    if magnitude < 10, value >= 0 { return self.byte(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: magnitude)) }
    var digits: (UInt64, UInt64, UInt64) = (0, 0, 0)
    withUnsafeMutableBytes(of: &digits) { bytes in
      var index = bytes.count
      repeat {
        index -= 1
        bytes[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: magnitude % 10)
        magnitude /= 10
      } while magnitude != 0
      if value < 0 {
        index -= 1
        bytes[index] = UInt8(ascii: "-")
      }
      self.raw(UnsafeRawBufferPointer(rebasing: bytes[index...]))
    }
  }

  /// A finite number in ECMAScript's shortest form, as RFC 8785 asks; another one, which JSON does not have, as null.
  package mutating func number(_ value: Double) { self.rawText(value.isFinite ? CanonicalNumber.text(of: value) : "null") }

  /// A string, quoted.
  @inline(__always)
  package mutating func string(_ text: String) {
    let isDone: Void? = text.utf8.withContiguousStorageIfAvailable { self.string($0) }
    if isDone == nil {
      var copy = text
      copy.withUTF8 { self.string($0) }
    }
  }

  /// A string of UTF-8 bytes, quoted.
  @inline(__always)
  package mutating func string(_ bytes: UnsafeBufferPointer<UInt8>) {
    let count = bytes.count
    // Room for the quotes, and for a last store of eight bytes.
    guard self.capacity - self.position >= count + 10, let source = bytes.baseAddress else { return self.slowString(bytes) }
    let target = self.base + self.position
    target[0] = UInt8(ascii: "\"")
    var index = 0
    while count - index >= 8 {
      let word = UnsafeRawPointer(source + index).loadUnaligned(as: UInt64.self)
      guard Self.escapes(word) == 0 else { return self.slowString(bytes) }
      UnsafeMutableRawPointer(target + 1 + index).storeBytes(of: word, as: UInt64.self)
      index += 8
    }
    while index < count {
      let byte = source[index]
      guard byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") else { return self.slowString(bytes) }
      target[1 + index] = byte
      index += 1
    }
    target[1 + count] = UInt8(ascii: "\"")
    self.position += count + 2
  }

  /// A set high bit in some byte where one of the eight needs an escape.
  @inline(__always)
  private static func escapes(_ word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quote = word ^ (ones &* 0x22)
    let backslash = word ^ (ones &* 0x5C)
    let found = ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash) | ((word &- (ones &* 0x20)) & ~word)
    return found & 0x8080_8080_8080_8080
  }

  @inline(never)
  private mutating func slowString(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.byte(UInt8(ascii: "\""))
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "\""): self.raw("\\\"")
      case UInt8(ascii: "\\"): self.raw("\\\\")
      case 0x08: self.raw("\\b")
      case 0x09: self.raw("\\t")
      case 0x0A: self.raw("\\n")
      case 0x0C: self.raw("\\f")
      case 0x0D: self.raw("\\r")
      case 0..<0x20:
        self.raw("\\u00")
        self.byte(UInt8(ascii: "0") + byte >> 4)
        self.byte(byte & 0xF < 10 ? UInt8(ascii: "0") + byte & 0xF : UInt8(ascii: "a") + (byte & 0xF) - 10)
      default: self.byte(byte)
      }
    }
    self.byte(UInt8(ascii: "\""))
  }
}
