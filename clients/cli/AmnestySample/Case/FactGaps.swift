// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Takes facts away from a drawn case, as real files lack them: not known, disputed, or never to be known.
/// What the margins count (stage, custody, gravity of the gravest offence) stays.
enum FactGaps {
  static func open(in drawn: inout SyntheticCase, cell: MarginCell, dice: inout Dice) {
    if dice.chance(70) { forget(&drawn, dice: &dice) }
    if !cell.isConvicted, dice.chance(60) { drawn.objectsToTermination = nil }
    let last = drawn.offences.count - 1
    if cell == .pendingGrave, last > 0, dice.chance(60) { drawn.offences[last].gravity = nil }
    if dice.chance(15) { contest(&drawn, dice: &dice) }
    if dice.chance(10) { lose(&drawn, dice: &dice) }
  }

  /// One fact is not known yet.
  private static func forget(_ drawn: inout SyntheticCase, dice: inout Dice) {
    let last = drawn.offences.count - 1
    switch dice.below(10) {
    case 0, 1: drawn.recidivism = nil
    case 2, 3: drawn.offences[last].nexus = nil
    case 4: drawn.offences[last].through = nil
    case 5: drawn.bornOn = nil
    case 6: drawn.offences[last].classes = nil
    case 7: drawn.offences[last].territory = nil
    case 8: drawn.sentence?.startsOn = nil
    default: drawn.sentence?.creditDays = nil
    }
  }

  /// One fact is known, but disputed.
  private static func contest(_ drawn: inout SyntheticCase, dice: inout Dice) {
    drawn.disputed.append(
      dice.weighted([(4, "/offences/0/nexus"), (2, "/offences/0/committedThrough"), (2, "/recidivism"), (1, "/offences/0/classes")])
    )
  }

  /// One fact will never be known.
  private static func lose(_ drawn: inout SyntheticCase, dice: inout Dice) {
    if dice.chance(500) {
      drawn.bornOn = nil
      drawn.unknowable.append("/person/bornOn")
    } else {
      drawn.offences[0].nexus = nil
      drawn.unknowable.append("/offences/0/nexus")
    }
  }
}
