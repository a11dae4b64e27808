// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Sums a register up under one act or several, one case at a time. Its size does not grow with the cases, but for some forty bytes for each person
/// with a number, who may come again.
package struct EstimateTally: Sendable {
  /// A case under one act.
  package struct Answer: Sendable {
    package var facts: CaseFacts
    package var assessment: Assessment

    package init(facts: CaseFacts, assessment: Assessment) {
      self.facts = facts
      self.assessment = assessment
    }
  }

  package static let mostActs = 4

  package let acts: [CompiledAct]
  package let asOf: Day
  /// How many references stand as examples beside each difference.
  let exampleLimit: Int
  package private(set) var cases = 0
  package private(set) var people = 0
  /// In the order of `acts`.
  package private(set) var estimates: [ActEstimate]
  /// From the first act to each of the others.
  package private(set) var changes: [ActChange]
  private var seen: [UInt64: PersonEntry] = [:]
  private var returning: [UInt64: Set<PersonCell>] = [:]

  /// - Parameter acts: one to four; the first is the one that the others are held against.
  package init(_ acts: [CompiledAct], asOf: Day, exampleLimit: Int) {
    self.acts = acts
    self.asOf = asOf
    self.exampleLimit = exampleLimit
    estimates = acts.map { ActEstimate($0) }
    changes = acts.dropFirst().map { _ in ActChange() }
  }

  /// - Parameters:
  ///   - person: the number of the person; nil where the record has none, and the case counts as a person of its own.
  ///   - answers: one an act.
  package mutating func add(_ reference: @autoclosure () -> String, person: UInt64?, _ answers: [Answer]) {
    guard let first = answers.first, answers.count == acts.count else { return }
    cases += 1
    let places = CaseGroups(first.facts)
    var entry = PersonEntry(places)
    for (index, answer) in answers.enumerated() {
      let possible = acts[index].possibilities(answer.facts, asOf: asOf, answer: answer.assessment)
      let granted = acts[index].measureBits(answer.assessment)
      estimates[index].add(answer.assessment, possible, answer.facts, places, measures: granted)
      entry.set(index, answer.assessment.outcome, possible)
    }
    for index in changes.indices {
      changes[index].compare(
        first, answers[index + 1], acts[0], acts[index + 1], asOf: asOf, limit: exampleLimit, reference: reference)
    }
    count(entry, person)
  }

  // MARK: People

  private mutating func count(_ entry: PersonEntry, _ person: UInt64?) {
    guard let person else { return add(entry) }
    guard let before = seen[person] else {
      seen[person] = entry
      return add(entry)
    }
    for index in acts.indices {
      let (old, new) = (before.answer(index), entry.answer(index))
      var merged = old
      if new.outcome.rank < old.outcome.rank {
        estimates[index].people[old.outcome] -= 1
        estimates[index].people[new.outcome] += 1
        merged.outcome = new.outcome
      }
      merged.isCovered = old.isCovered || new.isCovered
      merged.mayBeCovered = old.mayBeCovered || new.mayBeCovered
      estimates[index].coveredPeople.now += (merged.outcome.isCovered ? 1 : 0) - (old.outcome.isCovered ? 1 : 0)
      estimates[index].coveredPeople.least += (merged.isCovered ? 1 : 0) - (old.isCovered ? 1 : 0)
      estimates[index].coveredPeople.most += (merged.mayBeCovered ? 1 : 0) - (old.mayBeCovered ? 1 : 0)
      seen[person]?.set(index, merged)
    }
    // Cells of the first case are counted; from the second on they are kept, so that none counts twice.
    var cells = returning[person] ?? []
    if cells.isEmpty { before.forEachCell(acts.count) { cells.insert($0) } }
    entry.forEachCell(acts.count) { if cells.insert($0).inserted { add($0) } }
    returning[person] = cells
  }

  private mutating func add(_ entry: PersonEntry) {
    people += 1
    for index in acts.indices {
      let answer = entry.answer(index)
      estimates[index].people[answer.outcome] += 1
      estimates[index].coveredPeople.add(now: answer.outcome.isCovered, least: answer.isCovered, most: answer.mayBeCovered)
    }
    entry.forEachCell(acts.count) { add($0) }
  }

  private mutating func add(_ cell: PersonCell) {
    let outcomes = Assessment.Outcome.allCases
    if cell.outcome == PersonCell.anyOutcome {
      estimates[Int(cell.act)].groups[Int(cell.kind)][Int(cell.group)].peopleInAll += 1
    } else {
      estimates[Int(cell.act)].groups[Int(cell.kind)][Int(cell.group)].people[outcomes[Int(cell.outcome)]] += 1
    }
  }
}

/// A place in a breakdown that a person stands in.
private struct PersonCell: Hashable {
  var act: UInt8
  var kind: UInt8
  var group: UInt8
  var outcome: UInt8

  static let anyOutcome: UInt8 = 0xf
}

/// What is kept of a person's first case, and of their answers since.
private struct PersonEntry {
  struct Answer {
    var outcome: Assessment.Outcome
    var isCovered: Bool
    var mayBeCovered: Bool
  }

  /// Four bits a kind of group.
  private var places: UInt32 = 0
  /// A byte an act: the outcome of the first case, the best since, and the two marks.
  private var first: UInt16 = 0
  private var best: UInt16 = 0
  private var marks: UInt8 = 0

  init(_ groups: CaseGroups) {
    for (kind, group) in groups.indices.enumerated() { places |= UInt32(group) << UInt32(kind * 4) }
  }

  mutating func set(_ act: Int, _ outcome: Assessment.Outcome, _ possible: Possibilities) {
    first |= UInt16(outcome.index) << UInt16(act * 4)
    set(act, Answer(outcome: outcome, isCovered: possible.isCovered, mayBeCovered: possible.mayBeCovered))
  }

  mutating func set(_ act: Int, _ answer: Answer) {
    best = best & ~(0xf << UInt16(act * 4)) | UInt16(answer.outcome.index) << UInt16(act * 4)
    let bits: UInt8 = (answer.isCovered ? 1 : 0) | (answer.mayBeCovered ? 2 : 0)
    marks = marks & ~(3 << UInt8(act * 2)) | bits << UInt8(act * 2)
  }

  func answer(_ act: Int) -> Answer {
    let bits = marks >> UInt8(act * 2) & 3
    return Answer(
      outcome: Assessment.Outcome.allCases[Int(best >> UInt16(act * 4) & 0xf)], isCovered: bits & 1 != 0, mayBeCovered: bits & 2 != 0)
  }

  func forEachCell(_ acts: Int, _ body: (PersonCell) -> Void) {
    for act in 0..<acts {
      let outcome = UInt8(first >> UInt16(act * 4) & 0xf)
      for kind in GroupKind.allCases {
        let group = UInt8(places >> UInt32(kind.position * 4) & 0xf)
        body(PersonCell(act: UInt8(act), kind: UInt8(kind.position), group: group, outcome: outcome))
        body(PersonCell(act: UInt8(act), kind: UInt8(kind.position), group: group, outcome: PersonCell.anyOutcome))
      }
    }
  }
}
