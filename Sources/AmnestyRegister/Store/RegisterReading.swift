// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyRules

/// One snapshot of the register. Every query takes the caller's scope; what lies outside is not there.
package protocol RegisterReading {
  func get(_ reference: String, scope: Scope) throws(RegisterError) -> StoredCase
  /// In the order asked for; nil where there is none.
  func get(_ references: [String], scope: Scope) throws(RegisterError) -> [StoredCase?]
  /// Other proceedings of the same person, by reference.
  func proceedings(ofPersonIn reference: String, scope: Scope) throws(RegisterError) -> [StoredCase]

  func list(_ filter: CaseFilter, order: CaseOrder, page: PageRequest, scope: Scope) throws(RegisterError) -> Page<StoredCase>
  /// Best first, bounded; each word is a prefix. `numbers`: the offices in which a part of an identification number finds a case; elsewhere only
  /// all of it does. Nil: every office.
  func search(_ words: String, limit: Int, scope: Scope, numbers: Set<String>?) throws(RegisterError) -> SearchResult
  /// The queue of an office: people in detention first, then by days left.
  func work(_ filter: WorkFilter, page: PageRequest, scope: Scope) throws(RegisterError) -> Page<StoredCase>
  func summary(_ filter: CaseFilter, scope: Scope) throws(RegisterError) -> RegisterSummary

  /// How far the cases are; what is overdue is so on that day.
  func progress(on day: Day, scope: Scope) throws(RegisterError) -> RegisterProgress

  func links(of reference: String, page: PageRequest, scope: Scope) throws(RegisterError) -> Page<Link>
  func recordVersions(of reference: String, scope: Scope) throws(RegisterError) -> [RecordVersion]
  func assessments(of reference: String, scope: Scope) throws(RegisterError) -> [StoredAssessment]
  /// `number` nil: the latest.
  func assessment(of reference: String, number: Int?, scope: Scope) throws(RegisterError) -> (
    assessment: StoredAssessment, record: RecordVersion
  )

  /// What changed after a position, oldest first. `reset` where that position is no longer known, as after a restore.
  func changes(after position: Int64, limit: Int, scope: Scope) throws(RegisterError) -> ChangePage
  func lastChange() throws(RegisterError) -> Int64

  /// All cases in the order of their references, for exports and for a run over the whole register.
  func scan(after reference: String?, limit: Int, scope: Scope) throws(RegisterError) -> [StoredCase]

  /// The records of all cases but the withdrawn, in the order of their references, and nothing else of them: for sums over the register.
  func records(after reference: String?, limit: Int, scope: Scope) throws(RegisterError) -> [CurrentRecord]

  func need(_ id: String, scope: Scope) throws(RegisterError) -> Need
  func needs(_ filter: NeedFilter, page: PageRequest, scope: Scope) throws(RegisterError) -> Page<Need>

  /// One notice, whoever it is for; nil where there is none.
  func propagation(_ id: Int64) throws(RegisterError) -> Propagation?
  func propagations(_ filter: PropagationFilter, page: PageRequest, scope: Scope) throws(RegisterError) -> Page<Propagation>

  /// Cases with a clock that is over on that day, in the order of their references: for the daemon to escalate.
  func overdue(on day: Day, after reference: String?, limit: Int) throws(RegisterError) -> [StoredCase]

  func audit(_ filter: AuditFilter, after sequence: Int64, limit: Int) throws(RegisterError) -> [AuditEntry]
  /// The same by pages, from `start` on where there is no token.
  func audit(_ filter: AuditFilter, after start: Int64, page: PageRequest) throws(RegisterError) -> Page<AuditEntry>
  /// The number of the last audit entry; 0 where there is none.
  func lastAuditEntry() throws(RegisterError) -> Int64
}

extension RegisterReading {
  package func search(_ words: String, limit: Int, scope: Scope) throws(RegisterError) -> SearchResult {
    try search(words, limit: limit, scope: scope, numbers: nil)
  }
}

package struct PageRequest: Sendable, Hashable {
  package var size: Int
  /// Nil: the first. A token of another query is refused as `invalid`.
  package var token: String?

  package init(size: Int, token: String? = nil) {
    self.size = size
    self.token = token
  }
}

package struct Page<Item: Sendable>: Sendable {
  package var items: [Item]
  package var nextToken: String?

  package init(items: [Item], nextToken: String?) {
    self.items = items
    self.nextToken = nextToken
  }
}

extension Page: Equatable where Item: Equatable {}

/// All that is given must hold; a list holds if one of it does.
package struct CaseFilter: Sendable, Hashable {
  package var offices: [String] = []
  package var stages: [String] = []
  package var states: [CaseState] = []
  /// Of the assessment in force.
  package var outcomes: [AssessmentOutcome] = []
  package var measure: String?
  package var gravity: String?
  package var article: String?
  package var detained: Bool?
  /// A running clock is over on that day.
  package var overdueOn: Day?
  /// None is.
  package var inTimeOn: Day?
  package var assignedTo: String?
  package var unassigned = false
  package var reassessmentDue: Bool?
  package var departs: Bool?
  /// Assessed under another act than this digest: what a reload leaves to be done.
  package var actDigestNot: String?

  package init() {}
}

package enum CaseOrder: String, Sendable, Hashable, CaseIterable {
  case reference
  /// The latest first.
  case updated
  /// The earliest first; cases without one last.
  case deadline
}

package struct WorkFilter: Sendable, Hashable {
  package var office: String?
  package var states: [CaseState] = []
  package var assignedTo: String?
  package var unassigned = false
  package var overdueOn: Day?
  /// This clock runs, or stands still for a while.
  package var clock: ClockKind?

  package init() {}
}

package struct SearchResult: Sendable, Hashable {
  package var cases: [StoredCase]
  /// There are more than the limit.
  package var truncated: Bool

  package init(cases: [StoredCase], truncated: Bool) {
    self.cases = cases
    self.truncated = truncated
  }
}

package struct RegisterSummary: Sendable, Hashable {
  package var total = 0
  package var states: [CaseState: Int] = [:]
  package var outcomes: [AssessmentOutcome: Int] = [:]
  package var measures: [String: Int] = [:]
  package var detained = 0
  /// Decisions that depart from the assessment.
  package var departures = 0
  package var reassessmentDue = 0

  package init() {}
}

package struct Change: Sendable, Hashable {
  package var position: Int64
  package var reference: String
  package var office: String
  package var kind: LinkKind
  package var version: Int
  package var state: CaseState
  package var at: Instant
  /// The case moved out of this caller's offices, or was sealed: forget it.
  package var gone: Bool
}

package struct ChangePage: Sendable, Hashable {
  package var changes: [Change]
  /// Where the next page begins; past changes outside the scope too.
  package var position: Int64
  package var reset: Bool

  /// A restore leaves out so many positions, and no register has so many changes.
  package static let leap: Int64 = 4_294_967_296

  package init(changes: [Change], position: Int64, reset: Bool) {
    self.changes = changes
    self.position = position
    self.reset = reset
  }
}

package struct NeedFilter: Sendable, Hashable {
  /// Of one case, for callers who may see it.
  package var reference: String?
  package var kinds: [NeedKind] = []
  package var states: [NeedState] = []
  package var responsible: String?
  package var overdueOn: Day?

  package init() {}
}

package struct PropagationFilter: Sendable, Hashable {
  package var subscriber: String?
  package var reference: String?
  package var unconfirmedOnly = false

  package init() {}
}

package struct AuditFilter: Sendable, Hashable {
  package var kinds: [AuditKind] = []
  package var person: String?
  package var principal: String?
  package var method: String?
  package var subject: String?
  package var from: Instant?
  package var through: Instant?
  /// Entries about cases of these offices, entries made for them, and those about nothing; nil: all.
  package var offices: Set<String>?

  package init() {}
}
