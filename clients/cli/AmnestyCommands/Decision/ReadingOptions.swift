// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import ArgumentParser

/// Readings of open points of the act, as a person chooses them for one case.
package struct ReadingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Follow this reading of an open point of the act, such as one_year_test=after_reduction; once for each point. case show lists them.",
      valueName: "point=reading"))
  package var reading: [ReadingArgument] = []

  package init() {}

  /// Nil where none was chosen.
  var chosen: [ChosenReading]? { self.reading.isEmpty ? nil : self.reading.map(\.value) }

  /// What an assessment comes to under them, as far as it tells.
  func outcome(in assessment: Assessment?) -> Outcome? {
    let chosen = self.chosen ?? []
    return assessment?.readings.first { reading in chosen.contains { $0.question == reading.question && $0.answer == reading.answer } }?
      .outcome
      ?? assessment?.outcome
  }
}

/// `one_year_test=after_reduction`.
package struct ReadingArgument: ExpressibleByArgument {
  package let value: ChosenReading

  package init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
    self.value = ChosenReading(question: parts[0], answer: parts[1])
  }
}
