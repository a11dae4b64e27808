// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyActs
internal import AmnestyRules
internal import ArgumentParser
internal import Foundation

extension Workload {
  /// One assessment of each record under the act, from facts to the whole answer; reading the records is not in it.
  static func assess(_ records: [Data], explain: Bool, act file: String) throws -> Workload {
    let result = ActFile.load(contentsOf: file)
    guard let act = result.act?.compiled else { throw ValidationError("\(result.problems)") }
    let cases = try records.map { try facts(of: JSONDecoder().decode(FoundationRecord.self, from: $0), act) }
    guard let asOf = Day("2022-11-03") else { throw ValidationError("no day") }
    for facts in cases {
      let broken = facts.contradictions()
      guard broken.isEmpty else { throw ValidationError("a record contradicts itself: \(broken)") }
    }
    return Workload { count in
      for _ in 0..<count {
        for facts in cases { keep(act.assess(facts, asOf: asOf, explain: explain)) }
      }
    }
  }

  private static func facts(of record: FoundationRecord, _ act: CompiledAct) throws -> CaseFacts {
    let offences = record.offences.indices.map { CaseFacts.Offence(id: record.offences[$0].id, position: $0) }
    var facts = CaseFacts(layout: act.layout, offences: offences)
    func set(_ name: String, _ offence: Int = 0, _ text: String?) throws {
      guard let text else { return }
      if !facts.set(name, offence: offence, to: text) { throw ValidationError("\(name) cannot be '\(text)'") }
    }
    try set("record.stage", 0, record.stage)
    try set("recidivism", 0, record.recidivism)
    try set("objectsToTermination", 0, record.objectsToTermination.map(String.init))
    try set("detained", 0, record.detained.map(String.init))
    try set("person.bornOn", 0, record.person?.bornOn)
    try set("sentence.imposedOn", 0, record.sentence?.imposedOn)
    try set("record.sentence.kind", 0, record.sentence?.kind)
    try set("sentence.term", 0, record.sentence?.term)
    try set("sentence.startsOn", 0, record.sentence?.startsOn)
    try set("sentence.creditDays", 0, record.sentence?.creditDays.map(String.init))
    try set("sentence.aggregation", 0, record.sentence?.aggregation)
    try set("sentence.finalOn", 0, record.sentence?.finalOn)
    for (index, offence) in record.offences.enumerated() {
      try set("article", index, offence.article)
      try set("part", index, offence.part.map(String.init))
      try set("gravity", index, offence.gravity)
      try set("committedFrom", index, offence.committedFrom)
      try set("committedThrough", index, offence.committedThrough)
      try set("territory", index, offence.territory)
      try set("nexus", index, offence.nexus)
      try set("classes", index, offence.classes?.joined(separator: " "))
      try set("sentence.kind", index, offence.sentence?.kind)
      try set("offence.term", index, offence.sentence?.term)
    }
    return facts
  }
}
