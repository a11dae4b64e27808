// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// What a case would need for a relief it does not get now, and on which day a term ends under each reading.
package struct Outlook: Sendable {
  /// One fact, otherwise: then the answer is another.
  package struct Change: Sendable, Equatable {
    package var slot: Int
    /// The text of the value, as act files write it.
    package var value: String
    package var outcome: Assessment.Outcome
    package var measures: [String]
    package var newEnd: Day?
    package var releaseOn: Day?
  }

  /// A day that comes by itself.
  package struct Event: Sendable, Equatable {
    package enum Kind: String, Sendable {
      case inForce = "in_force"
      case release
      case termEnds = "term_ends"
      case executionEnds = "execution_ends"
    }

    package var kind: Kind
    package var on: Day
    /// The reading under which it comes; nil where all agree.
    package var reading: Reading?
  }

  package var answer: Assessment
  package var changes: [Change]
  package var events: [Event]
}

extension CompiledAct {
  /// Facts that a procedure can still change: a stage is reached, a court establishes or requalifies, a person withdraws an objection.
  private static let changeable: Set<FactRef> = [
    .record(RecordSlot.stage), .record(RecordSlot.recidivism), .record(RecordSlot.objectsToTermination), .record(RecordSlot.exclusions),
    .record(RecordSlot.kind), .record(RecordSlot.currentEnd), .record(RecordSlot.aggregation),
    .offence(OffenceSlot.gravity), .offence(OffenceSlot.nexus), .offence(OffenceSlot.classes), .offence(OffenceSlot.stage),
  ]

  /// Tries every other value of each known fact that may still change, alone, and tells those that bring a relief or settle what is referred.
  package func outlook(_ facts: CaseFacts, asOf: Day) -> Outlook {
    let answer = assess(facts, asOf: asOf, explain: true)
    var changes: [Outlook.Change] = []
    if answer.outcome == .ineligible || answer.outcome == .referred || answer.outcome == .partial {
      for slot in facts.slots.indices where isChangeable(slot, facts) {
        for value in candidates(slot, facts, asOf: asOf) where CompiledAct.canFollow(value, facts.slots[slot], of: layout.locate(slot).ref)
        {
          var other = facts
          other.slots[slot] = value
          guard other.isConsistent else { continue }
          let then = assess(other, asOf: asOf, explain: false)
          guard Outlook.isBetter(then, than: answer) else { continue }
          changes.append(
            Outlook.Change(
              slot: slot, value: text(of: value, in: slot), outcome: then.outcome,
              measures: Set(then.offences.compactMap(\.measure)).sorted(), newEnd: then.sentence?.newEnd,
              releaseOn: then.sentence?.releaseOn))
        }
      }
    }
    return Outlook(answer: answer, changes: changes, events: events(answer, asOf: asOf))
  }

  /// Proceedings go forwards.
  private static func canFollow(_ value: Int64, _ present: Int64, of ref: FactRef) -> Bool {
    let isStage = ref == .record(RecordSlot.stage) || ref == .offence(OffenceSlot.stage)
    return isStage ? value > present : value != present
  }

  private func isChangeable(_ slot: Int, _ facts: CaseFacts) -> Bool {
    let ref = layout.locate(slot).ref
    guard domains[ref] != nil || ref == .record(RecordSlot.aggregation), facts.slots[slot] != CaseFacts.unknown else { return false }
    return CompiledAct.changeable.contains(ref) || ref.slot >= RecordSlot.count && !ref.isOffence
  }

  private func text(of value: Int64, in slot: Int) -> String {
    value == CaseFacts.absent ? "" : layout.fact(layout.locate(slot).ref).type.text(of: value)
  }

  private func events(_ answer: Assessment, asOf: Day) -> [Outlook.Event] {
    var events: [Outlook.Event] = []
    if let inForceFrom, asOf < inForceFrom { events.append(.init(kind: .inForce, on: inForceFrom)) }
    if let last = definition.executeThrough, asOf <= last { events.append(.init(kind: .executionEnds, on: last)) }
    guard answer.outcome.isCovered, let sentence = answer.sentence else { return events }
    if answer.readings.isEmpty {
      if let day = sentence.releaseOn { events.append(.init(kind: .release, on: day)) }
      if sentence.releaseOn == nil, let day = sentence.newEnd { events.append(.init(kind: .termEnds, on: day)) }
    } else {
      for reading in answer.readings {
        if let day = reading.releaseOn {
          events.append(.init(kind: .release, on: day, reading: reading))
        } else if let day = sentence.newEnd {
          events.append(.init(kind: .termEnds, on: day, reading: reading))
        }
      }
    }
    return events
  }
}

extension Outlook {
  /// More of it is granted, or a human need not say any more.
  fileprivate static func isBetter(_ then: Assessment, than now: Assessment) -> Bool {
    guard then.outcome.isCovered else { return false }
    if !now.outcome.isCovered { return true }
    return then.outcome == .eligible && now.outcome == .partial
  }
}
