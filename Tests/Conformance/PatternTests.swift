// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import ConformanceSupport
internal import Testing

@Suite("The judge of vectors")
struct PatternTests {
  struct Example: Sendable {
    var pattern: String
    var value: String
    var matches: Bool

    init(_ pattern: String, _ value: String, _ matches: Bool) {
      self.pattern = pattern
      self.value = value
      self.matches = matches
    }
  }

  static let examples: [Example] = [
    Example(#"{"end":1}"#, #"{"end":1}"#, true),
    Example(#"{"end":1}"#, #"{"end":1,"code":"ABORTED"}"#, false),
    Example(#"{"end":1,"code":"ABORTED"}"#, #"{"end":1}"#, false),
    Example(#"{"...":true,"end":1}"#, #"{"code":"ABORTED","end":1}"#, true),
    Example(#"{"...":true,"end":1}"#, "[]", false),
    Example("1", "1.0", false),
    Example(#"{"$type":"string"}"#, #""""#, false),
    Example(#"{"$type":"string"}"#, #""a""#, true),
    Example(#"{"$type":"integer"}"#, "1.5", false),
    Example(#"{"$any":true}"#, "null", true),
    Example(#"{"$atLeast":5}"#, "4", false),
    Example(#"{"$atLeast":5}"#, "5", true),
    Example(#"{"$startsWith":"ab"}"#, #""abc""#, true),
    Example(#"{"$startsWith":"ab"}"#, #""ba""#, false),
    Example(#"{"$length":2}"#, "[1,2]", true),
    Example(#"{"$length":2}"#, "[1]", false),
    Example(#"{"$each":1}"#, "[1,2]", false),
    Example(#"{"$each":1}"#, "[]", true),
    Example(#"{"$has":[1,2]}"#, "[3,2,1]", true),
    Example(#"{"$has":[1,2]}"#, "[3,2]", false),
    Example(#"{"$unknown":1}"#, "1", false),
    Example("[1,2]", "[2,1]", false),
    Example(#""\u00e9\ud83d\ude00""#, "\"é😀\"", true),
  ]

  @Test("Patterns", arguments: examples)
  func patterns(example: Example) throws {
    let mismatch = Pattern.mismatch(
      try JSONValue(parsing: Array(example.pattern.utf8)), try JSONValue(parsing: Array(example.value.utf8)))
    #expect((mismatch == nil) == example.matches, "\(example.pattern) against \(example.value)")
  }

  @Test("What is not JSON is refused", arguments: ["", "{", "[1,]", "01", "\"\\ud800\"", "{\"a\":1,\"a\":2}", "tru", "1 2", "\"\n\""])
  func refused(text: String) {
    #expect(throws: JSONTextError.self) { try JSONValue(parsing: Array(text.utf8)) }
  }

  @Test("What is written reads the same")
  func roundTrip() throws {
    let text = #"{"b":[1,-2.5e3,"\u0001\"\\é",null,true,{}],"a":{}}"#
    #expect(try JSONValue(parsing: Array(text.utf8)).compact == text)
  }
}
