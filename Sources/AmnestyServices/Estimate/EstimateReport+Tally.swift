// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyActs
internal import AmnestyRules
internal import AmnestyWire

// From sums to the message: nothing is computed here.

extension EstimateReport {
  init(_ tally: EstimateTally, refused: Int, _ acts: [ServedAct]) {
    self.init(
      asOf: tally.asOf.text, cases: tally.cases, people: tally.people, refused: refused,
      acts: zip(acts, tally.estimates).map { AmnestyWire.ActEstimate($1, of: $0) },
      published: acts[0].file.figures.map { AmnestyWire.PublishedFigure($0, beside: tally.estimates[0], of: acts[0]) },
      changes: zip(acts.dropFirst(), tally.changes).map { AmnestyWire.ActChange($1, from: acts[0], to: $0) })
  }
}

extension AmnestyWire.Margin {
  init(_ margin: AmnestyRules.Margin) { self.init(now: margin.now, least: margin.least, most: margin.most) }
}

extension GroupCounts {
  init(_ counts: OutcomeCounts) {
    self.init(
      eligible: counts[.eligible], partial: counts[.partial], ineligible: counts[.ineligible], undetermined: counts[.undetermined],
      referred: counts[.referred])
  }
}

extension AmnestyWire.ActEstimate {
  init(_ estimate: AmnestyRules.ActEstimate, of act: ServedAct) {
    let definition = act.act.definition
    self.init(
      act: act.reference, title: .init(definition.title), standing: estimate.isFinal && estimate.cases.total > 0 ? .final : .provisional,
      covered: .init(estimate.covered), coveredPeople: .init(estimate.coveredPeople), notSearched: estimate.notSearched,
      outcomes: AmnestyRules.Assessment.Outcome.allCases.map {
        OutcomeEstimate(outcome: Outcome($0), cases: .init(estimate[margin: $0]), people: estimate.people[$0])
      },
      measures: zip(act.act.measures, estimate.measures).map { MeasureEstimate(measure: $0, cases: .init($1)) },
      groups: AmnestyRules.GroupKind.allCases.enumerated().flatMap { index, kind in
        zip(kind.groups, estimate.groups[index]).compactMap { word, group in
          group.cases.total == 0 ? nil : GroupEstimate(by: .init(word: kind.rawValue), group: word, group, of: act.act)
        }
      },
      term: TermEstimate(cases: estimate.termCases, daysTakenOff: estimate.daysTakenOff, unknown: estimate.termUnknown),
      releases: estimate.releases.sorted { $0.key < $1.key }.map {
        ReleaseDay(on: $0.key.text, detained: $0.value.detained, others: $0.value.others)
      },
      readingCases: estimate.readingCases,
      readings: definition.choices.flatMap { choice in
        choice.answers.compactMap { answer in
          estimate.readings[.init(question: choice.id, answer: answer)].map { ReadingEstimate($0, answer, of: choice) }
        }
      },
      referrals: estimate.referrals.map { ReferralEstimate(.init($0.key, under: act), cases: $0.value) }.sorted { $0.order < $1.order },
      missing: estimate.missing.sorted { ($0.value.cases, $1.key.raw) > ($1.value.cases, $0.key.raw) }.map {
        MissingEstimate($0.key, $0.value, under: act)
      })
  }
}

extension GroupEstimate {
  fileprivate init(by kind: AmnestyWire.GroupKind, group word: String, _ group: AmnestyRules.ActEstimate.Group, of act: CompiledAct) {
    self.init(
      by: kind, group: word, cases: GroupCounts(group.cases), people: GroupCounts(group.people), peopleInAll: group.peopleInAll,
      measures: zip(act.measures, group.measures).compactMap { $1 == 0 ? nil : Count(word: $0, count: $1) }, freed: group.freed,
      daysTakenOff: group.daysTakenOff)
  }
}

extension ReadingEstimate {
  fileprivate init(_ count: AmnestyRules.ActEstimate.ReadingCount, _ answer: Choice.Answer, of choice: Choice) {
    self.init(
      question: choice.id, text: .init(choice.question), answer: answer.rawValue, isDefault: answer == choice.defaultAnswer,
      cases: GroupCounts(count.outcomes), freed: count.freed, freedDetained: count.freedDetained)
  }
}

extension ReferralEstimate {
  fileprivate init(_ referral: AmnestyWire.Referral, cases: Int) {
    self.init(code: referral.code, provision: referral.provision, text: referral.note, cases: cases)
  }

  /// Most frequent first, then by name.
  fileprivate var order: (Int, String, String) { (-cases, code.word, provision ?? "") }
}

extension MissingEstimate {
  fileprivate init(_ fact: FactRef, _ count: AmnestyRules.ActEstimate.MissingCount, under act: ServedAct) {
    self.init(
      fact: act.act.layout.fact(fact).name, question: act.question(fact), cases: count.cases, detained: count.detained,
      decides: count.decides, forEnd: count.forEnd)
  }
}

extension AmnestyWire.ActChange {
  init(_ change: AmnestyRules.ActChange, from first: ServedAct, to second: ServedAct) {
    self.init(
      first: first.reference, second: second.reference, cases: change.cases,
      outcomes: change.transitions.sorted { ($0.value.cases, $1.key.sortKey) > ($1.value.cases, $0.key.sortKey) }.map {
        OutcomeChange(
          before: Outcome($0.key.before), after: Outcome($0.key.after), measuresBefore: $0.key.measuresBefore,
          measuresAfter: $0.key.measuresAfter, changed: ChangedCases($0.value))
      },
      provisions: change.provisions.sorted { ($0.value.cases, $1.key) > ($1.value.cases, $0.key) }.map {
        ProvisionEffect(
          provision: $0.key, text: second.provisionText($0.key) ?? first.provisionText($0.key) ?? .init(en: "", ru: "", kk: ""),
          changed: ChangedCases($0.value))
      })
  }
}

extension AmnestyRules.ActChange.Transition {
  fileprivate var sortKey: String { "\(before) \(after) \(measuresBefore) \(measuresAfter)" }
}

extension ChangedCases {
  fileprivate init(_ instances: AmnestyRules.ActChange.Instances) {
    self.init(cases: instances.cases, detained: instances.detained, examples: instances.examples)
  }
}

extension ServedAct {
  fileprivate func provisionText(_ id: String) -> AmnestyWire.LocalizedText? {
    act.provisions.first { $0.id == id }.map { .init($0.text) }
  }
}

extension AmnestyWire.PublishedFigure {
  init(_ figure: AmnestyActs.PublishedFigure, beside estimate: AmnestyRules.ActEstimate, of act: ServedAct) {
    let computed = figure.cells.compactMap { estimate.count($0, of: act.act) }
    self.init(
      on: figure.on.text, text: .init(figure.text), published: figure.count,
      computed: computed.isEmpty ? nil : computed.reduce(0, +), basis: .init(figure.basis), source: figure.source)
  }
}

extension AmnestyRules.ActEstimate {
  /// Nil where the act has no such measure.
  fileprivate func count(_ cell: AmnestyActs.PublishedFigure.Cell, of act: CompiledAct) -> Int? {
    switch cell {
    case .coveredPeople: return coveredPeople.now
    case .measure(let word): return act.measures.firstIndex(of: word).map { measures[$0].now }
    case .group(let kind, let word):
      guard let group = kind.groups.firstIndex(of: word) else { return nil }
      return groups[kind.position][group].peopleInAll
    }
  }
}
