// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Testing

@testable internal import AmnestyRules

struct AssessmentTests {
  let act: CompiledAct
  let record: CaseFacts

  init() throws {
    act = try SmallAct.act()
    record = SmallAct.record(act)
  }

  func missing(_ answer: Assessment, _ facts: CaseFacts) -> [String] { answer.missing.map { facts.pointer($0.slot) } }

  @Test func aGraveCaseIsCutAndItsReadingsDiffer() {
    let answer = act.assess(record)
    #expect(answer.outcome == .eligible)
    #expect(answer.basis == .reported)
    #expect(answer.offences[0].measure == "reduce_term")
    #expect(answer.sentence?.reduced?.text == "P1Y3M")
    #expect(answer.sentence?.originalEnd?.text == "2027-01-10")
    #expect(answer.sentence?.newEnd?.text == "2023-04-10")
    #expect(answer.sentence?.releaseOn == nil)
    #expect(answer.readings.map(\.releaseOn?.text) == ["2022-11-03", nil])
    #expect(answer.referrals.map(\.code) == [.readingsConflict])
    #expect(answer.missing.isEmpty)
  }

  @Test(arguments: [(Choice.Answer.afterReduction, "2022-11-03"), (.beforeReduction, nil)] as [(Choice.Answer, String?)])
  func aChosenReadingSettlesThePoint(_ answer: Choice.Answer, _ release: String?) {
    let chosen = act.assess(record, asOf: SmallAct.day("2022-11-03"), explain: true, following: ["remainder": answer])
    #expect(chosen.outcome == .eligible && chosen.sentence?.releaseOn?.text == release)
    #expect(chosen.readings.isEmpty && chosen.referrals.isEmpty)
    // Of another point it changes nothing.
    let other = act.assess(record, asOf: SmallAct.day("2022-11-03"), explain: true, following: ["elsewhere": answer])
    #expect(other.readings.count == 2 && other.referrals.map(\.code) == [.readingsConflict])
  }

  @Test func whatIsLeftForExactlyOneYearFallsAway() {
    // Ends 2023-11-03, exactly a year after the entry into force.
    let facts = record.with(("sentence.term", "P1Y"), ("sentence.startsOn", "2022-11-03"))
    #expect(act.assess(facts).sentence?.releaseOn?.text == "2022-11-03")
    let longer = record.with(("sentence.term", "P1Y1D"), ("sentence.startsOn", "2022-11-03"))
    #expect(act.assess(longer).sentence?.releaseOn == nil)
  }

  @Test func creditMovesTheStartAndNotTheBase() {
    let answer = act.assess(record.with(("sentence.creditDays", "100")))
    #expect(answer.sentence?.reduced?.text == "P1Y3M")
    #expect(answer.sentence?.newEnd?.text == "2023-01-02")
  }

  @Test func aKnownExclusionDecidesWhateverElseIsMissing() {
    let facts = record.with(
      ("recidivism", "recidivism"), ("gravity", nil), ("article", nil), ("record.stage", nil), ("committedFrom", nil), ("classes", nil))
    let answer = act.assess(facts)
    #expect(answer.outcome == .ineligible)
    #expect(answer.missing.isEmpty)
    #expect(answer.basis == .reported)
  }

  @Test func theStrongestGroundGivesTheBasis() {
    #expect(act.assess(record.with(("recidivism", "recidivism"), ("territory", "RU"))).basis == .text)
  }

  @Test func falseBeatsOpen() {
    let open = record.with(("article", "300"))
    #expect(act.assess(open).outcome == .referred)
    #expect(act.assess(open).referrals.map(\.code) == [.openProvision])
    #expect(act.assess(open.with(("territory", "RU"))).outcome == .ineligible)
    // No clause reaches this gravity: nothing is open about that.
    #expect(act.assess(open.with(("gravity", "especially_grave"))).outcome == .ineligible)
  }

  @Test func anUnknownBesideAnOpenIsStillAskedFor() {
    let facts = record.with(("article", "300"), ("recidivism", nil))
    let answer = act.assess(facts)
    #expect(answer.outcome == .undetermined)
    #expect(missing(answer, facts) == ["/recidivism"])
    #expect(answer.missing.map(\.decides) == [true])
  }

  @Test func onlyWhatMattersIsAskedFor() {
    // The part matters for article 106 and not for 188.
    #expect(act.assess(record.with(("part", nil))).missing.isEmpty)
    let facts = record.with(("article", "106"), ("part", nil))
    #expect(missing(act.assess(facts), facts) == ["/offences/0/part"])
    // The day of birth matters only to who organised.
    #expect(act.assess(record.with(("person.bornOn", nil))).outcome == .eligible)
    let organiser = record.with(("classes", "riot_organisation"), ("person.bornOn", nil))
    #expect(missing(act.assess(organiser), organiser) == ["/person/bornOn"])
  }

  @Test func theKnownDaySettlesWhatItCan() {
    #expect(act.assess(record.with(("committedFrom", nil), ("committedThrough", "2022-01-03"))).outcome == .ineligible)
    #expect(act.assess(record.with(("committedFrom", "2022-01-08"), ("committedThrough", nil))).outcome == .ineligible)
    #expect(act.assess(record.with(("committedFrom", "2022-01-05"), ("committedThrough", nil))).outcome == .undetermined)
    #expect(act.assess(record.with(("committedFrom", "2022-01-03"))).outcome == .referred)
    // From before the period the offence spans its edge or lies outside: two outcomes, so it is asked for.
    #expect(act.assess(record.with(("committedFrom", "2022-01-03"), ("committedThrough", nil))).outcome == .undetermined)
    // The last day inside the period: an earlier first day would make it span.
    #expect(act.assess(record.with(("committedFrom", nil))).outcome == .undetermined)
  }

  @Test(arguments: [("2004-01-06", "eligible"), ("2004-01-04", "ineligible"), ("2004-01-05", "referred")])
  func onTheBirthdayItselfAgeIsOpen(_ bornOn: String, _ outcome: String) {
    let answer = act.assess(record.with(("classes", "riot_organisation"), ("person.bornOn", bornOn)))
    #expect(answer.outcome.rawValue == outcome)
    // Relief that rests on the exception is no surer than the exception.
    if outcome == "eligible" { #expect(answer.basis == .inferred) }
    if outcome == "referred" { #expect(answer.referrals.first?.provision.map { act.provisions[$0].id } == "exclusion.organisation.minor") }
  }

  @Test func anObjectionMattersToTerminationsOnly() {
    let trial = record.with(("record.stage", "trial"), ("gravity", "minor"))
    #expect(act.assess(trial).offences[0].measure == "terminate_proceedings")
    #expect(act.assess(trial.with(("objectsToTermination", "true"))).referrals.map(\.code) == [.objection])
    let silent = trial.with(("objectsToTermination", nil))
    #expect(missing(act.assess(silent), silent) == ["/objectsToTermination"])
    #expect(act.assess(record.with(("objectsToTermination", nil))).missing.isEmpty)
  }

  @Test func whatIsDisputedIsNotAskedFor() {
    var facts = record
    facts.withhold(RecordSlot.recidivism)
    let answer = act.assess(facts)
    #expect(answer.outcome == .referred)
    #expect(answer.referrals.map(\.code) == [.disputedFact])
    #expect(answer.missing.isEmpty)
    // An ordinary fact beside it is.
    let both = facts.with(("gravity", nil))
    #expect(act.assess(both).outcome == .undetermined)
    #expect(missing(act.assess(both), both) == ["/offences/0/gravity"])
    // A disputed fact without effect changes nothing.
    var idle = record
    idle.withhold(RecordSlot.bornOn)
    #expect(act.assess(idle).outcome == .eligible)
  }

  @Test func theTermIsAskedForOnlyToComputeTheNewEnd() {
    let facts = record.with(("sentence.term", nil), ("sentence.startsOn", nil), ("sentence.creditDays", nil))
    let answer = act.assess(facts)
    #expect(answer.outcome == .eligible)
    #expect(missing(answer, facts) == ["/sentence/term", "/sentence/startsOn", "/sentence/creditDays"])
    #expect(answer.missing.allSatisfy { !$0.decides })
    #expect(act.assess(facts.with(("gravity", "minor"))).missing.isEmpty)
  }

  @Test func whoeverIsBarredForOneOffenceIsBarredForAll() {
    var facts = SmallAct.record(act, offences: 2)
    facts.set("sentence.aggregation", to: "partial_addition")
    facts.set("classes", offence: 1, to: "torture")
    let answer = act.assess(facts)
    #expect(answer.outcome == .ineligible)
    #expect(answer.offences.map(\.basis) == [.inferred, .reported])
    let unknown = facts.with(("classes", nil), offence: 1)
    #expect(missing(act.assess(unknown), unknown) == ["/offences/1/classes"])
    #expect(act.assess(unknown).offences.map(\.outcome) == [.undetermined, .undetermined])
  }

  @Test func reasonsChangeNothingElse() {
    let with = act.assess(record, asOf: SmallAct.day("2022-11-03"), explain: true)
    let without = act.assess(record, asOf: SmallAct.day("2022-11-03"), explain: false)
    #expect(without.offences.allSatisfy { $0.grounds.isEmpty })
    #expect(with.outcome == without.outcome && with.sentence == without.sentence && with.readings == without.readings)
    #expect(with.offences[0].grounds.contains { act.provisions[$0.provision].id == "exclusion.torture" && $0.truth == .no })
  }

  @Test func twoClausesThatDisagreeAreADraftingConflict() throws {
    let clauses = [
      SmallAct.clause("a", SmallAct.sentenced, .grant(Relief(measure: "release_from_punishment", punishment: .release(on: .inForce)))),
      SmallAct.clause("b", SmallAct.grave, .grant(Relief(measure: "remove_conviction", punishment: .untouched))),
    ]
    let exclusive = try SmallAct.act(SmallAct.definition(order: .exclusive, relief: clauses))
    #expect(exclusive.assess(SmallAct.record(exclusive)).referrals.map(\.code) == [.draftingConflict])
    let cascade = try SmallAct.act(SmallAct.definition(relief: clauses))
    #expect(cascade.assess(SmallAct.record(cascade)).offences[0].measure == "release_from_punishment")
  }

  @Test func beforeItIsInForceNothingIsFinal() throws {
    #expect(!act.assess(record, asOf: SmallAct.day("2022-11-02"), explain: false).isFinal)
    #expect(act.assess(record, asOf: SmallAct.day("2022-11-03"), explain: false).isFinal)
    var draft = SmallAct.definition()
    draft.isDraft = true
    let answer = try SmallAct.act(draft).assess(record, asOf: SmallAct.day("2022-11-03"), explain: false)
    #expect(!answer.isFinal && answer.outcome == act.assess(record).outcome)
  }
}

struct JointSentenceTests {
  let act: CompiledAct

  init() throws { act = try SmallAct.act() }

  /// Two offences under one sentence: the first grave, the second as told.
  func record(_ aggregation: String?, joint: String, terms: [String?], second: (String, String)) -> CaseFacts {
    var facts = SmallAct.record(act, offences: 2)
    facts.set("sentence.term", to: joint)
    if let aggregation { facts.set("sentence.aggregation", to: aggregation) }
    for (offence, term) in terms.enumerated() { if let term { facts.set("offence.term", offence: offence, to: term) } }
    facts.set(second.0, offence: 1, to: second.1)
    return facts
  }

  @Test func oneReliefForAllCutsTheJointTermAsOne() {
    let answer = act.assess(record(nil, joint: "P6Y", terms: [nil, nil], second: ("gravity", "grave")))
    #expect(answer.outcome == .eligible)
    #expect(answer.sentence?.reduced?.text == "P1Y6M")
    #expect(answer.missing.isEmpty)
  }

  @Test func additionAddsWhatIsLeftOfEach() {
    // Grave 4 years cut to one, minor 2 years released.
    let answer = act.assess(record("addition", joint: "P6Y", terms: ["P4Y", "P2Y"], second: ("gravity", "minor")))
    #expect(answer.outcome == .eligible)
    #expect(answer.sentence?.reduced?.text == "P1Y")
    #expect(answer.sentence?.newEnd?.text == "2023-01-10")
  }

  @Test func absorptionTakesTheLatestEnd() {
    // Grave 8 years cut to two, the other 5 years outside the act's scope.
    let answer = act.assess(record("absorption", joint: "P8Y", terms: ["P8Y", "P5Y"], second: ("article", "190")))
    #expect(answer.outcome == .partial)
    #expect(answer.sentence?.reduced?.text == "P5Y")
    #expect(answer.sentence?.releaseOn == nil)
    #expect(answer.offences.map(\.measure) == ["reduce_term", nil])
  }

  @Test func partialAdditionIsForACourt() {
    let answer = act.assess(record("partial_addition", joint: "P8Y", terms: ["P8Y", "P5Y"], second: ("article", "190")))
    #expect(answer.outcome == .referred)
    #expect(answer.referrals.map(\.code) == [.jointSentence])
    #expect(answer.offences.map(\.outcome) == [.eligible, .ineligible])
  }

  @Test func withoutEachTermItIsForACourt() {
    #expect(act.assess(record("addition", joint: "P8Y", terms: ["P8Y", nil], second: ("article", "190"))).outcome == .referred)
  }

  @Test func howTheTermsWerePutTogetherIsAskedForOnlyWhereItDecides() {
    // 6 = 4 + 2: addition or partial addition, and they differ.
    let open = record(nil, joint: "P6Y", terms: ["P4Y", "P2Y"], second: ("article", "190"))
    let answer = act.assess(open)
    #expect(answer.outcome == .undetermined)
    #expect(answer.missing.map { open.pointer($0.slot) } == ["/sentence/aggregation"])
    // Without the terms of each it goes to a court whatever the answer.
    let settled = act.assess(record(nil, joint: "P6Y", terms: [nil, nil], second: ("article", "190")))
    #expect(settled.outcome == .referred)
    #expect(settled.missing.isEmpty)
  }

  @Test func theRemainderRuleNeverReachesWhatTheActDoesNotCover() {
    // The joint term ends within a year of the entry into force under either reading.
    let answer = act.assess(record("absorption", joint: "P1Y6M", terms: ["P1Y6M", "P1Y3M"], second: ("article", "190")))
    #expect(answer.outcome == .referred)
    #expect(answer.referrals.map(\.code) == [.jointSentence])
    #expect(answer.sentence?.releaseOn == nil)
    // Only after the cut: the readings disagree on the outcome itself.
    let conflict = act.assess(record("absorption", joint: "P5Y", terms: ["P5Y", "P1Y3M"], second: ("article", "190")))
    #expect(conflict.outcome == .referred)
    #expect(Set(conflict.referrals.map(\.code)) == [.jointSentence, .readingsConflict])
    #expect(conflict.readings.map(\.outcome) == [.referred, .partial])
    // A person's choice settles it either way.
    for (answer, outcome) in [(Choice.Answer.afterReduction, Assessment.Outcome.referred), (.beforeReduction, .partial)] {
      let chosen = act.assess(
        record("absorption", joint: "P5Y", terms: ["P5Y", "P1Y3M"], second: ("article", "190")), asOf: SmallAct.day("2022-11-03"),
        explain: false, following: ["remainder": answer])
      #expect(chosen.outcome == outcome && !chosen.referrals.map(\.code).contains(.readingsConflict))
    }
  }
}
