// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules

/// The rule at the end of a zone file: a standard offset, and where there is summer time, the days on which it begins and ends.
///
/// Its form is that of POSIX's TZ variable, for example `<+05>-5` or `CET-1CEST,M3.5.0,M10.5.0/3`.
struct ZoneTail: Sendable, Equatable {
  private var standard: Int64
  private var summer: Summer?

  private struct Summer: Sendable, Equatable {
    var offset: Int64
    var start: Switch
    var end: Switch
  }

  private struct Switch: Sendable, Equatable {
    enum Date: Sendable, Equatable {
      /// The n-th weekday (0 is Sunday) of a month; the fifth is the last.
      case weekday(month: Int, week: Int, day: Int)
      /// 1 to 365; 29 February is never counted.
      case julian(Int)
      /// 0 to 365.
      case dayOfYear(Int)
    }
    var date: Date
    /// Seconds of local time after midnight; may be negative or past a day.
    var time: Int64 = 7200

    /// Local seconds since 1970 in a year.
    func moment(in year: Int) -> Int64? {
      guard let first = Day(year: year, month: 1, day: 1) else { return nil }
      let day: Int64
      switch date {
      case .julian(let number):
        day = Int64(first.number) + Int64(number - 1) + (Day.isLeap(year) && number > 59 ? 1 : 0)
      case .dayOfYear(let number):
        day = Int64(first.number) + Int64(number)
      case .weekday(let month, let week, let weekday):
        guard let start = Day(year: year, month: month, day: 1) else { return nil }
        // 1970-01-01 was a Thursday.
        let startWeekday = (Int(start.number) % 7 + 7 + 4) % 7
        var number = 1 + (weekday - startWeekday + 7) % 7 + (week - 1) * 7
        if number > Day.length(ofMonth: month, year: year) { number -= 7 }
        day = Int64(start.number) + Int64(number - 1)
      }
      return day * 86_400 + time
    }
  }

  func offset(at moment: Int64) -> Int64 {
    guard let summer else { return standard }
    let days = (moment + standard).floored(by: 86_400)
    guard days > Int64(Int32.min / 2), days < Int64(Int32.max / 2) else { return standard }
    let year = Day(number: Int32(days)).civil.year
    guard let start = summer.start.moment(in: year), let end = summer.end.moment(in: year) else { return standard }
    let isPastStart = moment >= start - standard
    let isBeforeEnd = moment < end - summer.offset
    let isSummer = start < end ? isPastStart && isBeforeEnd : isPastStart || isBeforeEnd
    return isSummer ? summer.offset : standard
  }

  init?(_ text: String) {
    var scanner = Scanner(rest: text.utf8[...])
    guard scanner.name(), let standard = scanner.offset() else { return nil }
    self.standard = -standard
    if scanner.rest.isEmpty { return }
    guard scanner.name() else { return nil }
    var summerOffset = self.standard + 3600
    if scanner.rest.first != UInt8(ascii: ",") {
      guard let offset = scanner.offset() else { return nil }
      summerOffset = -offset
    }
    guard let start = scanner.change(), let end = scanner.change(), scanner.rest.isEmpty else { return nil }
    summer = Summer(offset: summerOffset, start: start, end: end)
  }

  private struct Scanner {
    var rest: Substring.UTF8View

    mutating func take(_ byte: Character) -> Bool {
      guard rest.first == byte.asciiValue else { return false }
      rest = rest.dropFirst()
      return true
    }

    /// `CET`, or anything between angle brackets.
    mutating func name() -> Bool {
      if take("<") {
        guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return false }
        rest = rest[end...].dropFirst()
        return true
      }
      let name = rest.prefix { (UInt8(ascii: "A")...UInt8(ascii: "z")).contains($0) }
      rest = rest.dropFirst(name.count)
      return name.count >= 3
    }

    mutating func number() -> Int64? {
      let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      guard !digits.isEmpty, digits.count <= 3 else { return nil }
      rest = rest.dropFirst(digits.count)
      return digits.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
    }

    /// `[+-]hh[:mm[:ss]]` in seconds.
    mutating func offset() -> Int64? {
      let isNegative = take("-")
      if !isNegative { _ = take("+") }
      guard var seconds = number() else { return nil }
      seconds *= 3600
      for unit in [Int64(60), 1] where take(":") {
        guard let part = number() else { return nil }
        seconds += part * unit
      }
      return isNegative ? -seconds : seconds
    }

    /// `,date[/time]`.
    mutating func change() -> Switch? {
      guard take(","), let date = date() else { return nil }
      var change = Switch(date: date)
      if take("/") {
        guard let time = offset() else { return nil }
        change.time = time
      }
      return change
    }

    private mutating func date() -> Switch.Date? {
      if take("M") {
        guard let month = number(), take("."), let week = number(), take("."), let day = number(), (1...12).contains(month),
          (1...5).contains(week), (0...6).contains(day)
        else { return nil }
        return .weekday(month: Int(month), week: Int(week), day: Int(day))
      }
      if take("J") {
        guard let number = number(), (1...365).contains(number) else { return nil }
        return .julian(Int(number))
      }
      guard let number = number(), (0...365).contains(number) else { return nil }
      return .dayOfYear(Int(number))
    }
  }
}

extension Int64 {
  /// The quotient, rounded down.
  func floored(by divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
