// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyRules
internal import RegisterConformance
internal import Testing

/// Ways around the rule that nobody decides alone, and ways that must not end in a wall.
@Suite struct ChainRightsTests {
  private let both = Synthetic.author("both", .preparer)
  private let bothDeciding = Synthetic.author("both", .authority)

  @Test func whoProposedInAnEarlierRoundDoesNotDecide() throws {
    var walk = ChainWalk()
    try walk.assess()
    try walk.apply(.propose(.grant, measures: nil, reason: nil), by: both)
    try walk.apply(.sendBack(reason: "a paper is missing"), by: Synthetic.authority)
    try walk.propose()
    #expect(throws: RegisterError.fourEyes(.preparer)) { try walk.apply(Synthetic.decide(.grant), by: bothDeciding) }
    try walk.decide()
  }

  @Test func whoAssessedDoesNotDecide() throws {
    var walk = ChainWalk()
    try walk.apply(.assess(walk.stamp()), by: both)
    try walk.propose()
    #expect(throws: RegisterError.fourEyes(.preparer)) { try walk.apply(Synthetic.decide(.grant), by: bothDeciding) }
  }

  @Test func theFirstRoundIsRememberedAfterARevocation() throws {
    var walk = ChainWalk()
    try walk.assess()
    try walk.apply(.propose(.grant, measures: nil, reason: nil), by: both)
    try walk.decide()
    #expect(throws: RegisterError.fourEyes(.proposer)) { try walk.apply(.revoke(.forgedPaper, reason: "forged"), by: bothDeciding) }
    try walk.apply(.revoke(.forgedPaper, reason: "forged"), by: Synthetic.judge)
    try walk.assess()
    try walk.propose()
    #expect(throws: RegisterError.fourEyes(.preparer)) { try walk.apply(Synthetic.decide(.grant), by: bothDeciding) }
    try walk.decide()
  }

  @Test func nobodyUpholdsAnAppealAgainstTheirOwnDecisionByRevokingIt() throws {
    var walk = try ChainWalk.reaching(.executed)
    #expect(throws: RegisterError.noAppealPending) { try walk.apply(.revoke(.appealUpheld, reason: "so"), by: Synthetic.judge) }
    try walk.apply(.appeal(.prosecutor, reason: "the article does not fit"), by: Synthetic.registrar)
    #expect(throws: RegisterError.fourEyes(.decider)) { try walk.apply(.revoke(.appealUpheld, reason: "so"), by: Synthetic.authority) }
    try walk.apply(.revoke(.appealUpheld, reason: "so"), by: Synthetic.judge)
  }

  @Test func whoseRefusalWasOverturnedDoesNotRefuseAgain() throws {
    var walk = try ChainWalk.reaching(.refused)
    try walk.apply(.appeal(.person, reason: "no recidivism"), by: Synthetic.registrar)
    try walk.apply(.resolveAppeal(upheld: true, reason: "right"), by: Synthetic.judge)
    try walk.propose(.refuse)
    #expect(throws: RegisterError.fourEyes(.preparer)) { try walk.decide(.refuse) }
  }

  @Test func aRefusalThatTurnsOutWrongCanBeTakenBack() throws {
    var walk = try ChainWalk.reaching(.refused)
    try walk.apply(.update(Synthetic.record("corrected"), reason: nil), by: Synthetic.registrar)
    #expect(walk.chain.reassessmentDue)
    try walk.apply(.revoke(.other, reason: "the recidivism was another's"), by: Synthetic.judge)
    #expect(walk.chain.state == .revoked && walk.chain.revocation?.orders == [] && walk.chain.decision == nil)
    try walk.assess()
    try walk.propose()
    try walk.decide()
  }

  @Test func anObjectionInTheRecordStopsATerminationAndLetsTheCaseGoOn() throws {
    var walk = ChainWalk()
    let objecting = Synthetic.record("objecting", stage: "investigation", objects: true)
    try walk.apply(.update(objecting, reason: nil), by: Synthetic.registrar)
    #expect(walk.chain.objection?.isOfRecord == true)
    try walk.assess(.referred, [])
    #expect(throws: RegisterError.objectionAlreadyRaised) { try walk.apply(.object(note: nil), by: Synthetic.registrar) }
    var granted = walk
    try granted.apply(.propose(.grant, measures: [Measure.terminate], reason: "x"), by: Synthetic.preparer)
    #expect(throws: RegisterError.objectionStands) { try granted.apply(Synthetic.decide(.grant, reason: "x"), by: Synthetic.authority) }
    try walk.apply(.propose(.proceed, measures: nil, reason: nil), by: Synthetic.preparer)
    try walk.decide(.proceed)
    #expect(walk.chain.state == .closed && walk.chain.closure == .proceedingsContinue)
  }

  @Test func anObjectionInTheRecordGoesWithTheFact() throws {
    var walk = ChainWalk()
    try walk.apply(.update(Synthetic.record("1", stage: "trial", objects: true), reason: nil), by: Synthetic.registrar)
    try walk.apply(.update(Synthetic.record("2", stage: "trial", objects: false), reason: nil), by: Synthetic.registrar)
    #expect(walk.chain.objection == nil)
    // After the sentence there is nothing to object to.
    try walk.apply(.update(Synthetic.record("3", stage: "sentenced", objects: true), reason: nil), by: Synthetic.registrar)
    #expect(walk.chain.objection == nil)
  }

  @Test func aNewEndThatIsComputedIsNotGivenByHand() throws {
    var walk = try ChainWalk.granted()
    #expect(throws: RegisterError.self) { try walk.apply(.execute(newEnd: Synthetic.day("2030-01-01")), by: Synthetic.executor) }
    try walk.apply(.execute(newEnd: Synthetic.day("2023-04-10")), by: Synthetic.executor)
  }

  @Test func underAnAmendedActWhatWasProposedIsAssessedAnew() throws {
    var walk = ChainWalk()
    try walk.assess()
    #expect(throws: RegisterError.assessmentStale(.act)) {
      try walk.apply(.propose(.grant, measures: nil, reason: nil, actDigest: "sha256:amended"), by: Synthetic.preparer)
    }
    try walk.apply(.propose(.grant, measures: nil, reason: nil, actDigest: Synthetic.act.digest), by: Synthetic.preparer)
    var amended = Synthetic.act
    amended.digest = "sha256:amended"
    try walk.apply(.assess(walk.stamp(act: amended)), by: Synthetic.preparer)
    #expect(walk.chain.state == .assessed && walk.chain.proposal == nil)
  }

  @Test func theWindowOfTheActRunsBeforeAnybodyHasAssessed() {
    var policy = Synthetic.policy
    policy.actWindow = ActWindow(from: Synthetic.day("2022-11-03"), through: Synthetic.day("2023-05-03"))
    let clocks = CaseClocks.after(CaseChain(registrant: "clerk"), from: [], policy: policy, on: Synthetic.today)
    let window = clocks.first { $0.kind == .actWindow }
    #expect(window?.startedOn == Synthetic.day("2022-11-03") && window?.dueOn == Synthetic.day("2023-05-03"))
  }
}
