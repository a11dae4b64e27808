// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

extension CompiledAct {
  /// Reviews an act that compiles, by trying every combination of facts its provisions tell apart: rules that can never apply, conditions
  /// that decide nothing, clauses that overlap or leave a gap.
  ///
  /// A rule that cannot apply is an error; the rest is said as a warning, since a law may well be written so.
  package func review() -> [ActProblem] {
    let facts = CaseFacts(layout: layout, offences: [.init(id: "1", position: 0)])
    let problems = Evaluator.with(self, facts, asOf: definition.inForceFrom ?? Day(number: 0)) { evaluator in
      var review = ActReview(self, evaluator)
      review.run()
      return review.problems
    }
    return problems.sorted { ($0.place.line, $0.place.column) < ($1.place.line, $1.place.column) }
  }
}

private struct ActReview {
  /// Combinations tried for one provision, or for the clauses together; past it nothing is concluded.
  static let limit = 50_000

  let act: CompiledAct
  var evaluator: Evaluator
  var problems: [ActProblem] = []
  private var candidates: [Int: [Int64]] = [:]

  init(_ act: CompiledAct, _ evaluator: Evaluator) {
    self.act = act
    self.evaluator = evaluator
    // Every fact open, also those that a record may leave out.
    for index in evaluator.slots.indices { evaluator.slots[index] = CaseFacts.unknown }
    for slot in [OffenceSlot.stage, OffenceSlot.kind, OffenceSlot.term] {
      evaluator.slots[act.layout.recordSlots + slot] = CaseFacts.absent
    }
  }

  mutating func run() {
    for provision in act.provisions.indices { reviewProvision(Int32(provision)) }
    reviewClauses()
  }

  private mutating func values(_ slot: Int) -> [Int64] {
    if let known = candidates[slot] { return known }
    let ref = act.layout.locate(slot).ref
    let domain = act.domains[ref] ?? FactDomain()
    let values = domain.candidates(for: ref, at: slot, evaluator)
    if !domain.isMeasured { candidates[slot] = values }
    return values
  }

  /// All partial assignments at which `evaluate` settles; nil past the limit.
  private mutating func leaves(_ evaluate: (inout Evaluator) -> (key: Int32, split: Int)) -> [(slots: [Int64], key: Int32)]? {
    var found: [(slots: [Int64], key: Int32)] = []
    func visit(_ review: inout ActReview) -> Bool {
      let (key, split) = evaluate(&review.evaluator)
      if split < 0 {
        found.append((Array(review.evaluator.slots), key))
        return found.count <= ActReview.limit
      }
      let own = review.evaluator.slots[split]
      defer { review.evaluator.slots[split] = own }
      for value in review.values(split) {
        review.evaluator.slots[split] = value
        if !visit(&review) { return false }
      }
      return true
    }
    return visit(&self) ? found : nil
  }

  // MARK: One provision

  private mutating func reviewProvision(_ index: Int32) {
    let provision = act.provisions[Int(index)]
    guard act.shapes[Int(index)].condition >= 0, provision.kind != .rule, !readsUnasked(index) else { return }
    let evaluate: (inout Evaluator) -> (key: Int32, split: Int) = { evaluator in
      let (truth, split) = evaluator.truth(of: index, 0)
      return (Int32(truth.rawValue), truth == .unknown ? split : -1)
    }
    guard let leaves = leaves(evaluate) else { return }
    if !leaves.contains(where: { $0.key != Int32(Truth.no.rawValue) }) {
      problems.append(
        ActProblem(
          at: provision.place, provision: provision.id, "no facts make this provision hold", hint: "its conditions exclude one another"))
      return
    }
    if act.nodes[Int(act.shapes[Int(index)].condition)].operation != .constant,
      !leaves.contains(where: { $0.key != Int32(Truth.yes.rawValue) })
    {
      problems.append(
        ActProblem(
          .warning, at: provision.place, provision: provision.id, "this provision holds whatever the facts are",
          hint: "say so with a constant, or mend its condition"))
    }
    reviewConditions(of: [index], leaves, evaluate)
  }

  /// Puts each condition to always and to never; where one of them changes no result, it decides nothing.
  private mutating func reviewConditions(
    of provisions: [Int32], _ leaves: [(slots: [Int64], key: Int32)], _ evaluate: (inout Evaluator) -> (key: Int32, split: Int)
  ) {
    for provision in provisions {
      for node in conditions(under: act.shapes[Int(provision)].condition) where act.nodes[Int(node)].operation != .constant {
        let decides = [Truth.yes, .no].allSatisfy { truth in
          var nodes = act.nodes
          nodes[Int(node)] = .constant(truth)
          return nodes.withUnsafeBufferPointer { nodes in
            var trial = evaluator
            trial.nodes = nodes
            return with(leaves) { leaf in
              let (key, split) = evaluate(&trial)
              return split >= 0 || key != leaf.key
            }
          }
        }
        if !decides {
          let place = act.nodePlaces[Int(node)]
          problems.append(
            ActProblem(
              .warning, at: place.place, provision: place.provision, "this condition decides nothing",
              hint: "another condition already says it; remove one"))
        }
      }
    }
  }

  /// Whether it rests on what nobody is asked for: no combination of the asked facts shows whether it can hold.
  private func readsUnasked(_ provision: Int32) -> Bool {
    conditions(under: act.shapes[Int(provision)].condition).contains { act.nodes[Int($0)].operation == .endsBefore }
  }

  /// Whether `test` holds at some leaf, each put into the slots for it.
  private func with(_ leaves: [(slots: [Int64], key: Int32)], _ test: ((slots: [Int64], key: Int32)) -> Bool) -> Bool {
    let own = Array(evaluator.slots)
    defer { _ = evaluator.slots.update(fromContentsOf: own) }
    return leaves.contains { leaf in
      _ = evaluator.slots.update(fromContentsOf: leaf.slots)
      return test(leaf)
    }
  }

  private func conditions(under node: Int32) -> [Int32] {
    guard node >= 0 else { return [] }
    switch act.nodes[Int(node)].operation {
    case .all, .any, .not:
      let first = Int(act.nodes[Int(node)].first)
      return act.children[first..<first + Int(act.nodes[Int(node)].count)].flatMap { conditions(under: $0) }
    default:
      return [node]
    }
  }

  // MARK: The clauses together

  private mutating func reviewClauses() {
    let evaluate: (inout Evaluator) -> (key: Int32, split: Int) = { evaluator in
      let finding = evaluator.relief(0)
      if finding.result == .unsettled { return (0, finding.split) }
      if finding.result == .referred, finding.code == .draftingConflict { return (-2, -1) }
      return (finding.result == .ineligible ? -1 : finding.provision, -1)
    }
    guard let leaves = leaves(evaluate) else { return }
    for clause in act.clauses where !leaves.contains(where: { $0.key == clause.provision }) && !readsUnasked(clause.provision) {
      // A clause that comes to the same as its neighbours is hidden behind them while their facts stay open.
      if applies(clause) { continue }
      let provision = act.provisions[Int(clause.provision)]
      problems.append(
        ActProblem(
          at: provision.place, provision: provision.id, "earlier clauses take everyone this clause could reach",
          hint: "move it up, or remove it"))
    }
    if let conflict = leaves.first(where: { $0.key == -2 }) {
      problems.append(
        ActProblem(
          .warning, at: act.provisions[Int(act.clauses[0].provision)].place, "two clauses hold and disagree: \(describe(conflict.slots))",
          hint: "such a case is referred as a drafting conflict"))
    }
    if let gap = leaves.first(where: { $0.key == -1 }) {
      problems.append(
        ActProblem(
          .warning, at: act.provisions[Int(act.clauses[0].provision)].place, "no clause takes: \(describe(gap.slots))",
          hint: "such a case is ineligible; add a clause if the law says otherwise"))
    }
  }

  /// Whether some full assignment of the facts the clause reads lets it decide.
  private mutating func applies(_ clause: CompiledClause) -> Bool {
    let evaluate: (inout Evaluator) -> (key: Int32, split: Int) = { evaluator in
      let (truth, split) = evaluator.truth(of: clause.provision, 0)
      return (Int32(truth.rawValue), truth == .unknown ? split : -1)
    }
    guard let own = leaves(evaluate) else { return true }
    let reached = own.filter { $0.key == Int32(Truth.yes.rawValue) || $0.key == Int32(Truth.open.rawValue) }
    var search = self
    let clauses = act.clauses
    return with(reached) { _ in
      let decides = search.leaves { evaluator in
        for earlier in clauses.prefix(while: { $0.provision != clause.provision }) {
          let (truth, split) = evaluator.truth(of: earlier.provision, 0)
          if truth == .unknown { return (0, split) }
          if truth != .no { return (0, -1) }
        }
        return (1, -1)
      }
      return decides?.contains(where: { $0.key == 1 }) ?? true
    }
  }

  private func describe(_ slots: [Int64]) -> String {
    slots.indices.compactMap { index in
      let value = slots[index]
      guard value != CaseFacts.unknown, value != CaseFacts.absent else { return nil }
      let fact = act.layout.fact(act.layout.locate(index).ref)
      return "\(fact.name) \(fact.type.text(of: value))"
    }.joined(separator: ", ")
  }
}
