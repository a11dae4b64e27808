// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient
internal import AmnestyTexts

extension [ChosenReading] {
  /// As they are typed: `one_year_test=after_reduction`.
  func line(_ language: Language) -> String {
    Text.caseReading(language, reading: self.map { "\($0.question)=\($0.answer)" }.joined(separator: ", "))
  }
}

extension Reading {
  /// What it would make of the case, under the words that choose it.
  func line(_ language: Language) -> String {
    let typed = "\(self.question)=\(self.answer)"
    let outcome = self.outcome.word
    guard let day = self.releaseOn else { return Text.caseReadingDoesNotFree(language, reading: typed, outcome: outcome) }
    return Text.caseReadingFrees(language, reading: typed, outcome: outcome, day: day)
  }
}
