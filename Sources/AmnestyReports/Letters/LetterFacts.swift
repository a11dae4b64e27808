// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyTexts

/// What a letter to a person says. Days are `YYYY-MM-DD`, terms `P1Y3M`; texts of the act are in the letter's language already.
package struct LetterFacts: Sendable {
  package var language: Language
  package var reference: String
  /// As the record has it; it is never inflected.
  package var name: String
  package var bornOn: String?
  /// The body that decided, or that writes; by its name.
  package var body: String?
  /// The day of the decision, or of the letter where nothing is decided.
  package var on: String
  package var act: ActOnPaper
  package var situation: LetterSituation
  /// What decided, from the act's own texts.
  package var grounds: [LetterGround] = []
  /// The readings of open points that the decision follows.
  package var readings: [FollowedReading] = []
  /// Of a grant that leaves out some offences: why.
  package var notCovered: [LetterGround] = []
  /// What is asked for, where facts are missing.
  package var questions: [String] = []
  /// What the act leaves open, where a human has to say.
  package var openPoints: [String] = []
  /// The authority's own words, where it gave a reason.
  package var reason: String?
  /// What the act says stays as it is.
  package var notes: [String] = []
  /// Where an appeal goes and by when, if the deployment knows it; the act's sources say neither.
  package var appealTo: String?
  package var appealThrough: String?
  /// Where to ask.
  package var contact: String?

  package init(
    language: Language, reference: String, name: String, bornOn: String? = nil, body: String? = nil, on: String, act: ActOnPaper,
    situation: LetterSituation
  ) {
    self.language = language
    self.reference = reference
    self.name = name
    self.bornOn = bornOn
    self.body = body
    self.on = on
    self.act = act
    self.situation = situation
  }
}

/// A reading of an open point that somebody chose, in the paper's language.
package struct FollowedReading: Sendable {
  /// The act's own question.
  package var question: String
  package var answer: String

  package init(question: String, answer: String) {
    self.question = question
    self.answer = answer
  }
}

package struct LetterGround: Sendable {
  /// The provision's own text.
  package var text: String
  package var citation: String
  /// A word of `Basis`.
  package var basis: String?

  package init(text: String, citation: String, basis: String? = nil) {
    self.text = text
    self.citation = citation
    self.basis = basis
  }
}

/// What the letter is about: each has whole sentences of its own in the catalog.
package enum LetterSituation: Sendable {
  /// A termination is proposed: the person may object until it is decided.
  case terminationProposed
  case proceedingsTerminated
  /// From custody on a day, or at large from a day on.
  case releasedFromCustody(on: String)
  case releasedFromPunishment(on: String)
  /// The term is cut, and nothing is left to serve.
  case termCutFreeFromCustody(on: String, Cut)
  case termCutFreeAtLarge(on: String, Cut)
  /// The term is cut and ends later.
  case termCutInCustody(Cut)
  case termCutAtLarge(Cut)
  /// Granted; the court that imposes the sentence carries it out.
  case cutAtSentencing
  /// That court has: the term it imposed, the cut applied.
  case cutAppliedInSentence(term: String?, imposedOn: String)
  case convictionRemoved
  /// A measure that an act declares itself, by its name in the letter's language.
  case otherMeasure(String)
  case refused
  /// The person objected to a termination, so the proceedings go on.
  case proceedingsContinue
  /// The act is open on a point, or only a court can do it.
  case referred
  case factsMissing
  /// The decision fell.
  case revokedForForgery
  case revokedOnAppeal
  case revoked

  package struct Cut: Sendable {
    package var imposed: String?
    package var left: String?
    package var originalEnd: String?
    package var newEnd: String?

    package init(imposed: String? = nil, left: String? = nil, originalEnd: String? = nil, newEnd: String? = nil) {
      self.imposed = imposed
      self.left = left
      self.originalEnd = originalEnd
      self.newEnd = newEnd
    }
  }
}
