// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyRules

/// The kinds of links of a chain, which are the commands on a case.
package enum LinkKind: String, Sendable, Hashable, CaseIterable {
  case register, update, assess
  case resolveReferral = "resolve_referral"
  case propose
  case sendBack = "return"
  case object
  case withdrawObjection = "withdraw_objection"
  case decide
  case recordJudgment = "record_judgment"
  case execute, appeal
  case resolveAppeal = "resolve_appeal"
  case revoke, close, withdraw, assign, unassign, transfer
  case pauseClock = "pause_clock"
  case resumeClock = "resume_clock"
  /// Something in aftercare, done on a need and not on the case.
  case need
}

/// One link of a case's chain: what was done, by whom, on which law and which facts. Links are only ever appended.
package struct Link: Sendable, Hashable {
  /// From 1 in the case, without gaps.
  package var number: Int
  package var kind: LinkKind
  package var at: Instant
  /// The caller's day.
  package var on: Day
  package var author: Author
  package var from: CaseState?
  package var to: CaseState
  /// The assessment it rests on, with its act; nil where it rests on none.
  package var assessment: Int?
  package var actDigest: String?
  package var factsDigest: String
  package var reason: String?
  package var departs: Bool
  /// Further words of this kind of link, in order: `verdict`, `measures`, `order`, `body`, …
  package var details: [Detail]

  /// Those that it follows, as a person chose them.
  package var readings: [ChosenReading] {
    details.first { $0.name == "readings" }.flatMap { [ChosenReading](words: $0.value) } ?? []
  }

  package struct Detail: Sendable, Hashable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }
}
