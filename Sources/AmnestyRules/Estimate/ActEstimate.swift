// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// How many as things stand, and the least and the most that they can turn out to be once every fact is known.
package struct Margin: Sendable, Equatable {
  package var now = 0
  package var least = 0
  package var most = 0

  package init(now: Int = 0, least: Int = 0, most: Int = 0) {
    self.now = now
    self.least = least
    self.most = most
  }

  mutating func add(now: Bool, least: Bool, most: Bool) {
    if now { self.now += 1 }
    if least { self.least += 1 }
    if most { self.most += 1 }
  }
}

/// Cases or people, by outcome.
package struct OutcomeCounts: Sendable, Equatable {
  private var counts = [Int](repeating: 0, count: Assessment.Outcome.allCases.count)

  package init() {}

  package subscript(outcome: Assessment.Outcome) -> Int {
    get { counts[outcome.index] }
    set { counts[outcome.index] = newValue }
  }

  package var total: Int { counts.reduce(0, +) }
}

extension Assessment.Outcome {
  /// Position among all cases.
  var index: Int {
    switch self {
    case .eligible: 0
    case .partial: 1
    case .ineligible: 2
    case .undetermined: 3
    case .referred: 4
    }
  }

  /// Of a person's several cases, the one with the lowest stands for the person.
  var rank: Int {
    switch self {
    case .eligible: 0
    case .partial: 1
    case .undetermined: 2
    case .referred: 3
    case .ineligible: 4
    }
  }

  var isCovered: Bool { self == .eligible || self == .partial }
}

/// What one act does to a register: sums over its assessments, and nothing that is not in them.
package struct ActEstimate: Sendable, Equatable {
  /// One group of a breakdown.
  package struct Group: Sendable, Equatable {
    package var cases = OutcomeCounts()
    /// A person stands in each group, with each outcome, that one of their cases has.
    package var people = OutcomeCounts()
    /// Each once, whatever the outcomes.
    package var peopleInAll = 0
    /// Covered cases by measure, in the order of the act's measures.
    package var measures: [Int]
    /// Of the covered cases, those whose person the act frees at once.
    package var freed = 0
    package var daysTakenOff = 0
  }

  /// People freed, or done with their punishment, on one day.
  package struct Releases: Sendable, Equatable {
    package var detained = 0
    package var others = 0
  }

  /// How a reading of an open point would turn out, in cases whose readings differ.
  package struct ReadingCount: Sendable, Equatable {
    package var outcomes = OutcomeCounts()
    /// Freed at once under it.
    package var freed = 0
    package var freedDetained = 0
  }

  package struct ReadingKey: Sendable, Hashable {
    package var question: String
    package var answer: Choice.Answer

    package init(question: String, answer: Choice.Answer) {
      self.question = question
      self.answer = answer
    }
  }

  /// A fact that is missing in some cases.
  package struct MissingCount: Sendable, Equatable {
    package var cases = 0
    package var detained = 0
    /// In these, the fact alone settles the outcome for one of its values.
    package var decides = 0
    /// In these, the outcome stands and only the new end waits for it.
    package var forEnd = 0
  }

  package var isFinal = true
  package var cases = OutcomeCounts()
  package var people = OutcomeCounts()
  /// Cases that can end with the outcome.
  package subscript(margin outcome: Assessment.Outcome) -> Margin { margins[outcome.index] }
  private var margins = [Margin](repeating: Margin(), count: Assessment.Outcome.allCases.count)
  /// Cases and people with a relief for some offence.
  package var covered = Margin()
  package var coveredPeople = Margin()
  /// Covered cases by measure; a case with several counts in each.
  package var measures: [Margin]
  /// In the order of `GroupKind.allCases`, then of its groups.
  package var groups: [[Group]]
  package var termCases = 0
  package var daysTakenOff = 0
  /// Covered cases with a term whose end is not known.
  package var termUnknown = 0
  package var releases: [Day: Releases] = [:]
  package var readings: [ReadingKey: ReadingCount] = [:]
  package var readingCases = 0
  package var referrals: [Referral: Int] = [:]
  package var missing: [FactRef: MissingCount] = [:]
  /// Undetermined cases with too much unknown to search: everything counts as possible there.
  package var notSearched = 0

  init(_ act: CompiledAct) {
    measures = [Margin](repeating: Margin(), count: act.measures.count)
    groups = GroupKind.allCases.map {
      [Group](repeating: Group(measures: [Int](repeating: 0, count: act.measures.count)), count: $0.groups.count)
    }
  }

  mutating func add(_ answer: Assessment, _ possible: Possibilities, _ facts: CaseFacts, _ places: CaseGroups, measures granted: UInt64) {
    let outcome = answer.outcome
    isFinal = isFinal && answer.isFinal
    cases[outcome] += 1
    for other in Assessment.Outcome.allCases where other != .undetermined {
      let bit = Possibilities.Outcomes(other)
      margins[other.index].add(now: outcome == other, least: possible.outcomes == bit, most: possible.outcomes.contains(bit))
    }
    if outcome == .undetermined { margins[Assessment.Outcome.undetermined.index].add(now: true, least: false, most: true) }
    covered.add(now: outcome.isCovered, least: possible.isCovered, most: possible.mayBeCovered)
    if !possible.isExact { notSearched += 1 }
    let now = outcome.isCovered ? granted : 0
    for index in measures.indices {
      let bit: UInt64 = 1 << UInt64(index)
      measures[index].add(now: now & bit != 0, least: possible.measuresOfAll & bit != 0, most: possible.measuresOfSome & bit != 0)
    }
    let days = addTerm(answer, isDetained: facts.slots[RecordSlot.detained] == 1)
    for (kind, group) in places.indices.enumerated() {
      groups[kind][Int(group)].cases[outcome] += 1
      groups[kind][Int(group)].daysTakenOff += days
      guard outcome.isCovered else { continue }
      for index in measures.indices where granted & 1 << UInt64(index) != 0 { groups[kind][Int(group)].measures[index] += 1 }
      if answer.sentence?.releaseOn != nil { groups[kind][Int(group)].freed += 1 }
    }
    if !answer.readings.isEmpty { addReadings(answer.readings, isDetained: facts.slots[RecordSlot.detained] == 1) }
    for referral in answer.referrals { referrals[referral, default: 0] += 1 }
    if !answer.missing.isEmpty { addMissing(answer, facts) }
  }

  /// Days that the act takes off the term, and the day on which it is over.
  private mutating func addTerm(_ answer: Assessment, isDetained: Bool) -> Int {
    guard answer.outcome.isCovered, let sentence = answer.sentence else { return 0 }
    termCases += 1
    guard let end = sentence.releaseOn ?? sentence.newEnd else {
      termUnknown += 1
      return 0
    }
    if isDetained { releases[end, default: Releases()].detained += 1 } else { releases[end, default: Releases()].others += 1 }
    guard let original = sentence.originalEnd else {
      termUnknown += 1
      return 0
    }
    let days = max(Int(original.number - end.number), 0)
    daysTakenOff += days
    return days
  }

  private mutating func addReadings(_ list: [Reading], isDetained: Bool) {
    readingCases += 1
    for reading in list {
      let key = ReadingKey(question: reading.question, answer: reading.answer)
      readings[key, default: ReadingCount()].outcomes[reading.outcome] += 1
      guard reading.releaseOn != nil else { continue }
      readings[key, default: ReadingCount()].freed += 1
      if isDetained { readings[key, default: ReadingCount()].freedDetained += 1 }
    }
  }

  private mutating func addMissing(_ answer: Assessment, _ facts: CaseFacts) {
    let isDetained = facts.slots[RecordSlot.detained] == 1
    var seen: Set<FactRef> = []
    for fact in answer.missing {
      let ref = facts.layout.locate(fact.slot).ref
      // The same fact of several offences is one question to one body.
      guard seen.insert(ref).inserted else { continue }
      var count = missing[ref, default: MissingCount()]
      count.cases += 1
      if isDetained { count.detained += 1 }
      if fact.decides { count.decides += 1 }
      if fact.isForEnd { count.forEnd += 1 }
      missing[ref] = count
    }
  }
}
