// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules

extension ActLowering {
  mutating func condition(_ condition: ActDocument.Condition) -> Condition {
    Condition(test(condition), place: condition.place)
  }

  private mutating func test(_ c: ActDocument.Condition) -> Condition.Test {
    // A condition that was no mapping has been reported; it stands for nothing.
    guard c.place != .unknown else { return .open }
    let tests: [(name: String, isThere: Bool)] = [
      ("all", c.all != nil), ("any", c.any != nil), ("not", c.not != nil), ("open", c.open != nil), ("fact", c.fact != nil),
      ("committed", c.committed != nil), ("articles", c.articles != nil), ("articleNumber", c.articleNumber != nil), ("age", c.age != nil),
      ("served", c.served != nil), ("remaining", c.remaining != nil), ("endsBefore", c.endsBefore != nil),
    ]
    let present = tests.filter(\.isThere).map(\.name)
    guard present.count == 1 else {
      list.report(
        c.place,
        present.isEmpty
          ? "the condition tests nothing" : "a condition tests one thing, this one tests \(present.joined(separator: " and "))",
        hint: present.isEmpty ? "write one of " + tests.map(\.name).joined(separator: ", ") : "join them with all: or any:")
      return .open
    }
    if c.fact == nil, let stray = comparisons(of: c).first {
      list.report(stray.place, "\(stray.name) compares a fact, and none is named", hint: "add fact: …")
      return .open
    }
    if let parts = c.all { return .all(parts.map { condition($0) }) }
    if let parts = c.any { return .any(parts.map { condition($0) }) }
    if let part = c.not { return .not(condition(part.value)) }
    if let name = c.fact { return comparison(name, c) }
    if let days = c.committed { return committed(days) }
    if let items = c.articles { return .article(items.map { entry($0) }) }
    if let test = c.articleNumber { return number(test) }
    if let test = c.age { return .ageUnder(years: Int(test.under.value), on: ageDay(test.on)) }
    if let test = c.served { return .servedShare(atLeast: fraction(test.atLeast), on: day(test.on)) }
    if let test = c.remaining { return remaining(test) }
    if let reference = c.endsBefore { return .endsBefore(day(reference)) }
    return .open
  }

  // MARK: Facts

  private func comparisons(of c: ActDocument.Condition) -> [(name: String, place: Place)] {
    [
      ("is", c.`is`?.place), ("in", c.`in`.map { $0.first?.place ?? c.place }),
      ("containsAny", c.containsAny.map { $0.first?.place ?? c.place }),
      ("lessThan", c.lessThan?.place), ("atMost", c.atMost?.place), ("equals", c.equals?.place), ("atLeast", c.atLeast?.place),
      ("moreThan", c.moreThan?.place), ("before", c.before?.place), ("onOrBefore", c.onOrBefore?.place), ("on", c.on?.place),
      ("onOrAfter", c.onOrAfter?.place), ("after", c.after?.place), ("stated", c.stated?.place),
    ].compactMap { name, place in place.map { (name, $0) } }
  }

  private mutating func comparison(_ name: Located<String>, _ c: ActDocument.Condition) -> Condition.Test {
    let used = comparisons(of: c)
    usedFacts.insert(name.value)
    guard used.count == 1, let operation = used.first else {
      list.report(
        c.place,
        used.isEmpty
          ? "the fact is compared with nothing" : "a fact is compared once, here by \(used.map(\.name).joined(separator: " and "))",
        hint: used.isEmpty ? "for example is:, in:, atMost:, before:" : "join two conditions with all:")
      return .open
    }
    guard let fact = fact(named: name) else { return .open }
    if c.stated != nil {
      if !fact.isOptional {
        list.report(
          name.place, "\(fact.name) is never left out to say that there is none",
          hint: "only optional members of the record can be tested for being stated")
      }
      return .stated(fact: fact.name)
    }
    let values = c.`is`.map { [$0] } ?? c.`in`
    let quantity = c.lessThan ?? c.atMost ?? c.equals ?? c.atLeast ?? c.moreThan
    let reference = c.before ?? c.onOrBefore ?? c.on ?? c.onOrAfter ?? c.after
    let comparison: Comparison =
      switch operation.name {
      case "lessThan", "before": .lessThan
      case "atMost", "onOrBefore": .atMost
      case "atLeast", "onOrAfter": .atLeast
      case "moreThan", "after": .moreThan
      default: .equal
      }
    switch fact.type {
    case .word(let words):
      if let values { return .oneOf(fact: fact.name, values: known(values, words)) }
    case .boolean:
      if let value = c.`is` { return .oneOf(fact: fact.name, values: known([value], ["true", "false"])) }
    case .territory:
      if let value = c.`is` {
        if value.place != .unknown, fact.type.value(of: value.value) == nil {
          list.report(value.place, "\(value.value) is no country code", hint: "two capital letters of ISO 3166-1, for example KZ")
        }
        return .oneOf(fact: fact.name, values: [value.value])
      }
    case .words(let words):
      if let wanted = c.containsAny { return .contains(fact: fact.name, words: known(wanted, words)) }
    case .integer:
      if let quantity {
        if let value = DocumentFormat.integer(quantity.value) { return .integer(fact: fact.name, comparison, value) }
        list.report(quantity.place, "\(quantity.value) is no number", hint: "\(fact.name) is a whole number")
        return .open
      }
    case .term:
      if let quantity {
        if let value = Term(quantity.value) { return .term(fact: fact.name, comparison, value) }
        list.report(quantity.place, "\(quantity.value) is no term", hint: "\(fact.name) is a term, for example P1Y6M")
        return .open
      }
    case .day:
      if let reference { return .day(fact: fact.name, comparison, day(reference)) }
    case .article:
      list.report(name.place, "an article is not compared as a fact", hint: "use articles: or articleNumber:")
      return .open
    }
    list.report(operation.place, "\(operation.name) does not compare \(fact.type.words)", hint: "\(fact.name) takes \(fact.type.operators)")
    return .open
  }

  private mutating func fact(named name: Located<String>) -> Fact? {
    usedFacts.insert(name.value)
    if let ref = layout.ref(named: name.value) { return layout.fact(ref) }
    let hint = nearest(name.value, of: layout.names).map { "did you mean \($0)?" } ?? "declare it under facts"
    list.report(name.place, "unknown fact \(name.value)", hint: hint)
    return nil
  }

  private mutating func known(_ values: [Located<String>], _ words: [String]) -> [String] {
    var seen: Set<String> = []
    for value in values where value.place != .unknown {
      if !words.contains(value.value) {
        let hint = nearest(value.value, of: words).map { "did you mean \($0)?" } ?? "one of " + words.joined(separator: ", ")
        list.report(value.place, "unknown word \(value.value)", hint: hint)
      }
      if !seen.insert(value.value).inserted { list.report(value.place, "\(value.value) is named twice", hint: "name each value once") }
    }
    return values.map(\.value)
  }

  // MARK: Days, terms, articles

  mutating func day(_ reference: Located<String>) -> DayReference {
    switch reference.value {
    case "inForce", "inForceOrImposed":
      if document.act.inForceFrom == nil {
        list.report(
          reference.place, "the act does not state the day it enters into force", hint: "measure on asOf, or state act.inForceFrom")
      }
      return reference.value == "inForce" ? .inForce : .inForceOrImposed
    case "asOf": return .asOf
    default: break
    }
    if let day = Day(reference.value) { return .date(day) }
    guard reference.place != .unknown, let fact = fact(named: reference) else { return .asOf }
    if fact.type != .day { list.report(reference.place, "\(fact.name) is no day", hint: "name a fact that is a day, or write YYYY-MM-DD") }
    return .fact(fact.name)
  }

  private mutating func range(_ days: ActDocument.DayRange) -> (Day, Day) {
    let from = Day(days.from.value) ?? Day(number: 0)
    let through = Day(days.through.value) ?? from
    if through < from { list.report(days.through.place, "the days end before they begin", hint: "through is the last day, included") }
    return (from, through)
  }

  private mutating func committed(_ days: ActDocument.DayRange) -> Condition.Test {
    let (from, through) = range(days)
    return .committedWithin(from: from, through: through)
  }

  private mutating func ageDay(_ day: ActDocument.AgeDay) -> AgeDay {
    switch day {
    case .ageDayName(let name): return name.value == "offence" ? .offence : .day(self.day(name))
    case .dayRange(let days):
      let (from, through) = range(days)
      return .between(from, through)
    }
  }

  private mutating func entry(_ item: ActDocument.ArticleItem) -> ArticleEntry {
    switch item {
    case .article(let article): return ArticleEntry(article: Article(article.value) ?? Article(number: 1))
    case .articleParts(let parts):
      return ArticleEntry(article: Article(parts.article.value) ?? Article(number: 1), parts: parts.parts.map(\.value))
    }
  }

  private mutating func number(_ test: ActDocument.NumberTest) -> Condition.Test {
    let comparisons: [(Comparison, Located<Int64>?)] = [
      (.lessThan, test.lessThan), (.atMost, test.atMost), (.equal, test.equals), (.atLeast, test.atLeast), (.moreThan, test.moreThan),
    ]
    guard let (comparison, value) = only(comparisons, at: test.place) else { return .open }
    return .articleNumber(comparison, Int(value.value))
  }

  private mutating func remaining(_ test: ActDocument.RemainingTest) -> Condition.Test {
    let comparisons: [(Comparison, Located<String>?)] = [
      (.lessThan, test.lessThan), (.atMost, test.atMost), (.atLeast, test.atLeast), (.moreThan, test.moreThan),
    ]
    guard let (comparison, value) = only(comparisons, at: test.place) else { return .open }
    return .remaining(comparison, Term(value.value) ?? .zero, on: day(test.on))
  }

  private mutating func only<Value>(_ comparisons: [(Comparison, Value?)], at place: Place) -> (Comparison, Value)? {
    let present = comparisons.compactMap { comparison, value in value.map { (comparison, $0) } }
    if present.count == 1 { return present.first }
    list.report(
      place, "\(present.isEmpty ? "no comparison" : "more than one comparison")",
      hint: "exactly one of " + comparisons.map { $0.0 == .equal ? "equals" : $0.0.rawValue }.joined(separator: ", "))
    return nil
  }

  func fraction(_ text: Located<String>) -> Fraction { DocumentFormat.fraction(text.value) ?? .nothing }
}

extension FactType {
  fileprivate var words: String {
    switch self {
    case .word: "a word"
    case .words: "a list of words"
    case .territory: "a country"
    case .boolean: "true or false"
    case .integer: "a number"
    case .day: "a day"
    case .term: "a term"
    case .article: "an article"
    }
  }

  fileprivate var operators: String {
    switch self {
    case .word: "is, in"
    case .words: "containsAny"
    case .territory, .boolean: "is"
    case .integer, .term: "lessThan, atMost, equals, atLeast, moreThan"
    case .day: "before, onOrBefore, on, onOrAfter, after"
    case .article: "no comparison; use articles or articleNumber"
    }
  }
}
