// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Reads one message: exactly one I-JSON value (RFC 7493) over borrowed bytes.
///
/// A caller asks for the type it expects. A value of another type is noted as a fault, skipped, and a placeholder is
/// returned: reading goes on, so that one answer names every fault. Malformed JSON is thrown at once and wins over faults.
///
/// Objects and arrays are read by hand:
///
/// ```swift
/// var seen: UInt64 = 0
/// if try reader.enterObject() == .nonEmpty {
///   repeat {
///     let key = try reader.readKey()
///     if key.equals("reference") {
///       try reader.markSeen(0, in: &seen, at: key.offset)
///       reference = try reader.readString()
///     } else {
///       try reader.refuseUnknownMember(key, names: &unknown)
///     }
///   } while try reader.nextMember()
/// }
/// ```
///
/// UTF-8 is checked in the same pass that finds the end of a string; outside strings only ASCII can stand.
package struct JSONReader: ~Copyable {
  package static var maximumDepth: Int { 64 }
  package static var maximumFaults: Int { 32 }

  let base: UnsafePointer<UInt8>
  let end: UnsafePointer<UInt8>
  var cursor: UnsafePointer<UInt8>
  /// A response may have members, words and shapes of a later version.
  let isLenient: Bool
  var depth = 0
  var faults: [PendingFault] = []
  package private(set) var faultsTotal = 0
  /// Where names and words with escapes are unescaped; most messages never need it.
  var scratch = UnsafeMutableBufferPointer<UInt8>(start: nil, count: 0)

  /// A fault by place: its pointer is found by a second walk, only for a message that is refused.
  struct PendingFault {
    var offset: Int
    /// The member that is missing from the object at `offset`.
    var member: StaticString?
    var kind: FaultKind
  }

  private init(base: UnsafePointer<UInt8>, count: Int, role: JSONCoding.Role) {
    self.isLenient = role == .response
    self.base = base
    self.cursor = base
    self.end = base + count
  }

  deinit {
    self.scratch.deallocate()
  }

  /// Reads the whole of `bytes` as one value with `body`.
  @inline(__always)
  package static func read<Value>(
    _ bytes: UnsafeRawBufferPointer, as role: JSONCoding.Role = .request, _ body: (inout JSONReader) throws(JSONError) -> Value
  ) throws(JSONReadFailure) -> Value {
    guard let start = bytes.baseAddress else { throw .malformed(JSONError(offset: 0, reason: .endOfInput)) }
    var reader = JSONReader(base: start.assumingMemoryBound(to: UInt8.self), count: bytes.count, role: role)
    let value: Value
    do {
      try reader.rejectByteOrderMark()
      value = try body(&reader)
      try reader.finish()
    } catch {
      throw .malformed(error)
    }
    if reader.faultsTotal > 0 { throw .invalid(reader.resolveFaults(), total: reader.faultsTotal) }
    return value
  }

  /// The offset of the next byte.
  package var offset: Int { @inline(__always) get { self.cursor - self.base } }

  /// The offset at which the next value starts.
  package var valueOffset: Int {
    @inline(__always) mutating get {
      self.skipSpace()
      return self.offset
    }
  }

  // MARK: - Structure

  /// Enters an object; anything else is noted as a fault and skipped.
  @inline(__always)
  package mutating func enterObject() throws(JSONError) -> Entry {
    try self.enter(open: UInt8(ascii: "{"), close: UInt8(ascii: "}"), expected: "an object")
  }

  /// Enters an array; anything else is noted as a fault and skipped.
  @inline(__always)
  package mutating func enterArray() throws(JSONError) -> Entry {
    try self.enter(open: UInt8(ascii: "["), close: UInt8(ascii: "]"), expected: "an array")
  }

  package enum Entry: Sendable {
    /// There is a first member or element to read.
    case nonEmpty
    case empty
    /// The value has another type; it was noted and skipped.
    case wrongType
  }

  @inline(__always)
  private mutating func enter(open: UInt8, close: UInt8, expected: StaticText) throws(JSONError) -> Entry {
    guard try self.peek() == open else {
      try self.skipWrongType(expected: expected)
      return .wrongType
    }
    guard self.depth < Self.maximumDepth else { throw JSONError(offset: self.offset, reason: .tooDeep) }
    self.cursor += 1
    if try self.peek() == close {
      self.cursor += 1
      return .empty
    }
    self.depth += 1
    return .nonEmpty
  }

  /// After a member's value: true where another member follows, false where the object has ended.
  @inline(__always)
  package mutating func nextMember() throws(JSONError) -> Bool {
    try self.next(close: UInt8(ascii: "}"))
  }

  /// After an element: true where another one follows, false where the array has ended.
  @inline(__always)
  package mutating func nextElement() throws(JSONError) -> Bool {
    try self.next(close: UInt8(ascii: "]"))
  }

  @inline(__always)
  private mutating func next(close: UInt8) throws(JSONError) -> Bool {
    let byte = try self.peek()
    if byte == UInt8(ascii: ",") {
      self.cursor += 1
      return true
    }
    guard byte == close else { throw JSONError(offset: self.offset, reason: .unexpectedByte) }
    self.cursor += 1
    self.depth -= 1
    return false
  }

  /// The name of a member and its colon. The key's bytes are valid until the next one is read.
  @inline(__always)
  package mutating func readKey() throws(JSONError) -> JSONToken {
    guard try self.peek() == UInt8(ascii: "\"") else { throw JSONError(offset: self.offset, reason: .unexpectedByte) }
    let key = try self.readToken()
    guard try self.peek() == UInt8(ascii: ":") else { throw JSONError(offset: self.offset, reason: .unexpectedByte) }
    self.cursor += 1
    return key
  }

  /// Notes that the member numbered `index` (0 to 63), whose name stands at `offset`, was given; a second time is malformed.
  @inline(__always)
  package func markSeen(_ index: Int, in seen: inout UInt64, at offset: Int) throws(JSONError) {
    let bit: UInt64 = 1 &<< UInt64(truncatingIfNeeded: index)
    if seen & bit != 0 { throw JSONError(offset: offset, reason: .duplicateName) }
    seen |= bit
  }

  @inline(__always)
  package func markSeen(_ index: UInt64, in seen: inout UInt64, key: JSONToken) throws(JSONError) {
    try self.markSeen(Int(truncatingIfNeeded: index), in: &seen, at: key.offset)
  }

  /// The next eight bytes, little-endian; 0, which no JSON has, where fewer are left.
  @inline(__always)
  func peekWord() -> UInt64 {
    guard self.end - self.cursor >= 8 else { return 0 }
    return UInt64(littleEndian: UnsafeRawPointer(self.cursor).loadUnaligned(as: UInt64.self))
  }

  /// Past the next `count` bytes if they are those of a name with its quotes and colon, `head` and `tail` being the first and the last
  /// eight: members mostly come in the order of the schema, and so their names are compared without being read.
  /// `word` is ``peekWord()``; from 17 bytes on the caller compares the middle.
  @inline(__always)
  mutating func takeKey(_ word: UInt64, count: Int, head: UInt64, tail: UInt64) -> Bool {
    guard word == head, self.end - self.cursor >= count, self.word(at: count - 8) == tail else { return false }
    self.cursor += count
    return true
  }

  /// The same for less than eight bytes: `mask` covers them.
  @inline(__always)
  mutating func takeKey(_ word: UInt64, count: Int, head: UInt64, mask: UInt64) -> Bool {
    guard word & mask == head else { return false }
    self.cursor += count
    return true
  }

  /// The same for 17 to 24 bytes.
  @inline(__always)
  mutating func takeKey(_ word: UInt64, count: Int, head: UInt64, middle: UInt64, tail: UInt64) -> Bool {
    guard word == head, self.end - self.cursor >= count, self.word(at: 8) == middle else { return false }
    return self.takeKey(word, count: count, head: head, tail: tail)
  }

  @inline(__always)
  private func word(at index: Int) -> UInt64 {
    UInt64(littleEndian: UnsafeRawPointer(self.cursor + index).loadUnaligned(as: UInt64.self))
  }

  /// True, and past it, where the next value is null.
  @inline(__always)
  package mutating func readNull() throws(JSONError) -> Bool {
    guard try self.peek() == UInt8(ascii: "n") else { return false }
    try self.expectLiteral("null")
    return true
  }

  package mutating func readBool() throws(JSONError) -> Bool {
    switch try self.peek() {
    case UInt8(ascii: "t"):
      try self.expectLiteral("true")
      return true
    case UInt8(ascii: "f"):
      try self.expectLiteral("false")
      return false
    default:
      try self.skipWrongType(expected: "true or false")
      return false
    }
  }

  // MARK: - Bytes

  /// The first byte of what comes next, which stays unread.
  @inline(__always)
  package mutating func peek() throws(JSONError) -> UInt8 {
    self.skipSpace()
    guard self.cursor < self.end else { throw JSONError(offset: self.offset, reason: .endOfInput) }
    return self.cursor.pointee
  }

  @inline(__always)
  mutating func skipSpace() {
    if self.cursor < self.end, self.cursor.pointee > 0x20 { return }
    self.skipSpaceSlowly()
  }

  @inline(never)
  private mutating func skipSpaceSlowly() {
    while self.cursor < self.end {
      switch self.cursor.pointee {
      case 0x20, 0x0A, 0x0D, 0x09: self.cursor += 1
      default: return
      }
    }
  }

  @inline(__always)
  mutating func expectLiteral(_ literal: StaticString) throws(JSONError) {
    for index in 0..<literal.utf8CodeUnitCount {
      guard self.cursor < self.end else { throw JSONError(offset: self.offset, reason: .endOfInput) }
      guard self.cursor.pointee == literal.utf8Start[index] else { throw JSONError(offset: self.offset, reason: .unexpectedByte) }
      self.cursor += 1
    }
  }

  private func rejectByteOrderMark() throws(JSONError) {
    if self.end - self.base >= 3, self.base[0] == 0xEF, self.base[1] == 0xBB, self.base[2] == 0xBF {
      throw JSONError(offset: 0, reason: .byteOrderMark)
    }
  }

  private mutating func finish() throws(JSONError) {
    self.skipSpace()
    guard self.cursor == self.end else { throw JSONError(offset: self.offset, reason: .trailingBytes) }
  }

  // MARK: - Faults

  /// Notes a fault of the value that starts at `offset` (see ``valueOffset``).
  @inline(never)
  package mutating func note(_ kind: FaultKind, at offset: Int) {
    self.faultsTotal += 1
    guard self.faults.count < Self.maximumFaults else { return }
    self.faults.append(PendingFault(offset: offset, member: nil, kind: kind))
  }

  /// Notes that the object at `offset` lacks `member`.
  @inline(never)
  package mutating func noteMissing(_ member: StaticString, at offset: Int) {
    self.faultsTotal += 1
    guard self.faults.count < Self.maximumFaults else { return }
    self.faults.append(PendingFault(offset: offset, member: member, kind: .missing))
  }

  @inline(never)
  mutating func skipWrongType(expected: StaticText) throws(JSONError) {
    self.note(.wrongType(expected: expected), at: self.valueOffset)
    try self.skipValue()
  }

  /// A member that the message does not have: noted, its name checked against the other unknown ones, its value skipped.
  @inline(never)
  package mutating func refuseUnknownMember(_ key: JSONToken, names: inout JSONNameSet) throws(JSONError) {
    try names.insert(key)
    self.note(.unknownMember, at: self.valueOffset)
    try self.skipValue()
  }

  /// The same where unknown members are ignored: in a response.
  @inline(never)
  package mutating func ignoreUnknownMember(_ key: JSONToken, names: inout JSONNameSet) throws(JSONError) {
    try names.insert(key)
    try self.skipValue()
  }
}
