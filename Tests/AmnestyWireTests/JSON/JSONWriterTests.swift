// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import NIOCore
internal import Testing

@Suite struct JSONWriterTests {
  /// RFC 8785, appendix B: bits of a binary64 and its text.
  @Test(
    arguments: [
      (0x0000_0000_0000_0000, "0"), (0x8000_0000_0000_0000, "0"), (0x0000_0000_0000_0001, "5e-324"), (0x8000_0000_0000_0001, "-5e-324"),
      (0x7FEF_FFFF_FFFF_FFFF, "1.7976931348623157e+308"), (0xFFEF_FFFF_FFFF_FFFF, "-1.7976931348623157e+308"),
      (0x4340_0000_0000_0000, "9007199254740992"), (0xC340_0000_0000_0000, "-9007199254740992"),
      (0x4430_0000_0000_0000, "295147905179352830000"), (0x44B5_2D02_C7E1_4AF5, "9.999999999999997e+22"),
      (0x44B5_2D02_C7E1_4AF6, "1e+23"), (0x44B5_2D02_C7E1_4AF7, "1.0000000000000001e+23"),
      (0x444B_1AE4_D6E2_EF4E, "999999999999999700000"), (0x444B_1AE4_D6E2_EF4F, "999999999999999900000"),
      (0x444B_1AE4_D6E2_EF50, "1e+21"), (0x3EB0_C6F7_A0B5_ED8C, "9.999999999999997e-7"), (0x3EB0_C6F7_A0B5_ED8D, "0.000001"),
      (0x41B3_DE43_5555_5553, "333333333.3333332"), (0x41B3_DE43_5555_5554, "333333333.33333325"),
      (0x41B3_DE43_5555_5555, "333333333.3333333"),
      (0x41B3_DE43_5555_5556, "333333333.3333334"), (0x41B3_DE43_5555_5557, "333333333.33333343"),
      (0xBECB_F647_612F_3696, "-0.0000033333333333333333"), (0x4314_3FF3_C1CB_0959, "1424953923781206.2"),
    ] as [(UInt64, String)])
  func writesNumbers(_ bits: UInt64, _ text: String) {
    #expect(JSONWriter.text { $0.number(Double(bitPattern: bits)) } == text)
  }

  /// RFC 8785, section 3.2.2: its string with every kind of escape.
  @Test func writesStrings() {
    let text = "€$\u{000F}\u{000A}A'\u{0042}\u{0022}\u{005C}\\\"\u{002F}\u{7F}\u{0}\u{8}\u{9}\u{C}\u{D}"
    #expect(JSONWriter.text { $0.string(text) } == #""€$\u000f\nA'B\"\\\\\"/\#u{7F}\u0000\b\t\f\r""#)
  }

  /// RFC 8785, section 3.2.3: names in the order of their UTF-16 code units.
  @Test func ordersNames() {
    let names = ["\u{20AC}", "\r", "\u{FB33}", "1", "\u{1F600}", "\u{80}", "\u{F6}"]
    #expect(names.sorted(by: CanonicalDigest.precedes) == ["\r", "1", "\u{80}", "\u{F6}", "\u{20AC}", "\u{1F600}", "\u{FB33}"])
  }

  @Test func writesEveryStringThatIsRead() throws {
    var random = SeededRandom(state: 3)
    for _ in 0..<3000 {
      let value = AnyJSON.random(depth: 0, using: &random)
      guard case .string(let text) = value else { continue }
      let written = JSONWriter.text { $0.string(text) }
      #expect(try AnyJSON.read(Array(written.utf8)) == value)
    }
  }

  @Test(arguments: [0, 1, -1, 9, 10, -10, .max, .min, 1_234_567_890_123] as [Int64])
  func writesIntegers(_ value: Int64) {
    #expect(JSONWriter.text { $0.integer(value) } == String(value))
  }

  @Test func writesEmptyContainers() {
    #expect(
      JSONWriter.text { writer in
        let start = writer.position
        writer.comma()
        let inner = writer.position
        writer.closeObject(since: inner)
        writer.closeArray(since: start)
      } == "[{}]")
  }

  /// However little room there is at first, the bytes are the same, and what stood before stays.
  @Test func growsToWhatItNeeds() throws {
    let record = try CaseRecord(json: CaseRecordTests.record)
    let whole = JSONWriter.text { record.write(&$0) }
    for room in [0, 1, 2, 7, 8, 9, 100, 511, 512, 513, 2000] {
      var buffer = ByteBuffer(string: "before")
      JSONWriter.append(to: &buffer, reserving: room) { record.write(&$0) }
      #expect(String(buffer: buffer) == "before" + whole)
      #expect(JSONWriter.withBytes(reserving: max(1, room), { record.write(&$0) }, use: { String(decoding: $0, as: UTF8.self) }) == whole)
    }
  }
}
