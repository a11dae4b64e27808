// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules
internal import AmnestyTexts

/// What a human is told whom a case goes to for a reason of the method rather than of one provision.
///
/// They state what is to be done, never what the law says: that is the act's.
enum ReferralTexts {
  /// For an open point that is no provision's.
  static let openElsewhere = LocalizedText(Text.referralOpenElsewhere)

  /// Nil where the provision itself tells.
  static func text(_ code: ReferralCode) -> LocalizedText? {
    switch code {
    case .openProvision: nil
    case .jointSentence: LocalizedText(Text.referralJointSentence)
    case .disputedFact: LocalizedText(Text.referralDisputedFact)
    case .readingsConflict: LocalizedText(Text.referralReadingsConflict)
    case .objection: LocalizedText(Text.referralObjection)
    case .alreadyApplied: LocalizedText(Text.referralAlreadyApplied)
    case .alreadyChanged: LocalizedText(Text.referralAlreadyChanged)
    case .draftingConflict: LocalizedText(Text.referralDraftingConflict)
    }
  }
}
