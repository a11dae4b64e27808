// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyTexts

/// What the institution that holds a person is told to do.
package struct ReleaseOrderFacts: Sendable {
  package enum Order: Sendable {
    /// On the day, or at once if it has passed; nil: at once.
    case release(on: String?)
    /// The term ends on another day; nil where it has to be computed.
    case newEnd(on: String?)
    case recallRelease
    case restoreTerm
  }

  package var language: Language
  package var reference: String
  package var name: String
  package var bornOn: String?
  package var iin: String?
  /// Whom the order is for, by its name.
  package var institution: String?
  /// The body that decided, by its name.
  package var body: String
  package var decidedOn: String
  package var act: ActOnPaper
  package var order: Order
  package var cut: LetterSituation.Cut?
  /// What the order rests on, from the act's own texts.
  package var grounds: [LetterGround] = []
  /// The readings of open points that the decision follows.
  package var readings: [FollowedReading] = []
  package var notes: [String] = []

  package init(
    language: Language, reference: String, name: String, bornOn: String? = nil, iin: String? = nil, institution: String? = nil,
    body: String, decidedOn: String, act: ActOnPaper, order: Order
  ) {
    self.language = language
    self.reference = reference
    self.name = name
    self.bornOn = bornOn
    self.iin = iin
    self.institution = institution
    self.body = body
    self.decidedOn = decidedOn
    self.act = act
    self.order = order
  }
}
