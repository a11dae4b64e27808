// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules
internal import RegisterConformance
internal import Testing

@testable internal import AmnestyRegister

/// Proposals and decisions that follow a reading which a person chose.
@Suite struct ReadingTests {
  private static let chosen = [ChosenReading(question: "test", answer: "after")]

  /// A cut whose term has not ended: the reading frees the person on the first day of the act.
  private func stamp(_ walk: ChainWalk, _ readings: [ChosenReading] = chosen, _ outcome: AssessmentOutcome = .eligible) -> AssessmentStamp {
    var stamp = walk.stamp(outcome, releaseOn: Synthetic.day("2022-11-03"))
    stamp.readings = readings
    return stamp
  }

  private func decide(under stamp: AssessmentStamp?, measures: Set<String>? = nil) -> CaseCommand {
    .decide(
      DecideRequest(
        verdict: .grant, measures: measures, decidingBody: .body("court"), officeBody: "court", actDigest: Synthetic.act.digest,
        under: stamp))
  }

  @Test func aDecisionByAReadingRestsOnTheAssessmentUnderIt() throws {
    var walk = ChainWalk()
    try walk.assess()
    try walk.propose()
    try walk.apply(decide(under: stamp(walk)), by: Synthetic.authority)
    let decision = try #require(walk.chain.decision)
    #expect(decision.readings == Self.chosen && decision.assessment == 2 && !decision.departs)
    #expect(walk.chain.assessment?.number == 2 && walk.assessments == 2)
    let link = try #require(walk.links.last)
    #expect(link.assessment == 2 && link.details.contains(.init("readings", "test=after")))
    // Its days are those of the reading, and no other is taken.
    #expect(throws: RegisterError.self) {
      try walk.apply(.execute(newEnd: Synthetic.day("2023-05-01")), by: Synthetic.executor)
    }
    try walk.apply(.execute(newEnd: nil), by: Synthetic.executor)
    #expect(walk.chain.execution?.orders == [Order(kind: .release, on: walk.day, measure: Measure.reduceTerm)])
  }

  @Test func whatAReadingSettlesIsNoDeparture() throws {
    var walk = ChainWalk()
    try walk.assess(.referred)
    #expect(throws: RegisterError.reasonMissing(.propose)) { try walk.propose() }
    try walk.apply(.propose(.grant, measures: nil, reason: nil, under: stamp(walk)), by: Synthetic.preparer)
    #expect(walk.chain.state == .proposed && walk.chain.proposal?.departs == false && walk.chain.proposal?.readings == Self.chosen)
    // Decided as proposed: the reading of the proposal, and no further assessment.
    try walk.apply(decide(under: nil), by: Synthetic.authority)
    #expect(walk.chain.decision?.readings == Self.chosen && walk.chain.decision?.departs == false && walk.assessments == 2)
  }

  @Test func theDeciderMayFollowAnotherReadingThanWasProposed() throws {
    var walk = ChainWalk()
    try walk.assess()
    try walk.apply(.propose(.grant, measures: nil, reason: nil, under: stamp(walk)), by: Synthetic.preparer)
    let other = [ChosenReading(question: "test", answer: "before")]
    try walk.apply(decide(under: stamp(walk, other)), by: Synthetic.authority)
    #expect(walk.chain.decision?.readings == other && walk.chain.decision?.assessment == 3)
    // Who chose a reading has prepared nothing.
    #expect(!walk.chain.preparers.contains(Synthetic.authority.person))
  }

  @Test func anotherMeasureThanThatOfTheReadingStillDeparts() throws {
    var walk = ChainWalk()
    try walk.assess()
    try walk.propose()
    #expect(throws: RegisterError.reasonMissing(.decide)) {
      try walk.apply(decide(under: stamp(walk), measures: [Measure.release]), by: Synthetic.authority)
    }
  }

  @Test func aReadingOfOtherFactsOrAnotherActIsStale() throws {
    var walk = ChainWalk()
    try walk.assess()
    try walk.propose()
    var facts = stamp(walk)
    facts.recordDigest = "sha256:other"
    #expect(throws: RegisterError.assessmentStale(.facts)) { try walk.apply(decide(under: facts), by: Synthetic.authority) }
    var act = stamp(walk)
    act.act.digest = "sha256:act-2"
    #expect(throws: RegisterError.assessmentStale(.act)) { try walk.apply(decide(under: act), by: Synthetic.authority) }
  }

  @Test func chosenReadingsReadBackFromTheirWords() {
    let two = Self.chosen + [ChosenReading(question: "b", answer: "x=y")]
    #expect([ChosenReading](words: two.words) == two)
    #expect([ChosenReading](words: "") == [])
    #expect([ChosenReading](words: "half") == nil)
  }
}
