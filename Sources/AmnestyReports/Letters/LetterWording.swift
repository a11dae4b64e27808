// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyTexts

/// The whole sentences of a situation, in the letter's language.
struct LetterWording {
  /// How the person can turn against what the letter says.
  enum Remedy {
    /// Nothing is decided yet and the person may object.
    case objection
    /// Decided; the time to object has passed.
    case appealAfterObjection
    /// Decided, and carried out without waiting for an appeal.
    case appealWithoutDelay
    case appeal
    /// Nothing is decided that one could turn against.
    case none
  }

  var title: String
  var lead: String
  var next: String
  var remedy: Remedy

  init(_ situation: LetterSituation, _ language: Language) {
    let calendar = CalendarText(language: language)
    switch situation {
    case .terminationProposed:
      self.init(
        Text.letterTerminationProposedTitle(language), Text.letterTerminationProposed(language),
        Text.letterTerminationProposedNext(language), .objection)
    case .proceedingsTerminated:
      self.init(
        Text.letterProceedingsTerminatedTitle(language), Text.letterProceedingsTerminated(language),
        Text.letterProceedingsTerminatedNext(language), .appealAfterObjection)
    case .releasedFromCustody(let day):
      self.init(
        Text.letterReleasedFromCustodyTitle(language), Text.letterReleasedFromCustody(language, day: calendar.day(day)),
        Text.letterReleasedFromCustodyNext(language), .appealWithoutDelay)
    case .releasedFromPunishment(let day):
      self.init(
        Text.letterReleasedFromPunishmentTitle(language), Text.letterReleasedFromPunishment(language, day: calendar.day(day)),
        Text.letterReleasedFromPunishmentNext(language), .appealWithoutDelay)
    case .termCutFreeFromCustody(let day, _):
      self.init(
        Text.letterTermCutFreeFromCustodyTitle(language), Text.letterTermCutFreeFromCustody(language, day: calendar.day(day)),
        Text.letterTermCutFreeFromCustodyNext(language), .appealWithoutDelay)
    case .termCutFreeAtLarge(let day, _):
      self.init(
        Text.letterTermCutFreeAtLargeTitle(language), Text.letterTermCutFreeAtLarge(language, day: calendar.day(day)),
        Text.letterTermCutFreeAtLargeNext(language), .appealWithoutDelay)
    case .termCutInCustody(let cut):
      self.init(
        Text.letterTermCutInCustodyTitle(language),
        cut.newEnd.map { Text.letterTermCutInCustody(language, day: calendar.day($0)) } ?? Text.letterTermCutEndUnknown(language),
        Text.letterTermCutInCustodyNext(language), .appeal)
    case .termCutAtLarge(let cut):
      self.init(
        Text.letterTermCutAtLargeTitle(language),
        cut.newEnd.map { Text.letterTermCutAtLarge(language, day: calendar.day($0)) } ?? Text.letterTermCutEndUnknown(language),
        Text.letterTermCutAtLargeNext(language), .appeal)
    case .cutAtSentencing:
      self.init(
        Text.letterCutAtSentencingTitle(language), Text.letterCutAtSentencing(language), Text.letterCutAtSentencingNext(language), .appeal)
    case .cutAppliedInSentence(_, let day):
      self.init(
        Text.letterCutAppliedInSentenceTitle(language), Text.letterCutAppliedInSentence(language, day: calendar.day(day)),
        Text.letterCutAppliedInSentenceNext(language), .none)
    case .convictionRemoved:
      self.init(
        Text.letterConvictionRemovedTitle(language), Text.letterConvictionRemoved(language), Text.letterConvictionRemovedNext(language),
        .appeal)
    case .otherMeasure(let measure):
      self.init(
        Text.letterOtherMeasureTitle(language), Text.letterOtherMeasure(language, measure: measure),
        Text.letterOtherMeasureNext(language), .appeal)
    case .refused:
      self.init(Text.letterRefusedTitle(language), Text.letterRefused(language), Text.letterRefusedNext(language), .appeal)
    case .proceedingsContinue:
      self.init(
        Text.letterProceedingsContinueTitle(language), Text.letterProceedingsContinue(language),
        Text.letterProceedingsContinueNext(language), .none)
    case .referred:
      self.init(Text.letterReferredTitle(language), Text.letterReferred(language), Text.letterReferredNext(language), .none)
    case .factsMissing:
      self.init(
        Text.letterFactsMissingTitle(language), Text.letterFactsMissing(language), Text.letterFactsMissingNext(language), .none)
    case .revokedForForgery:
      self.init(
        Text.letterRevokedForForgeryTitle(language), Text.letterRevokedForForgery(language), Text.letterRevokedForForgeryNext(language),
        .appeal)
    case .revokedOnAppeal:
      self.init(
        Text.letterRevokedOnAppealTitle(language), Text.letterRevokedOnAppeal(language), Text.letterRevokedOnAppealNext(language), .none)
    case .revoked:
      self.init(Text.letterRevokedTitle(language), Text.letterRevoked(language), Text.letterRevokedNext(language), .appeal)
    }
  }

  private init(_ title: String, _ lead: String, _ next: String, _ remedy: Remedy) {
    self.title = title
    self.lead = lead
    self.next = next
    self.remedy = remedy
  }
}
