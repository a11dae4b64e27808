// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyRules
internal import AmnestyWire

/// The readings of open points that a person wants a proposal or decision to follow, checked against the case that it is about.
struct ReadingChoice {
  let stored: StoredCase
  /// The act that the case was assessed under, as it is loaded now.
  let act: ServedAct?
  let acts: ActsInForce

  /// The assessment under the readings; nil where they are those of the one in force, or where there is none, which the chain refuses.
  func assessment(under asked: [AmnestyWire.ChosenReading]) throws(Status) -> AssessmentStamp? {
    guard let inForce = stored.chain.assessment else { return nil }
    let chosen = asked.map { AmnestyRegister.ChosenReading(question: $0.question, answer: $0.answer) }.sorted { $0.question < $1.question }
    if chosen == inForce.readings { return nil }
    guard let act, act.reference.digest == inForce.act.digest else {
      throw Status(RegisterError.assessmentStale(.act), about: stored.reference)
    }
    try check(asked, under: act)
    let assessing = CaseAssessing(acts)
    func assess(_ readings: [AmnestyRegister.ChosenReading]) throws(Status) -> AssessmentStamp {
      try assessing.assess(
        RecordIntake.message(stored.record, of: stored.reference), version: stored.recordVersion, under: act, asOf: inForce.asOf.text,
        following: readings)
    }
    if !chosen.isEmpty {
      let points = Set(try CaseView.assessment(assess([]).bytes).readings.map(\.question))
      if let idle = chosen.first(where: { !points.contains($0.question) }) { throw notNeeded(idle.question, points: points.sorted()) }
    }
    return try assess(chosen)
  }

  private func check(_ asked: [AmnestyWire.ChosenReading], under act: ServedAct) throws(Status) {
    let choices = act.act.definition.choices
    var named: Set<String> = []
    var wrong: [FieldViolation] = []
    for (index, reading) in asked.enumerated() {
      guard let choice = choices.first(where: { $0.id == reading.question }) else {
        let known = choices.isEmpty ? "it has none" : "there are: " + choices.map(\.id).joined(separator: ", ")
        wrong.append(FieldViolation(field: "/readings/\(index)/question", description: "is no open point of the act; \(known)"))
        continue
      }
      if !named.insert(reading.question).inserted {
        wrong.append(FieldViolation(field: "/readings/\(index)/question", description: "is named twice; name each point once"))
      }
      if !choice.answers.contains(where: { $0.rawValue == reading.answer }) {
        let known = choice.answers.map(\.rawValue).joined(separator: ", ")
        wrong.append(FieldViolation(field: "/readings/\(index)/answer", description: "is no reading of \(choice.id); there are: \(known)"))
      }
    }
    if !wrong.isEmpty { throw .invalidField(wrong) }
  }

  private func notNeeded(_ point: String, points: [String]) -> Status {
    let others = points.isEmpty ? "No point has readings that do." : "Those of \(points.joined(separator: ", ")) do."
    return .precondition(
      ErrorReason.readingNotNeeded, "The readings of \(point) do not differ in this case, so there is none to choose. \(others)",
      info: ["points": points.joined(separator: ",")], subject: stored.reference)
  }
}

extension [AmnestyWire.ChosenReading] {
  /// Nil where none was chosen.
  init?(_ readings: [AmnestyRegister.ChosenReading]) {
    guard !readings.isEmpty else { return nil }
    self = readings.map { .init(question: $0.question, answer: $0.answer) }
  }
}
