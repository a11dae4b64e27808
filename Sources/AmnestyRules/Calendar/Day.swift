// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// A calendar day of the proleptic Gregorian calendar, counted from 1970-01-01.
package struct Day: Sendable, Hashable, Comparable {
  package var number: Int32

  package init(number: Int32) { self.number = number }

  package static func < (a: Day, b: Day) -> Bool { a.number < b.number }

  /// The day, or nil where it does not exist.
  package init?(year: Int, month: Int, day: Int) {
    guard (1...9999).contains(year), (1...12).contains(month), day >= 1, day <= Day.length(ofMonth: month, year: year) else { return nil }
    self.init(unchecked: year, month, day)
  }

  /// Howard Hinnant's days-from-civil.
  private init(unchecked year: Int, _ month: Int, _ day: Int) {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    number = Int32(truncatingIfNeeded: era * 146_097 + dayOfEra - 719_468)
  }

  package var civil: (year: Int, month: Int, day: Int) {
    let z = Int(number) + 719_468
    let era = (z >= 0 ? z : z - 146_096) / 146_097
    let dayOfEra = z - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
  }

  package static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

  package static func length(ofMonth month: Int, year: Int) -> Int {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// The numbers of 0001-01-01 and 9999-12-31. Nothing is added beyond them: a day has to be written with four digits of its year.
  private static let range: ClosedRange<Int64> = -719_162...2_932_896
  /// No sum within the range moves by more, so that what is added to cannot overflow.
  private static let longest: Int64 = 4_000_000

  package func adding(days: Int64) -> Day {
    let sum = Int64(number) + min(max(days, -Day.longest), Day.longest)
    return Day(number: Int32(truncatingIfNeeded: min(max(sum, Day.range.lowerBound), Day.range.upperBound)))
  }

  /// Years and months together, clipped to the end of the month.
  package func adding(months: Int64) -> Day {
    let (year, month, day) = civil
    let total = Int64(year) * 12 + Int64(month - 1) + min(max(months, -Day.longest), Day.longest)
    if total < 12 { return Day(number: Int32(Day.range.lowerBound)) }
    if total >= 120_000 { return Day(number: Int32(Day.range.upperBound)) }
    let y = Int(total / 12)
    let m = Int(total % 12) + 1
    return Day(unchecked: y, m, min(day, Day.length(ofMonth: m, year: y)))
  }

  /// Term arithmetic: years and months first, clipped, then days.
  package func adding(_ term: Term) -> Day { adding(months: term.months).adding(days: term.days) }

  /// The birthday so many years on; 29 February falls on 1 March in other years.
  package func birthday(_ years: Int) -> Day { Day.birthday(years, of: civil) }

  static func birthday(_ years: Int, of born: (year: Int, month: Int, day: Int)) -> Day {
    let (year, month, day) = born
    if month == 2, day == 29, !Day.isLeap(year + years) { return Day(unchecked: year + years, 3, 1) }
    return Day(unchecked: year + years, month, day)
  }

  /// Reads `YYYY-MM-DD`; nil for another shape or a day that does not exist.
  package init?(_ text: String) {
    var text = text
    guard let day = text.withUTF8({ Day(utf8: UnsafeRawBufferPointer($0)) }) else { return nil }
    self = day
  }

  package init?(utf8 text: UnsafeRawBufferPointer) {
    guard text.count == 10, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-") else { return nil }
    var isNumber = true
    func number(_ range: Range<Int>) -> Int {
      var value = 0
      for index in range {
        let digit = text[index] &- UInt8(ascii: "0")
        isNumber = isNumber && digit < 10
        value = value * 10 + Int(digit)
      }
      return value
    }
    let (year, month, day) = (number(0..<4), number(5..<7), number(8..<10))
    guard isNumber else { return nil }
    self.init(year: year, month: month, day: day)
  }

  package init?(_ text: Substring) { self.init(String(text)) }

  /// `YYYY-MM-DD`.
  package var text: String {
    let (year, month, day) = civil
    return String(unsafeUninitializedCapacity: 10) { out in
      func put(_ value: Int, _ at: Int, _ width: Int) {
        var rest = value
        for i in stride(from: at + width - 1, through: at, by: -1) {
          out[i] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
          rest /= 10
        }
      }
      put(year, 0, 4)
      out[4] = UInt8(ascii: "-")
      put(month, 5, 2)
      out[7] = UInt8(ascii: "-")
      put(day, 8, 2)
      return 10
    }
  }
}
