// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// One person's case as drawn, before it is written as a record. An absent value is a fact nobody knows.
package struct SyntheticCase: Sendable {
  package enum Stage: String, Sendable {
    case investigation, trial, appeal, sentenced, served
  }

  package enum Penalty: String, Sendable {
    case imprisonment, suspended, fine
    case restrictionOfLiberty = "restriction_of_liberty"
    case communityService = "community_service"

    /// Whether it runs for a time.
    package var hasTerm: Bool { self != .fine }
  }

  package enum Aggregation: String, Sendable {
    case single, absorption, addition
    case partialAddition = "partial_addition"
  }

  package struct Offence: Sendable {
    package var charge: CataloguedOffence
    package var gravity: CataloguedOffence.Gravity?
    package var from: CalendarDay?
    package var through: CalendarDay?
    package var territory: String? = "KZ"
    package var nexus: String?
    package var classes: [String]?
    package var penalty: Penalty?
    package var months: Int?
  }

  package struct Sentence: Sendable {
    package var imposedOn: CalendarDay?
    package var penalty: Penalty
    package var months: Int?
    package var startsOn: CalendarDay?
    package var creditDays: Int?
    package var aggregation: Aggregation
    package var finalOn: CalendarDay?
    package var servedOn: CalendarDay?
    /// Written in place of `imposedOn`: a day that no calendar has.
    package var imposedOnText: String?
  }

  package var reference: String
  package var iin: String?
  package var name: SyntheticName
  package var bornOn: CalendarDay?
  package var stage: Stage
  package var recidivism: String? = "none"
  package var objectsToTermination: Bool? = false
  package var offences: [Offence]
  package var sentence: Sentence?
  package var detained: Bool?
  package var unknowable: [String] = []
  package var disputed: [String] = []
  /// Gives every offence the same id: for a record that contradicts itself.
  package var repeatsAnId = false
}
