// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyRules

/// What can be done to a case. Who does it, when, and under which key comes with the request.
package enum CaseCommand: Sendable, Hashable {
  /// The whole record as it is after the change; the caller has merged a field mask.
  case update(CaseRecord, reason: String?)
  case assess(AssessmentStamp)
  case resolveReferral(reason: String)
  /// `measures` nil: those of the assessment. Ignored unless the verdict is `grant`. `actDigest`: of the act as it is loaded now; nil is not compared.
  /// `under`: the assessment under the readings that the proposer chose, where they are not those of the one in force.
  case propose(Verdict, measures: Set<String>?, reason: String?, actDigest: String? = nil, under: AssessmentStamp? = nil)
  case sendBack(reason: String)
  case object(note: String?)
  case withdrawObjection(note: String?)
  case decide(DecideRequest)
  case recordJudgment(reference: String, on: Day, term: Term?)
  /// `newEnd` is needed where the assessment could not compute it.
  case execute(newEnd: Day?)
  case appeal(AppealSide, reason: String)
  case resolveAppeal(upheld: Bool, reason: String)
  case revoke(RevocationGround, reason: String)
  case close(note: String?)
  case withdraw(reason: String)
  case assign(to: String)
  case unassign(reason: String?)
  case transfer(to: String, reason: String)
  case pauseClock(ClockKind, reason: String)
  case resumeClock(ClockKind, reason: String?)

  /// The assessment that comes with it.
  package var assessment: AssessmentStamp? {
    switch self {
    case .assess(let stamp): stamp
    case .propose(_, _, _, _, let under): under
    case .decide(let request): request.under
    default: nil
    }
  }

  package var kind: LinkKind {
    switch self {
    case .update: .update
    case .assess: .assess
    case .resolveReferral: .resolveReferral
    case .propose: .propose
    case .sendBack: .sendBack
    case .object: .object
    case .withdrawObjection: .withdrawObjection
    case .decide: .decide
    case .recordJudgment: .recordJudgment
    case .execute: .execute
    case .appeal: .appeal
    case .resolveAppeal: .resolveAppeal
    case .revoke: .revoke
    case .close: .close
    case .withdraw: .withdraw
    case .assign: .assign
    case .unassign: .unassign
    case .transfer: .transfer
    case .pauseClock: .pauseClock
    case .resumeClock: .resumeClock
    }
  }
}

package struct DecideRequest: Sendable, Hashable {
  package var verdict: Verdict
  /// Nil: those proposed; with `under`, those of that assessment.
  package var measures: Set<String>?
  package var reason: String?
  /// Which body the act, or the deployment where the act is open, lets decide at the record's stage.
  package var decidingBody: DecidingBody
  /// The body that the decider's office is, by configuration.
  package var officeBody: String?
  /// Of the act as it is loaded now: an assessment under another version must be made anew. Nil where that act is not loaded any more.
  package var actDigest: String?
  /// The assessment under the readings that the decider chose, where they are not those of the one in force.
  package var under: AssessmentStamp?

  package init(
    verdict: Verdict, measures: Set<String>? = nil, reason: String? = nil, decidingBody: DecidingBody, officeBody: String?,
    actDigest: String?, under: AssessmentStamp? = nil
  ) {
    self.verdict = verdict
    self.measures = measures
    self.reason = reason
    self.decidingBody = decidingBody
    self.officeBody = officeBody
    self.actDigest = actDigest
    self.under = under
  }
}

package enum DecidingBody: Sendable, Hashable {
  case body(String)
  /// The act leaves it open and the deployment has not said: the question, to name in the error.
  case notConfigured(question: String)
}
