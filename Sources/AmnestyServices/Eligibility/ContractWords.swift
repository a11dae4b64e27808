// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules
internal import AmnestyWire

// Words of the wire as the rules keep them: indices of `AmnestyRules.Words`. A test holds the two lists side by side.

extension AmnestyWire.Stage {
  var slot: Int64 {
    switch self {
    case .investigation: 0
    case .trial: 1
    case .appeal: 2
    case .sentenced: AmnestyRules.Stage.sentenced
    case .served: AmnestyRules.Stage.served
    case .unrecognized: CaseFacts.unknown
    }
  }
}

extension Recidivism {
  var slot: Int64 {
    switch self {
    case .nothing: 0
    case .recidivism: 1
    case .dangerousRecidivism: 2
    case .unrecognized: CaseFacts.unknown
    }
  }
}

extension Gravity {
  var slot: Int64 {
    switch self {
    case .infraction: 0
    case .minor: 1
    case .medium: 2
    case .grave: 3
    case .especiallyGrave: 4
    case .unrecognized: CaseFacts.unknown
    }
  }
}

extension Nexus {
  var slot: Int64 {
    switch self {
    case .riot: 0
    case .suppression: 1
    case .nothing: 2
    case .unrecognized: CaseFacts.unknown
    }
  }
}

extension SentenceKind {
  var slot: Int64 {
    switch self {
    case .imprisonment: 0
    case .restrictionOfLiberty: 1
    case .suspended: 2
    case .fine: 3
    case .communityService: 4
    case .other: 5
    case .unrecognized: CaseFacts.unknown
    }
  }
}

extension AmnestyWire.Aggregation {
  var slot: Int64 {
    switch self {
    case .single: AmnestyRules.Aggregation.single
    case .absorption: AmnestyRules.Aggregation.absorption
    case .addition: AmnestyRules.Aggregation.addition
    case .partialAddition: AmnestyRules.Aggregation.partialAddition
    case .unrecognized: CaseFacts.unknown
    }
  }
}

extension OffenceClass {
  /// Its bit in the set that a list of classes is kept as.
  var bit: Int64 {
    switch self {
    case .terrorism: 1
    case .extremism: 1 << 1
    case .corruption: 1 << 2
    case .treason: 1 << 3
    case .seizureOfPower: 1 << 4
    case .torture: 1 << 5
    case .minorSexualInviolability: 1 << 6
    case .riotOrganisation: 1 << 7
    case .unrecognized: 0
    }
  }

  static func set(_ classes: [OffenceClass]) -> Int64 { classes.reduce(0) { $0 | $1.bit } }
}

extension AmnestyWire.Basis {
  init(_ basis: AmnestyRules.Basis) {
    self =
      switch basis {
      case .open: .open
      case .inferred: .inferred
      case .reported: .reported
      case .text: .text
      }
  }
}

extension Outcome {
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

extension OffenceOutcome {
  init(_ outcome: AmnestyRules.Assessment.Outcome) {
    self =
      switch outcome {
      // One offence alone is never partly eligible.
      case .eligible, .partial: .eligible
      case .ineligible: .ineligible
      case .undetermined: .undetermined
      case .referred: .referred
      }
  }
}

extension AmnestyWire.ReferralCode {
  init(_ code: AmnestyRules.ReferralCode) {
    self =
      switch code {
      case .openProvision: .openProvision
      case .jointSentence: .jointSentence
      case .disputedFact: .disputedFact
      case .readingsConflict: .readingsConflict
      case .objection: .objection
      case .alreadyApplied: .alreadyApplied
      case .alreadyChanged: .alreadyChanged
      case .draftingConflict: .draftingConflict
      }
  }
}
