// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import Testing

@Suite struct JSONReaderTests {
  /// What is wrong with `text` as one value of any type, or nil.
  private func check(_ text: String) -> JSONError? {
    self.check(Array(text.utf8))
  }

  private func check(_ bytes: [UInt8]) -> JSONError? {
    bytes.withUnsafeBytes { bytes in
      do throws(JSONReadFailure) {
        try JSONReader.read(bytes) { reader throws(JSONError) in try reader.skipValue() }
        return nil
      } catch {
        guard case .malformed(let error) = error else { return nil }
        return error
      }
    }
  }

  @Test(arguments: [
    ("", 0, JSONError.Reason.endOfInput),
    ("  ", 2, .endOfInput),
    (#"{"a":1,"a":2}"#, 7, .duplicateName),
    (#"{"a":1,"\u0061":2}"#, 7, .duplicateName),
    (#"{"x":{"a":1,"a":2}}"#, 12, .duplicateName),
    (#"["\ud800"]"#, 2, .loneSurrogate),
    (#"["\udc00"]"#, 2, .loneSurrogate),
    (#"["\ud800\u0041"]"#, 2, .loneSurrogate),
    (#"["\ufffe"]"#, 2, .noncharacter),
    (#"["a\ufdd0"]"#, 3, .noncharacter),
    ("\u{FEFF}1", 0, .byteOrderMark),
    ("1 2", 2, .trailingBytes),
    ("[01]", 2, .invalidNumber),
    ("[1.]", 3, .invalidNumber),
    ("[-]", 2, .invalidNumber),
    ("[1e]", 3, .invalidNumber),
    ("[1,]", 3, .unexpectedByte),
    (#"{"a":1,}"#, 7, .unexpectedByte),
    (#"{"a"}"#, 4, .unexpectedByte),
    ("nul", 3, .endOfInput),
    ("nulL", 3, .unexpectedByte),
    ("\"a\tb\"", 2, .controlCharacter),
    (#""\x""#, 2, .invalidEscape),
    (#""\u12g4""#, 5, .invalidEscape),
    (String(repeating: "[", count: 65), 64, .tooDeep),
    (String(repeating: "[", count: 64), 64, .endOfInput),
  ])
  func refusesMalformed(_ text: String, _ offset: Int, _ reason: JSONError.Reason) {
    #expect(self.check(text) == JSONError(offset: offset, reason: reason))
  }

  @Test func acceptsNesting() {
    #expect(self.check(String(repeating: "[", count: 64) + String(repeating: "]", count: 64)) == nil)
  }

  @Test func refusesManyEqualNames() {
    let names = (0..<500).map { "\"n\($0)\":0" }.joined(separator: ",")
    #expect(self.check("{\(names)}") == nil)
    #expect(self.check("{\(names),\"n77\":1}")?.reason == .duplicateName)
    #expect(self.check("{\(names),\"\\u006e499\":1}")?.reason == .duplicateName)
  }

  @Test func notesFaultsByPointer() throws {
    let text = #"{"a/b":[1,"x",1.0,9223372036854775808],"~":-0}"#
    let failure = #expect(throws: JSONReadFailure.self) {
      try Array(text.utf8).withUnsafeBytes { bytes in
        try JSONReader.read(bytes) { reader throws(JSONError) in
          try reader.readMap { reader throws(JSONError) in
            try reader.readArray { reader throws(JSONError) in try reader.readInteger() }
          }
        }
      }
    }
    #expect(
      failure
        == .invalid(
          [
            JSONFault(pointer: "/a~1b/1", description: "must be an integer"),
            JSONFault(pointer: "/a~1b/2", description: "must be an integer"),
            JSONFault(pointer: "/a~1b/3", description: "must fit 64 bits"),
            JSONFault(pointer: "/~0", description: "must be an array"),
          ], total: 4))
  }
}
