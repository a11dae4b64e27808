// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestySample
internal import AmnestyServices
internal import AmnestyWire
internal import NIOCore
internal import Testing

/// A request is scanned where that suffices and read as a message else. Nobody may be able to tell which it was.
@Suite struct ScanTests {
  let fixture: ServiceFixture

  init() throws { fixture = try ServiceFixture() }

  @Test("Every record of a register is answered by the same bytes, scanned or read as a message")
  func register() throws {
    for (index, record) in SyntheticRegister(people: 1646, seed: 7, contradictions: 60).enumerated() {
      let text = JSONWriter.text { record.write(&$0) }
      for rest in ["", #","asOf":"2022-11-03","explain":false"#, #","actId":"kz-2002-294-ii","asOf":"2002-06-01""#] {
        expectSame("{\"record\":\(text)\(rest)}", "person \(index)")
      }
    }
  }

  @Test("Records with members changed, moved, doubled, left out or spelt differently, too", arguments: UInt64(1)...8)
  func changed(seed: UInt64) throws {
    var random = SeededGenerator(seed)
    for record in SyntheticRegister(people: 400, seed: seed) {
      var piece = JSONPiece("{\"record\":" + JSONWriter.text { record.write(&$0) } + ",\"asOf\":\"2022-11-03\",\"explain\":true}")
      for _ in 0..<4 {
        expectSame(piece.text(blanks: .random(using: &random), using: &random), "seed \(seed)")
        piece.change(using: &random)
      }
    }
  }

  @Test("Bytes changed at random, too", arguments: UInt64(1)...4)
  func damaged(seed: UInt64) throws {
    var random = SeededGenerator(seed)
    let bytes = Array("{}[]\":,\\ \u{0}\u{1f}0-9.eEtfnu/zЖ".utf8) + [0x80, 0xC0, 0xED, 0xFF]
    for record in SyntheticRegister(people: 400, seed: seed) {
      var text = Array(("{\"record\":" + JSONWriter.text { record.write(&$0) } + ",\"explain\":false}").utf8)
      for _ in 0..<Int.random(in: 1...2, using: &random) {
        let place = text.indices.randomElement(using: &random) ?? 0
        switch Int.random(in: 0..<4, using: &random) {
        case 0: text.remove(at: place)
        case 1: text.insert(bytes.randomElement(using: &random) ?? 0, at: place)
        case 2: text.removeSubrange(place...)
        default: text[place] = bytes.randomElement(using: &random) ?? 0
        }
      }
      expectSame(ByteBuffer(bytes: text), "seed \(seed)")
    }
  }

  @Test("Ids that are equal as text and differ in bytes are the same id")
  func equalIDs() throws {
    let offences = ["\u{E9}", "e\u{301}"].map { SampleRecord.offence(["id": "\"\($0)\""]) }
    let record = SampleRecord().with("offences", "[\(offences.joined(separator: ","))]").json
    expectSame("{\"record\":\(record)}", "equal ids")
    #expect(try fixture.refusal(record).reason == ErrorReason.contradictoryRecord)
  }

  @Test("The usual record is scanned: its digest is the message's")
  func usualRecordIsScanned() throws {
    let text = "{\"record\":\(SampleRecord().json),\"asOf\":\"2022-11-03\"}"
    let digest = ByteBuffer(string: text).withUnsafeReadableBytes { bytes -> String? in
      var scan = AssessRequest.Scan()
      return AssessRequest.scan(bytes, into: &scan) ? scan.record.digest(in: bytes).text : nil
    }
    #expect(try AssessRequest(json: text).record.digest == digest)
  }

  // MARK: -

  private func expectSame(_ text: String, _ comment: Comment, _ location: SourceLocation = #_sourceLocation) {
    expectSame(ByteBuffer(string: text), comment, location)
  }

  private func expectSame(_ body: ByteBuffer, _ comment: Comment, _ location: SourceLocation = #_sourceLocation) {
    let served = outcome { () throws(Status) in
      var output = ByteBuffer()
      try fixture.handler(EligibilityService.assess.descriptor)(ServiceFixture.context(), body, &output)
      return output
    }
    let read = outcome { () throws(Status) in
      var output = ByteBuffer()
      try fixture.eligibility.assess(AssessRequest.decode(body), context: ServiceFixture.context()).encode(into: &output)
      return output
    }
    guard served != read else { return }
    Issue.record("\(comment): \(String(buffer: body))\nserved \(served)\nread \(read)", sourceLocation: location)
  }

  private func outcome(_ body: () throws(Status) -> ByteBuffer) -> Outcome {
    do throws(Status) {
      return .answer(String(buffer: try body()))
    } catch {
      return .refusal(error)
    }
  }

  private enum Outcome: Equatable {
    case answer(String)
    case refusal(Status)
  }
}

/// SplitMix64.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
