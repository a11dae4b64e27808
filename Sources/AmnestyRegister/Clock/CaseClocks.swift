// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyRules

/// Which clocks run is a matter of where the case stands; a command only moves the case.
package enum CaseClocks {
  /// The clocks after a step, from those before it. One whose reason lasts goes on; one whose reason is gone stops; a new one starts today.
  package static func after(_ chain: CaseChain, from clocks: [CaseClock], policy: RegisterPolicy, on day: Day) -> [CaseClock] {
    ClockKind.allCases.compactMap { kind in
      let running = clocks.first { $0.kind == kind }
      if kind == .actWindow { return actWindow(chain, running, policy, day) }
      guard runs(kind, chain) else { return nil }
      if let running { return running }
      return policy.days[kind].map { CaseClock(kind: kind, startedOn: day, dueOn: day.adding(days: Int64($0))) }
    }
  }

  static func runs(_ kind: ClockKind, _ chain: CaseChain) -> Bool {
    switch kind {
    case .actWindow: false
    case .assignment: chain.assignedTo == nil && (chain.state.isBeforeDecision || chain.state == .revoked)
    case .assess: chain.state == .registered || chain.state == .revoked
    case .propose: chain.state == .assessed || chain.state == .referred
    case .decide: chain.state == .proposed
    case .execute: chain.state == .granted
    case .aftercare: chain.state == .aftercare
    }
  }

  /// Runs until the act is carried out or refused for good, and whether or not somebody has assessed; it stops where an assessment rules the act out.
  /// Facts that change in between stop nothing.
  private static func actWindow(_ chain: CaseChain, _ running: CaseClock?, _ policy: RegisterPolicy, _ day: Day) -> CaseClock? {
    switch chain.state {
    case .registered, .assessed, .referred, .proposed, .granted, .awaitingJudgment, .revoked: break
    // A refusal that rests on facts that were corrected since.
    case .refused where chain.reassessmentDue: break
    case .refused, .executed, .aftercare, .closed, .withdrawn: return nil
    }
    let assessment = chain.state == .refused ? nil : chain.assessment
    guard let assessment else {
      return running ?? policy.actWindow.map { CaseClock(kind: .actWindow, startedOn: $0.from, dueOn: $0.through) }
    }
    // A grant that departs from "ineligible" binds the authorities too.
    guard assessment.outcome.mayBeCovered || chain.decision?.verdict == .grant else { return nil }
    guard let through = assessment.act.executeThrough else { return nil }
    return CaseClock(kind: .actWindow, startedOn: assessment.act.inForceFrom ?? running?.startedOn ?? day, dueOn: through)
  }

  package static func pausing(_ kind: ClockKind, reason: String, in clocks: [CaseClock], on day: Day) -> [CaseClock] {
    clocks.map { clock in
      guard clock.kind == kind, clock.pausedOn == nil else { return clock }
      var paused = clock
      paused.pausedOn = day
      paused.pauseReason = reason
      return paused
    }
  }

  /// The days of the pause are given back.
  package static func resuming(_ kind: ClockKind, in clocks: [CaseClock], on day: Day) -> [CaseClock] {
    clocks.map { clock in
      guard clock.kind == kind, let pausedOn = clock.pausedOn else { return clock }
      return CaseClock(
        kind: kind, startedOn: clock.startedOn, dueOn: clock.dueOn.adding(days: max(0, Int64(day.number) - Int64(pausedOn.number))))
    }
  }

  /// The clock to show beside a case on `day`: that of the kind that was asked for; else the running one that is over or runs out first. The act's
  /// window, once it is over, is over in every open case and gives way to another that runs.
  package static func shown(_ clocks: [CaseClock], asked kind: ClockKind?, on day: Day) -> CaseClock? {
    if let kind { return clocks.first { $0.kind == kind } }
    func givesWay(_ clock: CaseClock) -> Bool { clock.kind == .actWindow && clock.dueOn < day }
    return clocks.filter { $0.pausedOn == nil }.min { one, other in
      givesWay(one) == givesWay(other) ? one.dueOn < other.dueOn : givesWay(other)
    }
  }

  /// The earliest day on which a clock that runs is over.
  package static func deadline(_ clocks: [CaseClock]) -> Day? { clocks.filter { $0.pausedOn == nil }.map(\.dueOn).min() }
}
