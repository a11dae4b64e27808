// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// The reading of an open point of an act that a person chose; nothing chooses one by itself.
package struct ChosenReading: Sendable, Hashable {
  /// The point, by its id in the act.
  package var question: String
  package var answer: String

  package init(question: String, answer: String) {
    self.question = question
    self.answer = answer
  }
}

extension [ChosenReading] {
  /// `one_year_test=after_reduction`, one after another: so links and columns have them.
  var words: String { map { "\($0.question)=\($0.answer)" }.joined(separator: " ") }

  /// - Parameter words: as above; nil where they are not.
  init?(words: String) {
    self = []
    for word in words.split(separator: " ") {
      let parts = word.split(separator: "=", maxSplits: 1)
      guard parts.count == 2 else { return nil }
      append(ChosenReading(question: String(parts[0]), answer: String(parts[1])))
    }
  }
}
