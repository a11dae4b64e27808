// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyRules
internal import AmnestyWire
internal import NIOCore

/// Assesses what the register keeps, by the very way of `EligibilityService/Assess`.
struct CaseAssessing {
  private let eligibility: Eligibility

  init(_ acts: ActsInForce) { eligibility = Eligibility(acts) }

  /// An assessment with its reasons, and what the chain turns on.
  ///
  /// - Parameter readings: those that a person chose.
  func assess(
    _ record: AmnestyWire.CaseRecord, version: Int, actId: String?, asOf: String?, following readings: [AmnestyRegister.ChosenReading] = []
  ) throws(Status) -> AssessmentStamp {
    let request = AssessRequest(record: record, actId: actId, asOf: asOf, explain: true)
    return try stamp(eligibility.answer(request, following: .init(readings)), version)
  }

  /// The same under an act that need not be in force any more.
  func assess(
    _ record: AmnestyWire.CaseRecord, version: Int, under act: ServedAct, asOf: String,
    following readings: [AmnestyRegister.ChosenReading]
  ) throws(Status) -> AssessmentStamp {
    let request = AssessRequest(record: record, actId: act.reference.id, asOf: asOf, explain: true)
    return try stamp(eligibility.answer(request, under: act, following: .init(readings)), version)
  }

  private func stamp(_ answer: Answer, _ version: Int) -> AssessmentStamp {
    var buffer = ByteBuffer()
    answer.write(into: &buffer)
    return AssessmentStamp(answer, recordVersion: version, bytes: Array(buffer.readableBytesView))
  }

  /// The same without the bytes and the reasons: for runs over the whole register.
  func outline(
    _ record: AmnestyWire.CaseRecord, version: Int, actId: String?, asOf: String?, following readings: [AmnestyRegister.ChosenReading]
  ) throws(Status) -> AssessmentStamp {
    let request = AssessRequest(record: record, actId: actId, asOf: asOf, explain: false)
    return AssessmentStamp(try eligibility.answer(request, following: .init(readings)), recordVersion: version, bytes: [])
  }
}

extension AssessmentStamp {
  init(_ answer: Answer, recordVersion: Int, bytes: [UInt8]) {
    let definition = answer.act.act.definition
    self.init(
      act: ActStamp(
        id: definition.id, version: definition.version, digest: answer.act.act.digest,
        inForceFrom: definition.canBeFinal ? definition.inForceFrom : nil,
        executeThrough: definition.isDraft ? nil : definition.executeThrough),
      recordDigest: answer.recordDigest.text, recordVersion: recordVersion, asOf: answer.asOf, isFinal: answer.assessment.isFinal,
      outcome: AssessmentOutcome(answer.assessment.outcome), measures: Set(answer.assessment.offences.compactMap(\.measure)),
      releaseOn: answer.assessment.sentence?.releaseOn, newEnd: answer.assessment.sentence?.newEnd,
      readings: (answer.chosenReadings ?? []).map { .init(question: $0.question, answer: $0.answer) }, bytes: bytes)
  }
}

extension AssessmentOutcome {
  init(_ outcome: AmnestyRules.Assessment.Outcome) {
    self =
      switch outcome {
      case .eligible: .eligible
      case .partial: .partial
      case .ineligible: .ineligible
      case .undetermined: .undetermined
      case .referred: .referred
      }
  }
}
