// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules
internal import AmnestyWire

extension AmnestyWire.Assessment {
  /// An answer as a message, for callers in the process.
  init(_ answer: Answer) {
    let (assessment, act) = (answer.assessment, answer.act)
    self.init(
      act: act.reference, recordDigest: answer.recordDigest.text, asOf: answer.asOf.text,
      standing: assessment.isFinal ? .final : .provisional,
      outcome: Outcome(assessment.outcome), basis: assessment.basis.map { AmnestyWire.Basis($0) },
      offences: assessment.offences.map { AssessedOffence($0, of: answer.facts, under: act, explain: answer.explain) },
      sentence: assessment.sentence.map { AssessedSentence($0) }, readings: assessment.readings.map { Reading($0) },
      missing: assessment.missing.map { MissingFact($0, of: answer.facts, under: act) },
      referrals: assessment.referrals.map { Referral($0, under: act) },
      // The engine gives the act's own notes in their order, the one on additional punishments last.
      notes: Array(act.notes.prefix(assessment.notes.count)), chosenReadings: answer.chosenReadings)
  }
}

extension AmnestyWire.Reading {
  init(_ reading: AmnestyRules.Reading) {
    self.init(
      question: reading.question, answer: reading.answer.rawValue, outcome: Outcome(reading.outcome), releaseOn: reading.releaseOn?.text)
  }
}

extension AmnestyWire.MissingFact {
  init(_ missing: AmnestyRules.MissingFact, of facts: CaseFacts, under act: ServedAct) {
    self.init(fact: facts.pointer(missing.slot), question: act.question(missing.slot), decides: missing.decides)
  }
}

extension AmnestyWire.Truth {
  /// What the act leaves open is not known either; the ground says so beside it.
  init(_ truth: AmnestyRules.Truth) {
    self =
      switch truth {
      case .yes: .true
      case .no: .false
      case .open, .unknown: .unknown
      }
  }
}

extension AssessedOffence {
  fileprivate init(_ offence: OffenceAssessment, of facts: CaseFacts, under act: ServedAct, explain: Bool) {
    self.init(
      id: offence.id, outcome: OffenceOutcome(offence.outcome), measure: offence.measure,
      basis: offence.basis.map { AmnestyWire.Basis($0) },
      grounds: explain ? offence.grounds.map { Ground($0, of: facts, under: act) } : nil)
  }
}

extension AmnestyWire.Ground {
  fileprivate init(_ ground: AmnestyRules.Ground, of facts: CaseFacts, under act: ServedAct) {
    let own = OwnFacts(facts, offence: ground.offence)
    let position = facts.offences[ground.offence].position
    self.init(
      provision: act.provisions[ground.provision].id, truth: .init(ground.truth), basis: .init(ground.basis),
      facts: act.act.provisions[ground.provision].facts.map { own.pointer($0, position, act.act.layout) },
      open: ground.truth == .open ? true : nil)
  }
}

extension AssessedSentence {
  init(_ sentence: SentenceAssessment) {
    self.init(
      imposed: sentence.imposed?.text, reduced: sentence.reduced?.text, originalEnd: sentence.originalEnd?.text,
      newEnd: sentence.newEnd?.text, releaseOn: sentence.releaseOn?.text,
      amount: sentence.imposedAmount.map { AmountChange(imposed: Int($0), reduced: sentence.reducedAmount.map { Int($0) }) })
  }
}

extension AmnestyWire.Referral {
  init(_ referral: AmnestyRules.Referral, under act: ServedAct) {
    let provision = referral.provision.map { act.provisions[$0] }
    // An open provision speaks for itself; the other codes say what a person has to do.
    let note =
      ReferralTexts.text(referral.code).map { AmnestyWire.LocalizedText($0) } ?? provision?.referralNote
      ?? AmnestyWire.LocalizedText(ReferralTexts.openElsewhere)
    self.init(code: .init(referral.code), provision: provision?.id, note: note)
  }
}
