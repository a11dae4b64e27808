// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules
internal import AmnestyWire

extension AmnestyWire.Assessment {
  /// An answer in the words of the contract.
  init(_ answer: AmnestyRules.Assessment, of facts: CaseFacts, under act: ServedAct, asOf: Day, recordDigest: String, explain: Bool) {
    self.init(
      act: act.reference, recordDigest: recordDigest, asOf: asOf.text, standing: answer.isFinal ? .final : .provisional,
      outcome: Outcome(answer.outcome), basis: answer.basis.map { AmnestyWire.Basis($0) },
      offences: answer.offences.map { AssessedOffence($0, of: facts, under: act, explain: explain) },
      sentence: answer.sentence.map { AssessedSentence($0) },
      readings: answer.readings.map {
        Reading(question: $0.question, answer: $0.answer.rawValue, outcome: Outcome($0.outcome), releaseOn: $0.releaseOn?.text)
      },
      missing: answer.missing.map {
        MissingFact(fact: facts.pointer($0.slot), question: act.question($0.slot), decides: $0.decides)
      },
      referrals: answer.referrals.map { Referral($0, under: act) },
      // The engine gives the act's own notes in their order, the one on additional punishments last.
      notes: answer.notes.count == act.notes.count ? act.notes : Array(act.notes.prefix(answer.notes.count)))
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
    let truth: AmnestyWire.Truth =
      switch ground.truth {
      case .yes: .true
      case .no: .false
      case .open, .unknown: .unknown
      }
    self.init(
      provision: act.provisions[ground.provision].id, truth: truth, basis: AmnestyWire.Basis(ground.basis),
      facts: act.pointers(ground.provision, offence: ground.offence, of: facts), open: ground.truth == .open ? true : nil)
  }
}

extension AssessedSentence {
  fileprivate init(_ sentence: SentenceAssessment) {
    self.init(
      imposed: sentence.imposed?.text, reduced: sentence.reduced?.text, originalEnd: sentence.originalEnd?.text,
      newEnd: sentence.newEnd?.text, releaseOn: sentence.releaseOn?.text,
      amount: sentence.imposedAmount.map { AmountChange(imposed: Int($0), reduced: sentence.reducedAmount.map { Int($0) }) })
  }
}

extension AmnestyWire.Referral {
  fileprivate init(_ referral: AmnestyRules.Referral, under act: ServedAct) {
    let provision = referral.provision.map { act.provisions[$0] }
    // An open provision speaks for itself; the other codes say what a person has to do.
    let note =
      ReferralTexts.text(referral.code).map { AmnestyWire.LocalizedText($0) } ?? provision?.referralNote
      ?? AmnestyWire.LocalizedText(ReferralTexts.openElsewhere)
    self.init(code: .init(referral.code), provision: provision?.id, note: note)
  }
}
