// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyTexts

/// The words around the act's own. What the catalog does not have is shown as the wire has it.
package struct Phrases {
  private let language: Language

  package init(_ language: Language) {
    self.language = language
  }

  package enum Heading: CaseIterable {
    case outcome, offence, article, part, sentence, imposed, reduced, originalEnd, newEnd, release, missing, referrals, readings, notes,
      asOf
    case basis, noMeasure, open
  }

  package subscript(heading: Heading) -> String {
    switch heading {
    case .outcome: Text.explainOutcome(self.language)
    case .offence: Text.explainOffence(self.language)
    case .article: Text.explainArticle(self.language)
    case .part: Text.explainPart(self.language)
    case .sentence: Text.explainSentence(self.language)
    case .imposed: Text.explainImposed(self.language)
    case .reduced: Text.explainReduced(self.language)
    case .originalEnd: Text.explainOriginalEnd(self.language)
    case .newEnd: Text.explainNewEnd(self.language)
    case .release: Text.explainRelease(self.language)
    case .missing: Text.explainMissing(self.language)
    case .referrals: Text.explainReferrals(self.language)
    case .readings: Text.explainReadings(self.language)
    case .notes: Text.explainNotes(self.language)
    case .asOf: Text.explainAsOf(self.language)
    case .basis: Text.explainBasis(self.language)
    case .noMeasure: Text.explainNoMeasure(self.language)
    case .open: Text.explainOpen(self.language)
    }
  }

  package func word(_ word: String) -> String { Words.explained(word, self.language) ?? word }
}
