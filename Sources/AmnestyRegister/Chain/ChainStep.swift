// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyRules

/// What a command meets: who gives it and when, and the case as it is.
package struct ChainContext: Sendable, Hashable {
  package var author: Author
  package var day: Day
  package var at: Instant
  package var office: String
  package var recordDigest: String
  package var recordVersion: Int
  /// Nil: not known.
  package var detained: Bool?
  /// Assessments so far.
  package var assessments: Int
  package var openNeeds: Int
  package var clocks: [CaseClock]

  package init(
    author: Author, day: Day, at: Instant, office: String, recordDigest: String, recordVersion: Int, detained: Bool?, assessments: Int,
    openNeeds: Int, clocks: [CaseClock]
  ) {
    self.author = author
    self.day = day
    self.at = at
    self.office = office
    self.recordDigest = recordDigest
    self.recordVersion = recordVersion
    self.detained = detained
    self.assessments = assessments
    self.openNeeds = openNeeds
    self.clocks = clocks
  }
}

/// What a command does: the chain after it, its link, and what the store must do beside keeping both.
package struct ChainStep: Sendable, Hashable {
  package var chain: CaseChain
  package var link: LinkDraft
  package var effects: [ChainEffect] = []
}

package enum ChainEffect: Sendable, Hashable {
  /// Append a version of the record.
  case record(CaseRecord, reason: String?)
  /// Append an assessment.
  case assessment(AssessmentStamp)
  case move(office: String)
  case pauseClock(ClockKind, reason: String)
  case resumeClock(ClockKind)
  /// As the policy says; due days count from that day.
  case openNeeds(from: Day)
  case cancelNeeds
  case propagate(PropagationKind)
}

/// A link that has no number yet.
package struct LinkDraft: Sendable, Hashable {
  package var kind: LinkKind
  package var from: CaseState?
  package var to: CaseState
  package var assessment: Int?
  package var actDigest: String?
  package var reason: String?
  package var departs = false
  package var details: [Link.Detail] = []
}
