// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient
internal import AmnestyTexts

/// What of an act stands against a relief, and in what way.
enum OutlookReason: Hashable {
  /// A scope that the offence is not in.
  case notMet(String)
  /// An exclusion.
  case applies(String)
  /// A scope or an exclusion that waits for a fact.
  case notKnown(String)
  /// The scope does not decide: the act grants nothing for such an offence.
  case nothingFits(offence: String)

  /// Those of all offences that get no relief now, each once.
  static func all(of assessment: Assessment, under provisions: [ActProvision]) -> [OutlookReason] {
    let kinds = Dictionary(provisions.map { ($0.id, $0.kind) }, uniquingKeysWith: { first, _ in first })
    let asked = Set(assessment.missing.map(\.fact))
    var seen: Set<OutlookReason> = []
    return assessment.offences.flatMap { Self.all(of: $0, kinds, asked) }.filter { seen.insert($0).inserted }
  }

  private static func all(of offence: AssessedOffence, _ kinds: [String: String], _ asked: Set<String>) -> [OutlookReason] {
    let grounds = offence.grounds ?? []
    // What the act leaves open is told as a referral.
    let bars = grounds.filter { $0.open != true && !Self.isPart($0, of: grounds, kinds) }
    let settled = bars.compactMap { ground -> OutlookReason? in
      switch (kinds[ground.provision], ground.truth) {
      case ("scope", .false): .notMet(ground.provision)
      case ("exclusion", .true): .applies(ground.provision)
      default: nil
      }
    }
    let waiting = bars.filter { ground in
      ground.truth == .unknown && (kinds[ground.provision] == "scope" || kinds[ground.provision] == "exclusion")
    }
    switch offence.outcome {
    case .undetermined:
      // An unknown that cannot change the outcome is nobody's question.
      return waiting.filter { !asked.isDisjoint(with: $0.facts) }.map { .notKnown($0.provision) }
    case .ineligible:
      if !settled.isEmpty { return settled }
      let reliefs = grounds.filter { kinds[$0.provision] == "relief" }
      if !reliefs.isEmpty, reliefs.allSatisfy({ $0.truth == .false }) { return [.nothingFits(offence: offence.id)] }
      return waiting.map { .notKnown($0.provision) }
    default: return []
    }
  }

  /// Whether it is one of several ways to be in a scope, which decide nothing by themselves: their ids begin with that of the scope.
  private static func isPart(_ ground: Ground, of grounds: [Ground], _ kinds: [String: String]) -> Bool {
    kinds[ground.provision] == "scope"
      && grounds.contains { kinds[$0.provision] == "scope" && ground.provision.hasPrefix($0.provision + ".") }
  }

  /// - Parameter words: what the act says under the id of a provision.
  func text(in language: Language, words: (String) -> String) -> String {
    switch self {
    case .notMet(let provision): Text.outlookNotMet(language, provision: provision, text: words(provision))
    case .applies(let provision): Text.outlookApplies(language, provision: provision, text: words(provision))
    case .notKnown(let provision): Text.outlookNotKnown(language, provision: provision, text: words(provision))
    case .nothingFits(let offence): Text.outlookNothingFits(language, offence: offence)
    }
  }
}
