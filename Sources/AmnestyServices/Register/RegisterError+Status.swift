// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyRules
internal import AmnestyWire

extension Status {
  /// What the register refused, as the contract says it. `reference` is the case it was about.
  init(_ error: RegisterError, about reference: String = "") {
    let name = Status.bounded(reference)
    switch error {
    case .notFound:
      self = Status(
        .notFound, reason: ErrorReason.caseNotFound,
        "There is no case \(name) for you. Check the reference, and in which offices you hold a role.",
        details: [.resourceInfo(ResourceInfo(resourceType: "case", resourceName: name))])
    case .alreadyExists(let reference):
      let name = Status.bounded(reference)
      self = Status(
        .alreadyExists, reason: ErrorReason.caseExists,
        "A case \(name) is in the register already. Get it and look; correct its facts with CaseService/Update.",
        details: [.resourceInfo(ResourceInfo(resourceType: "case", resourceName: name))])
    case .invalid(let field, let problem):
      if field.hasSuffix("pageToken") {
        self = Status(
          .invalidArgument, reason: ErrorReason.unknownPageToken,
          "The page token was not given for this query. Start again without pageToken.")
      } else {
        self = .invalidField([FieldViolation(field: field.hasPrefix("/") ? field : "/" + field, description: problem)])
      }
    case .reasonMissing(let command):
      self = Status(
        .invalidArgument, reason: ErrorReason.reasonRequired, "This \(command.rawValue) needs a reason. Give reason.",
        info: ["command": command.rawValue],
        details: [.badRequest(BadRequest(fieldViolations: [FieldViolation(field: "/reason", description: "is needed here")]))])
    case .staleEtag(let current):
      self = Status(
        .aborted, reason: ErrorReason.staleEtag,
        "It has changed since you saw it: its etag is \(current). Get it again and look before you repeat the command.",
        info: ["etag": current], details: name.isEmpty ? [] : [.resourceInfo(ResourceInfo(resourceType: "case", resourceName: name))])
    case .keyReused:
      self = Status(
        .aborted, reason: ErrorReason.keyReused, "This idempotency key was used for another request. Use a new key for a new command.")
    case .wrongState(let state, let command, let allowed):
      // Where the state would do, something else of the case is in the way.
      let others = allowed.filter { $0 != state }.map(\.rawValue).joined(separator: ", ")
      let words =
        allowed.contains(state)
        ? command.whatIsMissing(in: state)
        : "A case that is \(state.rawValue) takes no \(command.rawValue)\(others.isEmpty ? "" : "; it is possible in \(others)"). Get the case and look."
      self = .precondition(
        ErrorReason.wrongState, words, info: ["state": state.rawValue, "command": command.rawValue, "allowed": others], subject: name)
    case .wrongRole(let role, let command, let needed):
      let list = needed.map(\.rawValue).joined(separator: " or ")
      self = Status(
        .permissionDenied, reason: ErrorReason.roleMissing,
        "A \(command.rawValue) needs the role \(list) in the office of the case; you act as \(role.rawValue).",
        info: ["role": needed.first?.rawValue ?? "", "command": command.rawValue])
    case .fourEyes(let was):
      self = .precondition(
        ErrorReason.fourEyes, "\(was.words) Let another person do it, whatever roles you hold.", info: ["was": was.rawValue], subject: name)
    case .notInForce(let day, let from):
      let words =
        switch from {
        case nil:
          "Nothing is decided on \(day.text): the act of the assessment is a draft or an excerpt, or the day it enters into force is not known. Assess again under an act that is in force."
        case let from? where from > day:
          "Nothing is decided on \(day.text): the act is in force from \(from.text). Assess again once it is."
        case let from?:
          "The act is in force since \(from.text), but the assessment is provisional: it was made as of a day before. Assess the case again with CaseService/Assess, as of \(from.text) or later."
        }
      self = .precondition(ErrorReason.actNotInForce, words, info: ["day": day.text], subject: name)
    case .assessmentStale(let why):
      self = .precondition(
        ErrorReason.assessmentStale, "\(why.words) Assess the case again with CaseService/Assess.", info: ["why": why.rawValue],
        subject: name)
    case .wrongBody(let needed, let own):
      self = .precondition(
        ErrorReason.wrongBody,
        "Here a \(needed) decides; your office is \(own.map { "a \($0)" } ?? "no such body"). Transfer the case to an office that is.",
        info: ["body": needed], subject: name)
    case .bodyNotConfigured(let question):
      self = .precondition(
        ErrorReason.bodyNotConfigured,
        "The act leaves open who decides here: \(question) The administrator says so under procedure: in the configuration.",
        subject: name)
    case .objectionStands:
      self = .precondition(
        ErrorReason.objectionStands,
        "The person objects to the termination. Decide continue_proceedings, or record with WithdrawObjection that the objection is taken back.",
        subject: name)
    case .noObjection: self = .precondition(ErrorReason.noObjection, "No objection stands. Get the case and look.", subject: name)
    case .objectionAlreadyRaised:
      self = .precondition(ErrorReason.objectionRaised, "An objection stands already; nothing is to be done.", subject: name)
    case .notATermination:
      self = .precondition(
        ErrorReason.noTerminationDue,
        "An objection is possible against a termination only, and none is due here. After the decision there is the appeal.", subject: name)
    case .appealPending:
      self = .precondition(ErrorReason.appealPending, "An appeal is pending. Decide it first with ResolveAppeal.", subject: name)
    case .noAppealPending: self = .precondition(ErrorReason.noAppeal, "No appeal is pending. Get the case and look.", subject: name)
    case .needsOpen(let count):
      self = .precondition(
        ErrorReason.needsOpen, "\(count) needs of the person are open. Finish or decline them with AftercareService/Update.",
        info: ["open": String(count)], subject: name)
    case .newEndUnknown(let why):
      self = .precondition(ErrorReason.newEndUnknown, "\(why.words) Give newEnd.", info: ["why": why.rawValue], subject: name)
    case .alreadyAssigned(let person):
      self = .precondition(
        ErrorReason.alreadyAssigned, "It is assigned to \(Status.bounded(person)) already.", info: ["person": Status.bounded(person)],
        subject: name)
    case .notAssigned: self = .precondition(ErrorReason.notAssigned, "It is assigned to nobody; nothing is to be done.", subject: name)
    case .noSuchClock(let clock):
      self = .precondition(
        ErrorReason.clockState, "The clock \(clock.rawValue) does not run for this case. Get the case and look at its clocks.",
        subject: name)
    case .clockCannotPause(let clock):
      self = .precondition(
        ErrorReason.statutoryClock, "The act sets \(clock.rawValue), and it does not pause. Only the deployment's own deadlines can.",
        subject: name)
    case .clockAlreadyPaused(let clock):
      self = .precondition(ErrorReason.clockState, "The clock \(clock.rawValue) stands still already.", subject: name)
    case .clockNotPaused(let clock):
      self = .precondition(ErrorReason.clockState, "The clock \(clock.rawValue) runs; it is not paused.", subject: name)
    case .needClosed(let state):
      self = .precondition(
        ErrorReason.needClosed, "The need is \(state.rawValue). Add another with AftercareService/Add where there is a new need.",
        info: ["state": state.rawValue],
        subject: name)
    case .needOpen(let kind):
      self = Status(
        .alreadyExists, reason: ErrorReason.needExists,
        "The person has an open need of the kind \(kind.rawValue). Change that one with AftercareService/Update.",
        info: ["kind": kind.rawValue])
    case .overloaded:
      self = .overloaded(retryAfterMilliseconds: 100)
    case .unavailable(let why):
      self = Status(
        .unavailable, reason: ErrorReason.registerUnavailable,
        "The register cannot be used now (\(why.cause.rawValue): \(Status.bounded(why.message))). Nothing was changed. "
          + "Its administrator removes the cause; then repeat the call with the same key. EligibilityService/Assess works meanwhile.",
        info: ["cause": why.cause.rawValue], details: [.retryInfo(RetryInfo(retryDelayMilliseconds: 1000))])
    case .outcomeUnknown(let why):
      self = Status(
        .unavailable, reason: ErrorReason.registerUnavailable,
        "The register failed while it stored this (\(why.cause.rawValue): \(Status.bounded(why.message))). Whether it was stored is not known. "
          + "Its administrator removes the cause; then repeat the call with the same key, or, without one, look first whether it was done.",
        info: ["cause": why.cause.rawValue, "outcome": "unknown"], details: [.retryInfo(RetryInfo(retryDelayMilliseconds: 1000))])
    }
  }

  /// A case has the reference that this caller does not see.
  static func taken(_ reference: String) -> Status {
    let name = bounded(reference)
    return Status(
      .alreadyExists, reason: ErrorReason.caseExists, "The reference \(name) is taken; use another one.",
      details: [.resourceInfo(ResourceInfo(resourceType: "case", resourceName: name))])
  }

  static func precondition(_ reason: String, _ words: String, info: [String: String] = [:], subject: String) -> Status {
    Status(
      .failedPrecondition, reason: reason, words, info: info,
      details: [
        .preconditionFailure(PreconditionFailure(violations: [.init(type: reason, subject: "case/\(subject)", description: words)]))
      ])
  }
}

extension LinkKind {
  /// Why a command is not possible in a state in which it can be.
  fileprivate func whatIsMissing(in state: AmnestyRegister.CaseState) -> String {
    switch (self, state) {
    case (.assess, _):
      "Nothing has changed since the decision: a decided case is assessed again only once a fact was corrected with CaseService/Update or another version of the act was loaded."
    case (.execute, .awaitingJudgment):
      "What was granted is a cut at sentencing, which the judgment carries out. Record it with DecisionService/RecordJudgment."
    case (.execute, _): "Nothing is left to carry out: no grant stands, or it was carried out already. Get the case and look."
    case (.revoke, _): "No grant stands that could be revoked. Get the case and look."
    default:
      "The case is \(state.rawValue), but what a \(rawValue) needs is not there. Get the case and look."
    }
  }
}

extension FourEyes {
  fileprivate var words: String {
    switch self {
    case .registrant: "You registered this case."
    case .recordAuthor: "You recorded facts of this case."
    case .proposer: "You proposed this decision."
    case .assignedPreparer: "The preparation of this case is assigned to you."
    case .decider: "You took this decision."
    case .preparer: "You assessed or proposed this case, or took a decision in it that was overturned."
    }
  }
}

extension NewEndUnknown {
  fileprivate var words: String {
    switch self {
    case .notComputed:
      "The assessment could not compute the new end of the term: facts of the term are missing, or a court puts it together."
    case .departs: "The decision grants something else than was assessed, so no day was computed for it."
    }
  }
}

extension Staleness {
  fileprivate var words: String {
    switch self {
    case .facts: "The facts have changed since the assessment."
    case .act: "The act has changed since the assessment."
    case .day: "The assessment is as of a day that has not come."
    case .none: "There is no assessment in force."
    }
  }
}
