// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyTestSupport
internal import Testing

@testable internal import AmnestyRules

/// Sums over made-up registers, held against single assessments and against completed records.
struct EstimateTests {
  /// A record with some facts changed and some unknown, none of them by the engine's choice.
  private struct Drawn {
    var facts: CaseFacts
    var unknown: [PossibleWorlds.Unknown]
  }

  private static func draw(_ act: CompiledAct, _ random: inout SeededGenerator) -> Drawn? {
    let isJoint = Int.random(in: 0..<5, using: &random) == 0
    var facts = SmallAct.record(act, offences: isJoint ? 2 : 1)
    facts.set("sentence.aggregation", to: isJoint ? "partial_addition" : "single")
    facts.set("detained", to: Bool.random(using: &random) ? "true" : "false")
    var unknown: [PossibleWorlds.Unknown] = []
    for offence in facts.offences.indices {
      for (name, values) in PossibleWorldsTests.domains where name != "sentence.currentEnd" {
        guard let ref = facts.layout.ref(named: name), offence == 0 || ref.isOffence else { continue }
        let type = facts.layout.fact(ref).type
        if Int.random(in: 0..<8, using: &random) == 0, unknown.count < 4 {
          facts[ref, offence: offence] = CaseFacts.unknown
          unknown.append(.init(ref: ref, offence: offence, values: values.compactMap { type.value(of: $0) }))
        } else if Int.random(in: 0..<5, using: &random) == 0, let value = values.randomElement(using: &random) {
          facts.set(name, offence: offence, to: value)
        }
      }
    }
    return facts.contradictions().isEmpty ? Drawn(facts: facts, unknown: unknown) : nil
  }

  private static func register(_ act: CompiledAct, _ seed: UInt64, count: Int) -> [Drawn] {
    var random = SeededGenerator(seed: seed &* 104_729 &+ 1)
    var register: [Drawn] = []
    while register.count < count {
      if let drawn = draw(act, &random) { register.append(drawn) }
    }
    return register
  }

  private let asOf = SmallAct.day("2022-11-03")

  // MARK: Margins

  @Test(arguments: 0..<80)
  func whatIsPossibleIsWhatTheWorldsGive(_ seed: UInt64) throws {
    let act = try SmallAct.act()
    for drawn in Self.register(act, seed, count: 3) {
      let answer = act.assess(drawn.facts, asOf: asOf, explain: false)
      let possible = act.possibilities(drawn.facts, asOf: asOf, answer: answer)
      let worlds = Self.completions(drawn).map { act.assess($0, asOf: asOf, explain: false) }
      if worlds.isEmpty { continue }
      var outcomes: Possibilities.Outcomes = []
      var some: UInt64 = 0
      var all = UInt64.max
      for world in worlds {
        outcomes.insert(.init(world.outcome))
        let granted = world.outcome.isCovered ? act.measureBits(world) : 0
        some |= granted
        all &= granted
      }
      #expect(possible.isExact, "seed \(seed)")
      #expect(possible.outcomes == outcomes, "seed \(seed): \(possible.outcomes) \(outcomes)")
      #expect(possible.measuresOfSome == some, "seed \(seed)")
      #expect(possible.measuresOfAll == all, "seed \(seed)")
    }
  }

  private static func completions(_ drawn: Drawn) -> [CaseFacts] {
    var records = [drawn.facts]
    for unknown in drawn.unknown {
      records = records.flatMap { record in
        unknown.values.map { value in
          var record = record
          record[unknown.ref, offence: unknown.offence] = value
          return record
        }
      }
    }
    return records.filter { $0.contradictions().isEmpty }
  }

  // MARK: Sums

  @Test(arguments: 0..<20)
  func sumsAreThoseOfSingleAssessments(_ seed: UInt64) throws {
    let act = try SmallAct.act()
    let register = Self.register(act, seed, count: 60)
    var tally = EstimateTally([act], asOf: asOf, exampleLimit: 3)
    var outcomes = OutcomeCounts()
    var measures: [String: Int] = [:]
    var days = 0
    var releases: [Day: Int] = [:]
    for (index, drawn) in register.enumerated() {
      let answer = act.assess(drawn.facts, asOf: asOf, explain: false)
      tally.add("SYN-\(index)", person: nil, [.init(facts: drawn.facts, assessment: answer)])
      outcomes[answer.outcome] += 1
      guard answer.outcome == .eligible || answer.outcome == .partial else { continue }
      for measure in Set(answer.offences.compactMap(\.measure)) { measures[measure, default: 0] += 1 }
      guard let sentence = answer.sentence, let end = sentence.releaseOn ?? sentence.newEnd else { continue }
      releases[end, default: 0] += 1
      if let original = sentence.originalEnd { days += max(0, Int(original.number - end.number)) }
    }
    let estimate = tally.estimates[0]
    #expect(tally.cases == register.count)
    #expect(estimate.cases == outcomes)
    #expect(estimate.people == outcomes)
    for (index, measure) in act.measures.enumerated() { #expect(estimate.measures[index].now == measures[measure] ?? 0) }
    #expect(estimate.daysTakenOff == days)
    #expect(estimate.releases.mapValues { $0.detained + $0.others } == releases)
    for (kind, groups) in estimate.groups.enumerated() {
      #expect(groups.reduce(0) { $0 + $1.cases.total } == register.count, "\(GroupKind.allCases[kind])")
      #expect(groups.map(\.cases) == groups.map(\.people))
      #expect(groups.reduce(0) { $0 + $1.daysTakenOff } == days)
    }
    for outcome in Assessment.Outcome.allCases {
      let margin = estimate[margin: outcome]
      #expect(margin.now == outcomes[outcome])
      // At least may be above now: a case can be sure of a relief while nobody knows which.
      #expect(max(margin.least, margin.now) <= margin.most)
    }
    #expect(max(estimate.covered.least, estimate.covered.now) <= estimate.covered.most)
  }

  @Test func aPersonWithSeveralCasesCountsOnceWithTheBestOfThem() throws {
    let act = try SmallAct.act()
    var tally = EstimateTally([act], asOf: asOf, exampleLimit: 0)
    var barred = SmallAct.record(act)
    barred.set("recidivism", to: "recidivism")
    var unknown = SmallAct.record(act)
    unknown.set("gravity", to: "medium")
    unknown[try #require(act.layout.ref(named: "recidivism")), offence: 0] = CaseFacts.unknown
    let covered = SmallAct.record(act)
    func add(_ facts: CaseFacts, _ person: UInt64?) {
      tally.add("SYN", person: person, [.init(facts: facts, assessment: act.assess(facts, asOf: asOf, explain: false))])
    }
    for facts in [barred, unknown, covered, covered] { add(facts, 1) }
    add(covered, 2)
    add(barred, 2)
    add(barred, nil)
    add(barred, nil)
    add(unknown, 3)
    let estimate = tally.estimates[0]
    #expect(tally.people == 5)
    #expect(estimate.cases.total == 9)
    #expect(estimate.people[.eligible] == 2)
    #expect(estimate.people[.ineligible] == 2)
    #expect(estimate.people[.undetermined] == 1)
    #expect(estimate.coveredPeople == Margin(now: 2, least: 2, most: 3))
    let stage = estimate.groups[GroupKind.stage.position][Words.stage.firstIndex(of: "sentenced")!]
    // People in the cell: with an eligible case two, with an ineligible one four, with an undetermined one two.
    #expect(stage.people[.eligible] == 2)
    #expect(stage.people[.ineligible] == 4)
    #expect(stage.people[.undetermined] == 2)
    #expect(stage.cases[.ineligible] == 4)
    #expect(stage.peopleInAll == 5)
  }

  @Test func whatChangesBetweenActsIsCountedByProvision() throws {
    let one = try SmallAct.act()
    var definition = SmallAct.definition()
    definition.id = "stricter"
    definition.exclusions.append(SmallAct.provision("exclusion.detained", .reported, .oneOf(fact: "detained", values: ["true"])))
    let other = try CompiledAct(definition, digest: "sha256:other")
    var tally = EstimateTally([one, other], asOf: asOf, exampleLimit: 2)
    for index in 0..<5 {
      func answer(_ act: CompiledAct) -> EstimateTally.Answer {
        var facts = SmallAct.record(act)
        facts.set("detained", to: index < 3 ? "true" : "false")
        return .init(facts: facts, assessment: act.assess(facts, asOf: asOf, explain: false))
      }
      tally.add("SYN-\(index)", person: nil, [answer(one), answer(other)])
    }
    let change = tally.changes[0]
    #expect(change.cases == 3)
    #expect(change.transitions.count == 1)
    let (transition, instances) = try #require(change.transitions.first)
    #expect(transition.before == .eligible && transition.after == .ineligible)
    #expect(transition.measuresAfter == [])
    #expect(instances.cases == 3 && instances.detained == 3)
    #expect(instances.examples == ["SYN-0", "SYN-1"])
    #expect(change.provisions["exclusion.detained"]?.cases == 3)
  }

  // MARK: Fact plan

  @Test(arguments: 0..<40)
  func thePlanKeepsItsPromise(_ seed: UInt64) throws {
    let act = try SmallAct.act()
    var random = SeededGenerator(seed: seed &+ 77)
    var open: [(drawn: Drawn, body: String, questions: Set<FactPlan.Question>)] = []
    for drawn in Self.register(act, seed, count: 40) {
      let answer = act.assess(drawn.facts, asOf: asOf, explain: false)
      guard answer.outcome == .undetermined, !Self.completions(drawn).isEmpty else { continue }
      let body = ["north", "south"].randomElement(using: &random) ?? "north"
      let questions = answer.missing.filter { !$0.isForEnd }.map { missing in
        FactPlan.Question(fact: act.layout.fact(act.layout.locate(missing.slot).ref).name, body: body)
      }
      open.append((drawn, body, Set(questions)))
    }
    let plan = FactPlan(open.map { .init(isDetained: $0.drawn.facts.slots[RecordSlot.detained] == 1, questions: $0.questions) })
    #expect(plan.steps.last?.settledSoFar ?? 0 == open.count)
    for count in 0...plan.steps.count {
      let asked = Set(plan.steps[..<count].map(\.question))
      let settled = open.filter { isSettled($0.drawn, $0.body, by: asked, act) }.count
      #expect(settled == (count == 0 ? 0 : plan.steps[count - 1].settledSoFar), "seed \(seed), after \(count) questions")
    }
  }

  /// Whether the case is settled whatever the answers are: one answer that leaves it open is enough to say no.
  private func isSettled(_ drawn: Drawn, _ body: String, by asked: Set<FactPlan.Question>, _ act: CompiledAct) -> Bool {
    var answered = drawn
    answered.unknown = drawn.unknown.filter { unknown in
      asked.contains(.init(fact: act.layout.fact(unknown.ref).name, body: body))
    }
    return Self.completions(answered).allSatisfy { record in
      // An answer that leaves no way to complete the record is none that anybody gives.
      var rest = drawn
      rest.facts = record
      rest.unknown = drawn.unknown.filter { unknown in
        !asked.contains(.init(fact: act.layout.fact(unknown.ref).name, body: body))
      }
      if Self.completions(rest).isEmpty { return true }
      return act.assess(record, asOf: asOf, explain: false).outcome != .undetermined
    }
  }

  @Test func peopleInDetentionAreAskedForFirst() {
    let (a, b, c) = (
      FactPlan.Question(fact: "a", body: "x"), FactPlan.Question(fact: "b", body: "x"), FactPlan.Question(fact: "c", body: "x")
    )
    var cases = [FactPlan.OpenCase](repeating: .init(isDetained: false, questions: [a]), count: 10)
    cases.append(.init(isDetained: true, questions: [b, c]))
    cases.append(.init(isDetained: true, questions: [c]))
    let plan = FactPlan(cases)
    #expect(plan.steps.map(\.question) == [c, b, a])
    #expect(plan.steps.map(\.settles) == [1, 1, 10])
    #expect(plan.steps.map(\.settlesDetained) == [1, 1, 0])
    #expect(plan.steps.map(\.settledSoFar) == [1, 2, 12])
    #expect(plan.steps.map(\.asked) == [2, 1, 10])
    #expect(FactPlan([]).steps.isEmpty)
  }

  // MARK: Outlook

  @Test func anOutlookNamesWhatWouldBringARelief() throws {
    let act = try SmallAct.act()
    var facts = SmallAct.record(act)
    facts.set("recidivism", to: "recidivism")
    let outlook = act.outlook(facts, asOf: asOf)
    #expect(outlook.answer.outcome == .ineligible)
    #expect(outlook.changes.map { [facts.pointer($0.slot), $0.value, $0.outcome.rawValue] } == [["/recidivism", "none", "eligible"]])
    #expect(outlook.events.isEmpty)
    let early = act.outlook(SmallAct.record(act), asOf: SmallAct.day("2022-10-01"))
    #expect(early.events.first == Outlook.Event(kind: .inForce, on: SmallAct.day("2022-11-03")))
  }

  @Test(arguments: 0..<60)
  func everyChangeOfAnOutlookHoldsWhenItIsMade(_ seed: UInt64) throws {
    let act = try SmallAct.act()
    for drawn in Self.register(act, seed, count: 3) {
      let outlook = act.outlook(drawn.facts, asOf: asOf)
      if outlook.answer.outcome == .eligible || outlook.answer.outcome == .undetermined { #expect(outlook.changes.isEmpty) }
      for change in outlook.changes {
        var facts = drawn.facts
        let type = act.layout.fact(act.layout.locate(change.slot).ref).type
        facts.slots[change.slot] = change.value.isEmpty ? emptyValue(type) : try #require(type.value(of: change.value))
        let then = act.assess(facts, asOf: asOf, explain: false)
        #expect(then.outcome == change.outcome, "seed \(seed) \(facts.pointer(change.slot)) \(change.value)")
        #expect(then.outcome.isCovered)
      }
    }
  }

  @Test(arguments: 0..<40) func anOutlookNeverGoesBackToAnEarlierStage(_ seed: UInt64) throws {
    let act = try SmallAct.act()
    let stages = ["investigation", "trial", "appeal", "sentenced", "served"]
    for drawn in Self.register(act, seed, count: 5) {
      for change in act.outlook(drawn.facts, asOf: asOf).changes where drawn.facts.pointer(change.slot).hasSuffix("stage") {
        let type = act.layout.fact(act.layout.locate(change.slot).ref).type
        let present = try #require(stages.firstIndex(of: type.text(of: drawn.facts.slots[change.slot])))
        #expect(try #require(stages.firstIndex(of: change.value)) > present)
      }
    }
  }

  /// Nothing of the kind: no word of a list, or a member left out.
  private func emptyValue(_ type: FactType) -> Int64 {
    if case .words = type { 0 } else { CaseFacts.absent }
  }
}
