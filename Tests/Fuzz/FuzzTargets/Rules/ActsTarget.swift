// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyActs
internal import AmnestyRules

/// An act file of any bytes: it is an act, or is told why not with places in it; and what is an act can be asked.
enum ActsTarget {
  static func run(_ bytes: UnsafeRawBufferPointer) throws(Discrepancy) -> FuzzTarget.Verdict {
    let source = Array(bytes)
    let result = ActFile.parse(source, name: "fuzz.yaml")
    try require((result.act == nil) != result.problems.isEmpty, "neither an act nor problems, or both: \(result.problems)")
    let lines = 1 + source.count { [0x0A, 0x0D].contains($0) } + source.count { $0 >= 0x80 }
    for problem in result.problems + result.warnings {
      try require(problem.place.line >= 1 && problem.place.column >= 1, "a problem without a place: \(problem)")
      try require(problem.place.line <= lines + 1, "a problem behind the last line: \(problem)")
    }
    guard let act = result.act else { return .worthKeeping }
    try requireEqual(ActFile.parse(source, name: "again.yaml").act?.digest, act.digest, "the digest, twice")
    try Self.ask(act.compiled)
    return .worthKeeping
  }

  /// Records of nothing, of one offence and of two, with nothing stated and with much.
  private static func ask(_ act: CompiledAct) throws(Discrepancy) {
    guard let day = Day(year: 2022, month: 11, day: 3) else { return }
    for count in 0...2 {
      var facts = CaseFacts(layout: act.layout, offences: (0..<count).map { CaseFacts.Offence(id: "\($0)", position: $0) })
      // With two offences of which nothing is known the search for what is missing takes long, and finds no other places.
      if count < 2 { try Self.ask(act, facts, day) }
      for (name, value) in [
        ("stage", "sentenced"), ("gravity", "grave"), ("committedFrom", "2022-01-05"), ("sentence.term", "P5Y"),
        ("sentence.startsOn", "2022-01-10"), ("sentence.creditDays", "0"),
      ] {
        for offence in 0..<count { facts.set(name, offence: offence, to: value) }
      }
      try Self.ask(act, facts, day)
    }
  }

  private static func ask(_ act: CompiledAct, _ facts: CaseFacts, _ day: Day) throws(Discrepancy) {
    let explained = act.assess(facts, asOf: day, explain: true)
    try requireEqual(explained.outcome, act.assess(facts, asOf: day, explain: false).outcome, "the outcome, explained and not")
  }
}
