// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// How far the cases of a register are, in counts, for reports.
package struct RegisterProgress: Sendable, Equatable {
  /// A deadline, over all cases.
  package struct ClockCount: Sendable, Equatable {
    /// Running, those past their day and those that stand still included.
    package var open = 0
    package var overdue = 0
  }

  /// Withdrawn cases are in no count.
  package var all = 0
  package var assessed = 0
  package var proposed = 0
  package var decided = 0
  package var executed = 0
  /// Closed, or in aftercare no more.
  package var done = 0
  package var granted = 0
  package var refused = 0
  /// Decisions that depart from the assessment.
  package var departures = 0
  package var revoked = 0
  package var reassessmentDue = 0
  package var appealsPending = 0
  package var appealsUpheld = 0
  package var appealsDismissed = 0
  package var clocks: [ClockKind: ClockCount] = [:]

  package init() {}
}
