// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyActs
internal import AmnestyRules
internal import Testing

/// Whatever the bytes, reading ends, and ends with an act or with problems that have places.
@Suite struct MutationTests {
  /// SplitMix64: the same mutations on every machine.
  private struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  private static let fragments: [[UInt8]] = [
    "{", "}", "[", "]", ": ", "- ", "\n", "\t", "\"", "'", "&a ", "*a", "!!int ", "!", "|\n", ">", "? ", "#", "%", "@", "`", "---\n", "...",
    "\u{FEFF}", "\u{85}",
    "\u{E000}", "\0", "\\x", "<<: ", "~", "null", "0x1F", "12:30", "1e9", "¦", "open: true", "fact: stage",
  ].map { Array($0.utf8) }

  private func mutated(_ original: [UInt8], _ random: inout Seeded) -> [UInt8] {
    var bytes = original
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      let at = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<5, using: &random) {
      case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
      case 1: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...40, using: &random)))
      case 2: bytes.insert(contentsOf: MutationTests.fragments[Int.random(in: 0..<MutationTests.fragments.count, using: &random)], at: at)
      case 3: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + 60)], at: Int.random(in: 0...bytes.count, using: &random))
      default: bytes.swapAt(at, Int.random(in: 0..<bytes.count, using: &random))
      }
      if bytes.isEmpty { bytes = original }
    }
    return bytes
  }

  @Test(arguments: 0..<8) func mutatedOverlaysAreReadOrRefused(_ seed: UInt64) {
    var random = Seeded(state: seed)
    for round in 0..<60 {
      // Either of the two may be the one that is broken.
      let overlay = round % 3 == 0 ? Array(SmallOverlay.text.utf8) : mutated(Array(SmallOverlay.text.utf8), &random)
      let base = round % 3 == 0 ? mutated(Array(SmallAct.text.utf8), &random) : Array(SmallAct.text.utf8)
      let result = ActFile.parse(overlay, name: "draft.yaml") { .success(ActSource(name: $0 + ".yaml", bytes: base)) }
      #expect((result.act == nil) != result.problems.isEmpty)
      #expect(result.problems.allSatisfy { $0.place.line >= 1 && $0.place.column >= 1 })
    }
  }

  @Test(arguments: 0..<8) func mutatedActsAreReadOrRefused(_ seed: UInt64) {
    var random = Seeded(state: seed)
    let original = Array(SmallAct.text.utf8)
    for _ in 0..<60 {
      let bytes = mutated(original, &random)
      let result = ActFile.parse(bytes, name: "mutated.yaml")
      #expect((result.act == nil) != result.problems.isEmpty)
      #expect(result.problems.allSatisfy { $0.place.line >= 1 && $0.place.column >= 1 })
      if let act = result.act {
        let table = ActExamples.run(bytes, name: "mutated.csv", on: act)
        #expect(!table.problems.isEmpty)
      }
    }
  }

  @Test(arguments: 0..<4) func mutatedTablesAreReadOrRefused(_ seed: UInt64) throws {
    var random = Seeded(state: seed)
    let act = try #require(SmallAct.parse(SmallAct.text).act)
    let original = Array(ExampleTests.table.utf8)
    for _ in 0..<50 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let at = Int.random(in: 0..<bytes.count, using: &random)
        if Bool.random(using: &random) {
          bytes[at] =
            [UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "9"), 0x80].randomElement(using: &random) ?? 0
        } else {
          bytes.remove(at: at)
        }
      }
      let result = ActExamples.run(bytes, name: "mutated.csv", on: act)
      #expect(result.problems.allSatisfy { $0.place.line >= 1 && $0.place.column >= 1 })
    }
  }
}
