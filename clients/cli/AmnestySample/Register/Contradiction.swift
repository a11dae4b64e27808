// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// A way a record can contradict itself, each named by the data contract as INVALID_ARGUMENT. Such records stand after the
/// register's own, outside its margins.
package enum Contradiction: CaseIterable, Sendable {
  case dayThatDoesNotExist
  case endBeforeStart
  case termOfNothing
  case servedBeforeImposed
  case servedBeforeTheEnd
  case servedAndDetained
  case singleWithSeveralOffences
  case noOffences
  case offenceAfterSentence
  case partialAboveTheSum
  case partialBelowTheLongest
  case absorptionBesideTheLongest
  case additionBesideTheSum
  case offenceIdTwice
  case bornAfterTheOffence
  case wrongControlDigit

  /// A convicted person's case, sound but for this.
  package func record(reference: String, dice: Dice) -> SyntheticCase {
    var drawn = sound(reference: reference, dice: dice)
    let second = SyntheticCase.Offence(
      charge: CataloguedOffence.lighterRiot[0].value,
      gravity: .minor,
      from: CalendarDay(2022, 1, 5),
      through: CalendarDay(2022, 1, 5),
      nexus: "riot",
      classes: [],
      penalty: .imprisonment,
      months: 12
    )
    switch self {
    case .dayThatDoesNotExist:
      drawn.sentence?.imposedOnText = "2022-02-30"
    case .endBeforeStart:
      drawn.offences[0].through = CalendarDay(2022, 1, 4)
    case .termOfNothing:
      drawn.sentence?.months = 0
      drawn.offences[0].months = 0
    case .servedBeforeImposed:
      serve(&drawn, on: CalendarDay(2022, 6, 1))
    case .servedBeforeTheEnd:
      serve(&drawn, on: CalendarDay(2022, 7, 1))
    case .servedAndDetained:
      serve(&drawn, on: CalendarDay(2026, 1, 20))
      drawn.detained = true
    case .singleWithSeveralOffences:
      drawn.offences.append(second)
    case .noOffences:
      drawn.offences = []
    case .offenceAfterSentence:
      drawn.offences[0].from = CalendarDay(2022, 6, 11)
      drawn.offences[0].through = CalendarDay(2022, 6, 11)
    case .partialAboveTheSum:
      join(&drawn, second, .partialAddition, months: 61)
    case .partialBelowTheLongest:
      join(&drawn, second, .partialAddition, months: 47)
    case .absorptionBesideTheLongest:
      join(&drawn, second, .absorption, months: 60)
    case .additionBesideTheSum:
      join(&drawn, second, .addition, months: 48)
    case .offenceIdTwice:
      join(&drawn, second, .absorption, months: 48)
      drawn.repeatsAnId = true
    case .bornAfterTheOffence:
      drawn.bornOn = CalendarDay(2022, 1, 6)
    case .wrongControlDigit:
      drawn.iin = drawn.iin.map { $0.dropLast() + (($0.last?.wholeNumberValue ?? 0) == 9 ? "0" : "9") }
    }
    return drawn
  }

  /// Four years for taking part in mass riots, imposed on 10 June 2022.
  private func sound(reference: String, dice: Dice) -> SyntheticCase {
    var dice = dice
    let day = CalendarDay(2022, 1, 5)
    let offence = SyntheticCase.Offence(
      charge: CataloguedOffence.graveRiot[0].value,
      gravity: .grave,
      from: day,
      through: day,
      nexus: "riot",
      classes: [],
      penalty: .imprisonment,
      months: 48
    )
    return SyntheticCase(
      reference: reference,
      iin: IdentificationNumber.make(&dice),
      name: SyntheticName(&dice),
      bornOn: CalendarDay(dice.within(1965...2002), dice.within(1...12), dice.within(1...28)),
      stage: .sentenced,
      offences: [offence],
      sentence: SyntheticCase.Sentence(
        imposedOn: CalendarDay(2022, 6, 10),
        penalty: .imprisonment,
        months: 48,
        startsOn: CalendarDay(2022, 1, 10),
        creditDays: 0,
        aggregation: .single
      ),
      detained: true
    )
  }

  private func serve(_ drawn: inout SyntheticCase, on day: CalendarDay) {
    drawn.stage = .served
    drawn.detained = false
    drawn.sentence?.servedOn = day
  }

  private func join(
    _ drawn: inout SyntheticCase,
    _ second: SyntheticCase.Offence,
    _ aggregation: SyntheticCase.Aggregation,
    months: Int
  ) {
    drawn.offences.append(second)
    drawn.sentence?.aggregation = aggregation
    drawn.sentence?.months = months
  }
}
