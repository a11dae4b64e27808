// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient
internal import AmnestyTexts

/// The words of the contract as tables say them to a person. What the catalog does not have is shown as it came.
struct SpokenWords {
  let language: Language

  init(_ language: Language) {
    self.language = language
  }

  func outcome(_ outcome: Outcome) -> String { Words.explained(outcome.word, self.language) ?? outcome.word }

  /// As short as a column wants it, with what is granted.
  func outcome(_ outcome: Outcome, granting measures: [String]) -> String {
    let word = Words.outcomeShort(outcome.word, self.language) ?? outcome.word
    return measures.isEmpty ? word : "\(word) (\(measures.map(self.measure).joined(separator: ", ")))"
  }

  func measure(_ word: String) -> String { Words.measureShort(word, self.language) ?? word.spaced }

  func standing(_ standing: Standing) -> String { Words.explained(standing.word, self.language) ?? standing.word }

  func basis(_ basis: Basis) -> String { Words.basis(basis.word, self.language) ?? basis.word }

  func referral(_ code: ReferralCode) -> String { Words.referralCode(code.word, self.language) ?? code.word.spaced }

  func state(_ word: String) -> String { Words.caseState(word, self.language) ?? word.spaced }

  func clock(_ word: String) -> String { Words.clockKind(word, self.language) ?? word.spaced }

  func provisionKind(_ word: String) -> String { Words.provisionKind(word, self.language) ?? word.spaced }
}

extension String {
  fileprivate var spaced: String { self.replacing("_", with: " ") }
}

extension Double {
  /// Whole where it is whole.
  func brief(in language: Language) -> String { Int(exactly: self)?.grouped(language) ?? self.tenths(in: language) }

  /// With one digit behind the mark that the language has.
  func tenths(in language: Language) -> String {
    let text = "\((self * 10).rounded() / 10)"
    return language == .en ? text : text.replacing(".", with: ",")
  }
}
