// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestySample
internal import AmnestyWire
internal import NIOCore
internal import Testing

@Suite struct RecordTests {
  /// Every line is a record of the contract, and nothing of it is lost on the way through the generated message.
  @Test func everyLineIsACaseRecord() throws {
    var lines = 0
    for drawn in SyntheticRegister(people: 3000, seed: 2022) {
      var line = ByteBuffer()
      JSONWriter.append(to: &line) { drawn.write(&$0) }
      let record = try CaseRecord.decode(line)
      #expect(record.reference == drawn.reference)
      #expect(record.offences.count == drawn.offences.count)
      var again = ByteBuffer()
      record.encode(into: &again)
      #expect(try CaseRecord.decode(again) == record)
      lines += 1
    }
    #expect(lines == 3000)
  }

  /// The contradictions are well-formed records: what is wrong with them shows only between their members.
  @Test(arguments: Contradiction.allCases)
  func aContradictionIsARecord(kind: Contradiction) throws {
    var line = ByteBuffer()
    JSONWriter.append(to: &line) { kind.record(reference: "SYN-BAD-1", dice: Dice(seed: 3)).write(&$0) }
    #expect(try CaseRecord.decode(line).reference == "SYN-BAD-1")
  }
}
