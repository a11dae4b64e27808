// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyTexts

/// A day as `YYYY-MM-DD` says it, counted so that days can be compared and grouped.
struct CalendarDay: Hashable, Comparable {
  var year: Int
  var month: Int
  var day: Int

  init?(_ text: String) {
    let parts = text.prefix(10).split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts.map(\.count) == [4, 2, 2], let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]),
      (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    self.year = year
    self.month = month
    self.day = day
  }

  static func < (a: CalendarDay, b: CalendarDay) -> Bool { (a.year, a.month, a.day) < (b.year, b.month, b.day) }

  /// Days since 1970-01-01, as Howard Hinnant counts them.
  var number: Int {
    let y = self.month <= 2 ? self.year - 1 : self.year
    let era = y / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (self.month > 2 ? self.month - 3 : self.month + 9) + 2) / 5 + self.day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  init(number: Int) {
    let z = number + 719_468
    let era = z / 146_097
    let dayOfEra = z - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    self.month = shifted < 10 ? shifted + 3 : shifted - 9
    self.day = dayOfYear - (153 * shifted + 2) / 5 + 1
    self.year = yearOfEra + era * 400 + (self.month <= 2 ? 1 : 0)
  }
}

/// Days and terms in words. What is no day or no term is shown as it is.
struct CalendarText {
  var language: Language

  /// `3 November 2022`, `3 ноября 2022 года`, `2022 жылғы 3 қараша`.
  func day(_ text: String) -> String {
    guard let day = CalendarDay(text), let month = Words.monthOfDate("\(day.month)", self.language) else { return text }
    return Text.day(self.language, day: "\(day.day)", month: month, year: "\(day.year)")
  }

  func shortDay(_ day: CalendarDay) -> String {
    "\(day.day) \(Words.monthShort("\(day.month)", self.language) ?? "") \(day.year)"
  }

  func shortMonth(_ day: CalendarDay) -> String {
    "\(Words.monthShort("\(day.month)", self.language) ?? "") \(day.year)"
  }

  /// `P1Y3M` as `1 year 3 months`.
  func term(_ text: String) -> String {
    guard text.hasPrefix("P"), text.count > 1 else { return text }
    var parts: [String] = []
    var digits = ""
    for character in text.dropFirst() {
      if character.isWholeNumber {
        digits.append(character)
        continue
      }
      guard let number = Int(digits), let unit = ["Y": "years", "M": "months", "D": "days"][character],
        let name = Words.termUnit("\(unit)_\(Self.form(number, self.language))", self.language)
      else { return text }
      parts.append("\(number) \(name)")
      digits = ""
    }
    return parts.isEmpty || !digits.isEmpty ? text : parts.joined(separator: " ")
  }

  /// The form that a noun takes after a number. Kazakh has one, English two.
  private static func form(_ number: Int, _ language: Language) -> String {
    switch language {
    case .kk: return "many"
    case .en: return number == 1 ? "one" : "many"
    case .ru:
      if (11...14).contains(number % 100) { return "many" }
      switch number % 10 {
      case 1: return "one"
      case 2, 3, 4: return "few"
      default: return "many"
      }
    }
  }
}
