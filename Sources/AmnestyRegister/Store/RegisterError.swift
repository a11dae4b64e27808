// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyRules

/// Why the register did not do what it was asked. Nothing was stored, whichever it is but `outcomeUnknown`.
package enum RegisterError: Error, Sendable, Hashable {
  // What was asked for.
  /// Not there, or not for this caller; the two are never told apart.
  case notFound
  case alreadyExists(reference: String)
  /// A member of the command itself is wrong.
  case invalid(field: String, problem: String)
  case reasonMissing(LinkKind)

  // Concurrency.
  case staleEtag(current: String)
  case keyReused

  // The chain.
  /// `allowed`: the states in which the command may be given.
  case wrongState(CaseState, command: LinkKind, allowed: [CaseState])
  case wrongRole(CaseRole, command: LinkKind, needed: [CaseRole])
  case fourEyes(FourEyes)
  /// Nothing is decided before the act is in force; nil where that day is not known.
  case notInForce(on: Day, from: Day?)
  case assessmentStale(Staleness)
  case wrongBody(needed: String, own: String?)
  case bodyNotConfigured(question: String)
  /// A termination was objected to.
  case objectionStands
  case noObjection
  case objectionAlreadyRaised
  /// Only a termination can be objected to.
  case notATermination
  case appealPending
  case noAppealPending
  case needsOpen(Int)
  /// The executor did not give the new end, and no assessment says it.
  case newEndUnknown(NewEndUnknown)
  case alreadyAssigned(to: String)
  case notAssigned
  case noSuchClock(ClockKind)
  /// The act's own window never pauses.
  case clockCannotPause(ClockKind)
  case clockAlreadyPaused(ClockKind)
  case clockNotPaused(ClockKind)
  case needClosed(NeedState)
  /// There is an open one of the kind.
  case needOpen(NeedKind)

  // The store.
  /// More work is queued than the register takes; ask again in a moment.
  case overloaded
  case unavailable(Unavailability)
  /// The commit itself failed: the log may hold all of it, and a restart would find it there. Who has a key repeats the command with it.
  case outcomeUnknown(Unavailability)
}

/// What a person was before, so that they cannot be this too.
package enum FourEyes: String, Sendable, Hashable, CaseIterable {
  case registrant
  case recordAuthor = "record_author"
  case proposer
  case assignedPreparer = "assigned_preparer"
  case decider
  /// Assessed or proposed it before, or took a decision that was overturned.
  case preparer
}

/// Why no assessment says when a term ends.
package enum NewEndUnknown: String, Sendable, Hashable, CaseIterable {
  /// Facts of the term are missing, or only a court can put it together.
  case notComputed = "not_computed"
  /// Granted was something else than what was assessed.
  case departs
}

package enum Staleness: String, Sendable, Hashable, CaseIterable {
  /// The record is another than the one assessed.
  case facts
  /// The act is another version than the one assessed under.
  case act
  /// Assessed as of a day that has not come.
  case day
  /// There is no assessment in force.
  case none
}

/// Why the store does not serve, in words that name no path and no person.
package struct Unavailability: Sendable, Hashable {
  package enum Cause: String, Sendable, Hashable, CaseIterable {
    case diskFull = "disk_full"
    case readOnly = "read_only"
    case locked, corrupt
    case notADatabase = "not_a_database"
    case inputOutput = "input_output"
    case cannotOpen = "cannot_open"
    /// Written by a newer version of this program.
    case newerSchema = "newer_schema"
    case shuttingDown = "shutting_down"
    case other
  }

  package var cause: Cause
  /// SQLite's own words, where it has some.
  package var message: String

  package init(_ cause: Cause, message: String) {
    self.cause = cause
    self.message = message
  }
}
