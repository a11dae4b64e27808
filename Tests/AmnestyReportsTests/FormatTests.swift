// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyTexts
internal import Testing

@testable internal import AmnestyReports

@Suite("Numbers, days and terms") struct FormatTests {
  @Test("thousands stand apart as the language has it", arguments: [0, 7, 999, 1_000, 1_646, 12_345, 1_000_000, -1_234])
  func numbers(_ number: Int) {
    let english = NumberText(language: .en).grouped(number)
    let russian = NumberText(language: .ru).grouped(number)
    #expect(english.replacing(",", with: "").replacing("−", with: "-") == "\(number)")
    #expect(russian == english.replacing(",", with: "\u{A0}"))
    #expect(NumberText(language: .kk).grouped(number) == russian)
    #expect(!english.hasPrefix(",") && !english.contains("−,"))
  }

  @Test(
    "a share is never nothing of something, nor all of less",
    arguments: [(0, 10, "0%"), (1, 1_000, "<1%"), (5, 10, "50%"), (999, 1_000, ">99%"), (10, 10, "100%"), (0, 0, "–"), (1, 8, "13%")])
  func shares(_ part: Int, _ whole: Int, _ text: String) {
    #expect(NumberText(language: .en).share(part, of: whole) == text)
  }

  @Test("a day is in words; what is none stays as it is")
  func days() {
    #expect(CalendarText(language: .en).day("2022-11-03") == "3\u{A0}November 2022")
    #expect(CalendarText(language: .ru).day("2022-11-03") == "3\u{A0}ноября 2022\u{A0}года")
    #expect(CalendarText(language: .kk).day("2022-11-03") == "2022\u{A0}жылғы 3\u{A0}қараша")
    for text in ["", "soon", "2022-13-01", "2022-1-1", "2022-11-00"] { #expect(CalendarText(language: .ru).day(text) == text) }
  }

  @Test(
    "days are counted and found again", arguments: ["1970-01-01", "2000-02-29", "2022-01-05", "2022-12-31", "2024-02-29", "2099-03-01"])
  func counted(_ text: String) throws {
    let day = try #require(CalendarDay(text))
    #expect(CalendarDay(number: day.number) == day)
    let next = CalendarDay(number: day.number + 1)
    #expect(day < next && next.number == day.number + 1)
  }

  @Test("a term is in words, its nouns agreeing with their numbers")
  func terms() {
    let russian = CalendarText(language: .ru)
    for (term, words) in [
      ("P1Y", "1 год"), ("P2Y", "2 года"), ("P5Y", "5 лет"), ("P11Y", "11 лет"), ("P21Y", "21 год"), ("P1Y3M", "1 год 3 месяца"),
      ("P1M", "1 месяц"), ("P12M", "12 месяцев"), ("P22D", "22 дня"), ("P14D", "14 дней"), ("P101D", "101 день"), ("P111D", "111 дней"),
    ] { #expect(russian.term(term) == words) }
    #expect(CalendarText(language: .en).term("P1Y3M10D") == "1 year 3 months 10 days")
    #expect(CalendarText(language: .kk).term("P1Y3M10D") == "1 жыл 3 ай 10 күн")
    for text in ["", "P", "P1", "1Y", "PT1H", "P1Y2"] { #expect(russian.term(text) == text) }
  }
}
