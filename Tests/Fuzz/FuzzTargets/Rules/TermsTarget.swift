// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules
internal import AmnestyWire

/// Days and terms against a calendar that counts month by month: what is read, written, added and cut.
///
/// The input is a row of steps, each with its numbers; the last step takes what is left as text.
enum TermsTarget {
  static func run(_ bytes: UnsafeRawBufferPointer) throws(Discrepancy) -> FuzzTarget.Verdict {
    var cursor = ByteCursor(bytes)
    var model = CivilDate(year: 2022, month: 1, day: 10)
    var day = Day(number: Int32(model.number))
    var term = Term.zero
    while !cursor.isAtEnd {
      switch cursor.number(below: 8) {
      case 0: (day, model) = try Self.choose(&cursor) ?? (day, model)
      case 1: term = try Self.readTerm(&cursor)
      case 2: (day, model) = try Self.addDays(Int64(Int16(truncatingIfNeeded: cursor.integer(bytes: 2))), day, model)
      case 3: (day, model) = try Self.addMonths(Int64(Int16(truncatingIfNeeded: cursor.integer(bytes: 2))), day, model)
      case 4:
        let sum = try Self.addDays(term.days, Self.addMonths(term.months, day, model))
        try requireEqual(day.adding(term).number, sum.0.number, "\(model) and \(term): years and months first, then days")
        (day, model) = sum
      case 5: term = try Self.cut(term, &cursor)
      case 6: try Self.checkBirthday(cursor.number(below: 200), day, model)
      default:
        try Self.readText(cursor.rest)
        return .worthKeeping
      }
    }
    return .worthKeeping
  }

  // MARK: - Days

  private static func choose(_ cursor: inout ByteCursor) throws(Discrepancy) -> (Day, CivilDate)? {
    let date = CivilDate(year: cursor.number(below: 11_000), month: cursor.number(below: 15), day: cursor.number(below: 34))
    let day = Day(year: date.year, month: date.month, day: date.day)
    try requireEqual(day != nil, date.exists, "whether \(date) exists")
    guard let day else { return nil }
    try Self.check(day, date)
    return (day, date)
  }

  private static func check(_ day: Day, _ date: CivilDate) throws(Discrepancy) {
    try requireEqual(Int(day.number), date.number, "the number of \(date)")
    try requireEqual(CivilDate(year: day.civil.year, month: day.civil.month, day: day.civil.day), date, "the parts of a day")
    try requireEqual(day.text, date.text, "the text of a day")
    try requireEqual(Day(date.text), day, "the day of a text")
  }

  private static func addDays(_ days: Int64, _ both: (Day, CivilDate)) throws(Discrepancy) -> (Day, CivilDate) {
    try Self.addDays(days, both.0, both.1)
  }

  private static func addDays(_ days: Int64, _ day: Day, _ date: CivilDate) throws(Discrepancy) -> (Day, CivilDate) {
    let sum = date.adding(days: Int(days))
    try Self.check(day.adding(days: days), sum)
    return (day.adding(days: days), sum)
  }

  private static func addMonths(_ months: Int64, _ day: Day, _ date: CivilDate) throws(Discrepancy) -> (Day, CivilDate) {
    let sum = date.adding(months: Int(months))
    try Self.check(day.adding(months: months), sum)
    return (day.adding(months: months), sum)
  }

  private static func checkBirthday(_ years: Int, _ day: Day, _ date: CivilDate) throws(Discrepancy) {
    var birthday = CivilDate(year: date.year + years, month: date.month, day: date.day)
    guard birthday.year <= 9999 else { return }
    if !birthday.exists { birthday = CivilDate(year: birthday.year, month: 3, day: 1) }
    try Self.check(day.birthday(years), birthday)
  }

  // MARK: - Terms

  private static func readTerm(_ cursor: inout ByteCursor) throws(Discrepancy) -> Term {
    let (years, months, days) = (cursor.number(below: 10_000), cursor.number(below: 10_000), cursor.number(below: 10_000))
    let shown = cursor.number(below: 8)
    let parts = [(years, "Y"), (months, "M"), (days, "D")].enumerated().filter { shown & 1 << $0.offset != 0 }.map(\.element)
    let text = "P" + parts.map { "\($0.0)\($0.1)" }.joined()
    guard let term = Term(text) else {
      try require(parts.isEmpty, "\(text) is no term")
      return .zero
    }
    let sum = parts.reduce(into: (months: 0, days: 0)) { sum, part in
      switch part.1 {
      case "Y": sum.months += 12 * part.0
      case "M": sum.months += part.0
      default: sum.days += part.0
      }
    }
    try requireEqual(term, Term(months: Int64(sum.months), days: Int64(sum.days)), text)
    try Self.check(term)
    return term
  }

  private static func check(_ term: Term) throws(Discrepancy) {
    try requireEqual(Term(packed: term.packed), term, "packed")
    // What was added up may have more digits than a text may.
    if term.months < 120_000, term.days < 10_000 { try requireEqual(Term(term.text), term, term.text) }
  }

  private static func cut(_ term: Term, _ cursor: inout ByteCursor) throws(Discrepancy) -> Term {
    let denominator = Int64(cursor.number(below: 1002))
    let numerator = Int64(cursor.number(below: 1002))
    let fraction = Fraction(numerator, denominator)
    try requireEqual(fraction != nil, denominator >= 1 && denominator <= 1000 && numerator <= denominator, "\(numerator)/\(denominator)")
    guard let fraction else { return term }
    let (down, up) = (term.fraction(fraction, rounding: .daysDown), term.fraction(fraction, rounding: .daysUp))
    // Whole months, and the rest of the month at 30 days.
    let thirtieths = (term.months * numerator % denominator) * 30 + term.days * numerator
    let whole = thirtieths / denominator
    try requireEqual(down, Term(months: term.months * numerator / denominator, days: whole), "\(term) times \(numerator)/\(denominator)")
    try requireEqual(up.months, down.months, "the months, rounded up")
    try requireEqual(up.days - down.days, whole * denominator == thirtieths ? 0 : 1, "the day that rounding makes")
    try requireEqual(fraction.complement.numerator + numerator, denominator, "the complement")
    if numerator == denominator { try requireEqual(down, term, "the whole") }
    try Self.check(down)
    return down
  }

  // MARK: - Text

  /// What the wire takes for a term is one, and what is a day the wire takes.
  private static func readText(_ text: UnsafeRawBufferPointer) throws(Discrepancy) {
    if let day = Day(utf8: text) { try requireEqual(Array(day.text.utf8), Array(text), "a day") }
    if let term = Term(utf8: text) {
      try Self.check(term)
      try requireEqual(Term(term.text) ?? term, term, "a term that is written and read")
    }
    guard text.allSatisfy({ 0x20..<0x7F ~= $0 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) else { return }
    let string = String(decoding: text, as: UTF8.self)
    let isTerm = (try? Sentence(json: #"{"term":"\#(string)"}"#)) != nil
    try requireEqual(isTerm, Term(utf8: text) != nil, "whether the wire and the rules take \(string) for a term")
    let isDay = (try? Sentence(json: #"{"startsOn":"\#(string)"}"#)) != nil
    try require(isDay || Day(utf8: text) == nil, "the wire refuses the day \(string)")
    try requireEqual(isDay, Self.looksLikeDay(Array(text)), "whether the wire takes \(string) for a day")
  }

  private static func looksLikeDay(_ text: [UInt8]) -> Bool {
    text.count == 10
      && text.indices.allSatisfy { [4, 7].contains($0) ? text[$0] == UInt8(ascii: "-") : 0x30...0x39 ~= text[$0] }
  }
}
