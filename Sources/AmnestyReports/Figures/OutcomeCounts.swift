// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// How many have which outcome.
package struct OutcomeCounts: Sendable, Equatable {
  package var eligible: Int
  package var partial: Int
  package var undetermined: Int
  package var referred: Int
  package var ineligible: Int

  package init(eligible: Int = 0, partial: Int = 0, undetermined: Int = 0, referred: Int = 0, ineligible: Int = 0) {
    self.eligible = eligible
    self.partial = partial
    self.undetermined = undetermined
    self.referred = referred
    self.ineligible = ineligible
  }

  package var all: Int { self.eligible + self.partial + self.undetermined + self.referred + self.ineligible }

  /// In the order in which pages show them: from relief, over what is not settled, to none.
  var byOutcome: [(word: String, count: Int)] {
    [
      ("eligible", self.eligible), ("partial", self.partial), ("undetermined", self.undetermined), ("referred", self.referred),
      ("ineligible", self.ineligible),
    ]
  }
}

/// The least and the most that a figure can turn out, as the facts that are still missing may be.
package struct Margin: Sendable, Equatable {
  package var least: Int
  package var most: Int

  package init(least: Int, most: Int) {
    self.least = least
    self.most = most
  }
}
