// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// A term of years, months and days. Years are twelve months; days are never carried into months.
package struct Term: Sendable, Hashable {
  package var months: Int64
  package var days: Int64

  package init(months: Int64, days: Int64 = 0) {
    self.months = months
    self.days = days
  }

  package static let zero = Term(months: 0)

  package var isPositive: Bool { months > 0 || days > 0 }

  package static func + (a: Term, b: Term) -> Term { Term(months: a.months + b.months, days: a.days + b.days) }

  /// Length in days where a month counts 30; only for comparing terms that no day anchors.
  package var nominalDays: Int64 { months * 30 + days }

  /// The fraction of the term: whole months, the rest of a month at 30 days, days rounded as told.
  package func fraction(_ f: Fraction, rounding: TermRounding) -> Term {
    let scaled = months * f.numerator
    let whole = scaled / f.denominator
    let restTimes = (scaled % f.denominator) * 30 + days * f.numerator
    let restDays =
      switch rounding {
      case .daysDown: restTimes / f.denominator
      case .daysUp: (restTimes + f.denominator - 1) / f.denominator
      }
    return Term(months: whole, days: restDays)
  }

  /// Reads `P[nY][nM][nD]` with at least one part, each at most 4 digits; nil otherwise.
  package init?(_ text: String) {
    var text = text
    guard let term = text.withUTF8({ Term(utf8: UnsafeRawBufferPointer($0)) }) else { return nil }
    self = term
  }

  package init?(utf8 text: UnsafeRawBufferPointer) {
    var months: Int64 = 0
    var days: Int64 = 0
    var number: Int64 = 0
    var digits = 0
    var step = 0
    var bytes = text.makeIterator()
    guard bytes.next() == UInt8(ascii: "P") else { return nil }
    while let byte = bytes.next() {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        number = number * 10 + Int64(byte - UInt8(ascii: "0"))
        digits += 1
        if digits > 4 { return nil }
        continue
      case UInt8(ascii: "Y") where step < 1:
        step = 1
        months += number * 12
      case UInt8(ascii: "M") where step < 2:
        step = 2
        months += number
      case UInt8(ascii: "D") where step < 3:
        step = 3
        days = number
      default:
        return nil
      }
      if digits == 0 { return nil }
      number = 0
      digits = 0
    }
    guard step > 0, digits == 0 else { return nil }
    self.init(months: months, days: days)
  }

  package init?(_ text: Substring) { self.init(String(text)) }

  /// `P1Y3M`; a term of nothing is `P0D`.
  package var text: String {
    var out = "P"
    if months >= 12 { out += "\(months / 12)Y" }
    if months % 12 != 0 { out += "\(months % 12)M" }
    if days != 0 || months == 0 { out += "\(days)D" }
    return out
  }

  /// One integer, ordered by months and then days.
  package var packed: Int64 { months << 32 | days }

  package init(packed: Int64) { self.init(months: packed >> 32, days: packed & 0xffff_ffff) }
}

/// A share, for example 1/4.
package struct Fraction: Sendable, Hashable, BitwiseCopyable {
  package var numerator: Int64
  package var denominator: Int64

  package static let nothing = Fraction(zeroOver: 1)

  private init(zeroOver denominator: Int64) {
    numerator = 0
    self.denominator = denominator
  }

  /// nil unless 0 <= numerator/denominator <= 1 with a positive denominator of at most 1,000.
  package init?(_ numerator: Int64, _ denominator: Int64) {
    guard denominator > 0, denominator <= 1000, numerator >= 0, numerator <= denominator else { return nil }
    self.numerator = numerator
    self.denominator = denominator
  }

  /// What is left when this share is taken away.
  package var complement: Fraction {
    var rest = self
    rest.numerator = denominator - numerator
    return rest
  }
}
