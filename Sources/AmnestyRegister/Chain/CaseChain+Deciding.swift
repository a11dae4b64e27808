// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules

extension CaseChain {
  /// Whoever prepared a case, in whichever way, does not decide it.
  func checkFourEyes(_ person: String) throws(RegisterError) {
    if person == registrant { throw .fourEyes(.registrant) }
    if recordAuthors.contains(person) { throw .fourEyes(.recordAuthor) }
    if person == proposal?.person { throw .fourEyes(.proposer) }
    if person == assignedTo { throw .fourEyes(.assignedPreparer) }
    if preparers.contains(person) { throw .fourEyes(.preparer) }
  }

  func deciding(_ request: DecideRequest, _ context: ChainContext) throws(RegisterError) -> ChainStep {
    guard let proposal else { throw wrongState(.decide) }
    try checkFourEyes(context.author.person)
    let assessment = try following(request.under, context)
    guard assessment.isFinal, let from = assessment.act.inForceFrom, from <= context.day else {
      throw .notInForce(on: context.day, from: assessment.act.inForceFrom)
    }
    guard assessment.asOf <= context.day else { throw .assessmentStale(.day) }
    guard request.actDigest == assessment.act.digest else { throw .assessmentStale(.act) }
    let body = try decidingBody(request)

    var measures: Set<String> = []
    switch request.verdict {
    case .grant:
      let usual = proposal.verdict == .grant && request.under == nil ? proposal.measures : assessment.measures
      measures = request.measures ?? usual
      guard !measures.isEmpty else { throw .invalid(field: "measures", problem: "a grant grants something") }
      if objection != nil, measures.contains(Measure.terminate) { throw .objectionStands }
    case .refuse: break
    case .proceed:
      guard let objection else { throw .noObjection }
      guard objection.stops(assessment) || proposal.measures.contains(Measure.terminate) else { throw .notATermination }
    }
    let departs = assessment.departs(request.verdict, measures)
    if departs, CaseChain.stated(request.reason) == nil { throw .reasonMissing(.decide) }

    var next = self
    next.assessment = assessment
    next.decision = Decision(
      verdict: request.verdict, measures: measures, reason: CaseChain.stated(request.reason), departs: departs,
      readings: assessment.readings, assessment: assessment.number, person: context.author.person, office: context.author.office,
      body: body, on: context.day,
      at: context.at)
    next.revocation = nil
    switch request.verdict {
    case .grant: next.state = measures.contains(Measure.reduceAtSentencing) ? .awaitingJudgment : .granted
    case .refuse: next.state = .refused
    case .proceed:
      next.state = .closed
      next.closure = .proceedingsContinue
    }
    return step(
      .decide, to: next, on: assessment, reason: request.reason, departs: departs,
      details: [.init("verdict", request.verdict.rawValue), .init("measures", CaseChain.words(measures)), .init("body", body)]
        + CaseChain.details(of: assessment, made: request.under),
      effects: request.under.map { [.assessment($0)] } ?? [])
  }

  private func decidingBody(_ request: DecideRequest) throws(RegisterError) -> String {
    switch request.decidingBody {
    case .notConfigured(let question): throw .bodyNotConfigured(question: question)
    case .body(let needed):
      guard request.officeBody == needed else { throw .wrongBody(needed: needed, own: request.officeBody) }
      return needed
    }
  }

  // MARK: - Appeal

  func appealing(_ side: AppealSide, _ reason: String, _ context: ChainContext) throws(RegisterError) -> ChainStep {
    let reason = try CaseChain.required(reason, .appeal)
    guard decision != nil else { throw wrongState(.appeal) }
    guard appeal == nil else { throw .appealPending }
    var next = self
    next.appeal = Appeal(side: side, person: context.author.person, at: context.at, reason: reason)
    return step(.appeal, to: next, reason: reason, details: [.init("side", side.rawValue)])
  }

  func resolvingAppeal(_ upheld: Bool, _ reason: String, _ context: ChainContext) throws(RegisterError) -> ChainStep {
    let reason = try CaseChain.required(reason, .resolveAppeal)
    guard appeal != nil, let decision else { throw .noAppealPending }
    if context.author.person == decision.person { throw .fourEyes(.decider) }
    try checkFourEyes(context.author.person)
    let result = Link.Detail("result", upheld ? "upheld" : "dismissed")
    guard upheld else {
      var next = self
      next.appeal = nil
      return step(.resolveAppeal, to: next, reason: reason, details: [result])
    }
    if decision.verdict == .grant {
      var step = try revoking(.appealUpheld, reason, .resolveAppeal, context)
      step.link.details.insert(result, at: 0)
      return step
    }
    // Nothing was granted, so nothing is taken back: the case is open again, as far as its facts still are those assessed. Who refused wrongly does
    // not decide it again.
    var next = self
    next.preparers.insert(decision.person)
    next.appeal = nil
    next.decision = nil
    next.proposal = nil
    next.closure = nil
    next.reassessmentDue = false
    if assessment?.recordDigest == context.recordDigest {
      next.state = assessment?.outcome == .referred && resolution == nil ? .referred : .assessed
    } else {
      next.state = .registered
      next.assessment = nil
      next.resolution = nil
    }
    return step(.resolveAppeal, to: next, reason: reason, details: [result])
  }

  // MARK: - Revocation

  func revoking(
    _ ground: RevocationGround, _ reason: String, _ kind: LinkKind, _ context: ChainContext
  ) throws(RegisterError) -> ChainStep {
    let reason = try CaseChain.required(reason, kind)
    // A refusal that turns out to be wrong is taken back, too, though nothing has to be undone.
    guard let decision, decision.verdict != .proceed else { throw wrongState(kind) }
    if kind == .revoke {
      try checkFourEyes(context.author.person)
      if ground == .appealUpheld {
        // Else one who decided would decide on the appeal against it.
        guard appeal != nil else { throw .noAppealPending }
        if context.author.person == decision.person { throw .fourEyes(.decider) }
      }
    }
    var undone = (execution?.orders ?? []).map(\.undone)
    if judgment != nil { undone.append(Order(kind: .restoreTerm, measure: Measure.reduceAtSentencing)) }
    let wasRemoved = execution?.orders.contains { $0.kind == .removeConviction } ?? false

    var next = self
    next.state = .revoked
    if appeal != nil { next.preparers.insert(decision.person) }
    next.revocation = Revocation(
      ground: ground, reason: reason, person: context.author.person, on: context.day, at: context.at, orders: undone)
    next.assessment = nil
    next.resolution = nil
    next.proposal = nil
    next.decision = nil
    next.appeal = nil
    next.judgment = nil
    next.execution = nil
    next.closure = nil
    next.reassessmentDue = true
    next.sealed = false
    var effects: [ChainEffect] = [.cancelNeeds]
    if wasRemoved { effects.append(.propagate(.convictionRestored)) }
    return step(
      kind, to: next, reason: reason, details: [.init("ground", ground.rawValue)] + undone.map(\.detail), effects: effects)
  }
}

extension Order {
  /// What takes the order back.
  var undone: Order {
    let kind: Kind =
      switch kind {
      case .release: .recallRelease
      case .newEnd: .restoreTerm
      case .terminate: .resumeProceedings
      case .removeConviction: .restoreConviction
      default: .other
      }
    return Order(kind: kind, measure: measure)
  }

  var detail: Link.Detail { Link.Detail("order", on.map { "\(kind.rawValue) \($0.text)" } ?? kind.rawValue) }
}
