// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyRules

package enum NeedKind: String, Sendable, Hashable, CaseIterable {
  case employment
  case medicalCare = "medical_care"
  case documents, housing
}

package enum NeedState: String, Sendable, Hashable, CaseIterable {
  case open
  case inProgress = "in_progress"
  case done, declined, cancelled

  package var isOpen: Bool { self == .open || self == .inProgress }
}

/// What a freed person needs, and who answers for it. It tells nothing of the case.
package struct Need: Sendable, Hashable {
  /// Opaque; not derived from the case.
  package var id: String
  package var version: Int
  package var kind: NeedKind
  package var state: NeedState
  package var responsible: String
  package var dueOn: Day
  package var name: PersonName?
  package var notes: [NeedNote]
  package var createdAt: Instant
  package var updatedAt: Instant
  /// For callers who may see the case.
  package var reference: String
  package var office: String

  package var etag: String { "v\(version)" }

  package func isOverdue(on day: Day) -> Bool { state.isOpen && day > dueOn }
}

package struct NeedNote: Sendable, Hashable {
  package var at: Instant
  package var person: String
  package var text: String
}

/// What is noted on a need; nil leaves as it is.
package struct NeedCommand: Sendable, Hashable {
  package var state: NeedState?
  package var responsible: String?
  package var dueOn: Day?
  package var note: String?

  package init(state: NeedState? = nil, responsible: String? = nil, dueOn: Day? = nil, note: String? = nil) {
    self.state = state
    self.responsible = responsible
    self.dueOn = dueOn
    self.note = note
  }
}
