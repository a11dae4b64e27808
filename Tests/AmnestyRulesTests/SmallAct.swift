// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

@testable internal import AmnestyRules

/// A small made-up act with one of everything the engine evaluates, for tests that must not depend on any law.
enum SmallAct {
  static let text = LocalizedText(kk: "…", ru: "…", en: "…")

  static func provision(_ id: String, _ basis: Basis, _ test: Condition.Test, exceptions: [Provision] = []) -> Provision {
    Provision(id: id, basis: basis, citation: "made up", text: text, body: .condition(Condition(test)), exceptions: exceptions)
  }

  static func clause(_ id: String, _ test: Condition.Test, _ effect: Effect, _ basis: Basis = .reported) -> ReliefClause {
    ReliefClause(provision: provision(id, basis, test), effect: effect)
  }

  static func both(_ tests: Condition.Test...) -> Condition.Test { .all(tests.map { Condition($0) }) }

  static func day(_ text: String) -> Day { Day(text) ?? Day(number: 0) }

  static let light = Condition.Test.oneOf(fact: "gravity", values: ["minor", "medium"])
  static let grave = Condition.Test.oneOf(fact: "gravity", values: ["grave"])
  static let sentenced = Condition.Test.oneOf(fact: "stage", values: ["sentenced"])

  static func definition(
    order: ReliefOrder = .firstMatch, inForce: String? = "2022-11-03", relief: [ReliefClause]? = nil, barsPerson: Bool = true
  ) -> ActDefinition {
    let remainder = RemainderRule(
      provision: provision("relief.remainder", .reported, .open), limit: Term(months: 12), comparison: .atMost, choice: "remainder")
    let quarter = Fraction(3, 4)!.complement
    return ActDefinition(
      id: "small", version: "1", title: text, citation: "made up", timeZone: "UTC", inForceFrom: inForce.flatMap { Day($0) },
      executeThrough: nil, isExcerpt: false, isFictional: true, facts: [], measures: [],
      scope: [
        provision("scope.territory", .text, .oneOf(fact: "territory", values: ["KZ"])),
        provision("scope.period", .text, .committedWithin(from: day("2022-01-04"), through: day("2022-01-07"))),
        Provision(
          id: "scope.offence", basis: .text, citation: "made up", text: text,
          body: .anyOf([
            provision(
              "scope.offence.listed", .text,
              .article([.init(article: Article(number: 106), parts: [1, 2]), .init(article: Article(number: 188))])),
            provision("scope.offence.unseen", .open, both(.articleNumber(.moreThan, 207), .open)),
          ])),
      ],
      exclusions: [
        provision("exclusion.torture", .reported, .contains(fact: "classes", words: ["torture"])),
        provision(
          "exclusion.organisation", .reported, .contains(fact: "classes", words: ["riot_organisation"]),
          exceptions: [provision("exclusion.organisation.minor", .inferred, .ageUnder(years: 18, on: .offence))]),
        provision("exclusion.recidivism", .reported, .oneOf(fact: "recidivism", values: ["recidivism", "dangerous_recidivism"])),
      ],
      exclusionsBarPerson: barsPerson ? provision("exclusion.elsewhere", .inferred, .open) : nil, reliefOrder: order,
      relief: relief ?? [
        clause(
          "relief.end", both(.oneOf(fact: "stage", values: ["trial"]), light),
          .grant(Relief(measure: "terminate_proceedings", punishment: .untouched, mayObject: true))),
        clause(
          "relief.release", both(sentenced, light),
          .grant(Relief(measure: "release_from_punishment", punishment: .release(on: .inForceOrImposed)))),
        clause("open.changed", both(sentenced, grave, .stated(fact: "sentence.currentEnd")), .refer(.alreadyChanged)),
        clause("open.past", both(sentenced, grave, .endsBefore(.inForce)), .refer(.openProvision)),
        clause(
          "relief.cut", both(sentenced, grave),
          .grant(
            Relief(measure: "reduce_term", punishment: .reduceTerm(TermReduction(keep: quarter, remainder: remainder))))),
      ],
      choices: [Choice(id: "remainder", question: text, answers: [.afterReduction, .beforeReduction], defaultAnswer: .beforeReduction)],
      termRounding: .daysDown, notes: [], additionalPunishmentNote: nil)
  }

  static func act(_ definition: ActDefinition = definition()) throws -> CompiledAct { try CompiledAct(definition, digest: "sha256:test") }

  /// A complete record of one grave offence, five years from 2022-01-10.
  static func record(_ act: CompiledAct, offences: Int = 1) -> CaseFacts {
    var facts = CaseFacts(layout: act.layout, offences: (0..<offences).map { .init(id: "\($0 + 1)", position: $0) })
    for (name, value) in [
      ("record.stage", "sentenced"), ("recidivism", "none"), ("objectsToTermination", "false"), ("person.bornOn", "1995-03-02"),
      ("sentence.imposedOn", "2022-06-10"), ("record.sentence.kind", "imprisonment"), ("sentence.term", "P5Y"),
      ("sentence.startsOn", "2022-01-10"), ("sentence.creditDays", "0"),
    ] { facts.set(name, to: value) }
    for offence in 0..<offences {
      for (name, value) in [
        ("article", "188"), ("part", "2"), ("gravity", "grave"), ("committedFrom", "2022-01-05"), ("committedThrough", "2022-01-05"),
        ("territory", "KZ"), ("nexus", "riot"), ("classes", ""),
      ] { facts.set(name, offence: offence, to: value) }
    }
    return facts
  }
}

extension CompiledAct {
  func assess(_ facts: CaseFacts) -> Assessment { assess(facts, asOf: SmallAct.day("2022-11-03"), explain: true) }
}

extension CaseFacts {
  func with(_ changes: (String, String?)..., offence: Int = 0) -> CaseFacts {
    var copy = self
    for (name, text) in changes {
      guard let ref = layout.ref(named: name) else { continue }
      copy[ref, offence: offence] = text.flatMap { layout.fact(ref).type.value(of: $0) } ?? CaseFacts.unknown
    }
    return copy
  }
}
