// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Pronounces a sentence on a drawn case: per-offence terms first, the joint term from them, so that both always agree.
struct SentenceDrawing {
  let cell: MarginCell

  func pronounce(on drawn: inout SyntheticCase, dice: inout Dice) {
    let penalty = drawn.detained == true ? .imprisonment : penalty(stage: drawn.stage, dice: &dice)
    let aggregation = aggregation(offences: drawn.offences.count, penalty: penalty, dice: &dice)
    let served = drawn.stage == .served
    for index in drawn.offences.indices {
      drawn.offences[index].penalty = penalty
      guard penalty.hasTerm else { continue }
      let usual = drawn.offences[index].charge.months
      // What was served in full before the act came into force cannot have been long.
      drawn.offences[index].months = served ? min(usual.lowerBound, 6 / drawn.offences.count) : dice.within(usual)
    }

    let terms = drawn.offences.compactMap(\.months)
    let imposedOn = imposed(served: served, dice: &dice)
    let arrest = CalendarDay(2022, 1, 8) + dice.below(20)
    let fromArrest = penalty == .imprisonment
    let finalOn = imposedOn + 15
    var sentence = SyntheticCase.Sentence(
      imposedOn: imposedOn,
      penalty: penalty,
      months: joint(terms, aggregation, dice: &dice),
      startsOn: fromArrest ? arrest : finalOn,
      creditDays: fromArrest || dice.chance(600) ? 0 : dice.within(2...60),
      aggregation: aggregation,
      finalOn: drawn.stage == .appeal || dice.chance(500) ? nil : finalOn
    )
    if served { serve(&sentence, imposedOn: imposedOn, dice: &dice) }
    drawn.sentence = sentence
    if drawn.offences.count == 1, dice.chance(400) {
      // Many files give a single offence's sentence only once.
      drawn.offences[0].penalty = nil
      drawn.offences[0].months = nil
    }
  }

  private func penalty(stage: SyntheticCase.Stage, dice: inout Dice) -> SyntheticCase.Penalty {
    if stage == .served { return dice.weighted([(50, .restrictionOfLiberty), (30, .communityService), (20, .fine)]) }
    if cell.isGrave { return dice.weighted([(540, .restrictionOfLiberty), (440, .suspended), (12, .fine), (8, .communityService)]) }
    return dice.weighted([(60, .restrictionOfLiberty), (25, .suspended), (10, .communityService), (5, .fine)])
  }

  private func aggregation(offences: Int, penalty: SyntheticCase.Penalty, dice: inout Dice) -> SyntheticCase.Aggregation {
    guard offences > 1 else { return .single }
    guard penalty.hasTerm else { return .absorption }
    return dice.weighted([(55, .absorption), (25, .addition), (20, .partialAddition)])
  }

  /// The joint term in months, as the way of joining demands.
  private func joint(_ terms: [Int], _ aggregation: SyntheticCase.Aggregation, dice: inout Dice) -> Int? {
    guard let longest = terms.max() else { return nil }
    let sum = terms.reduce(0, +)
    switch aggregation {
    case .single, .absorption: return longest
    case .addition: return sum
    case .partialAddition: return dice.within(longest...sum)
    }
  }

  private func imposed(served: Bool, dice: inout Dice) -> CalendarDay {
    // Those who have served were sentenced early; nobody on or after the entry into force.
    CalendarDay(2022, 2, 7) + (served ? dice.below(45) : dice.below(235))
  }

  /// Served in full before the entry into force, and not before the term's end.
  private func serve(_ sentence: inout SyntheticCase.Sentence, imposedOn: CalendarDay, dice: inout Dice) {
    let starts = imposedOn + 15
    sentence.startsOn = sentence.penalty.hasTerm ? starts : nil
    sentence.creditDays = 0
    let end = starts.adding(months: sentence.months ?? 0) + dice.below(20)
    sentence.servedOn = min(end, CalendarDay.entryIntoForce - 1)
  }
}
