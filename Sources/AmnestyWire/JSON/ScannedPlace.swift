// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

// Values of a message as places in its bytes: what a scan keeps instead of strings. They are offsets, so whoever asks for the bytes brings
// them along, and a place outside of them is no bytes.

/// A string without escapes: its bytes are what it says, and between their quotes its canonical form.
package struct ScannedPlace: Sendable {
  /// The offset of the first byte behind the quote.
  private let start: UInt32
  private let length: Int32

  init() {
    self.start = 0
    self.length = -1
  }

  init(start: Int, count: Int) {
    self.start = UInt32(truncatingIfNeeded: start)
    self.length = Int32(truncatingIfNeeded: count)
  }

  /// False where the member was left out, or is null.
  package var isPresent: Bool { self.length >= 0 }

  @inline(__always)
  package func bytes(in message: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    let (start, count) = (Int(self.start), Int(self.length))
    guard count >= 0, start + count <= message.count else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    return UnsafeRawBufferPointer(rebasing: message[start..<start + count])
  }

  package func string(in message: UnsafeRawBufferPointer) -> String { String(decoding: self.bytes(in: message), as: UTF8.self) }

  fileprivate func quoted(in message: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    ScannedPlace(start: Int(self.start) - 1, count: Int(self.length) + 2).bytes(in: message)
  }
}

/// A word of a closed list, by its number in it.
package struct ScannedWord: Sendable {
  fileprivate let place: ScannedPlace
  /// The index among the `known` words; -1 where the member was left out.
  package let index: Int

  init() {
    self.place = ScannedPlace()
    self.index = -1
  }

  fileprivate init(_ place: ScannedPlace, index: Int) {
    self.place = place
    self.index = index
  }

  package var isPresent: Bool { self.index >= 0 }
}

/// A list of strings, or an object without members.
package struct ScannedList: Sendable {
  /// From bracket to bracket.
  fileprivate let place: ScannedPlace
  package let count: Int

  init() {
    self.place = ScannedPlace()
    self.count = 0
  }

  fileprivate init(_ place: ScannedPlace, count: Int) {
    self.place = place
    self.count = count
  }

  package var isPresent: Bool { self.place.isPresent }
}

/// A list of words of a closed list.
package struct ScannedWords: Sendable {
  fileprivate let list: ScannedList
  /// The bit of each word's index among the `known` words.
  package let bits: Int64

  init() {
    self.list = ScannedList()
    self.bits = 0
  }

  fileprivate init(_ list: ScannedList, bits: Int64) {
    self.list = list
    self.bits = bits
  }

  package var isPresent: Bool { self.list.isPresent }
}

// MARK: - Reading

extension JSONReader {
  /// What a scan gives up with: the message may be fine, but is not of the usual spelling.
  var unusual: JSONError { JSONError(offset: self.offset, reason: .unexpectedByte) }

  /// Reads the whole of `bytes` with `body`; false where the reader of the message has to be asked what to make of it.
  static func scan(_ bytes: UnsafeRawBufferPointer, _ body: (inout JSONReader) throws(JSONError) -> Void) -> Bool {
    // Places are kept in 32 bits.
    guard bytes.count < 1 << 30 else { return false }
    do throws(JSONReadFailure) {
      try Self.read(bytes, body)
      return true
    } catch {
      return false
    }
  }

  @inline(__always)
  mutating func scanPlace(_ matches: (JSONToken) -> Bool = { _ in true }) throws(JSONError) -> ScannedPlace {
    guard try self.peek() == UInt8(ascii: "\"") else { throw self.unusual }
    let token = try self.readToken()
    guard !token.isTransient, matches(token) else { throw self.unusual }
    return ScannedPlace(start: token.start - self.base, count: token.count)
  }

  /// A string of so many characters, as far as their bytes tell.
  @inline(__always)
  mutating func scanPlace(length: ClosedRange<Int>) throws(JSONError) -> ScannedPlace {
    try self.scanPlace { ($0.isASCII || length.lowerBound <= 1) && length.contains($0.count) }
  }

  @inline(__always)
  mutating func scanWord(_ index: (JSONToken) -> Int) throws(JSONError) -> ScannedWord {
    var found = -1
    let place = try self.scanPlace {
      found = index($0)
      return found >= 0
    }
    return ScannedWord(place, index: found)
  }

  @inline(__always)
  mutating func scanWords(_ index: (JSONToken) -> Int) throws(JSONError) -> ScannedWords {
    var bits: Int64 = 0
    let list = try self.scanList {
      let found = index($0)
      guard 0..<63 ~= found else { return false }
      bits |= 1 << Int64(found)
      return true
    }
    return ScannedWords(list, bits: bits)
  }

  mutating func scanStrings() throws(JSONError) -> ScannedList { try self.scanList { _ in true } }

  @inline(__always)
  private mutating func scanList(_ matches: (JSONToken) -> Bool) throws(JSONError) -> ScannedList {
    let start = self.valueOffset
    var count = 0
    if try self.enterArray() == .nonEmpty {
      repeat {
        _ = try self.scanPlace(matches)
        count += 1
      } while try self.nextElement()
    }
    return ScannedList(ScannedPlace(start: start, count: self.offset - start), count: count)
  }

  mutating func scanEmptyObject() throws(JSONError) -> ScannedList {
    let start = self.valueOffset
    guard try self.enterObject() == .empty else { throw self.unusual }
    return ScannedList(ScannedPlace(start: start, count: self.offset - start), count: 0)
  }

  @inline(__always)
  mutating func scanMessages<Scan>(
    into scans: inout [Scan], _ empty: Scan, _ scan: (inout Scan, inout JSONReader) throws(JSONError) -> Void
  ) throws(JSONError) {
    guard try self.enterArray() == .nonEmpty else { return }
    repeat {
      scans.append(empty)
      try scan(&scans[scans.count - 1], &self)
    } while try self.nextElement()
  }
}

// MARK: - Writing

extension JSONWriter {
  @inline(__always)
  mutating func copy(_ place: ScannedPlace, of message: UnsafeRawBufferPointer) { self.rawWords(place.quoted(in: message)) }

  @inline(__always)
  mutating func copy(_ word: ScannedWord, of message: UnsafeRawBufferPointer) { self.copy(word.place, of: message) }

  @inline(__always)
  mutating func copy(_ words: ScannedWords, of message: UnsafeRawBufferPointer) { self.copy(words.list, of: message) }

  /// The list without the white space between its elements. No string in it has an escape, so a quote always begins or ends one.
  mutating func copy(_ list: ScannedList, of message: UnsafeRawBufferPointer) {
    var isInString = false
    for byte in list.place.bytes(in: message) where isInString || byte > 0x20 {
      if byte == UInt8(ascii: "\"") { isInString.toggle() }
      self.byte(byte)
    }
  }
}
