// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Testing

@testable internal import AmnestyRules

/// Each truth stands for the known values it may turn out to be; the tables must never rule one of them out, nor admit another.
struct TruthTests {
  static let all: [Truth] = [.no, .yes, .open, .unknown]
  static let known: [Truth] = [.no, .open, .yes]

  /// Order of the three known values: false below open below true.
  static func rank(_ truth: Truth) -> Int { truth == .no ? 0 : truth == .open ? 1 : 2 }

  static func worlds(_ truth: Truth) -> Set<Truth> { truth == .unknown ? Set(known) : [truth] }

  static func matches(_ truth: Truth, _ worlds: Set<Truth>) -> Bool {
    // Unknown is all that is left where the worlds disagree.
    worlds.count == 1 ? worlds == [truth] : truth == .unknown
  }

  @Test func andIsTheLeastOfItsWorlds() {
    for a in Self.all {
      for b in Self.all {
        let worlds = Set(Self.worlds(a).flatMap { x in Self.worlds(b).map { y in Self.rank(x) < Self.rank(y) ? x : y } })
        #expect(Self.matches(a && b, worlds), "\(a) && \(b)")
      }
    }
  }

  @Test func orIsTheGreatestOfItsWorlds() {
    for a in Self.all {
      for b in Self.all {
        let worlds = Set(Self.worlds(a).flatMap { x in Self.worlds(b).map { y in Self.rank(x) > Self.rank(y) ? x : y } })
        #expect(Self.matches(a || b, worlds), "\(a) || \(b)")
      }
    }
  }

  @Test func notSwapsTheEndsAndKeepsTheRest() {
    #expect(!Truth.no == .yes)
    #expect(!Truth.yes == .no)
    #expect(!Truth.open == .open)
    #expect(!Truth.unknown == .unknown)
  }
}
