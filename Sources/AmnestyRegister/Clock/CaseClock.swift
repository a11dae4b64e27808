// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyRules

package enum ClockKind: String, Sendable, Hashable, CaseIterable {
  /// The act's own window: never pauses, never closes a case.
  case actWindow = "act_window"
  case assignment, assess, propose, decide, execute, aftercare
}

/// A deadline of a case.
package struct CaseClock: Sendable, Hashable {
  package var kind: ClockKind
  package var startedOn: Day
  /// The last day in time. While the clock is paused it stands as it was, and moves on by the days of the pause afterwards.
  package var dueOn: Day
  package var pausedOn: Day?
  package var pauseReason: String?

  package init(kind: ClockKind, startedOn: Day, dueOn: Day, pausedOn: Day? = nil, pauseReason: String? = nil) {
    self.kind = kind
    self.startedOn = startedOn
    self.dueOn = dueOn
    self.pausedOn = pausedOn
    self.pauseReason = pauseReason
  }

  package func isOverdue(on day: Day) -> Bool { pausedOn == nil && day > dueOn }

  /// Days left, negative when over; of a paused clock those that were left when it was paused.
  package func daysLeft(on day: Day) -> Int { Int(dueOn.number) - Int((pausedOn ?? day).number) }
}
