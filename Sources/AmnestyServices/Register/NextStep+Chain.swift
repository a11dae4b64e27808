// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyWire

extension StoredCase {
  /// What is to be done next; nil where nothing is.
  var next: NextStep? {
    if chain.appeal != nil { return NextStep(.resolveAppeal) }
    if chain.reassessmentDue, !state.isBeforeDecision, state != .revoked {
      // One that was made since and says otherwise: the decision does not stand.
      let differs = assessments > (chain.assessment?.number ?? 0) && CaseChain.states(for: .revoke).contains(state)
      return differs ? NextStep(.revoke, .differs) : NextStep(.assess, .changed)
    }
    switch state {
    case .registered, .revoked: return NextStep(.assess)
    case .assessed, .referred:
      if let assessment = chain.assessment, chain.objection?.stops(assessment) == true { return NextStep(.propose, .objection) }
      if state == .referred { return NextStep(.resolveReferral) }
      if chain.resolution != nil { return NextStep(.propose, .resolved) }
      return chain.assessment?.outcome == .undetermined ? NextStep(.update, .factsMissing) : NextStep(.propose)
    case .proposed: return NextStep(.decide, chain.objection != nil && chain.proposal?.endsProceedings == true ? .objection : nil)
    case .granted: return NextStep(.execute)
    case .awaitingJudgment: return NextStep(.recordJudgment)
    case .refused, .executed: return NextStep(.close)
    case .aftercare: return NextStep(.need)
    case .closed, .withdrawn: return nil
    }
  }
}

extension NextStep {
  fileprivate init(_ command: LinkKind, _ why: NextReason? = nil) {
    self.init(command: .init(word: command.rawValue), role: CaseChain.roles(for: command).first?.rawValue ?? "", why: why)
  }
}

extension Proposal {
  fileprivate var endsProceedings: Bool { verdict == .grant && measures.contains(Measure.terminate) }
}
