// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Draws the case of one person of a margin cell. Stage, custody and the gravity of the gravest offence follow from the cell and are
/// always known; everything else is chance.
package struct CaseDrawing {
  private var dice: Dice
  private let cell: MarginCell

  package static func draw(reference: String, cell: MarginCell, dice: Dice) -> SyntheticCase {
    var drawing = CaseDrawing(dice: dice, cell: cell)
    return drawing.draw(reference: reference)
  }

  private init(dice: Dice, cell: MarginCell) {
    self.dice = dice
    self.cell = cell
  }

  private mutating func draw(reference: String) -> SyntheticCase {
    let suppression = dice.chance(30)
    let charges = charges(suppression: suppression)
    let dated = offences(of: charges, nexus: suppression ? "suppression" : "riot")
    var drawn = SyntheticCase(
      reference: reference,
      iin: IdentificationNumber.make(&dice),
      name: SyntheticName(&dice),
      bornOn: birthday(organiser: charges[0].classes.contains("riot_organisation"), officer: suppression),
      stage: stage(),
      offences: dated,
      detained: cell.isInCustody || (cell == .pendingGrave && dice.chance(250)) || (cell == .pendingLighter && dice.chance(20))
    )
    drawn.recidivism = dice.weighted([(965, "none"), (26, "recidivism"), (9, "dangerous_recidivism")])
    if !cell.isConvicted, dice.chance(20) { drawn.objectsToTermination = true }
    if drawn.stage == .sentenced || drawn.stage == .served || drawn.stage == .appeal {
      SentenceDrawing(cell: cell).pronounce(on: &drawn, dice: &dice)
    }
    stray(&drawn)
    FactGaps.open(in: &drawn, cell: cell, dice: &dice)
    return drawn
  }

  private mutating func stage() -> SyntheticCase.Stage {
    switch cell {
    case .pendingGrave, .pendingLighter:
      dice.weighted([(55, .investigation), (36, .trial), (9, .appeal)])
    case .convictedAtLargeLighter:
      dice.chance(400) ? .served : .sentenced
    case .convictedAtLargeGrave:
      dice.chance(15) ? .served : .sentenced
    case .convictedInCustodyGrave, .convictedInCustodyLighter:
      .sentenced
    }
  }

  /// The gravest charge first; the others no graver than the cell allows.
  private mutating func charges(suppression: Bool) -> [CataloguedOffence] {
    var charges = [first(suppression: suppression)]
    let more = dice.weighted([(800, 0), (150, 1), (50, 2)])
    for _ in 0..<more {
      let lighter = suppression ? CataloguedOffence.lighterSuppression : CataloguedOffence.lighterRiot
      let grave = suppression ? lighter : CataloguedOffence.graveRiot
      let next = dice.weighted(cell.isGrave && dice.chance(500) ? grave : lighter)
      // The same charge twice would be one offence with two episodes.
      if !charges.contains(where: { $0.article == next.article && $0.part == next.part }) { charges.append(next) }
    }
    return charges
  }

  private mutating func first(suppression: Bool) -> CataloguedOffence {
    if suppression {
      return dice.weighted(cell.isGrave ? CataloguedOffence.graveSuppression : CataloguedOffence.lighterSuppression)
    }
    guard cell.isGrave else {
      return dice.weighted(dice.chance(60) ? CataloguedOffence.lighterUnlisted : CataloguedOffence.lighterRiot)
    }
    let kind = dice.below(1000)
    if kind < 20 { return CataloguedOffence.organising }
    if kind < 38 { return dice.weighted(CataloguedOffence.graveExcluded) }
    if kind < 100 { return dice.weighted(CataloguedOffence.graveUnlisted) }
    return dice.weighted(CataloguedOffence.graveRiot)
  }

  private mutating func offences(of charges: [CataloguedOffence], nexus: String) -> [SyntheticCase.Offence] {
    charges.map { charge in
      let from = CalendarDay(2022, 1, dice.weighted([(15, 4), (45, 5), (30, 6), (10, 7)]))
      let last = CalendarDay(2022, 1, 7)
      let through = dice.chance(220) ? min(from + dice.within(1...2), last) : from
      return SyntheticCase.Offence(
        charge: charge,
        gravity: charge.gravity,
        from: from,
        through: through,
        nexus: nexus,
        classes: charge.classes
      )
    }
  }

  /// Sixteen to sixty; organisers are minors more often, so that the exception for them is met.
  private mutating func birthday(organiser: Bool, officer: Bool) -> CalendarDay {
    let event = CalendarDay(2022, 1, 5)
    let years: Int
    if organiser, dice.chance(80) {
      // Eighteen within the days of the riots: where the law leaves the birthday itself open.
      return CalendarDay(2004, 1, dice.within(4...7))
    } else if organiser, dice.chance(240) {
      years = dice.within(16...17)
    } else if officer {
      years = dice.within(22...50)
    } else {
      years = dice.weighted([(3, dice.within(16...17)), (55, dice.within(18...29)), (32, dice.within(30...44)), (10, dice.within(45...60))])
    }
    return event.adding(months: -12 * years) - dice.within(1...364)
  }

  /// A few offences lie outside the act's period, place or cause.
  private mutating func stray(_ drawn: inout SyntheticCase) {
    let index = drawn.offences.count - 1
    switch dice.below(1000) {
    case 0..<8:
      let day = CalendarDay(2022, 1, dice.pick([2, 3, 8, 9, 10]))
      drawn.offences[index].from = day
      drawn.offences[index].through = day
    case 8..<12:
      drawn.offences[index].from = CalendarDay(2022, 1, 7)
      drawn.offences[index].through = CalendarDay(2022, 1, 8)
    case 12..<20:
      drawn.offences[index].nexus = "none"
    case 20..<23:
      drawn.offences[index].territory = dice.pick(["KG", "RU", "UZ"])
    default:
      break
    }
  }
}
