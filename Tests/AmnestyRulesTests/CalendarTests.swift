// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Testing

@testable internal import AmnestyRules

struct DayTests {
  @Test func everyDayOfThreeCenturiesIsReadAsWritten() {
    var day = Day(year: 1900, month: 1, day: 1)
    let last = Day(year: 2199, month: 12, day: 31)
    while let current = day, let last, current <= last {
      let (year, month, date) = current.civil
      #expect(Day(year: year, month: month, day: date) == current)
      #expect(Day(current.text) == current)
      day = current.adding(days: 1)
    }
  }

  @Test(arguments: ["2022-02-29", "2022-13-01", "2022-00-10", "2022-04-31", "0000-01-01", "2022-1-05", "2022-01-05 ", "20220105", ""])
  func whatIsNoDayIsRefused(_ text: String) { #expect(Day(text) == nil) }

  @Test(arguments: [
    ("2022-01-31", "P1M", "2022-02-28"), ("2024-01-31", "P1M", "2024-02-29"), ("2022-01-31", "P1M1D", "2022-03-01"),
    ("2022-01-10", "P5Y", "2027-01-10"), ("2024-02-29", "P1Y", "2025-02-28"), ("2022-01-10", "P1Y3M", "2023-04-10"),
    ("2022-11-03", "P13M45D", "2024-01-17"),
  ])
  func aTermIsAddedInYearsAndMonthsThenDays(_ start: String, _ term: String, _ end: String) throws {
    #expect(try #require(Day(start)).adding(try #require(Term(term))).text == end)
  }

  @Test(arguments: [("2004-02-29", "2022-03-01"), ("2004-02-28", "2022-02-28"), ("2006-02-28", "2024-02-28"), ("2004-01-05", "2022-01-05")])
  func aBirthdayOfTheTwentyNinthOfFebruaryFallsOnTheFirstOfMarch(_ born: String, _ birthday: String) throws {
    #expect(try #require(Day(born)).birthday(18).text == birthday)
  }
}

struct TermTests {
  @Test(arguments: ["P5Y", "P1Y3M", "P10D", "P1Y3M10D", "P3M2D"])
  func aTermIsWrittenAsItIsRead(_ text: String) { #expect(Term(text)?.text == text) }

  @Test func monthsBecomeYearsInWriting() {
    #expect(Term("P60M")?.text == "P5Y")
    #expect(Term("P0D")?.text == "P0D")
    #expect(Term("P400D")?.text == "P400D")
  }

  @Test(arguments: ["", "P", "5Y", "PY", "P1W", "P1D1M", "P-1Y", "P1.5Y", "PT1H", "P12345Y", "P1Y1Y", "p1y"])
  func whatIsNoTermIsRefused(_ text: String) { #expect(Term(text) == nil) }

  @Test(arguments: [
    ("P5Y", 1, 4, "P1Y3M"), ("P5Y", 1, 2, "P2Y6M"), ("P1Y", 1, 4, "P3M"), ("P13M", 1, 4, "P3M7D"), ("P15M", 1, 4, "P3M22D"),
    ("P15M10D", 1, 4, "P3M25D"), ("P1D", 1, 4, "P0D"), ("P3Y", 1, 3, "P1Y"), ("P10M", 1, 3, "P3M10D"),
  ])
  func aFractionIsTakenOnMonthsAndTheRestOnDays(_ term: String, _ numerator: Int64, _ denominator: Int64, _ result: String) throws {
    let fraction = try #require(Fraction(numerator, denominator))
    #expect(try #require(Term(term)).fraction(fraction, rounding: .daysDown).text == result)
  }

  @Test func roundingIsTheActsToChoose() throws {
    let quarter = try #require(Fraction(1, 4))
    #expect(try #require(Term("P13M")).fraction(quarter, rounding: .daysUp).text == "P3M8D")
  }

  @Test func packingKeepsOrderAndValue() throws {
    for (a, b) in [("P1Y", "P13M"), ("P11M29D", "P1Y"), ("P1M", "P1M1D")] {
      let (a, b) = (try #require(Term(a)), try #require(Term(b)))
      #expect(a.packed < b.packed)
      #expect(Term(packed: a.packed) == a)
    }
  }
}

struct ArticleTests {
  @Test(arguments: [("188", 188, 0), ("188-1", 188, 1), ("1", 1, 0), ("999-99", 999, 99), ("10-10", 10, 10)])
  func anArticleIsReadWithItsSuffix(_ text: String, _ number: Int, _ suffix: Int) {
    #expect(Article(text) == Article(number: number, suffix: suffix))
  }

  @Test(arguments: ["", "0", "01", "1000", "188-", "188-0", "188-01", "188-100", "-1", "188-1-1", "a", "188 "])
  func whatIsNoArticleIsRefused(_ text: String) { #expect(Article(text) == nil) }
}

struct IndividualIdentificationNumberTests {
  @Test func theControlDigitDecides() {
    #expect(IndividualIdentificationNumber.isValid("123456789013"))
    #expect(!IndividualIdentificationNumber.isValid("123456789012"))
    #expect(!IndividualIdentificationNumber.isValid("12345678901"))
    #expect(!IndividualIdentificationNumber.isValid("1234567890133"))
    #expect(!IndividualIdentificationNumber.isValid("12345678901a"))
  }

  @Test func oneControlDigitFitsOrNone() {
    for stem in stride(from: 10_000_000_000, to: 10_000_500_000, by: 977) {
      let valid = (0...9).filter { IndividualIdentificationNumber.isValid("\(stem)\($0)") }
      #expect(valid.count <= 1)
    }
  }
}
