// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules

extension ActLowering {
  /// The measures that every act knows.
  static let builtInMeasures = [
    "terminate_proceedings", "release_from_punishment", "remove_conviction", "reduce_term", "reduce_at_sentencing",
  ]

  mutating func remainderRules() -> [String: RemainderRule] {
    var rules: [String: RemainderRule] = [:]
    for remainder in document.relief.remainders ?? [] {
      let rule = rule(id: remainder.id, basis: remainder.basis, source: remainder.source, text: remainder.text, place: remainder.place)
      usedChoices.insert(remainder.choice.value)
      if remainder.choice.place != .unknown, !choices.contains(remainder.choice.value) {
        let hint = nearest(remainder.choice.value, of: choices.sorted()).map { "did you mean \($0)?" } ?? "add it to choices"
        list.report(remainder.choice.place, "unknown choice \(remainder.choice.value)", hint: hint)
      }
      let limit: (Comparison, Located<String>)
      switch (remainder.atMost, remainder.lessThan) {
      case (let term?, nil): limit = (.atMost, term)
      case (nil, let term?): limit = (.lessThan, term)
      default:
        list.report(remainder.place, "\(remainder.id.value) needs atMost or lessThan", hint: "write exactly one of them")
        continue
      }
      rules[remainder.id.value] = RemainderRule(
        provision: rule, limit: Term(limit.1.value) ?? .zero, comparison: limit.0, choice: remainder.choice.value)
    }
    return rules
  }

  mutating func clause(_ clause: ActDocument.Clause, remainders: [String: RemainderRule]) -> ReliefClause {
    declare(clause.id)
    let condition = condition(clause.when)
    let provision = Provision(
      id: clause.id.value, basis: basis(clause.basis.value), basisWhenFalse: clause.basisWhenFalse.map { basis($0.value) },
      citation: citation(clause.source), text: text(clause.text), body: .condition(condition),
      exceptions: (clause.exceptions ?? []).map { self.provision($0) }, referralNote: clause.referralNote.map { text($0) },
      place: clause.place)
    let effect: Effect
    switch (clause.grant, clause.refer) {
    case (let grant?, nil):
      if clause.basis.value == .open {
        list.report(
          clause.basis.place, "what nobody knows is not granted", hint: "write refer: open_provision instead of grant, or state the basis")
      }
      effect = .grant(relief(grant, remainders: remainders))
    case (nil, let code?):
      effect = .refer(referral(code.value))
    default:
      list.report(clause.place, "\(clause.id.value) needs grant or refer", hint: "write exactly one of them")
      effect = .refer(.openProvision)
    }
    return ReliefClause(provision: provision, effect: effect)
  }

  private mutating func relief(_ grant: ActDocument.Grant, remainders: [String: RemainderRule]) -> Relief {
    let known = ActLowering.builtInMeasures + (document.measures ?? []).map(\.name.value)
    usedMeasures.insert(grant.measure.value)
    if grant.measure.place != .unknown, !known.contains(grant.measure.value) {
      let hint = nearest(grant.measure.value, of: known).map { "did you mean \($0)?" } ?? "add it to measures"
      list.report(grant.measure.place, "unknown measure \(grant.measure.value)", hint: hint)
    }
    let effects = [grant.releaseOn?.place, grant.cutTerm?.place, grant.cutAmount?.place].compactMap { $0 }
    if effects.count > 1, let place = effects.last {
      list.report(place, "a grant does one thing to the punishment", hint: "keep one of releaseOn, cutTerm, cutAmount")
    }
    let punishment: Relief.Punishment =
      if let reference = grant.releaseOn {
        .release(on: day(reference))
      } else if let cut = grant.cutTerm {
        .reduceTerm(reduction(cut, remainders: remainders))
      } else if let cut = grant.cutAmount {
        .reduceAmount(keep: fraction(cut.by).complement)
      } else {
        .untouched
      }
    return Relief(measure: grant.measure.value, punishment: punishment, mayObject: grant.mayObject?.value ?? false)
  }

  private mutating func reduction(_ cut: ActDocument.TermCut, remainders: [String: RemainderRule]) -> TermReduction {
    var rule: RemainderRule?
    if let name = cut.remainder, name.place != .unknown {
      rule = remainders[name.value]
      let named = (document.relief.remainders ?? []).map(\.id.value)
      if !named.contains(name.value) {
        let hint = nearest(name.value, of: named).map { "did you mean \($0)?" } ?? "add it to relief.remainders"
        list.report(name.place, "unknown remainder rule \(name.value)", hint: hint)
      }
    }
    return TermReduction(keep: fraction(cut.by).complement, base: cut.of.value == .imposed ? .imposed : .unserved, remainder: rule)
  }

  private func referral(_ code: ActDocument.ReferralCode) -> ReferralCode {
    switch code {
    case .openProvision: .openProvision
    case .jointSentence: .jointSentence
    case .disputedFact: .disputedFact
    case .readingsConflict: .readingsConflict
    case .objection: .objection
    case .alreadyApplied: .alreadyApplied
    case .alreadyChanged: .alreadyChanged
    case .draftingConflict: .draftingConflict
    }
  }
}
