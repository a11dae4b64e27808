// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import Foundation
internal import NIOCore
internal import Testing

@Suite struct JSONPropertyTests {
  @Test func readsWhatWasMeant() throws {
    var random = SeededRandom(state: 1)
    for _ in 0..<3000 {
      let value = AnyJSON.random(depth: 4, using: &random)
      let text = value.text(using: &random)
      #expect(try AnyJSON.read(Array(text.utf8)) == value, "\(text)")
    }
  }

  /// On mutated documents the reader refuses whatever Foundation refuses, and what it refuses alone it refuses for a reason of I-JSON.
  @Test func agreesWithFoundationOnMutations() {
    var random = SeededRandom(state: 2)
    let stricter: Set<JSONError.Reason> = [.duplicateName, .loneSurrogate, .noncharacter, .tooDeep]
    var refused = 0
    for _ in 0..<6000 {
      var bytes = Array(AnyJSON.random(depth: 3, using: &random).text(using: &random).utf8)
      Self.mutate(&bytes, using: &random)
      // Foundation takes other encodings by their first bytes, and some bytes after a zero.
      guard !bytes.contains(0), bytes.first ?? 0 < 0x80 else { continue }
      let isFoundations = (try? JSONSerialization.jsonObject(with: Data(bytes), options: [.fragmentsAllowed])) != nil
      let error = AnyJSON.error(in: bytes)
      if let error {
        refused += 1
        if isFoundations, !Self.isTrailingComma(error, in: bytes) {
          #expect(stricter.contains(error.reason), "\(error) in \(String(decoding: bytes, as: UTF8.self))")
        }
      } else {
        #expect(isFoundations || Self.hasHugeNumber(bytes), "\(String(decoding: bytes, as: UTF8.self))")
      }
    }
    #expect(refused > 1000)
  }

  /// Foundation passes over a comma before a closing bracket.
  private static func isTrailingComma(_ error: JSONError, in bytes: [UInt8]) -> Bool {
    let before = bytes[..<error.offset].last { !" \t\r\n".utf8.contains($0) }
    return error.reason == .unexpectedByte && "]}".utf8.contains(bytes[error.offset]) && before == UInt8(ascii: ",")
  }

  /// Foundation refuses numbers beyond its types; the reader leaves that to who asks for the number.
  private static func hasHugeNumber(_ bytes: [UInt8]) -> Bool {
    bytes.split { !"0123456789.eE+-".utf8.contains($0) }.contains {
      $0.count > 17 || $0.contains(UInt8(ascii: "e")) || $0.contains(UInt8(ascii: "E"))
    }
  }

  private static func mutate(_ bytes: inout [UInt8], using random: inout SeededRandom) {
    let alphabet = Array("\"\\{}[]:,0123456789.-+eEtrufalsn/ \u{1}u".utf8) + [0x80, 0xC3, 0xED, 0xF0]
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      guard let byte = alphabet.randomElement(using: &random), let index = bytes.indices.randomElement(using: &random) else { return }
      switch Int.random(in: 0..<3, using: &random) {
      case 0: bytes[index] = byte
      case 1: bytes.insert(byte, at: index)
      default: bytes.remove(at: index)
      }
    }
  }

  @Test func truncationIsFoundAtTheEnd() {
    let bytes = Array(CaseRecordTests.record.utf8)
    for count in 0..<bytes.count {
      #expect(AnyJSON.error(in: Array(bytes[..<count])) == JSONError(offset: count, reason: .endOfInput))
    }
  }

  /// A byte that can stand nowhere is found where it is, whichever reader meets it.
  @Test func corruptionIsFoundInItsPlace() {
    let bytes = Array(CaseRecordTests.record.utf8)
    for index in bytes.indices {
      var corrupt = bytes
      corrupt[index] = 0x01
      #expect(AnyJSON.error(in: corrupt)?.offset == index)
      let status = #expect(throws: Status.self) { try CaseRecord.decode(ByteBuffer(bytes: corrupt)) }
      #expect(status?.reason == "MALFORMED_JSON")
      #expect(status?.errorInfo?.metadata["offset"] == String(index))
    }
  }

  /// Names that would be slow to compare one by one: the time is bounded by the work, counted here as an answer at all.
  @Test func manyNamesAreChecked() {
    let names = (0..<40_000).map { "\"\($0)\":0" }.joined(separator: ",")
    #expect(AnyJSON.error(in: Array("{\(names)}".utf8)) == nil)
    #expect(AnyJSON.error(in: Array("{\(names),\"39999\":0}".utf8))?.reason == .duplicateName)
  }
}
