// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Testing

@testable internal import AmnestyRules

struct ReviewTests {
  static let release = Effect.grant(Relief(measure: "release_from_punishment", punishment: .release(on: .inForce)))

  func review(_ relief: [ReliefClause], order: ReliefOrder = .firstMatch) throws -> [ActProblem] {
    try SmallAct.act(SmallAct.definition(order: order, relief: relief)).review()
  }

  @Test func aClauseThatEarlierOnesSwallowIsDead() throws {
    let problems = try review([
      SmallAct.clause("wide", SmallAct.sentenced, Self.release),
      SmallAct.clause("narrow", SmallAct.both(SmallAct.sentenced, SmallAct.grave), .refer(.openProvision)),
    ])
    #expect(problems.contains { $0.severity == .error && $0.provision == "narrow" })
    #expect(!problems.contains { $0.severity == .error && $0.provision == "wide" })
  }

  @Test func aClauseThatAgreesWithAnEarlierOneIsNotDeadIfItReachesMore() throws {
    let problems = try review([
      SmallAct.clause(
        "custodial", SmallAct.both(SmallAct.sentenced, .oneOf(fact: "sentence.kind", values: ["imprisonment"])), Self.release),
      SmallAct.clause("other", SmallAct.sentenced, Self.release),
    ])
    #expect(!problems.contains { $0.severity == .error })
  }

  @Test func aConditionThatAnotherImpliesDecidesNothing() throws {
    let doubled = SmallAct.both(SmallAct.grave, .oneOf(fact: "gravity", values: ["grave", "minor"]))
    let problems = try review([SmallAct.clause("doubled", doubled, Self.release)])
    #expect(problems.contains { $0.provision == "doubled" && $0.message.contains("decides nothing") })
  }

  @Test func gapsAndOverlapsAreSaid() throws {
    let overlapping = [
      SmallAct.clause("a", SmallAct.sentenced, Self.release), SmallAct.clause("b", SmallAct.grave, .refer(.openProvision)),
    ]
    let problems = try review(overlapping, order: .exclusive)
    #expect(problems.contains { $0.message.contains("disagree") })
    #expect(problems.contains { $0.message.contains("no clause takes") })
  }

  @Test func whatCannotHoldIsAnError() throws {
    let impossible = SmallAct.both(SmallAct.grave, SmallAct.light)
    #expect(try review([SmallAct.clause("never", impossible, Self.release)]).contains { $0.provision == "never" && $0.severity == .error })
  }

  @Test func everyProblemOfAnActIsReportedWithItsPlace() throws {
    var definition = SmallAct.definition(inForce: nil)
    definition.scope.append(
      Provision(
        id: "scope.period", basis: .text, citation: "", text: SmallAct.text,
        body: .condition(Condition(.oneOf(fact: "gravty", values: ["grave"]), place: Place(line: 7, column: 3)))))
    definition.scope.append(SmallAct.provision("scope.bad", .text, .oneOf(fact: "gravity", values: ["heavy"])))
    let error = #expect(throws: ActProblems.self) { try SmallAct.act(definition) }
    let problems = try #require(error).problems
    #expect(problems.contains { $0.place == Place(line: 7, column: 3) && $0.message.contains("gravty") })
    #expect(problems.contains { $0.message.contains("used twice") })
    #expect(problems.contains { $0.message.contains("heavy") })
    #expect(problems.contains { $0.message.contains("enters into force") })
  }
}
