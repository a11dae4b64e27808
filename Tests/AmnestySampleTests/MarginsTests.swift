// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestySample
internal import Testing

@Suite struct MarginsTests {
  @Test func thePublishedTotalIsTheSumOfThePublishedFigures() {
    #expect(Margins.publishedTotal == 1112 + 363 + 171)
    let margins = Margins(people: 1646)
    #expect(MarginCell.allCases.filter(\.isConvicted).reduce(0) { $0 + margins[$1] } == 1112)
    #expect(MarginCell.allCases.filter(\.isInCustody).reduce(0) { $0 + margins[$1] } == 128)
    #expect(margins[.pendingGrave] == 363)
    #expect(margins[.pendingLighter] == 171)
  }

  @Test(arguments: [0, 1, 2, 5, 10, 99, 100, 1645, 1646, 1647, 3292, 100_000, 1_000_000])
  func everyNumberOfPeopleIsDividedWithoutRest(people: Int) {
    let margins = Margins(people: people)
    #expect(margins.counts.reduce(0) { $0 + $1.people } == people)
    for (cell, published) in Margins.published {
      let exact = Double(published * people) / Double(Margins.publishedTotal)
      #expect(abs(Double(margins[cell]) - exact) < 1, "\(cell) of \(people)")
    }
  }

  @Test(arguments: [1, 100, 1646, 5000])
  func aRegisterMeetsItsMarginsByTheFactsOfItsCases(people: Int) {
    let register = SyntheticRegister(people: people, seed: 7)
    var found: [MarginCell: Int] = [:]
    for drawn in register { found[cell(of: drawn), default: 0] += 1 }
    for (cell, people) in register.margins.counts {
      #expect(found[cell, default: 0] == people, "\(cell)")
    }
  }

  /// As a reader of the record would count: by stage, custody and the gravest gravity known.
  private func cell(of drawn: SyntheticCase) -> MarginCell {
    let convicted = drawn.stage == .sentenced || drawn.stage == .served
    let grave = drawn.offences.compactMap(\.gravity).max().map(\.isGrave) ?? false
    guard convicted else { return grave ? .pendingGrave : .pendingLighter }
    if drawn.detained == true { return grave ? .convictedInCustodyGrave : .convictedInCustodyLighter }
    return grave ? .convictedAtLargeGrave : .convictedAtLargeLighter
  }
}
