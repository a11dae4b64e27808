// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules

extension CaseChain {
  /// Does a command, or says why not. A command that is refused leaves nothing behind.
  package func applying(_ command: CaseCommand, in context: ChainContext) throws(RegisterError) -> ChainStep {
    let kind = command.kind
    let roles = CaseChain.roles(for: kind)
    guard roles.contains(context.author.role) else { throw .wrongRole(context.author.role, command: kind, needed: roles) }
    guard CaseChain.states(for: kind).contains(state) else { throw wrongState(kind) }

    switch command {
    case .update(let record, let reason): return updating(record, reason: reason, context)
    case .assess(let stamp): return try assessing(stamp, context)
    case .resolveReferral(let reason): return try resolvingReferral(reason, context)
    case .propose(let verdict, let measures, let reason, let act, let under):
      return try proposing(verdict, measures, reason, act, under, context)
    case .sendBack(let reason): return try sendingBack(reason)
    case .object(let note): return try objecting(note, context)
    case .withdrawObjection(let note): return try withdrawingObjection(note)
    case .decide(let request): return try deciding(request, context)
    case .recordJudgment(let reference, let on, let term): return try recordingJudgment(reference, on, term, context)
    case .execute(let newEnd): return try executing(newEnd, context)
    case .appeal(let side, let reason): return try appealing(side, reason, context)
    case .resolveAppeal(let upheld, let reason): return try resolvingAppeal(upheld, reason, context)
    case .revoke(let ground, let reason): return try revoking(ground, reason, .revoke, context)
    case .close(let note): return try closing(note, context)
    case .withdraw(let reason): return try withdrawing(reason)
    case .assign(let person): return try assigning(person)
    case .unassign(let reason): return try unassigning(reason)
    case .transfer(let office, let reason): return try transferring(office, reason, context)
    case .pauseClock(let clock, let reason): return try pausing(clock, reason, context)
    case .resumeClock(let clock, let reason): return try resuming(clock, reason, context)
    }
  }

  func wrongState(_ kind: LinkKind) -> RegisterError { .wrongState(state, command: kind, allowed: CaseChain.states(for: kind)) }

  /// A reason that says nothing is none.
  static func stated(_ reason: String?) -> String? {
    guard let reason, reason.utf8.contains(where: { $0 > 0x20 }) else { return nil }
    return reason
  }

  static func required(_ reason: String?, _ kind: LinkKind) throws(RegisterError) -> String {
    guard let reason = stated(reason) else { throw .reasonMissing(kind) }
    return reason
  }

  /// The step from this chain to the next one, whose link rests on the assessment in force.
  func step(
    _ kind: LinkKind, to next: CaseChain, on assessment: AssessmentInForce? = nil, reason: String? = nil, departs: Bool = false,
    details: [Link.Detail] = [], effects: [ChainEffect] = []
  ) -> ChainStep {
    let basis = assessment ?? self.assessment
    let link = LinkDraft(
      kind: kind, from: state, to: next.state, assessment: basis?.number, actDigest: basis?.act.digest, reason: CaseChain.stated(reason),
      departs: departs, details: details)
    return ChainStep(chain: next, link: link, effects: effects)
  }

  // MARK: - The record

  private func updating(_ record: CaseRecord, reason: String?, _ context: ChainContext) -> ChainStep {
    var next = self
    let changed = record.digest != context.recordDigest
    guard changed || !record.sources.isEmpty else { return step(.update, to: next, reason: reason) }
    next.recordAuthors.insert(context.author.person)
    if changed {
      if objection == nil {
        next.objection = state.isBeforeDecision ? Objection(statedIn: record, by: context.author, at: context.at) : nil
      } else if objection?.isOfRecord == true, record.objects != true {
        next.objection = nil
      }
      if state.isBeforeDecision {
        // What was concluded from other facts falls; the links keep it.
        next.state = .registered
        next.assessment = nil
        next.resolution = nil
        next.proposal = nil
      } else {
        next.reassessmentDue = true
      }
    }
    return step(.update, to: next, reason: reason, effects: [.record(record, reason: CaseChain.stated(reason))])
  }

  // MARK: - Preparing

  private func assessing(_ stamp: AssessmentStamp, _ context: ChainContext) throws(RegisterError) -> ChainStep {
    guard stamp.recordDigest == context.recordDigest, stamp.recordVersion == context.recordVersion else { throw .assessmentStale(.facts) }
    let made = AssessmentInForce(number: context.assessments + 1, stamp: stamp)
    var next = self
    if state.isBeforeDecision || state == .revoked {
      // What is proposed rests on its assessment; it falls with it only where the act has changed.
      if state == .proposed, assessment?.act.digest == made.act.digest { throw wrongState(.assess) }
      next.preparers.insert(context.author.person)
      next.assessment = made
      next.resolution = nil
      next.proposal = nil
      next.reassessmentDue = false
      next.state = stamp.outcome == .referred ? .referred : .assessed
    } else {
      // A decision stands on the assessment it was taken on. One made since, of other facts or under an amended act, tells whether it still would be.
      guard reassessmentDue || assessment.map({ $0.act.digest != made.act.digest }) ?? false else { throw wrongState(.assess) }
      next.reassessmentDue =
        assessment.map {
          $0.outcome != made.outcome || $0.measures != made.measures || $0.newEnd != made.newEnd || $0.releaseOn != made.releaseOn
        } ?? reassessmentDue
    }
    return step(
      .assess, to: next, on: made,
      details: [
        .init("outcome", stamp.outcome.rawValue), .init("measures", CaseChain.words(stamp.measures)), .init("digest", stamp.digest),
      ],
      effects: [.assessment(stamp)])
  }

  private func resolvingReferral(_ reason: String, _ context: ChainContext) throws(RegisterError) -> ChainStep {
    let reason = try CaseChain.required(reason, .resolveReferral)
    var next = self
    next.state = .assessed
    next.resolution = Resolution(person: context.author.person, at: context.at, reason: reason)
    return step(.resolveReferral, to: next, reason: reason)
  }

  private func proposing(
    _ verdict: Verdict, _ measures: Set<String>?, _ reason: String?, _ actDigest: String?, _ under: AssessmentStamp?,
    _ context: ChainContext
  ) throws(RegisterError) -> ChainStep {
    let assessment = try following(under, context)
    if let actDigest, actDigest != assessment.act.digest { throw .assessmentStale(.act) }
    let measures = verdict == .grant ? measures ?? assessment.measures : []
    if verdict == .grant, measures.isEmpty { throw .invalid(field: "measures", problem: "a grant grants something") }
    if verdict == .proceed {
      guard let objection else { throw .noObjection }
      guard objection.stops(assessment) else { throw .notATermination }
    }
    let departs = assessment.departs(verdict, measures)
    if departs, CaseChain.stated(reason) == nil { throw .reasonMissing(.propose) }
    var next = self
    next.preparers.insert(context.author.person)
    next.state = .proposed
    next.assessment = assessment
    next.proposal = Proposal(
      verdict: verdict, measures: measures, reason: CaseChain.stated(reason), departs: departs, readings: assessment.readings,
      assessment: assessment.number, person: context.author.person, at: context.at)
    return step(
      .propose, to: next, on: assessment, reason: reason, departs: departs,
      details: [.init("verdict", verdict.rawValue), .init("measures", CaseChain.words(measures))]
        + CaseChain.details(of: assessment, made: under),
      effects: under.map { [.assessment($0)] } ?? [])
  }

  private func sendingBack(_ reason: String) throws(RegisterError) -> ChainStep {
    let reason = try CaseChain.required(reason, .sendBack)
    var next = self
    next.state = .assessed
    next.proposal = nil
    return step(.sendBack, to: next, reason: reason)
  }

  private func objecting(_ note: String?, _ context: ChainContext) throws(RegisterError) -> ChainStep {
    guard objection == nil else { throw .objectionAlreadyRaised }
    let due = assessment?.measures.contains(Measure.terminate) ?? false
    guard due || proposal?.measures.contains(Measure.terminate) ?? false else { throw .notATermination }
    var next = self
    next.objection = Objection(person: context.author.person, at: context.at, note: CaseChain.stated(note))
    return step(.object, to: next, reason: note)
  }

  private func withdrawingObjection(_ note: String?) throws(RegisterError) -> ChainStep {
    guard objection != nil else { throw .noObjection }
    var next = self
    next.objection = nil
    return step(.withdrawObjection, to: next, reason: note)
  }

  private func withdrawing(_ reason: String) throws(RegisterError) -> ChainStep {
    let reason = try CaseChain.required(reason, .withdraw)
    var next = self
    next.state = .withdrawn
    return step(.withdraw, to: next, reason: reason)
  }

  /// The assessment in force, of the record as it is now.
  func current(_ context: ChainContext) throws(RegisterError) -> AssessmentInForce {
    guard let assessment else { throw .assessmentStale(.none) }
    guard assessment.recordDigest == context.recordDigest else { throw .assessmentStale(.facts) }
    return assessment
  }

  /// The assessment that a proposal or decision rests on: the one in force, or, where a person chose readings, one under them of the same facts and
  /// the same act.
  func following(_ stamp: AssessmentStamp?, _ context: ChainContext) throws(RegisterError) -> AssessmentInForce {
    let current = try current(context)
    guard let stamp else { return current }
    guard stamp.recordDigest == context.recordDigest, stamp.recordVersion == context.recordVersion else { throw .assessmentStale(.facts) }
    guard stamp.act.digest == current.act.digest else { throw .assessmentStale(.act) }
    return AssessmentInForce(number: context.assessments + 1, stamp: stamp)
  }

  /// What a link says of the readings that it follows, and of the assessment that it brought.
  static func details(of assessment: AssessmentInForce, made stamp: AssessmentStamp?) -> [Link.Detail] {
    (assessment.readings.isEmpty ? [] : [.init("readings", assessment.readings.words)]) + (stamp.map { [.init("digest", $0.digest)] } ?? [])
  }

  /// Measures in one order, so that the same set is always the same text.
  static func words(_ measures: Set<String>) -> String { measures.sorted().joined(separator: " ") }

  // MARK: - Office, assignment, clocks

  private func assigning(_ person: String) throws(RegisterError) -> ChainStep {
    guard !person.isEmpty else { throw .invalid(field: "person", problem: "is empty") }
    if assignedTo == person { throw .alreadyAssigned(to: person) }
    var next = self
    next.assignedTo = person
    return step(.assign, to: next, details: [.init("person", person)])
  }

  private func unassigning(_ reason: String?) throws(RegisterError) -> ChainStep {
    guard let person = assignedTo else { throw .notAssigned }
    var next = self
    next.assignedTo = nil
    return step(.unassign, to: next, reason: reason, details: [.init("person", person)])
  }

  private func transferring(_ office: String, _ reason: String, _ context: ChainContext) throws(RegisterError) -> ChainStep {
    let reason = try CaseChain.required(reason, .transfer)
    guard !office.isEmpty, office != context.office else { throw .invalid(field: "office", problem: "must name another office") }
    var next = self
    // Its preparer belongs to the office it leaves.
    next.assignedTo = nil
    return step(
      .transfer, to: next, reason: reason, details: [.init("from", context.office), .init("to", office)], effects: [.move(office: office)])
  }

  private func pausing(_ kind: ClockKind, _ reason: String, _ context: ChainContext) throws(RegisterError) -> ChainStep {
    let reason = try CaseChain.required(reason, .pauseClock)
    guard kind != .actWindow else { throw .clockCannotPause(kind) }
    guard let clock = context.clocks.first(where: { $0.kind == kind }) else { throw .noSuchClock(kind) }
    guard clock.pausedOn == nil else { throw .clockAlreadyPaused(kind) }
    return step(
      .pauseClock, to: self, reason: reason, details: [.init("clock", kind.rawValue)], effects: [.pauseClock(kind, reason: reason)])
  }

  private func resuming(_ kind: ClockKind, _ reason: String?, _ context: ChainContext) throws(RegisterError) -> ChainStep {
    guard let clock = context.clocks.first(where: { $0.kind == kind }) else { throw .noSuchClock(kind) }
    guard clock.pausedOn != nil else { throw .clockNotPaused(kind) }
    return step(.resumeClock, to: self, reason: reason, details: [.init("clock", kind.rawValue)], effects: [.resumeClock(kind)])
  }
}

extension Objection {
  /// Whether the objection is against something that the assessment brings. One that the record states has made the assessment refer the case.
  package func stops(_ assessment: AssessmentInForce) -> Bool {
    assessment.measures.contains(Measure.terminate) || (isOfRecord && assessment.outcome == .referred)
  }
}

extension AssessmentInForce {
  /// Whether a verdict is another than the assessment's own. From what it could not settle, everything departs but to go on as the person asked.
  func departs(_ verdict: Verdict, _ measures: Set<String>) -> Bool {
    switch verdict {
    case .grant: !(outcome == .eligible || outcome == .partial) || measures != self.measures
    case .refuse: outcome != .ineligible
    case .proceed: false
    }
  }
}
