// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// What an estimate breaks its figures down by. A case stands in one group of each.
package enum GroupKind: String, Sendable, CaseIterable {
  /// What figures are published by: convicted or pending, in custody or not, grave or lighter.
  case procedure
  case stage, gravity, nexus, custody
  case sentenceKind = "sentence_kind"

  /// Words of the groups, in order; the last is for what nobody said.
  package var groups: [String] { GroupKind.words[position] }

  private static let words = [
    ["convicted_detained", "convicted_at_liberty", "pending_grave", "pending_lighter", "not_known"],
    Words.stage + ["not_known"],
    Words.gravity + ["not_known"],
    ["riot", "suppression", "none", "several", "not_known"],
    ["detained", "at_liberty", "not_known"],
    Words.punishment + ["no_sentence", "not_known"],
  ]

  /// Among all kinds.
  package var position: Int {
    switch self {
    case .procedure: 0
    case .stage: 1
    case .gravity: 2
    case .nexus: 3
    case .custody: 4
    case .sentenceKind: 5
    }
  }
}

/// The groups that one case stands in, as indices into the words of each kind.
package struct CaseGroups: Sendable, Hashable {
  /// In the order of `GroupKind.allCases`.
  package private(set) var indices: [UInt8]

  package init(_ facts: CaseFacts) {
    indices = GroupKind.allCases.map { UInt8(CaseGroups.index($0, facts)) }
  }

  package subscript(kind: GroupKind) -> String { kind.groups[Int(indices[kind.position])] }

  private static func index(_ kind: GroupKind, _ facts: CaseFacts) -> Int {
    let notKnown = kind.groups.count - 1
    switch kind {
    case .procedure:
      guard let stage = known(facts.slots[RecordSlot.stage]) else { return notKnown }
      if stage >= Stage.sentenced { return facts.slots[RecordSlot.detained] == 1 ? 0 : 1 }
      // A gravity that nobody stated counts as lighter: the figures are of those accused of grave crimes.
      return facts.offences.indices.contains { (known(facts[$0, OffenceSlot.gravity]) ?? 0) >= CaseGroups.grave } ? 2 : 3
    case .stage:
      return known(facts.slots[RecordSlot.stage]) ?? notKnown
    case .gravity:
      // The gravest known: one that nobody stated hides none that was.
      return facts.offences.indices.lazy.compactMap { known(facts[$0, OffenceSlot.gravity]) }.max() ?? notKnown
    case .nexus:
      let first = known(facts[0, OffenceSlot.nexus]) ?? notKnown
      for offence in facts.offences.indices.dropFirst() {
        let other = known(facts[offence, OffenceSlot.nexus]) ?? notKnown
        if other != first { return first == notKnown || other == notKnown ? notKnown : 3 }
      }
      return first
    case .custody:
      return known(facts.slots[RecordSlot.detained]).map { 1 - $0 } ?? notKnown
    case .sentenceKind:
      if let kind = known(facts.slots[RecordSlot.kind]) { return kind }
      let stage = facts.slots[RecordSlot.stage]
      return stage != CaseFacts.unknown && stage < Stage.sentenced ? notKnown - 1 : notKnown
    }
  }

  /// Of `Words.gravity`.
  private static let grave = 3

  private static func known(_ value: Int64) -> Int? { value == CaseFacts.unknown || value == CaseFacts.absent ? nil : Int(value) }
}
