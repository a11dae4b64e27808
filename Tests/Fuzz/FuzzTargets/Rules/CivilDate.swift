// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// A day of the calendar, the slow way: years are counted one after another.
struct CivilDate: Equatable, CustomStringConvertible {
  var year: Int
  var month: Int
  var day: Int

  static let first = CivilDate(year: 1, month: 1, day: 1)
  static let last = CivilDate(year: 9999, month: 12, day: 31)

  var description: String { "\(self.year)-\(self.month)-\(self.day)" }

  private static let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

  private static func isLeap(_ year: Int) -> Bool {
    if year % 400 == 0 { return true }
    return year % 4 == 0 && year % 100 != 0
  }

  private static func length(_ year: Int, _ month: Int) -> Int { self.lengths[month - 1] + (month == 2 && self.isLeap(year) ? 1 : 0) }

  private static func length(_ year: Int) -> Int { self.isLeap(year) ? 366 : 365 }

  var exists: Bool {
    1...9999 ~= self.year && 1...12 ~= self.month && self.day >= 1 && self.day <= Self.length(self.year, self.month)
  }

  /// Days since 1970-01-01.
  var number: Int {
    var number = self.day - 1 + (1..<self.month).reduce(0) { $0 + Self.length(self.year, $1) }
    if self.year >= 1970 {
      for year in 1970..<self.year { number += Self.length(year) }
    } else {
      for year in self.year..<1970 { number -= Self.length(year) }
    }
    return number
  }

  /// As it is written; years have four digits.
  var text: String {
    func padded(_ value: Int, _ width: Int) -> String { String(repeating: "0", count: max(0, width - "\(value)".count)) + "\(value)" }
    return "\(padded(self.year, 4))-\(padded(self.month, 2))-\(padded(self.day, 2))"
  }

  /// To the same day of another month, or to the last that it has; the calendar begins and ends with its first and last day.
  func adding(months: Int) -> CivilDate {
    var (year, month) = (self.year, self.month)
    for _ in 0..<months.magnitude {
      month += months.signum()
      if month == 13 { (year, month) = (year + 1, 1) }
      if month == 0 { (year, month) = (year - 1, 12) }
    }
    if year < 1 { return .first }
    if year > 9999 { return .last }
    return CivilDate(year: year, month: month, day: min(self.day, Self.length(year, month)))
  }

  func adding(days: Int) -> CivilDate {
    var (year, left) = (self.year, days + self.day - 1 + (1..<self.month).reduce(0) { $0 + Self.length(self.year, $1) })
    while left < 0 {
      year -= 1
      left += Self.length(year)
    }
    while left >= Self.length(year) {
      left -= Self.length(year)
      year += 1
    }
    if year < 1 { return .first }
    if year > 9999 { return .last }
    var month = 1
    while left >= Self.length(year, month) {
      left -= Self.length(year, month)
      month += 1
    }
    return CivilDate(year: year, month: month, day: left + 1)
  }
}
