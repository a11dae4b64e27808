// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyRules
internal import AmnestyWire
internal import NIOCore

/// A case as callers are shown it, on a day that its clocks are measured on.
struct CaseView {
  let day: Day

  func message(
    _ stored: StoredCase, assessment: [UInt8]? = nil, needs: [Need]? = nil, linked: [String]? = nil
  ) throws(Status) -> Case {
    let chain = stored.chain
    return Case(
      reference: stored.reference, etag: stored.etag, state: AmnestyWire.CaseState(chain.state), office: stored.office,
      assignedTo: chain.assignedTo,
      record: try RecordIntake.message(stored.record, of: stored.reference), recordVersion: stored.recordVersion,
      recordDigest: stored.recordDigest,
      assessment: try assessment.map { (bytes) throws(Status) in try CaseView.assessment(bytes) },
      assessmentNumber: chain.assessment?.number,
      resolution: chain.resolution.map { CaseResolution(reason: $0.reason, person: $0.person, at: $0.at.text) },
      proposal: chain.proposal.map { CaseProposal($0) }, decision: chain.decision.map { CaseDecision($0) },
      objection: chain.objection.map { CaseObjection(note: $0.note, person: $0.person, at: $0.at.text) },
      appeal: chain.appeal.map {
        CaseAppeal(party: AppealParty(word: $0.side.rawValue), grounds: $0.reason, person: $0.person, at: $0.at.text)
      },
      judgment: chain.judgment.map { CaseJudgment(number: $0.reference, imposedOn: $0.on.text, term: $0.term?.text) },
      execution: chain.execution.map {
        CaseExecution(on: $0.on.text, orders: $0.orders.map { ExecutionOrder($0) }, person: $0.person, at: $0.at.text)
      },
      revocation: chain.revocation.map {
        CaseRevocation(
          ground: .init(word: $0.ground.rawValue), reason: $0.reason, on: $0.on.text, orders: $0.orders.map { ExecutionOrder($0) },
          person: $0.person,
          at: $0.at.text)
      },
      needs: needs?.map { AftercareNeed($0, on: day) }, clocks: stored.clocks.map { AmnestyWire.CaseClock($0, on: day) }, linked: linked,
      reassessmentDue: chain.reassessmentDue, sealed: chain.sealed,
      closure: chain.closure.map { CaseClosure(proceedingsContinue: $0 == .proceedingsContinue) }, next: stored.next,
      registeredBy: chain.registrant,
      registeredAt: stored.registeredAt.text, updatedAt: stored.updatedAt.text, masked: [])
  }

  /// The assessment as it was answered, without the member around it.
  static func assessment(_ bytes: [UInt8]) throws(Status) -> AmnestyWire.Assessment {
    let answer = try AssessResponse.decode(ByteBuffer(bytes: bytes))
    return answer.assessment
  }

  func summary(_ stored: StoredCase) throws(Status) -> CaseSummary {
    let record = stored.record.isEmpty ? nil : try RecordIntake.message(stored.record, of: stored.reference)
    let person = record?.person
    let name = [person?.familyName, person?.givenName, person?.patronymic].compactMap(\.self).joined(separator: " ")
    let assessment = stored.chain.assessment
    return CaseSummary(
      reference: stored.reference, etag: stored.etag, state: .init(stored.state), office: stored.office,
      assignedTo: stored.chain.assignedTo,
      personName: name.isEmpty ? nil : name, stage: stored.columns.stage.map { AmnestyWire.Stage(word: $0) },
      detained: stored.columns.detained,
      outcome: assessment.map { Outcome(word: $0.outcome.rawValue) }, measures: assessment?.measures.sorted() ?? [],
      newEnd: assessment?.newEnd?.text,
      releaseOn: assessment?.releaseOn?.text, dueOn: stored.deadline?.text, overdue: stored.clocks.contains { $0.isOverdue(on: day) },
      updatedAt: stored.updatedAt.text)
  }
}

extension AmnestyWire.CaseState {
  init(_ state: AmnestyRegister.CaseState) { self.init(word: state.rawValue) }
}

extension AmnestyWire.Verdict {
  init(_ verdict: AmnestyRegister.Verdict) {
    self =
      switch verdict {
      case .grant: .grant
      case .refuse: .refuse
      case .proceed: .continueProceedings
      }
  }
}

extension AmnestyRegister.Verdict {
  init(_ verdict: AmnestyWire.Verdict) {
    self =
      switch verdict {
      case .grant: .grant
      case .refuse, .unrecognized: .refuse
      case .continueProceedings: .proceed
      }
  }
}

extension CaseProposal {
  init(_ proposal: Proposal) {
    self.init(
      verdict: .init(proposal.verdict), measures: proposal.measures.sorted(), departs: proposal.departs, reason: proposal.reason,
      readings: .init(proposal.readings), assessment: proposal.assessment, person: proposal.person, at: proposal.at.text)
  }
}

extension CaseDecision {
  init(_ decision: Decision) {
    self.init(
      verdict: .init(decision.verdict), measures: decision.measures.sorted(), departs: decision.departs, reason: decision.reason,
      readings: .init(decision.readings), body: decision.body, office: decision.office, assessment: decision.assessment,
      on: decision.on.text, person: decision.person, at: decision.at.text)
  }
}

extension AmnestyWire.CaseClock {
  init(_ clock: AmnestyRegister.CaseClock, on day: Day) {
    let isPaused = clock.pausedOn != nil
    self.init(
      kind: .init(word: clock.kind.rawValue), statutory: clock.kind == .actWindow, startedOn: clock.startedOn.text,
      dueOn: isPaused ? nil : clock.dueOn.text,
      daysLeft: clock.daysLeft(on: day), overdue: clock.isOverdue(on: day), pausedOn: clock.pausedOn?.text, pauseReason: clock.pauseReason)
  }
}

extension AftercareNeed {
  init(_ need: Need, on day: Day) {
    let name = [need.name?.family, need.name?.given, need.name?.patronymic].compactMap(\.self).joined(separator: " ")
    self.init(
      id: need.id, kind: .init(word: need.kind.rawValue), state: .init(word: need.state.rawValue), personName: name.isEmpty ? nil : name,
      responsible: need.responsible, dueOn: need.dueOn.text, overdue: need.isOverdue(on: day),
      notes: need.notes.map { AftercareNote(text: $0.text, person: $0.person, at: $0.at.text) }, etag: need.etag)
  }
}

extension Attribution {
  init(_ author: Author, at: Instant) {
    self.init(
      person: author.person, principal: author.principal, actor: author.actor, role: author.role.rawValue, office: author.office,
      at: at.text)
  }
}
