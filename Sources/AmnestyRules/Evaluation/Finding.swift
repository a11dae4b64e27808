// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// What the act says of one offence, as far as the facts settle it.
struct Finding: Sendable, Equatable {
  enum Result: UInt8, Sendable {
    case ineligible
    case referred
    case eligible
    /// Some fact is not known; `split` is one that was read on the way.
    case unsettled
  }

  var result: Result
  /// Index among the act's effects where a relief is granted, or would be but for the referral.
  var effect: Int32 = -1
  var code: ReferralCode = .openProvision
  /// The provision that decided, or sends the case to a human.
  var provision: Int32 = -1
  var basis: Basis = .open
  /// False where unknown facts leave the measure standing but not what exactly it grants.
  var isExact = true
  /// Absolute slot of an unknown fact.
  var split: Int = -1

  /// Two completions differ in outcome or measure exactly if this differs.
  func signature(_ act: CompiledAct) -> Int32 {
    switch result {
    case .ineligible: 0
    case .referred: 1
    case .eligible: 2 + act.effects[Int(effect)].measure
    case .unsettled: -1
    }
  }

  /// The same, telling apart what is granted and not only the measure: fractions, days.
  var fineSignature: Int32 {
    switch result {
    case .ineligible: 0
    case .referred: 1
    case .eligible: 2 + effect
    case .unsettled: -1
    }
  }

  /// What the findings of all offences come to, the sentence aside.
  static func outcome(of findings: [Finding]) -> Assessment.Outcome {
    if findings.contains(where: { $0.result == .unsettled }) { return .undetermined }
    if findings.contains(where: { $0.result == .referred }) { return .referred }
    guard findings.contains(where: { $0.result == .eligible }) else { return .ineligible }
    return findings.contains { $0.result == .ineligible } ? .partial : .eligible
  }
}
