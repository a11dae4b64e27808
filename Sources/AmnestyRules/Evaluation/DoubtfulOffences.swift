// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Offences of which it is disputed, or cannot be known, whether they were dropped: the answer is what holds with them and without them.
extension CaseFacts {
  /// The record without its doubtful offences; nil where there are none.
  package func withoutDoubtful() -> CaseFacts? {
    guard !doubtful.isEmpty else { return nil }
    let kept = offences.indices.filter { !doubtful.contains($0) }
    var rest = CaseFacts(layout: layout, offences: kept.map { offences[$0] })
    rest.hasAdditionalPunishments = hasAdditionalPunishments
    for slot in 0..<layout.recordSlots { rest.slots[slot] = slots[slot] }
    for (index, offence) in kept.enumerated() {
      for slot in 0..<OffenceSlot.count { rest[index, slot] = self[offence, slot] }
    }
    for slot in rest.slots.indices where withheld.contains(rest.slot(slot, in: self)) { rest.withhold(slot) }
    return rest
  }

  /// Where a slot of this record stands in one that has more offences.
  func slot(_ index: Int, in other: CaseFacts) -> Int {
    let (ref, offence) = layout.locate(index)
    guard let offence, let same = other.offences.firstIndex(where: { $0.position == offences[offence].position }) else { return index }
    return other.layout.index(ref, offence: same)
  }
}

extension Assessment {
  /// What is left of this answer, of the whole record, if the doubtful offences may as well have been dropped, which gives `rest`.
  func whetherOrNot(_ rest: Assessment, of fewer: CaseFacts, in facts: CaseFacts) -> Assessment {
    var answer = self
    var isSplit = outcome != rest.outcome
    for index in offences.indices {
      let own = offences[index]
      let other = fewer.offences.firstIndex { $0.position == facts.offences[index].position }.map { rest.offences[$0] }
      let isSame = other.map { $0.outcome == own.outcome && $0.measure == own.measure } ?? (own.outcome != .eligible)
      if isSame { continue }
      answer.offences[index].outcome = own.outcome == .undetermined || other?.outcome == .undetermined ? .undetermined : .referred
      answer.offences[index].measure = nil
      answer.offences[index].basis = nil
      isSplit = true
    }
    for missing in rest.missing {
      let slot = fewer.slot(missing.slot, in: facts)
      if !answer.missing.contains(where: { $0.slot == slot }) {
        answer.missing.append(MissingFact(slot: slot, decides: missing.decides, isForEnd: missing.isForEnd))
      }
    }
    if isSplit {
      answer.outcome = outcome == .undetermined || rest.outcome == .undetermined ? .undetermined : .referred
      for referral in rest.referrals + [Referral(code: .disputedFact, provision: nil)] where !answer.referrals.contains(referral) {
        answer.referrals.append(referral)
      }
      answer.basis = nil
    }
    if isSplit || sentence != rest.sentence {
      answer.sentence = nil
      answer.readings = []
      answer.missing = answer.outcome == .undetermined ? answer.missing : []
    }
    return answer
  }
}
