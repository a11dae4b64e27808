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
    if let order = try sentenceOrder(for: measures, newEnd: newEnd, context) { orders.append(order) }
    for measure in measures.sorted() {
      switch measure {
      case Measure.release, Measure.reduceTerm: break
      case Measure.terminate:
        orders.append(Order(kind: .terminate, measure: measure))
        // Whom another offence still holds stays: proceedings on that one go on.
        let isWhole = measures.count == 1 && decision?.measures.count == 1 && assessment?.outcome != .partial
        if context.detained != false, isWhole {
          orders.append(Order(kind: .release, on: context.day, measure: measure))
        }
      case Measure.removeConviction: orders.append(Order(kind: .removeConviction, measure: measure))
      default: orders.append(Order(kind: .other, on: releaseOn, measure: measure))
      }
    }
    return orders
  }

  /// What becomes of the sentence as a whole. In a joint one an offence may be released while another is cut, or not covered at all: then its term
  /// goes on to its new end, and nobody walks out on the strength of the one offence.
  private func sentenceOrder(for measures: Set<String>, newEnd: Day?, _ context: ChainContext) throws(RegisterError) -> Order? {
    let ofSentence: Set = [Measure.reduceTerm, Measure.release]
    let granted = measures.intersection(ofSentence)
    guard !granted.isEmpty else { return nil }
    let measure = granted.contains(Measure.reduceTerm) ? Measure.reduceTerm : Measure.release
    let assessed = assessment?.measures.intersection(ofSentence) ?? []
    // The days of the assessment are those of all that it gives the sentence, and of nothing less.
    let isComputed = granted == assessed
    if isComputed, let newEnd, let known = assessment?.newEnd ?? assessment?.releaseOn, newEnd != known {
      throw .invalid(field: "newEnd", problem: "is computed: \(known.text); leave it out")
    }
    if isComputed, let releaseOn = assessment?.releaseOn {
      return Order(kind: .release, on: max(releaseOn, context.day), measure: measure)
    }
    guard let end = (isComputed ? assessment?.newEnd : nil) ?? newEnd else {
      // A release that the assessment knows nothing of was decided with a reason, for the whole sentence.
      if granted == [Measure.release], assessed.isEmpty { return Order(kind: .release, on: context.day, measure: measure) }
      throw .newEndUnknown(isComputed ? .notComputed : .departs)
    }
    return end <= context.day ? Order(kind: .release, on: context.day, measure: measure) : Order(kind: .newEnd, on: end, measure: measure)
  }

  /// Aftercare is for those whom the grant frees, a cut term that ends later among them. Where nobody knows whether somebody is detained it is offered:
  /// to decline it costs nothing.
  private func frees(_ measures: Set<String>, _ orders: [Order], _ context: ChainContext) -> Bool {
    if measures.contains(Measure.release) { return true }
    return context.detained != false && orders.contains { $0.kind == .release || $0.kind == .newEnd }
  }

  func recordingJudgment(_ reference: String, _ on: Day, _ term: Term?, _ context: ChainContext) throws(RegisterError) -> ChainStep {
    guard !reference.isEmpty else { throw .invalid(field: "number", problem: "names the judgment") }
    guard on <= context.day else { throw .invalid(field: "imposedOn", problem: "has not come") }
    guard let decision, on >= decision.on else { throw .invalid(field: "imposedOn", problem: "lies before the decision it carries out") }
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
