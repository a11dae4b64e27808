// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyTestSupport
internal import Testing

@testable internal import AmnestyActs
@testable internal import AmnestyRules

/// The shipped acts against every completion of records drawn at random.
@Suite struct ShippedActWorldsTests {
  static func act(_ id: String) throws -> CompiledAct {
    try #require(ActFile.load(contentsOf: ShippedActTests.folder + "/\(id).yaml").act).compiled
  }

  /// A complete record, then some facts changed and up to four taken out.
  static func check(
    _ id: String, base: [(String, String)], domains: [(String, [String])], changed: [(String, [String])] = [], limit: Int = 4,
    seed: UInt64
  )
    throws
  {
    let act = try act(id)
    let asOf = try #require(Day("2022-11-10"))
    var random = SeededGenerator(seed: seed)
    let count = seed % 5 == 0 ? 2 : 1
    var facts = CaseFacts(layout: act.layout, offences: (0..<count).map { .init(id: "\($0)", position: $0) })
    var unknown: [PossibleWorlds.Unknown] = []
    for offence in 0..<count {
      for (name, value) in base {
        let isSet = facts.set(name, offence: offence, to: value)
        #expect(isSet, "\(name) \(value)")
      }
    }
    facts.set("sentence.aggregation", to: count == 2 ? "partial_addition" : "single")
    for (name, values) in changed { if let value = values.randomElement(using: &random) { facts.set(name, to: value) } }
    for offence in 0..<count {
      for (name, values) in domains {
        let ref = try #require(facts.layout.ref(named: name))
        guard offence == 0 || ref.isOffence else { continue }
        let type = facts.layout.fact(ref).type
        if Int.random(in: 0..<5, using: &random) == 0, unknown.count < limit {
          facts[ref, offence: offence] = CaseFacts.unknown
          unknown.append(.init(ref: ref, offence: offence, values: values.compactMap { type.value(of: $0) }))
        } else if Int.random(in: 0..<3, using: &random) == 0, let value = values.randomElement(using: &random) {
          facts.set(name, offence: offence, to: value)
        }
      }
    }
    guard facts.contradictions().isEmpty else { return }
    let worlds = PossibleWorlds(act, facts, asOf: asOf, unknown: unknown)
    if worlds.isEmpty { return }
    let told = facts.slots.indices.filter { facts.slots[$0] != CaseFacts.absent }.map { index in
      let value = facts.slots[index]
      return facts.pointer(index) + " "
        + (value == CaseFacts.unknown ? "?" : facts.layout.fact(facts.layout.locate(index).ref).type.text(of: value))
    }
    #expect(worlds.disagreements() == [], "seed \(seed): \(told.joined(separator: ", "))")
  }

  @Test(arguments: 0..<300)
  func the2022ActAgreesWithEveryWorld(_ seed: UInt64) throws {
    let days = ["2022-01-02", "2022-01-03", "2022-01-04", "2022-01-05", "2022-01-06", "2022-01-07", "2022-01-08", "2022-01-09"]
    try Self.check(
      "kz-2022-152-vii",
      base: [
        ("record.stage", "sentenced"), ("recidivism", "none"), ("objectsToTermination", "false"), ("person.bornOn", "1995-03-02"),
        ("sentence.imposedOn", "2022-06-10"), ("record.sentence.kind", "imprisonment"), ("sentence.term", "P5Y"),
        ("sentence.startsOn", "2022-01-10"), ("sentence.creditDays", "0"), ("sentence.servedOn", "2028-01-01"), ("article", "202"),
        ("part", "2"), ("gravity", "grave"),
        ("committedFrom", "2022-01-05"), ("committedThrough", "2022-01-05"), ("territory", "KZ"), ("nexus", "riot"), ("classes", ""),
      ],
      domains: [
        ("record.stage", Words.stage), ("recidivism", Words.recidivism), ("objectsToTermination", ["true", "false"]),
        ("person.bornOn", ["1990-01-01", "2004-01-03", "2004-01-04", "2004-01-05", "2004-01-06", "2004-01-08", "2010-01-01"]),
        ("sentence.servedOn", ["2022-10-10", "2022-11-02", "2022-11-03", "2022-12-24", "2028-01-01"]),
        ("sentence.imposedOn", ["2022-06-10", "2022-11-02", "2022-11-03", "2022-12-01"]), ("record.sentence.kind", Words.punishment),
        ("article", ["188", "188-1", "106", "190", "207", "208", "272", "300", "99"]), ("part", ["1", "2", "3", "4"]),
        ("gravity", Words.gravity), ("committedFrom", days), ("committedThrough", days), ("territory", ["KZ", "RU"]),
        ("nexus", Words.nexus),
        ("classes", ["", "torture", "riot_organisation", "torture riot_organisation", "corruption", "treason"]),
      ], changed: [("sentence.term", ["P5Y", "P9M", "P1Y"])], seed: seed)
  }

  @Test(arguments: 0..<80)
  func the2002ExcerptAgreesWithEveryWorld(_ seed: UInt64) throws {
    // One of start, term and credit is taken out at most, and tried finely: where a share of the term tips is no round figure.
    let starts = (0..<400).map { "\(1989 + $0 / 12)-\($0 % 12 < 9 ? "0" : "")\($0 % 12 + 1)-10" }
    let terms = (1..<150).map { "P\($0)M" } + ["P20Y", "P25Y", "P40Y", "P90Y"]
    let measured: [(String, [String])] = [
      ("sentence.startsOn", starts), ("sentence.term", terms), ("sentence.creditDays", (0..<400).map { "\($0 * 30)" } + ["36500"]),
    ]
    try Self.check(
      "kz-2002-294-ii",
      base: [
        ("record.stage", "sentenced"), ("record.sentence.kind", "imprisonment"), ("sentence.term", "P6Y"),
        ("sentence.startsOn", "2020-11-10"),
        ("sentence.creditDays", "0"), ("gravity", "grave"), ("personClasses", ""), ("firstImprisonment", "true"),
        ("committedFrom", "1985-01-05"), ("committedThrough", "1985-01-05"), ("sentence.imposedOn", "1986-06-01"),
      ],
      domains: [
        measured[Int(seed % 3)], ("record.sentence.kind", Words.punishment), ("gravity", Words.gravity),
        ("personClasses", ["", "minor", "mother pregnant"]), ("firstImprisonment", ["true", "false"]),
      ], limit: 3, seed: seed)
  }
}
