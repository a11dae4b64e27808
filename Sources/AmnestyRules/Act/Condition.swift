// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// A test over facts, as the act file writes it. Facts are named as in `FactVocabulary`, or as the act declares them.
package struct Condition: Sendable, Equatable {
  package indirect enum Test: Sendable, Equatable {
    case all([Condition])
    case any([Condition])
    case not(Condition)
    /// The act is open here: true in form, a referral in effect.
    case open
    /// The fact is one of the values. Words, booleans ("true", "false"), territories.
    case oneOf(fact: String, values: [String])
    /// The list fact holds at least one of the words.
    case contains(fact: String, words: [String])
    /// Integer facts: part, creditDays, amount, declared ones.
    case integer(fact: String, Comparison, Int64)
    /// Term facts, compared by months and then days.
    case term(fact: String, Comparison, Term)
    case day(fact: String, Comparison, DayReference)
    /// The fact is stated at all. Only for members that most records leave out.
    case stated(fact: String)
    /// The offence lies wholly in the days; one that spans their edge is open.
    case committedWithin(from: Day, through: Day)
    /// The offence's article, and part where one is named, is in the list.
    case article([ArticleEntry])
    /// The article's number is below, or above, this one. Suffixed articles count with their number.
    case articleNumber(Comparison, Int)
    /// The person's age on the days is under so many years; on the birthday itself it is open.
    case ageUnder(years: Int, on: AgeDay)
    /// The share of the term is served on the day.
    case servedShare(atLeast: Fraction, on: DayReference)
    /// What is left of the term on the day.
    case remaining(Comparison, Term, on: DayReference)
    /// The term's original end lies before the day. Does not hold while that end cannot be computed: nobody is asked for it here.
    case endsBefore(DayReference)
  }

  package var test: Test
  package var place: Place

  package init(_ test: Test, place: Place = .unknown) {
    self.test = test
    self.place = place
  }
}

package enum Comparison: String, Sendable, CaseIterable, BitwiseCopyable {
  case lessThan
  case atMost
  case equal
  case atLeast
  case moreThan

  package func holds<T: Comparable>(_ a: T, _ b: T) -> Bool {
    switch self {
    case .lessThan: a < b
    case .atMost: a <= b
    case .equal: a == b
    case .atLeast: a >= b
    case .moreThan: a > b
    }
  }
}

/// A day that an act measures on.
package enum DayReference: Sendable, Equatable {
  case date(Day)
  /// The day the act enters into force.
  case inForce
  /// The day the caller asks about.
  case asOf
  /// A day that is a fact of the record.
  case fact(String)
  /// The later of the entry into force and the day the sentence was imposed.
  case inForceOrImposed
}

package enum AgeDay: Sendable, Equatable {
  /// The days on which the offence was committed.
  case offence
  /// A range of days, for what was established elsewhere without its own day.
  case between(Day, Day)
  case day(DayReference)
}

package struct ArticleEntry: Sendable, Equatable {
  package var article: Article
  /// nil: every part.
  package var parts: [Int64]?

  package init(article: Article, parts: [Int64]? = nil) {
    self.article = article
    self.parts = parts
  }
}

/// An article of the code, with its suffix: 188-1 is another article than 188.
package struct Article: Sendable, Hashable, Comparable {
  package var number: Int
  package var suffix: Int

  package init(number: Int, suffix: Int = 0) {
    self.number = number
    self.suffix = suffix
  }

  package static func < (a: Article, b: Article) -> Bool { a.code < b.code }

  /// Order-preserving integer form: `188` is 18800, `188-1` is 18801.
  package var code: Int64 { Int64(number) * 100 + Int64(suffix) }

  package init(code: Int64) {
    self.init(number: Int(code / 100), suffix: Int(code % 100))
  }

  /// Reads `188` or `188-1` (`^[1-9][0-9]{0,2}(-[1-9][0-9]?)?$`); nil where it does not match.
  package init?(_ text: String) {
    var text = text
    guard let article = text.withUTF8({ Article(utf8: UnsafeRawBufferPointer($0)) }) else { return nil }
    self = article
  }

  package init?(utf8 text: UnsafeRawBufferPointer) {
    var number = 0
    var suffix = 0
    var digits = 0
    var inSuffix = false
    for byte in text {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        if digits == 0, byte == UInt8(ascii: "0") { return nil }
        let value = Int(byte &- UInt8(ascii: "0"))
        if inSuffix { suffix = suffix * 10 + value } else { number = number * 10 + value }
        digits += 1
        if digits > (inSuffix ? 2 : 3) { return nil }
      case UInt8(ascii: "-"):
        if inSuffix || digits == 0 { return nil }
        inSuffix = true
        digits = 0
      default:
        return nil
      }
    }
    if digits == 0 { return nil }
    self.init(number: number, suffix: suffix)
  }

  package init?(_ text: Substring) { self.init(String(text)) }
}
