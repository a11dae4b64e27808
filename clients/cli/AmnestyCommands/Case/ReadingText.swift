// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient
internal import AmnestyTexts

extension [ChosenReading] {
  func line(_ language: Language) -> String {
    Text.caseReading(language, reading: self.map(\.typed).joined(separator: ", "))
  }

  /// In one field of a table.
  var typed: String { self.map(\.typed).joined(separator: " ") }
}

extension ChosenReading {
  /// As it is typed: `one_year_test=after_reduction`.
  fileprivate var typed: String { "\(self.question)=\(self.answer)" }
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
