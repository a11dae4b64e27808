// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// What an act says of a record: the answer before it is put into words.
package struct Assessment: Sendable {
  package enum Outcome: String, Sendable, CaseIterable {
    case eligible, partial, ineligible, undetermined, referred
  }

  /// `isFinal` is false before the act is in force on `asOf`, and always under an excerpt or a draft.
  package var isFinal: Bool
  package var outcome: Outcome
  /// The weakest basis among the provisions that decided; nil where nothing is decided.
  package var basis: Basis?
  package var offences: [OffenceAssessment]
  package var sentence: SentenceAssessment?
  package var readings: [Reading] = []
  package var missing: [MissingFact] = []
  package var referrals: [Referral] = []
  package var notes: [ActNote] = []
}

package struct OffenceAssessment: Sendable {
  package var id: String
  package var outcome: Assessment.Outcome
  package var measure: String?
  package var basis: Basis?
  /// Every provision that was tried; empty where no explanation was asked for.
  package var grounds: [Ground]
}

/// A provision that was tried on an offence.
package struct Ground: Sendable {
  /// Index among the act's provisions.
  package var provision: Int
  package var truth: Truth
  package var basis: Basis
  /// Offence whose facts were read.
  package var offence: Int
}

/// The main punishment after the act.
package struct SentenceAssessment: Sendable, Equatable {
  package var imposed: Term?
  package var reduced: Term?
  package var originalEnd: Day?
  package var newEnd: Day?
  package var releaseOn: Day?
  /// For acts that cut amounts.
  package var imposedAmount: Int64?
  package var reducedAmount: Int64?
}

package struct Reading: Sendable, Equatable {
  package var question: String
  package var answer: Choice.Answer
  package var outcome: Assessment.Outcome
  package var releaseOn: Day?
}

package struct MissingFact: Sendable, Equatable {
  /// Absolute slot; `CaseFacts.pointer` names it.
  package var slot: Int
  /// Some value of this fact alone settles the outcome.
  package var decides: Bool
  /// Outcome and measures stand without it; the new end cannot be computed.
  package var isForEnd = false
}

package struct Referral: Sendable, Hashable {
  package var code: ReferralCode
  /// Index among the act's provisions; nil where it is no provision's.
  package var provision: Int?
}
