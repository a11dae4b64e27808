// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyRules
internal import RegisterConformance
internal import Testing

/// What the table of states does not say.
@Suite struct ChainTests {
  @Test func whoPreparedDoesNotDecide() throws {
    var walk = ChainWalk()
    try walk.apply(.update(Synthetic.record("corrected"), reason: nil), by: Synthetic.author("second-clerk", .registrar))
    try walk.assess()
    try walk.apply(.assign(to: "assigned"), by: Synthetic.judge)
    try walk.propose()
    let barred: [(String, FourEyes)] = [
      (Synthetic.registrar.person, .registrant), ("second-clerk", .recordAuthor), (Synthetic.preparer.person, .proposer),
      ("assigned", .assignedPreparer),
    ]
    for (person, what) in barred {
      // The role does not help: the person is compared.
      #expect(throws: RegisterError.fourEyes(what)) {
        try walk.chain.applying(Synthetic.decide(.grant), in: walk.context(Synthetic.author(person, .authority)))
      }
    }
    try walk.decide()
    #expect(walk.chain.state == .granted)
  }

  @Test func whoDecidedDoesNotExecute() throws {
    let walk = try ChainWalk.granted()
    #expect(throws: RegisterError.fourEyes(.decider)) {
      try walk.chain.applying(.execute(newEnd: nil), in: walk.context(Synthetic.author(Synthetic.authority.person, .executor)))
    }
  }

  @Test func whoDecidedDoesNotHearTheAppeal() throws {
    var walk = try ChainWalk.granted()
    try walk.apply(.appeal(.prosecutor, reason: "wrong article"), by: Synthetic.registrar)
    for (person, what) in [
      (Synthetic.authority.person, FourEyes.decider), (Synthetic.registrar.person, .registrant), (Synthetic.preparer.person, .proposer),
    ] {
      #expect(throws: RegisterError.fourEyes(what)) {
        try walk.chain.applying(
          .resolveAppeal(upheld: false, reason: "no"), in: walk.context(Synthetic.author(person, .authority)))
      }
    }
  }

  @Test func nothingIsDecidedBeforeTheActIsInForce() throws {
    var walk = ChainWalk()
    walk.day = Synthetic.day("2022-11-02")
    try walk.assess()
    try walk.propose()
    #expect(throws: RegisterError.notInForce(on: walk.day, from: Synthetic.act.inForceFrom)) { try walk.decide() }
    walk.day = Synthetic.day("2022-11-03")
    try walk.decide()
  }

  @Test func aProvisionalAssessmentDecidesNothing() throws {
    var walk = ChainWalk()
    try walk.apply(.assess(walk.stamp(isFinal: false)), by: Synthetic.preparer)
    try walk.propose()
    #expect(throws: RegisterError.notInForce(on: walk.day, from: Synthetic.act.inForceFrom)) { try walk.decide() }
  }

  @Test func anAssessmentAsOfADayToComeDecidesNothing() throws {
    var walk = ChainWalk()
    walk.day = Synthetic.day("2023-01-10")
    try walk.assess()
    try walk.propose()
    walk.day = Synthetic.day("2023-01-09")
    #expect(throws: RegisterError.assessmentStale(.day)) { try walk.decide() }
  }

  @Test func anActOfAnotherVersionMustBeAssessedUnderFirst() throws {
    var walk = ChainWalk()
    try walk.assess()
    try walk.propose()
    for digest in ["sha256:act-2", nil] {
      let request = DecideRequest(verdict: .grant, decidingBody: .body("court"), officeBody: "court", actDigest: digest)
      #expect(throws: RegisterError.assessmentStale(.act)) {
        try walk.chain.applying(.decide(request), in: walk.context(Synthetic.authority))
      }
    }
  }

  @Test func onlyTheBodyThatTheActNamesDecides() throws {
    var walk = ChainWalk()
    try walk.assess()
    try walk.propose()
    var request = DecideRequest(verdict: .grant, decidingBody: .body("court"), officeBody: "prosecutor", actDigest: Synthetic.act.digest)
    #expect(throws: RegisterError.wrongBody(needed: "court", own: "prosecutor")) {
      try walk.apply(.decide(request), by: Synthetic.authority)
    }
    request.officeBody = nil
    #expect(throws: RegisterError.wrongBody(needed: "court", own: nil)) { try walk.apply(.decide(request), by: Synthetic.authority) }
    request.decidingBody = .notConfigured(question: "removal_body")
    #expect(throws: RegisterError.bodyNotConfigured(question: "removal_body")) {
      try walk.apply(.decide(request), by: Synthetic.authority)
    }
  }

  @Test func changedFactsFellTheAssessmentAndTheProposal() throws {
    var walk = ChainWalk()
    try walk.assess()
    try walk.propose()
    try walk.apply(.update(Synthetic.record("corrected"), reason: nil), by: Synthetic.registrar)
    #expect(walk.chain.state == .registered && walk.chain.assessment == nil && walk.chain.proposal == nil)
    let old = try ChainWalk.reaching(.assessed)
    #expect(throws: RegisterError.assessmentStale(.facts)) {
      try walk.apply(.assess(old.stamp()), by: Synthetic.preparer)
    }
  }

  @Test func theSameFactsFellNothing() throws {
    var walk = ChainWalk()
    let record = Synthetic.record("same")
    try walk.apply(.update(record, reason: nil), by: Synthetic.registrar)
    try walk.assess()
    try walk.apply(.update(record, reason: nil), by: Synthetic.registrar)
    #expect(walk.chain.state == .assessed && walk.recordVersion == 2)
  }

  @Test func aCorrectionAfterTheDecisionIsStoredAndFlagged() throws {
    var walk = try ChainWalk.granted()
    try walk.apply(.update(Synthetic.record("corrected"), reason: "the court's copy"), by: Synthetic.registrar)
    #expect(walk.chain.state == .granted && walk.chain.reassessmentDue && walk.chain.decision != nil)
    // Assessed anew with the same result: the decision stands, and the flag goes.
    try walk.assess()
    #expect(walk.chain.state == .granted && !walk.chain.reassessmentDue && walk.chain.assessment?.number == 1)
  }

  @Test func anotherResultAfterTheDecisionKeepsTheFlag() throws {
    var walk = try ChainWalk.granted()
    try walk.apply(.update(Synthetic.record("corrected"), reason: nil), by: Synthetic.registrar)
    try walk.assess(.ineligible)
    #expect(walk.chain.state == .granted && walk.chain.reassessmentDue)
  }

  @Test func departingNeedsAReasonAndIsCounted() throws {
    let departures: [(AssessmentOutcome, Verdict, Set<String>?)] = [
      (.ineligible, .grant, [Measure.reduceTerm]), (.eligible, .refuse, nil), (.eligible, .grant, [Measure.release]),
      (.undetermined, .grant, [Measure.reduceTerm]), (.undetermined, .refuse, nil), (.referred, .grant, [Measure.reduceTerm]),
      (.referred, .refuse, nil),
    ]
    for (outcome, verdict, measures) in departures {
      var walk = ChainWalk()
      try walk.assess(outcome)
      #expect(throws: RegisterError.reasonMissing(.propose)) {
        try walk.apply(.propose(verdict, measures: measures, reason: nil), by: Synthetic.preparer)
      }
      try walk.apply(.propose(verdict, measures: measures, reason: "a court has said so"), by: Synthetic.preparer)
      #expect(walk.chain.proposal?.departs == true)
      #expect(throws: RegisterError.reasonMissing(.decide)) {
        try walk.apply(Synthetic.decide(verdict, measures: measures), by: Synthetic.authority)
      }
      try walk.apply(Synthetic.decide(verdict, measures: measures, reason: "a court has said so"), by: Synthetic.authority)
      #expect(walk.chain.decision?.departs == true && walk.links.last?.departs == true)
    }
    for (outcome, verdict) in [(AssessmentOutcome.eligible, Verdict.grant), (.partial, .grant), (.ineligible, .refuse)] {
      var walk = ChainWalk()
      try walk.assess(outcome)
      try walk.propose(verdict)
      try walk.decide(verdict)
      #expect(walk.chain.decision?.departs == false)
    }
  }

  @Test func anObjectionStopsTheTerminationAndNothingElse() throws {
    var walk = ChainWalk()
    try walk.assess(.eligible, [Measure.terminate])
    try walk.propose()
    try walk.apply(.object(note: "wants to be acquitted"), by: Synthetic.registrar)
    #expect(throws: RegisterError.objectionAlreadyRaised) { try walk.apply(.object(note: nil), by: Synthetic.registrar) }
    #expect(throws: RegisterError.objectionStands) { try walk.decide() }
    var withdrawn = walk
    try withdrawn.apply(.withdrawObjection(note: nil), by: Synthetic.registrar)
    try withdrawn.decide()
    #expect(withdrawn.chain.state == .granted)
    try walk.decide(.proceed)
    #expect(walk.chain.state == .closed && walk.chain.closure == .proceedingsContinue)
  }

  @Test func onlyATerminationIsObjectedTo() throws {
    var walk = ChainWalk()
    try walk.assess(.eligible, [Measure.reduceTerm])
    #expect(throws: RegisterError.notATermination) { try walk.apply(.object(note: nil), by: Synthetic.registrar) }
    try walk.propose()
    #expect(throws: RegisterError.noObjection) { try walk.decide(.proceed) }
  }

  @Test func executionNeverWaitsForAnAppeal() throws {
    var walk = try ChainWalk.granted()
    try walk.apply(.appeal(.prosecutor, reason: "wrong article"), by: Synthetic.registrar)
    try walk.apply(.execute(newEnd: nil), by: Synthetic.executor)
    #expect(walk.chain.state == .aftercare && walk.chain.appeal != nil)
    #expect(throws: RegisterError.appealPending) { try walk.apply(.appeal(.person, reason: "more"), by: Synthetic.registrar) }
    walk.openNeeds = 0
    #expect(throws: RegisterError.appealPending) { try walk.apply(.close(note: nil), by: Synthetic.executor) }
    try walk.apply(.resolveAppeal(upheld: true, reason: "wrong article indeed"), by: Synthetic.judge)
    #expect(walk.chain.state == .revoked && walk.chain.revocation?.ground == .appealUpheld)
    #expect(walk.chain.revocation?.orders.map(\.kind) == [.restoreTerm])
  }

  @Test func anUpheldAppealReopensWhatWasRefused() throws {
    var walk = try ChainWalk.reaching(.refused)
    try walk.apply(.close(note: nil), by: Synthetic.authority)
    try walk.apply(.appeal(.person, reason: "the article is listed"), by: Synthetic.registrar)
    try walk.apply(.resolveAppeal(upheld: true, reason: "it is"), by: Synthetic.judge)
    #expect(walk.chain.state == .assessed && walk.chain.decision == nil && walk.chain.proposal == nil && walk.chain.closure == nil)
  }

  @Test func anUpheldAppealOnOtherFactsAsksForANewAssessment() throws {
    var walk = try ChainWalk.reaching(.refused)
    try walk.apply(.update(Synthetic.record("corrected"), reason: nil), by: Synthetic.registrar)
    try walk.apply(.appeal(.person, reason: "the fact was wrong"), by: Synthetic.registrar)
    try walk.apply(.resolveAppeal(upheld: true, reason: "it was"), by: Synthetic.judge)
    #expect(walk.chain.state == .registered && walk.chain.assessment == nil)
  }

  @Test func aDismissedAppealChangesNothing() throws {
    var walk = try ChainWalk.granted()
    try walk.apply(.appeal(.person, reason: "more"), by: Synthetic.registrar)
    try walk.apply(.resolveAppeal(upheld: false, reason: "no"), by: Synthetic.judge)
    #expect(walk.chain.state == .granted && walk.chain.appeal == nil && walk.chain.decision != nil)
  }

  @Test func aRemovedConvictionIsSealedAndToldAndRestoredAndTold() throws {
    var walk = try ChainWalk.granted([Measure.removeConviction], detained: false)
    let executed = try walk.chain.applying(.execute(newEnd: nil), in: walk.context(Synthetic.executor))
    #expect(executed.chain.sealed && executed.effects == [.propagate(.convictionRemoved)] && executed.chain.state == .executed)
    try walk.apply(.execute(newEnd: nil), by: Synthetic.executor)
    let revoked = try walk.chain.applying(.revoke(.forgedPaper, reason: "forged"), in: walk.context(Synthetic.judge))
    #expect(!revoked.chain.sealed && revoked.effects == [.cancelNeeds, .propagate(.convictionRestored)])
    #expect(revoked.chain.revocation?.orders.map(\.kind) == [.restoreConviction])
  }

  /// Twice, since a wrong day here keeps somebody in or lets them out.
  @Test func ordersSayWhoWalksOutWhen() throws {
    struct Example {
      var measures: Set<String>
      var releaseOn: String?
      var newEnd: String?
      var given: String?
      var orders: [Order]
      var state: CaseState
    }
    func order(_ kind: Order.Kind, _ on: String?, _ measure: String) -> Order {
      Order(kind: kind, on: on.map(Synthetic.day), measure: measure)
    }
    let cut = Measure.reduceTerm
    let examples = [
      // The day of the act lies behind: today.
      Example(
        measures: [cut], releaseOn: "2022-11-03", newEnd: "2023-04-10", orders: [order(.release, "2022-11-10", cut)], state: .aftercare),
      Example(measures: [cut], newEnd: "2023-04-10", orders: [order(.newEnd, "2023-04-10", cut)], state: .aftercare),
      // The cut term is over already.
      Example(measures: [cut], newEnd: "2022-11-10", orders: [order(.release, "2022-11-10", cut)], state: .aftercare),
      Example(measures: [cut], newEnd: "2022-11-11", orders: [order(.newEnd, "2022-11-11", cut)], state: .aftercare),
      Example(measures: [cut], releaseOn: "2022-12-01", orders: [order(.release, "2022-12-01", cut)], state: .aftercare),
      Example(measures: [cut], given: "2024-01-01", orders: [order(.newEnd, "2024-01-01", cut)], state: .aftercare),
      Example(
        measures: [Measure.release], releaseOn: "2022-11-03", orders: [order(.release, "2022-11-10", Measure.release)], state: .aftercare),
      // A joint sentence: one offence is released, another is cut, or not covered. The term goes on.
      Example(measures: [cut, Measure.release], newEnd: "2023-04-10", orders: [order(.newEnd, "2023-04-10", cut)], state: .aftercare),
      Example(measures: [cut, Measure.release], given: "2024-01-01", orders: [order(.newEnd, "2024-01-01", cut)], state: .aftercare),
      Example(
        measures: [cut, Measure.release], releaseOn: "2022-11-03", newEnd: "2023-04-10", orders: [order(.release, "2022-11-10", cut)],
        state: .aftercare),
      Example(
        measures: [Measure.release], newEnd: "2028-04-12", orders: [order(.newEnd, "2028-04-12", Measure.release)], state: .aftercare),
      Example(
        measures: [Measure.terminate],
        orders: [order(.terminate, nil, Measure.terminate), order(.release, "2022-11-10", Measure.terminate)], state: .aftercare),
    ]
    for example in examples {
      var walk = ChainWalk()
      let stamp = walk.stamp(
        .eligible, example.measures, releaseOn: example.releaseOn.map(Synthetic.day), newEnd: example.newEnd.map(Synthetic.day))
      try walk.apply(.assess(stamp), by: Synthetic.preparer)
      try walk.propose()
      try walk.decide()
      try walk.apply(.execute(newEnd: example.given.map(Synthetic.day)), by: Synthetic.executor)
      #expect(walk.chain.execution?.orders == example.orders)
      #expect(walk.chain.state == example.state)
    }
  }

  /// The new end of the assessment is that of the cut and the release together.
  @Test func aGrantOfLessThanTheAssessmentDoesNotTakeItsDays() throws {
    for less in [Measure.release, Measure.reduceTerm] {
      var walk = ChainWalk()
      let stamp = walk.stamp(.eligible, [Measure.reduceTerm, Measure.release], newEnd: Synthetic.day("2022-11-10"))
      try walk.apply(.assess(stamp), by: Synthetic.preparer)
      try walk.propose()
      try walk.apply(Synthetic.decide(.grant, measures: [less], reason: "as the court said"), by: Synthetic.authority)
      #expect(throws: RegisterError.newEndUnknown(.departs)) { try walk.apply(.execute(newEnd: nil), by: Synthetic.executor) }
    }
  }

  @Test func whomAnotherOffenceHoldsIsNotReleasedByATermination() throws {
    var walk = ChainWalk()
    try walk.apply(.assess(walk.stamp(.partial, [Measure.terminate], newEnd: nil)), by: Synthetic.preparer)
    try walk.propose()
    try walk.decide()
    try walk.apply(.execute(newEnd: nil), by: Synthetic.executor)
    #expect(walk.chain.execution?.orders == [Order(kind: .terminate, measure: Measure.terminate)])
  }

  @Test func aNewEndThatNobodyKnowsIsNotInvented() throws {
    var walk = ChainWalk()
    try walk.apply(.assess(walk.stamp(newEnd: nil)), by: Synthetic.preparer)
    try walk.propose()
    try walk.decide()
    #expect(throws: RegisterError.newEndUnknown(.notComputed)) { try walk.apply(.execute(newEnd: nil), by: Synthetic.executor) }
  }

  @Test func aDecisionThatGrantsAnotherMeasureDoesNotTakeTheDaysOfTheAssessment() throws {
    var walk = ChainWalk()
    try walk.apply(.assess(walk.stamp(.eligible, [Measure.release], releaseOn: Synthetic.day("2022-11-03"))), by: Synthetic.preparer)
    try walk.propose()
    try walk.apply(Synthetic.decide(.grant, measures: [Measure.reduceTerm], reason: "as the court said"), by: Synthetic.authority)
    #expect(throws: RegisterError.newEndUnknown(.departs)) { try walk.apply(.execute(newEnd: nil), by: Synthetic.executor) }
    try walk.apply(.execute(newEnd: Synthetic.day("2025-01-01")), by: Synthetic.executor)
    #expect(walk.chain.execution?.orders == [Order(kind: .newEnd, on: Synthetic.day("2025-01-01"), measure: Measure.reduceTerm)])
  }

  @Test func whoIsNotDetainedIsNotReleasedByACut() throws {
    var walk = try ChainWalk.granted([Measure.reduceTerm], detained: false)
    try walk.apply(.execute(newEnd: nil), by: Synthetic.executor)
    #expect(walk.chain.state == .executed)
    var unknown = try ChainWalk.granted([Measure.reduceTerm], detained: nil)
    try unknown.apply(.execute(newEnd: nil), by: Synthetic.executor)
    #expect(unknown.chain.state == .aftercare)
  }

  @Test func whatIsGrantedBesideACutAtSentencingDoesNotWait() throws {
    var walk = try ChainWalk.granted([Measure.reduceAtSentencing, Measure.terminate])
    #expect(walk.chain.state == .awaitingJudgment)
    try walk.apply(.execute(newEnd: nil), by: Synthetic.executor)
    #expect(walk.chain.state == .awaitingJudgment && walk.chain.execution?.orders.map(\.kind) == [.terminate])
    try walk.apply(.recordJudgment(reference: "1-22/44", on: walk.day, term: Term("P2Y")), by: Synthetic.executor)
    #expect(walk.chain.state == .executed && walk.chain.execution?.orders.map(\.kind) == [.terminate])
  }

  @Test func aftercareEndsWhenNothingIsOpen() throws {
    var walk = try ChainWalk.granted()
    try walk.apply(.execute(newEnd: nil), by: Synthetic.executor)
    #expect(throws: RegisterError.needsOpen(2)) { try walk.apply(.close(note: nil), by: Synthetic.executor) }
  }
}

@Suite struct ClockTests {
  @Test func theWindowOfTheActNeverPauses() throws {
    var walk = try ChainWalk.reaching(.assessed)
    #expect(walk.clocks.contains { $0.kind == .actWindow && $0.dueOn == Synthetic.day("2023-05-03") })
    #expect(throws: RegisterError.clockCannotPause(.actWindow)) {
      try walk.apply(.pauseClock(.actWindow, reason: "holidays"), by: Synthetic.authority)
    }
    // A correction fells the assessment, and the window goes on.
    try walk.apply(.update(Synthetic.record("corrected"), reason: nil), by: Synthetic.registrar)
    #expect(walk.chain.state == .registered && walk.clocks.contains { $0.kind == .actWindow })
    // It escalates, and refuses nobody.
    walk.day = Synthetic.day("2023-05-04")
    #expect(walk.clocks.first { $0.kind == .actWindow }?.isOverdue(on: walk.day) == true)
    try walk.assess()
    try walk.propose()
    try walk.decide()
    #expect(walk.chain.state == .granted)
  }

  @Test func whomTheActDoesNotCoverHasNoWindow() throws {
    var walk = ChainWalk()
    try walk.assess(.ineligible)
    #expect(!walk.clocks.contains { $0.kind == .actWindow })
  }

  @Test func aPauseGivesItsDaysBack() throws {
    var walk = try ChainWalk.reaching(.registered)
    let due = try #require(walk.clocks.first { $0.kind == .assess }).dueOn
    try walk.apply(.pauseClock(.assess, reason: "waiting for the court's copy"), by: Synthetic.preparer)
    walk.day = walk.day.adding(days: 30)
    #expect(walk.clocks.first { $0.kind == .assess }?.isOverdue(on: walk.day) == false)
    #expect(throws: RegisterError.clockAlreadyPaused(.assess)) {
      try walk.apply(.pauseClock(.assess, reason: "again"), by: Synthetic.preparer)
    }
    try walk.apply(.resumeClock(.assess, reason: nil), by: Synthetic.preparer)
    #expect(walk.clocks.first { $0.kind == .assess }?.dueOn == due.adding(days: 30))
    #expect(throws: RegisterError.clockNotPaused(.assess)) { try walk.apply(.resumeClock(.assess, reason: nil), by: Synthetic.preparer) }
    #expect(throws: RegisterError.noSuchClock(.execute)) {
      try walk.apply(.pauseClock(.execute, reason: "early"), by: Synthetic.preparer)
    }
  }

  @Test func notYetAssignedHasAClock() throws {
    var walk = try ChainWalk.reaching(.registered)
    #expect(walk.clocks.contains { $0.kind == .assignment })
    try walk.apply(.assign(to: "somebody"), by: Synthetic.authority)
    #expect(!walk.clocks.contains { $0.kind == .assignment })
    walk.day = walk.day.adding(days: 3)
    try walk.apply(.unassign(reason: "on leave"), by: Synthetic.authority)
    #expect(walk.clocks.first { $0.kind == .assignment }?.dueOn == walk.day.adding(days: 2))
  }
}
