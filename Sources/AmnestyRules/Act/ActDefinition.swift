// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// An amnesty act as its file states it: values only, nothing compiled.
///
/// The program knows no law. What an act requires, excludes and grants stands here, each provision with its basis and its source.
package struct ActDefinition: Sendable, Equatable {
  /// Stable key, for example `kz-2022-152-vii`.
  package var id: String
  /// Semantic version of the act file, not of the law.
  package var version: String
  package var title: LocalizedText
  /// Words printed with every answer's source, for example "Law No. 152-VII of 2 November 2022".
  package var citation: String
  /// IANA name; decides what "today" means where a caller gives no `asOf`.
  package var timeZone: String
  /// First day in force; nil where it is not known.
  package var inForceFrom: Day?
  /// Last day on which the authorities are bound to execute the act.
  package var executeThrough: Day?
  /// An excerpt never gives a final answer.
  package var isExcerpt: Bool
  /// A made-up act, for tests and authors.
  package var isFictional: Bool
  /// A draft or an earlier stage of a law, not the law itself: nothing is decided on it. Its `inForceFrom` is the day that it is computed on,
  /// as if it had entered into force.
  package var isDraft: Bool
  /// Facts beyond the record's own that records under this act may state.
  package var facts: [DeclaredFact]
  /// Measures beyond the built-in ones.
  package var measures: [String]
  /// All must hold.
  package var scope: [Provision]
  /// Any bars the person.
  package var exclusions: [Provision]
  /// The provision by which what excludes one offence bars the person's others; nil where an exclusion bars only its own offence.
  package var exclusionsBarPerson: Provision?
  package var reliefOrder: ReliefOrder
  package var relief: [ReliefClause]
  /// Open points with readings, each a named choice.
  package var choices: [Choice]
  package var termRounding: TermRounding
  /// Said with every answer.
  package var notes: [ActNote]
  /// Said where the sentence has additional punishments.
  package var additionalPunishmentNote: ActNote?
  /// Who decides, by stage and measure.
  package var deciders: [Decider]

  package init(
    id: String, version: String, title: LocalizedText, citation: String, timeZone: String, inForceFrom: Day?, executeThrough: Day?,
    isExcerpt: Bool, isFictional: Bool, isDraft: Bool = false, facts: [DeclaredFact], measures: [String], scope: [Provision],
    exclusions: [Provision],
    exclusionsBarPerson: Provision?, reliefOrder: ReliefOrder, relief: [ReliefClause], choices: [Choice], termRounding: TermRounding,
    notes: [ActNote], additionalPunishmentNote: ActNote?, deciders: [Decider] = []
  ) {
    self.id = id
    self.version = version
    self.title = title
    self.citation = citation
    self.timeZone = timeZone
    self.inForceFrom = inForceFrom
    self.executeThrough = executeThrough
    self.isExcerpt = isExcerpt
    self.isFictional = isFictional
    self.isDraft = isDraft
    self.facts = facts
    self.measures = measures
    self.scope = scope
    self.exclusions = exclusions
    self.exclusionsBarPerson = exclusionsBarPerson
    self.reliefOrder = reliefOrder
    self.relief = relief
    self.choices = choices
    self.termRounding = termRounding
    self.notes = notes
    self.additionalPunishmentNote = additionalPunishmentNote
    self.deciders = deciders
  }

  /// Whether an answer can be final at all.
  package var canBeFinal: Bool { !isExcerpt && !isDraft }

  /// Who decides on these measures at a stage; on a refusal, whoever may grant something there.
  package func decider(stage: String, measures: Set<String>) -> Decider? {
    let atStage = deciders.filter { $0.stages.contains(stage) }
    return atStage.first { decider in decider.measures.map { !$0.isDisjoint(with: measures) } ?? true }
      ?? (measures.isEmpty ? atStage.first : nil)
  }
}

/// Who decides on a relief, as the act says or leaves open.
package struct Decider: Sendable, Equatable {
  /// The statement that says so.
  package var id: String
  package var stages: Set<String>
  /// Nil: whatever the measure.
  package var measures: Set<String>?
  /// A kind of body, such as `court`; nil where the act leaves it open.
  package var body: String?
  package var basis: Basis
  package var citation: String
  package var text: LocalizedText

  package init(id: String, stages: Set<String>, measures: Set<String>?, body: String?, basis: Basis, citation: String, text: LocalizedText)
  {
    self.id = id
    self.stages = stages
    self.measures = measures
    self.body = body
    self.basis = basis
    self.citation = citation
    self.text = text
  }
}

/// A text in the three languages that every provision must have.
package struct LocalizedText: Sendable, Equatable {
  package var kk: String
  package var ru: String
  package var en: String

  package init(kk: String, ru: String, en: String) {
    self.kk = kk
    self.ru = ru
    self.en = en
  }
}

/// Where in an act's files something stands; lines and columns from 1.
package struct Place: Sendable, Equatable, Hashable {
  package var line: Int
  package var column: Int
  /// 0 is the act's own file, 1 the one that it extends, and so on.
  package var file: Int

  package init(line: Int, column: Int, file: Int = 0) {
    self.line = line
    self.column = column
    self.file = file
  }

  package static let unknown = Place(line: 0, column: 0)
}

/// How sure a provision is; the order is the strength.
package enum Basis: UInt8, Sendable, Equatable, Comparable, CaseIterable, BitwiseCopyable {
  /// Nobody knows: the case goes to a human.
  case open = 0
  /// It follows from what was seen or reported.
  case inferred = 1
  /// An official or press summary says so.
  case reported = 2
  /// The words of the legal text were seen.
  case text = 3

  package static func < (a: Basis, b: Basis) -> Bool { a.rawValue < b.rawValue }

  package var word: String {
    switch self {
    case .open: "open"
    case .inferred: "inferred"
    case .reported: "reported"
    case .text: "text"
    }
  }
}

/// A labelled node of the act: a condition, or alternatives that are provisions themselves, less its exceptions.
package struct Provision: Sendable, Equatable {
  package indirect enum Body: Sendable, Equatable {
    case condition(Condition)
    /// Holds if one of them does; each is tried and explained by its own name.
    case anyOf([Provision])
  }

  /// Dotted, unique in the act, for example `exclusion.torture`.
  package var id: String
  /// Basis of the provision where it holds.
  package var basis: Basis
  /// Basis of saying that it does not hold, where that is weaker or stronger.
  package var basisWhenFalse: Basis
  /// Where it is known from, in words that can be printed.
  package var citation: String
  package var text: LocalizedText
  package var body: Body
  /// Each takes away from this provision; an exception may have exceptions.
  package var exceptions: [Provision]
  /// What to tell the human whom an open provision sends the case to; nil: the provision's own text.
  package var referralNote: LocalizedText?
  package var place: Place

  package init(
    id: String, basis: Basis, basisWhenFalse: Basis? = nil, citation: String, text: LocalizedText, body: Body,
    exceptions: [Provision] = [], referralNote: LocalizedText? = nil, place: Place = .unknown
  ) {
    self.id = id
    self.basis = basis
    self.basisWhenFalse = basisWhenFalse ?? basis
    self.citation = citation
    self.text = text
    self.body = body
    self.exceptions = exceptions
    self.referralNote = referralNote
    self.place = place
  }
}

package enum ReliefOrder: Sendable, Equatable {
  /// A cascade: each clause takes those whom the earlier ones left.
  case firstMatch
  /// No clause is above another: two that hold and disagree are a drafting conflict.
  case exclusive
}

package struct ReliefClause: Sendable, Equatable {
  package var provision: Provision
  package var effect: Effect

  package init(provision: Provision, effect: Effect) {
    self.provision = provision
    self.effect = effect
  }
}

package enum Effect: Sendable, Equatable {
  case grant(Relief)
  /// To a human, with this code; the provision says why.
  case refer(ReferralCode)
}

/// What a clause grants.
package struct Relief: Sendable, Equatable {
  package enum Punishment: Sendable, Equatable {
    /// Nothing to compute: proceedings end, a conviction is removed, a court will apply it.
    case untouched
    /// The main punishment falls away on the day.
    case release(on: DayReference)
    case reduceTerm(TermReduction)
    case reduceAmount(keep: Fraction)
  }

  /// A built-in measure or one the act declares.
  package var measure: String
  package var punishment: Punishment
  /// The person may object; then the case is referred.
  package var mayObject: Bool

  package init(measure: String, punishment: Punishment, mayObject: Bool = false) {
    self.measure = measure
    self.punishment = punishment
    self.mayObject = mayObject
  }
}

/// A cut of the main term.
package struct TermReduction: Sendable, Equatable {
  package enum Base: Sendable, Equatable, BitwiseCopyable {
    /// The term that the court imposed.
    case imposed
    /// What is left of it on the day the act enters into force (on `asOf` where that day is not known).
    case unserved
  }

  /// The share that is left: cut by 3/4 keeps 1/4.
  package var keep: Fraction
  package var base: Base
  /// The remaining term that is cut to nothing; nil: no such rule.
  package var remainder: RemainderRule?

  package init(keep: Fraction, base: Base = .imposed, remainder: RemainderRule? = nil) {
    self.keep = keep
    self.base = base
    self.remainder = remainder
  }
}

/// "Not more than one year left": the whole unserved part falls away.
package struct RemainderRule: Sendable, Equatable {
  /// Label for reasons, for example `relief.one_year`.
  package var provision: Provision
  package var limit: Term
  /// `atMost` includes the limit itself, `lessThan` does not.
  package var comparison: Comparison
  /// The choice that says whether the remainder is measured before or after the cut.
  package var choice: String

  package init(provision: Provision, limit: Term, comparison: Comparison, choice: String) {
    self.provision = provision
    self.limit = limit
    self.comparison = comparison
    self.choice = choice
  }
}

/// An open point of the act with named readings.
package struct Choice: Sendable, Equatable {
  /// For example `one_year_test`.
  package var id: String
  package var question: LocalizedText
  /// In the order in which readings are listed.
  package var answers: [Answer]
  package var defaultAnswer: Answer
  package var place: Place

  package enum Answer: String, Sendable, CaseIterable {
    case beforeReduction = "before_reduction"
    case afterReduction = "after_reduction"
  }

  package init(id: String, question: LocalizedText, answers: [Answer], defaultAnswer: Answer, place: Place = .unknown) {
    self.id = id
    self.question = question
    self.answers = answers
    self.defaultAnswer = defaultAnswer
    self.place = place
  }
}

/// How a fraction of a term is rounded; open in law, so a parameter of the act.
package enum TermRounding: String, Sendable, CaseIterable {
  /// Whole months; a fraction of a month counts 30 days, days rounded down.
  case daysDown = "days_down"
  /// The same, days rounded up.
  case daysUp = "days_up"
}

package struct ActNote: Sendable, Equatable {
  package var code: String
  package var text: LocalizedText

  package init(code: String, text: LocalizedText) {
    self.code = code
    self.text = text
  }
}

/// A fact that records under this act may state in `facts`.
package struct DeclaredFact: Sendable, Equatable {
  package enum Kind: Sendable, Equatable {
    case boolean
    case integer
    case day
    case term
    case word([String])
    case words([String])
  }

  package var name: String
  package var kind: Kind
  package var question: LocalizedText
  package var place: Place

  package init(name: String, kind: Kind, question: LocalizedText, place: Place = .unknown) {
    self.name = name
    self.kind = kind
    self.question = question
    self.place = place
  }
}

/// Why a case goes to a human.
package enum ReferralCode: String, Sendable, CaseIterable, BitwiseCopyable {
  case openProvision = "open_provision"
  case jointSentence = "joint_sentence"
  case disputedFact = "disputed_fact"
  case readingsConflict = "readings_conflict"
  case objection
  case alreadyApplied = "already_applied"
  case alreadyChanged = "already_changed"
  case draftingConflict = "drafting_conflict"
}
