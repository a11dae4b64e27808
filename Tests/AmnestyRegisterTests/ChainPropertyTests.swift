// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyRules
internal import RegisterConformance
internal import Testing

/// Whatever is tried in whatever order by whomever, these hold.
@Suite struct ChainPropertyTests {
  static let people = ["person-registrar", "b", "c", "d", "e"]
  static let steps = 120

  @Test(arguments: 0..<400) func whateverIsTried(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    var walk = ChainWalk()
    walk.clocks = CaseClocks.after(walk.chain, from: [], policy: Synthetic.policy, on: walk.day)
    var wrote: Set<String> = [walk.chain.registrant]
    for _ in 0..<ChainPropertyTests.steps {
      if Int.random(in: 0..<10, using: &generator) == 0 { walk.day = walk.day.adding(days: Int64.random(in: 0...20, using: &generator)) }
      if walk.openNeeds > 0, Bool.random(using: &generator) { walk.openNeeds -= 1 }
      let command = ChainPropertyTests.command(walk, &generator)
      // Mostly somebody with the role, so that most of the walk is a walk.
      let roles = Int.random(in: 0..<8, using: &generator) == 0 ? CaseRole.allCases : CaseChain.roles(for: command.kind)
      let author = Synthetic.author(
        ChainPropertyTests.people.randomElement(using: &generator) ?? "", roles.randomElement(using: &generator) ?? .viewer)
      let before = walk
      do throws(RegisterError) { try walk.apply(command, by: author) } catch {
        #expect(walk.chain == before.chain)
        continue
      }
      ChainPropertyTests.check(command, author, before, walk, wrote)
      if case .update(let record, _) = command, record.digest != before.recordDigest { wrote.insert(author.person) }
      ChainPropertyTests.checkShape(walk)
    }
  }

  private static func check(_ command: CaseCommand, _ author: Author, _ before: ChainWalk, _ after: ChainWalk, _ wrote: Set<String>) {
    #expect(CaseChain.roles(for: command.kind).contains(author.role))
    #expect(CaseChain.states(for: command.kind).contains(before.chain.state))
    #expect(before.chain.state != .withdrawn)
    if before.chain.state == .closed {
      #expect([.update, .assess, .appeal, .resolveAppeal, .revoke].contains(command.kind))
      if [.update, .assess, .appeal].contains(command.kind) { #expect(after.chain.state == .closed) }
    }
    switch command {
    case .decide(let request):
      #expect(!wrote.contains(author.person))
      #expect(author.person != before.chain.proposal?.person && author.person != before.chain.assignedTo)
      let basis = before.chain.assessment
      #expect(basis != nil && basis?.recordDigest == before.recordDigest && basis?.isFinal == true)
      #expect(basis.flatMap { $0.act.inForceFrom }.map { $0 <= before.day } == true)
      #expect(basis?.act.digest == request.actDigest)
      if request.verdict == .grant {
        #expect(after.chain.decision?.measures.isEmpty == false)
        if before.chain.objection != nil { #expect(after.chain.decision?.measures.contains(Measure.terminate) == false) }
        if basis?.outcome == .undetermined || basis?.outcome == .referred || basis?.outcome == .ineligible {
          #expect(after.chain.decision?.departs == true)
        }
      }
      if after.chain.decision?.departs == true { #expect(after.chain.decision?.reason != nil) }
    case .execute:
      #expect(author.person != before.chain.decision?.person)
      #expect(after.chain.execution?.orders.isEmpty == false)
    case .resolveAppeal:
      #expect(author.person != before.chain.decision?.person && !wrote.contains(author.person))
    default: break
    }
    // The window of the act stops for a result only.
    if before.clocks.contains(where: { $0.kind == .actWindow }), after.chain.state.isBeforeDecision,
      after.chain.assessment?.outcome != .ineligible
    {
      #expect(after.clocks.contains { $0.kind == .actWindow && $0.pausedOn == nil })
    }
    let link = after.links.last
    #expect(link?.from == before.chain.state && link?.to == after.chain.state)
    if link?.departs == true { #expect(link?.reason != nil) }
  }

  /// What the store's constraints demand.
  private static func checkShape(_ walk: ChainWalk) {
    let chain = walk.chain
    let decided: Set<CaseState> = [.granted, .refused, .awaitingJudgment, .executed, .aftercare, .closed]
    #expect((chain.decision != nil) == decided.contains(chain.state))
    if [.assessed, .referred, .proposed].contains(chain.state) { #expect(chain.assessment?.recordDigest == walk.recordDigest) }
    if chain.state == .proposed { #expect(chain.proposal != nil) }
    if chain.state == .aftercare { #expect(chain.execution != nil) }
    if chain.state == .revoked { #expect(chain.revocation != nil) }
    if chain.appeal != nil { #expect(chain.decision != nil) }
    #expect(chain.sealed == (chain.execution?.orders.contains { $0.kind == .removeConviction } ?? false))
    #expect(!walk.clocks.contains { $0.kind == .actWindow && $0.pausedOn != nil })
  }

  private static let measures = [
    Measure.terminate, Measure.release, Measure.removeConviction, Measure.reduceTerm, Measure.reduceAtSentencing, "declared_by_an_act",
  ]

  private static func command(_ walk: ChainWalk, _ generator: inout SeededGenerator) -> CaseCommand {
    func some(_ text: String) -> String? { Int.random(in: 0..<4, using: &generator) == 0 ? nil : text }
    func someMeasures() -> Set<String>? {
      guard Bool.random(using: &generator) else { return nil }
      return Set(measures.filter { _ in Int.random(in: 0..<3, using: &generator) == 0 })
    }
    let verdict = Verdict.allCases.randomElement(using: &generator) ?? .grant
    // Where the case can go on, it mostly does.
    let onward: Int? =
      switch walk.chain.state {
      case .registered, .revoked: 1
      case .assessed: 3
      case .referred: 2
      case .proposed: 7
      case .granted: 9
      case .awaitingJudgment: 8
      case .executed, .aftercare: 13
      default: nil
      }
    let pick =
      Int.random(in: 0..<3, using: &generator) > 0
      ? onward ?? Int.random(in: 0..<20, using: &generator) : Int.random(in: 0..<20, using: &generator)
    switch pick {
    case 0: return .update(Synthetic.record("\(Int.random(in: 0..<3, using: &generator))"), reason: nil)
    case 1:
      let act = ActStamp(
        id: "made-up-act", version: "1", digest: Synthetic.act.digest,
        inForceFrom: Int.random(in: 0..<6, using: &generator) == 0 ? nil : Synthetic.day("2022-11-15"),
        executeThrough: Synthetic.day("2023-05-03"))
      return .assess(
        walk.stamp(
          AssessmentOutcome.allCases.randomElement(using: &generator) ?? .eligible, someMeasures() ?? [Measure.reduceTerm], act: act,
          isFinal: Int.random(in: 0..<6, using: &generator) > 0, newEnd: Bool.random(using: &generator) ? nil : Synthetic.day("2023-04-10"))
      )
    case 2: return .resolveReferral(reason: some("settled") ?? "")
    case 3: return .propose(verdict, measures: someMeasures(), reason: some("for a reason"))
    case 4: return .sendBack(reason: "a paper is missing")
    case 5: return .object(note: nil)
    case 6: return .withdrawObjection(note: nil)
    case 7: return Synthetic.decide(verdict, measures: someMeasures(), reason: some("for a reason"))
    case 8: return .recordJudgment(reference: "1-22/44", on: walk.day, term: nil)
    case 9: return .execute(newEnd: some("2024-01-01").map(Synthetic.day))
    case 10: return .appeal(.person, reason: "for a reason")
    case 11: return .resolveAppeal(upheld: Bool.random(using: &generator), reason: "for a reason")
    case 12: return .revoke(.other, reason: "for a reason")
    case 13: return .close(note: nil)
    case 14: return Int.random(in: 0..<10, using: &generator) == 0 ? .withdraw(reason: "registered twice") : .object(note: nil)
    case 15: return .assign(to: people.randomElement(using: &generator) ?? "")
    case 16: return .unassign(reason: nil)
    case 17: return .transfer(to: Bool.random(using: &generator) ? "astana" : "almaty", reason: "moved")
    case 18: return .pauseClock(ClockKind.allCases.randomElement(using: &generator) ?? .assess, reason: "waiting")
    default: return .resumeClock(ClockKind.allCases.randomElement(using: &generator) ?? .assess, reason: nil)
    }
  }
}
