// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules

extension CaseChain {
  /// Carries a grant out. It never waits for an appeal: whom the act frees walks out at once.
  func executing(_ newEnd: Day?, _ context: ChainContext) throws(RegisterError) -> ChainStep {
    guard let decision, decision.verdict == .grant, execution == nil else { throw wrongState(.execute) }
    // What a judgment carries out is not executed here.
    let measures = decision.measures.subtracting([Measure.reduceAtSentencing])
    guard !measures.isEmpty else { throw wrongState(.execute) }
    if context.author.person == decision.person { throw .fourEyes(.decider) }

    let orders = try orders(for: measures, newEnd: newEnd, context)
    var next = self
    next.execution = Execution(person: context.author.person, on: context.day, at: context.at, orders: orders)
    var effects: [ChainEffect] = []
    if orders.contains(where: { $0.kind == .removeConviction }) {
      next.sealed = true
      effects.append(.propagate(.convictionRemoved))
    }
    if state == .granted {
      if frees(measures, orders, context) {
        next.state = .aftercare
        let walksOut = orders.compactMap { $0.kind == .release || $0.kind == .newEnd ? $0.on : nil }.max()
        effects.append(.openNeeds(from: max(walksOut ?? context.day, context.day)))
      } else {
        next.state = .executed
      }
    }
    return step(.execute, to: next, details: orders.map(\.detail), effects: effects)
  }

  private func orders(for measures: Set<String>, newEnd: Day?, _ context: ChainContext) throws(RegisterError) -> [Order] {
    // A decision that departed grants what the assessment did not compute; then only what the executor says is known.
    let computed = assessment.map { $0.measures.isSuperset(of: measures) } ?? false
    let releaseOn = computed ? assessment?.releaseOn : nil
    var orders: [Order] = []
    for measure in measures.sorted() {
      switch measure {
      case Measure.release:
        orders.append(Order(kind: .release, on: max(releaseOn ?? context.day, context.day), measure: measure))
      case Measure.reduceTerm:
        if let releaseOn {
          orders.append(Order(kind: .release, on: max(releaseOn, context.day), measure: measure))
        } else {
          guard let end = (computed ? assessment?.newEnd : nil) ?? newEnd else { throw .newEndUnknown }
          orders.append(
            end <= context.day ? Order(kind: .release, on: context.day, measure: measure) : Order(kind: .newEnd, on: end, measure: measure))
        }
      case Measure.terminate:
        orders.append(Order(kind: .terminate, measure: measure))
        if context.detained != false, measures.count == 1, decision?.measures.count == 1 {
          orders.append(Order(kind: .release, on: context.day, measure: measure))
        }
      case Measure.removeConviction: orders.append(Order(kind: .removeConviction, measure: measure))
      default: orders.append(Order(kind: .other, on: releaseOn, measure: measure))
      }
    }
    return orders
  }

  /// Aftercare is for those whom the grant frees, a cut term that ends later among them. Where nobody knows whether somebody is detained it is offered:
  /// to decline it costs nothing.
  private func frees(_ measures: Set<String>, _ orders: [Order], _ context: ChainContext) -> Bool {
    if measures.contains(Measure.release) { return true }
    return context.detained != false && orders.contains { $0.kind == .release || $0.kind == .newEnd }
  }

  func recordingJudgment(_ reference: String, _ on: Day, _ term: Term?, _ context: ChainContext) throws(RegisterError) -> ChainStep {
    guard !reference.isEmpty else { throw .invalid(field: "reference", problem: "names the judgment") }
    guard on <= context.day else { throw .invalid(field: "on", problem: "has not come") }
    guard let decision, on >= decision.on else { throw .invalid(field: "on", problem: "lies before the decision it carries out") }
    var next = self
    var orders: [Order] = []
    var effects: [ChainEffect] = []
    let others = decision.measures.subtracting([Measure.reduceAtSentencing])
    if execution == nil {
      // What was granted beside the cut and not yet carried out goes with it.
      if !others.isEmpty, context.author.person == decision.person { throw .fourEyes(.decider) }
      orders = try self.orders(for: others, newEnd: nil, context)
      next.execution = Execution(person: context.author.person, on: context.day, at: context.at, orders: orders)
      if orders.contains(where: { $0.kind == .removeConviction }) {
        next.sealed = true
        effects.append(.propagate(.convictionRemoved))
      }
    }
    next.judgment = Judgment(reference: reference, on: on, term: term)
    next.state = .executed
    var details: [Link.Detail] = [.init("judgment", reference), .init("on", on.text)]
    if let term { details.append(.init("term", term.text)) }
    return step(.recordJudgment, to: next, details: details + orders.map(\.detail), effects: effects)
  }

  func closing(_ note: String?, _ context: ChainContext) throws(RegisterError) -> ChainStep {
    guard appeal == nil else { throw .appealPending }
    if state == .aftercare, context.openNeeds > 0 { throw .needsOpen(context.openNeeds) }
    var next = self
    next.state = .closed
    next.closure = .done
    return step(.close, to: next, reason: note)
  }
}
