// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyTexts

/// What the report page shows: counts, no person. Days are `YYYY-MM-DD`, words those of the contract.
///
/// What is nil or empty is left out of the page; so is, of a register's own figures, all that a file of records cannot have.
package struct ReportFigures: Sendable {
  package var language: Language
  /// The day as of which the act was applied.
  package var asOf: String
  package var act: ActOnPaper
  /// Whose cases they are; nil for all.
  package var office: String?
  package var cases: OutcomeCounts
  package var people: OutcomeCounts
  /// Who gets relief.
  package var reliefCases: Margin
  package var reliefPeople: Margin
  package var breakdowns: [Breakdown] = []
  package var measures: [MeasureFigure] = []
  package var termTakenOff: TermTakenOff?
  package var releases: [ReleaseDay] = []
  package var missingFacts: [MissingFactFigure] = []
  package var referrals: [ReferralFigure] = []
  package var readings: [ReadingFigure] = []
  /// How far the cases are, from all of them to those whose aftercare is done.
  package var progress: Progress?
  package var clocks: [ClockFigure] = []
  package var decisions: DecisionFigures?
  package var published: [PublishedFigure] = []

  package init(
    language: Language, asOf: String, act: ActOnPaper, office: String? = nil, cases: OutcomeCounts, people: OutcomeCounts,
    reliefCases: Margin, reliefPeople: Margin
  ) {
    self.language = language
    self.asOf = asOf
    self.act = act
    self.office = office
    self.cases = cases
    self.people = people
    self.reliefCases = reliefCases
    self.reliefPeople = reliefPeople
  }
}

/// The act as pages name it.
package struct ActOnPaper: Sendable, Equatable {
  package var id: String
  package var version: String
  package var digest: String
  /// In the language of the page.
  package var title: String
  /// What it is cited by, as the act file has it.
  package var citation: String?
  /// Why answers are not final, where they are not, in the language of the page.
  package var provisional: String?

  package init(id: String, version: String, digest: String, title: String, citation: String? = nil, provisional: String? = nil) {
    self.id = id
    self.version = version
    self.digest = digest
    self.title = title
    self.citation = citation
    self.provisional = provisional
  }
}

/// Outcomes by group.
package struct Breakdown: Sendable {
  package enum Key: String, Sendable, CaseIterable {
    case gravity, stage, nexus, custody, sentenceKind
  }

  package struct Group: Sendable {
    /// A word of the contract; for custody `detained` or `at_large`; nil where it is not known.
    package var word: String?
    package var cases: OutcomeCounts

    package init(word: String?, cases: OutcomeCounts) {
      self.word = word
      self.cases = cases
    }
  }

  package var key: Key
  package var groups: [Group]

  package init(key: Key, groups: [Group]) {
    self.key = key
    self.groups = groups
  }
}

/// Cases that get a measure: as the facts are now, and with what is missing.
package struct MeasureFigure: Sendable {
  package var word: String
  /// Its name in the language of the page, of a measure that the act declares itself.
  package var label: String?
  package var now: Int
  package var margin: Margin

  package init(word: String, label: String? = nil, now: Int, margin: Margin) {
    self.word = word
    self.label = label
    self.now = now
    self.margin = margin
  }
}

/// What the cuts take off the terms, in days of the calendar.
package struct TermTakenOff: Sendable {
  package struct Group: Sendable {
    package var key: Breakdown.Key
    package var word: String?
    package var cases: Int
    package var days: Int

    package init(key: Breakdown.Key, word: String?, cases: Int, days: Int) {
      self.key = key
      self.word = word
      self.cases = cases
      self.days = days
    }
  }

  package var cases: Int
  package var days: Int
  package var groups: [Group]

  package init(cases: Int, days: Int, groups: [Group] = []) {
    self.cases = cases
    self.days = days
    self.groups = groups
  }
}

package struct ReleaseDay: Sendable {
  package var day: String
  package var detained: Int
  package var others: Int

  package init(day: String, detained: Int, others: Int) {
    self.day = day
    self.detained = detained
    self.others = others
  }
}

package struct MissingFactFigure: Sendable {
  /// Its JSON Pointer, with `*` for an index.
  package var fact: String
  /// The question, in the language of the page.
  package var label: String
  package var cases: Int
  /// Where the cases are, if they are all in one office.
  package var office: String?

  package init(fact: String, label: String, cases: Int, office: String? = nil) {
    self.fact = fact
    self.label = label
    self.cases = cases
    self.office = office
  }
}

package struct ReferralFigure: Sendable {
  package var code: String
  package var provision: String?
  /// Why, in the language of the page.
  package var label: String
  package var cases: Int

  package init(code: String, provision: String? = nil, label: String, cases: Int) {
    self.code = code
    self.provision = provision
    self.label = label
    self.cases = cases
  }
}

/// An open point, and what each of its readings would make of the cases it concerns.
package struct ReadingFigure: Sendable {
  package struct Answer: Sendable {
    package var label: String
    /// Whether the act's default is this one.
    package var isDefault: Bool
    package var cases: OutcomeCounts
    /// People whom it frees at once.
    package var releases: Int

    package init(label: String, isDefault: Bool = false, cases: OutcomeCounts, releases: Int) {
      self.label = label
      self.isDefault = isDefault
      self.cases = cases
      self.releases = releases
    }
  }

  package var question: String
  package var cases: Int
  package var answers: [Answer]

  package init(question: String, cases: Int, answers: [Answer]) {
    self.question = question
    self.cases = cases
    self.answers = answers
  }
}

/// The funnel: each count is of the cases that came at least so far.
package struct Progress: Sendable {
  package var all: Int
  package var assessed: Int
  package var proposed: Int
  package var decided: Int
  package var executed: Int
  package var aftercareDone: Int

  package init(all: Int, assessed: Int, proposed: Int, decided: Int, executed: Int, aftercareDone: Int) {
    self.all = all
    self.assessed = assessed
    self.proposed = proposed
    self.decided = decided
    self.executed = executed
    self.aftercareDone = aftercareDone
  }
}

package struct ClockFigure: Sendable {
  /// A word of `ClockKind`.
  package var kind: String
  /// Running, those past their day included.
  package var open: Int
  package var overdue: Int

  package init(kind: String, open: Int, overdue: Int) {
    self.kind = kind
    self.open = open
    self.overdue = overdue
  }
}

/// What people decided.
package struct DecisionFigures: Sendable {
  package var decided: Int
  package var granted: Int
  package var refused: Int
  /// Decisions that depart from the assessment.
  package var departures: Int
  package var revoked: Int
  package var appealsPending: Int
  package var appealsUpheld: Int
  package var appealsDismissed: Int
  /// Decided, and to be assessed anew.
  package var reassessmentDue: Int

  package init(
    decided: Int, granted: Int, refused: Int, departures: Int, revoked: Int = 0, appealsPending: Int = 0, appealsUpheld: Int = 0,
    appealsDismissed: Int = 0, reassessmentDue: Int = 0
  ) {
    self.decided = decided
    self.granted = granted
    self.refused = refused
    self.departures = departures
    self.revoked = revoked
    self.appealsPending = appealsPending
    self.appealsUpheld = appealsUpheld
    self.appealsDismissed = appealsDismissed
    self.reassessmentDue = reassessmentDue
  }
}

/// A figure that was published, beside what is computed here.
package struct PublishedFigure: Sendable {
  /// Nil where only the year or less is known: then the label says so.
  package var date: String?
  package var label: String
  package var published: Int
  package var computed: Int?
  package var note: String?

  package init(date: String?, label: String, published: Int, computed: Int? = nil, note: String? = nil) {
    self.date = date
    self.label = label
    self.published = published
    self.computed = computed
    self.note = note
  }
}
