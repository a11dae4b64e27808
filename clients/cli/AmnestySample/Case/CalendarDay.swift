// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// A day of the Gregorian calendar, counted from 1970-01-01.
package struct CalendarDay: Sendable, Comparable {
  package var number: Int

  package init(number: Int) {
    self.number = number
  }

  package init(_ year: Int, _ month: Int, _ day: Int) {
    // Years begin in March, so that the leap day is the last of its year; eras are the calendar's 400-year cycle.
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    number = era * 146_097 + dayOfEra - 719_468
  }

  package var parts: (year: Int, month: Int, day: Int) {
    let shifted = number + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
  }

  package static func < (left: CalendarDay, right: CalendarDay) -> Bool { left.number < right.number }

  package static func + (day: CalendarDay, days: Int) -> CalendarDay { CalendarDay(number: day.number + days) }

  package static func - (day: CalendarDay, days: Int) -> CalendarDay { CalendarDay(number: day.number - days) }

  /// The same day of the month `months` later, clipped to the end of the month.
  package func adding(months: Int) -> CalendarDay {
    let (year, month, day) = parts
    let total = year * 12 + (month - 1) + months
    let first = CalendarDay(total / 12, total % 12 + 1, 1)
    let next = CalendarDay((total + 1) / 12, (total + 1) % 12 + 1, 1)
    return first + (min(day, next.number - first.number) - 1)
  }

  /// `YYYY-MM-DD`
  package var text: String {
    let (year, month, day) = parts
    let digits = [year / 1000, year / 100 % 10, year / 10 % 10, year % 10, -1, month / 10, month % 10, -1, day / 10, day % 10]
    return String(decoding: digits.map { $0 < 0 ? UInt8(ascii: "-") : UInt8(ascii: "0") + UInt8($0) }, as: UTF8.self)
  }
}

extension CalendarDay {
  /// The entry into force of the 2022 act: the sample stands as on the day before.
  package static let entryIntoForce = CalendarDay(2022, 11, 3)
}
