// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyRules

/// The chain of one case: where it stands, and what a next command must know of what was done before. History is in its links.
package struct CaseChain: Sendable, Hashable {
  package var state: CaseState
  /// Who registered it.
  package var registrant: String
  /// Everybody who wrote a version of its record.
  package var recordAuthors: Set<String>
  /// Everybody who assessed or proposed it, in whichever round, and whose decision in it was overturned: they do not decide it any more.
  package var preparers: Set<String> = []
  /// The preparer it is assigned to.
  package var assignedTo: String?
  /// The assessment in force: of the record as it is now. It falls when the facts change.
  package var assessment: AssessmentInForce?
  package var resolution: Resolution?
  package var proposal: Proposal?
  package var decision: Decision?
  package var objection: Objection?
  package var appeal: Appeal?
  package var judgment: Judgment?
  package var execution: Execution?
  package var revocation: Revocation?
  package var closure: Closure?
  /// A fact was corrected after the decision: somebody must look whether it still stands.
  package var reassessmentDue: Bool
  /// A removed conviction: invisible to all but a few.
  package var sealed: Bool

  package init(registrant: String) {
    state = .registered
    self.registrant = registrant
    recordAuthors = [registrant]
    reassessmentDue = false
    sealed = false
  }
}

/// What the chain turns on of the assessment in force.
package struct AssessmentInForce: Sendable, Hashable {
  package var number: Int
  package var act: ActStamp
  package var recordDigest: String
  package var asOf: Day
  package var isFinal: Bool
  package var outcome: AssessmentOutcome
  package var measures: Set<String>
  package var releaseOn: Day?
  package var newEnd: Day?
  package var readings: [ChosenReading]

  package init(number: Int, stamp: AssessmentStamp) {
    self.number = number
    act = stamp.act
    recordDigest = stamp.recordDigest
    asOf = stamp.asOf
    isFinal = stamp.isFinal
    outcome = stamp.outcome
    measures = stamp.measures
    releaseOn = stamp.releaseOn
    newEnd = stamp.newEnd
    readings = stamp.readings
  }
}

package enum Verdict: String, Sendable, Hashable, CaseIterable {
  case grant, refuse
  /// The person objected to a termination: the proceedings go on.
  case proceed = "continue"
}

/// How a human settled what the engine referred.
package struct Resolution: Sendable, Hashable {
  package var person: String
  package var at: Instant
  package var reason: String
}

package struct Proposal: Sendable, Hashable {
  package var verdict: Verdict
  package var measures: Set<String>
  package var reason: String?
  /// Not what the assessment says.
  package var departs: Bool
  /// Those of the assessment.
  package var readings: [ChosenReading] = []
  package var assessment: Int
  package var person: String
  package var at: Instant
}

package struct Decision: Sendable, Hashable {
  package var verdict: Verdict
  package var measures: Set<String>
  package var reason: String?
  package var departs: Bool
  /// Those of the assessment.
  package var readings: [ChosenReading] = []
  package var assessment: Int
  package var person: String
  package var office: String
  package var body: String
  package var on: Day
  package var at: Instant
}

package struct Objection: Sendable, Hashable {
  package var person: String
  package var at: Instant
  package var note: String?
  /// Stated among the facts of the record, and gone when they say otherwise.
  package var isOfRecord = false

  package init(person: String, at: Instant, note: String?, isOfRecord: Bool = false) {
    self.person = person
    self.at = at
    self.note = note
    self.isOfRecord = isOfRecord
  }

  /// What the record itself says; only where proceedings can still be terminated does an objection mean anything.
  package init?(statedIn record: CaseRecord, by author: Author, at: Instant) {
    guard record.objects == true, Objection.stages.contains(record.columns.stage ?? "") else { return nil }
    self.init(person: author.person, at: at, note: nil, isOfRecord: true)
  }

  private static let stages: Set<String> = ["investigation", "trial", "appeal"]
}

package enum AppealSide: String, Sendable, Hashable, CaseIterable { case person, prosecutor }

package struct Appeal: Sendable, Hashable {
  package var side: AppealSide
  package var person: String
  package var at: Instant
  package var reason: String
}

package struct Judgment: Sendable, Hashable {
  package var reference: String
  package var on: Day
  /// As imposed, the act's cut already made.
  package var term: Term?

  package init(reference: String, on: Day, term: Term?) {
    self.reference = reference
    self.on = on
    self.term = term
  }
}

package struct Execution: Sendable, Hashable {
  package var person: String
  package var on: Day
  package var at: Instant
  package var orders: [Order]
}

/// What somebody outside is told to do.
package struct Order: Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case release
    case newEnd = "new_end"
    case terminate
    case removeConviction = "remove_conviction"
    /// A measure that the act declares.
    case other
    case recallRelease = "recall_release"
    case restoreTerm = "restore_term"
    case resumeProceedings = "resume_proceedings"
    case restoreConviction = "restore_conviction"
  }

  package var kind: Kind
  /// The day it takes effect: of a release the day the person walks out, of a new end that end.
  package var on: Day?
  /// The measure it carries out or takes back.
  package var measure: String?

  package init(kind: Kind, on: Day? = nil, measure: String?) {
    self.kind = kind
    self.on = on
    self.measure = measure
  }
}

package enum RevocationGround: String, Sendable, Hashable, CaseIterable {
  case forgedPaper = "forged_paper"
  case appealUpheld = "appeal_upheld"
  case other
}

package struct Revocation: Sendable, Hashable {
  package var ground: RevocationGround
  package var reason: String
  package var person: String
  package var on: Day
  package var at: Instant
  package var orders: [Order]
}

package enum Closure: String, Sendable, Hashable, CaseIterable {
  case done
  case proceedingsContinue = "proceedings_continue"
}
