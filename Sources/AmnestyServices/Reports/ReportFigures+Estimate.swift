// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyReports
internal import AmnestyTexts
internal import AmnestyWire

// From the estimate and the progress of the register to what the page shows: nothing is computed here.

extension ReportFigures {
  /// - Parameter report: of one act.
  init(_ report: EstimateReport, _ act: ServedAct, office: String?, _ language: Language) {
    let estimate = report.acts[0]
    var counts = AmnestyReports.OutcomeCounts()
    var people = AmnestyReports.OutcomeCounts()
    for outcome in estimate.outcomes {
      counts.set(outcome.outcome, outcome.cases.now)
      people.set(outcome.outcome, outcome.people)
    }
    self.init(
      language: language, asOf: report.asOf, act: ActOnPaper(act, language), office: office, cases: counts, people: people,
      reliefCases: .init(estimate.covered), reliefPeople: .init(estimate.coveredPeople))
    breakdowns = Breakdown.Key.allCases.map { key in
      Breakdown(
        key: key, groups: estimate.groups.filter { $0.by == key.kind }.map { .init(word: $0.breakdownWord, cases: .init($0.cases)) })
    }
    measures = estimate.measures.filter { $0.cases.most > 0 }.map {
      MeasureFigure(word: $0.measure, now: $0.cases.now, margin: .init($0.cases))
    }
    termTakenOff = TermTakenOff(
      cases: estimate.term.cases, days: estimate.term.daysTakenOff,
      groups: estimate.groups.filter { $0.by == .gravity && $0.daysTakenOff > 0 }.map {
        .init(key: .gravity, word: $0.breakdownWord, cases: $0.cases.eligible + $0.cases.partial, days: $0.daysTakenOff)
      })
    releases = estimate.releases.map { AmnestyReports.ReleaseDay(day: $0.on, detained: $0.detained, others: $0.others) }
    missingFacts = estimate.missing.map {
      MissingFactFigure(fact: $0.fact, label: $0.question.text(language), cases: $0.cases, office: office)
    }
    referrals = estimate.referrals.map {
      ReferralFigure(code: $0.code.word, provision: $0.provision, label: $0.text.text(language), cases: $0.cases)
    }
    readings = ReadingFigure.byPoint(estimate.readings, language)
    published = report.published.map {
      AmnestyReports.PublishedFigure(
        date: $0.on, label: $0.text.text(language), published: $0.published, computed: $0.computed, note: $0.source)
    }
  }

  mutating func add(_ register: RegisterProgress) {
    progress = .init(
      all: register.all, assessed: register.assessed, proposed: register.proposed, decided: register.decided,
      executed: register.executed, aftercareDone: register.done)
    clocks = AmnestyRegister.ClockKind.allCases.compactMap { kind in
      register.clocks[kind].map { ClockFigure(kind: kind.rawValue, open: $0.open, overdue: $0.overdue) }
    }
    decisions = DecisionFigures(
      decided: register.decided, granted: register.granted, refused: register.refused, departures: register.departures,
      revoked: register.revoked, appealsPending: register.appealsPending, appealsUpheld: register.appealsUpheld,
      appealsDismissed: register.appealsDismissed, reassessmentDue: register.reassessmentDue)
  }
}

extension AmnestyReports.OutcomeCounts {
  init(_ counts: GroupCounts) {
    self.init(
      eligible: counts.eligible, partial: counts.partial, undetermined: counts.undetermined, referred: counts.referred,
      ineligible: counts.ineligible)
  }

  fileprivate mutating func set(_ outcome: Outcome, _ count: Int) {
    switch outcome {
    case .eligible: eligible = count
    case .partial: partial = count
    case .undetermined: undetermined = count
    case .referred: referred = count
    case .ineligible: ineligible = count
    case .unrecognized: break
    }
  }
}

extension AmnestyReports.Margin {
  init(_ margin: AmnestyWire.Margin) { self.init(least: margin.least, most: margin.most) }
}

extension Breakdown.Key {
  fileprivate var kind: GroupKind {
    switch self {
    case .gravity: .gravity
    case .stage: .stage
    case .nexus: .nexus
    case .custody: .custody
    case .sentenceKind: .sentenceKind
    }
  }
}

extension GroupEstimate {
  /// As the page names it; nil where nobody said.
  fileprivate var breakdownWord: String? {
    switch group {
    case "not_known": nil
    case "at_liberty": "at_large"
    default: group
    }
  }
}

extension ReadingFigure {
  /// The answers of each open point together. A case in which its readings differ is counted in each of them.
  static func byPoint(_ readings: [ReadingEstimate], _ language: Language) -> [ReadingFigure] {
    Dictionary(grouping: readings, by: \.question).sorted { $0.key < $1.key }.map { _, answers in
      ReadingFigure(
        question: answers[0].text.text(language), cases: answers.map { AmnestyReports.OutcomeCounts($0.cases).all }.max() ?? 0,
        answers: answers.map {
          .init(
            label: AmnestyTexts.Words.readingAnswer($0.answer, language) ?? $0.answer, isDefault: $0.isDefault, cases: .init($0.cases),
            releases: $0.freed)
        })
    }
  }
}
