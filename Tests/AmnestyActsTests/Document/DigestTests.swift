// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyActs
internal import AmnestyRules
internal import Foundation
internal import Testing

@Suite struct DigestTests {
  private func digest(_ text: String) throws -> String { try #require(SmallAct.parse(text).act, "\(SmallAct.parse(text).problems)").digest }

  @Test func commentsLayoutQuotesAndTheOrderOfKeysDoNotChangeIt() throws {
    let plain = try digest(SmallAct.text)
    #expect(plain.hasPrefix("sha256:") && plain.count == 7 + 64)
    for (old, new) in [
      ("# A made-up act.\n", "# Something else\n\n\n"), ("citation: Small act", "citation: \"Small act\" # quoted"),
      ("  id: xx-small\n  version: 1.0.0\n", "  version: 1.0.0\n  id: xx-small\n"),
      ("values: [good, bad]", "values:\n      - good\n      - 'bad'"),
      ("title: { kk: Шағын, ru: Малый, en: Small }", "title:\n    en: Small\n    kk: Шағын\n    ru: Малый"),
      ("\n", "\r\n"),
    ] {
      #expect(try digest(SmallAct.text.replacing(old, with: new)) == plain, "\(new)")
    }
  }

  @Test func anyMeaningChangesIt() throws {
    let plain = try digest(SmallAct.text)
    var digests: Set<String> = [plain]
    for (old, new) in [
      ("version: 1.0.0", "version: 1.0.1"), ("by: 3/4", "by: 1/2"), ("values: [good, bad]", "values: [bad, good]"),
      ("en: Rest", "en: The rest"),
      ("basis: inferred", "basis: reported"), ("under: 18", "under: 21"), ("  fictional: true\n", ""),
    ] {
      digests.insert(try digest(SmallAct.text.replacing(old, with: new)))
    }
    #expect(digests.count == 8)
  }

  @Test func theDocumentIsCanonicalJSON() throws {
    let act = try #require(SmallAct.parse(SmallAct.text).act)
    let text = String(decoding: act.document.json.canonical, as: UTF8.self)
    #expect(text.hasPrefix(#"{"act":{"citation":"Small act","fictional":true,"id":"xx-small","inForceFrom":"2020-01-01""#))
    #expect(text.contains(#""age":{"on":"offence","under":18}"#))
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
    #expect(object is [String: Any])
  }

  /// The example of RFC 8785, section 3.2.3: names in the order of their UTF-16 code units.
  @Test func namesAreSortedByTheirCodeUnits() {
    let json = ActJSON.object([
      ("\u{20ac}", .string("Euro Sign")), ("\r", .string("Carriage Return")), ("\u{fb33}", .string("Hebrew Letter Dalet With Dagesh")),
      ("1", .string("One")), ("\u{1F600}", .string("Emoji: Grinning Face")), ("\u{80}", .string("Control")),
      ("\u{f6}", .string("Latin Small Letter O With Diaeresis")),
    ])
    let text = String(decoding: json.canonical, as: UTF8.self)
    let order = ["Carriage Return", "One", "Control", "Latin Small Letter", "Euro Sign", "Emoji", "Hebrew"].map {
      text.range(of: $0)?.lowerBound
    }
    #expect(order == order.compactMap(\.self).sorted().map { Optional($0) } && !order.contains(nil))
  }

  /// The string of RFC 8785, section 3.2.2.2.
  @Test func stringsAreEscapedAsTheStandardSays() {
    let json = ActJSON.string("\u{20ac}$\u{0F}\u{0a}A'\u{42}\u{22}\u{5c}\\\"/\u{08}\u{0c}\u{0d}\u{09}\u{7f}")
    #expect(String(decoding: json.canonical, as: UTF8.self) == "\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\\b\\f\\r\\t\u{7f}\"")
  }

  @Test func theOthersAreWrittenBare() {
    let json = ActJSON.object([("b", .array([.integer(0), .integer(-12), .boolean(true), .boolean(false)])), ("a", .object([]))])
    #expect(String(decoding: json.canonical, as: UTF8.self) == #"{"a":{},"b":[0,-12,true,false]}"#)
    #expect(ActJSON.object([]).digest == "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a")
  }
}
