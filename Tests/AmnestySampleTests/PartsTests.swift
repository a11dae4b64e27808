// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestySample
internal import Testing

@Suite struct IdentificationNumberTests {
  @Test func theControlDigitIsTheLaws() {
    #expect(IdentificationNumber.isValid("123456789013"))
    #expect(!IdentificationNumber.isValid("123456789012"))
    #expect(!IdentificationNumber.isValid("12345678901"))
    #expect(!IdentificationNumber.isValid("12345678901x"))
  }

  @Test func madeNumbersAreValidAndNameNoMonth() {
    var dice = Dice(seed: 1)
    for _ in 0..<10_000 {
      let number = IdentificationNumber.make(&dice)
      #expect(IdentificationNumber.isValid(number))
      let month = Int(number.dropFirst(2).prefix(2)) ?? 0
      #expect(month > 12, "\(number) could be a number issued by date of birth")
    }
  }
}

@Suite struct CalendarDayTests {
  @Test func everyDayOfFourCenturiesGoesThereAndBack() {
    var day = CalendarDay(1850, 1, 1)
    var expected = (year: 1850, month: 1, day: 1)
    let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    while expected.year < 2250 {
      let parts = day.parts
      #expect(parts == expected)
      #expect(CalendarDay(parts.year, parts.month, parts.day) == day)
      day = day + 1
      let leap = expected.year % 4 == 0 && (expected.year % 100 != 0 || expected.year % 400 == 0)
      expected.day += 1
      if expected.day > lengths[expected.month - 1] + (leap && expected.month == 2 ? 1 : 0) {
        expected = (expected.year, expected.month + 1, 1)
        if expected.month > 12 { expected = (expected.year + 1, 1, 1) }
      }
    }
  }

  @Test func monthsAreClippedToTheirEnd() {
    #expect(CalendarDay(2022, 1, 31).adding(months: 1).text == "2022-02-28")
    #expect(CalendarDay(2024, 2, 29).adding(months: -12).text == "2023-02-28")
    #expect(CalendarDay(2022, 1, 10).adding(months: 60).text == "2027-01-10")
    #expect(CalendarDay(1999, 12, 31).adding(months: 2).text == "2000-02-29")
  }
}

@Suite struct DiceTests {
  /// The reference sequence of SplitMix64 for seed 1234567.
  @Test func theSequenceIsSplitMix64s() {
    var dice = Dice(seed: 1_234_567)
    let expected: [UInt64] = [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
    #expect(expected.allSatisfy { $0 == dice.next() })
  }

  @Test func drawsStayWithinTheirBounds() {
    var dice = Dice(seed: 3)
    var seen = Set<Int>()
    for _ in 0..<10_000 { seen.insert(dice.within(-2...4)) }
    #expect(seen == Set(-2...4))
  }
}
