// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyActs
internal import AmnestyRules
internal import Foundation
internal import Testing

/// A small act to break in one place at a time.
enum SmallAct {
  static let text = """
    # A made-up act.
    act:
      id: xx-small
      version: 1.0.0
      title: { kk: Шағын, ru: Малый, en: Small }
      citation: Small act
      timeZone: Etc/UTC
      inForceFrom: 2020-01-01
      fictional: true
    sources:
      law: The small law
    facts:
      conduct:
        type: word
        values: [good, bad]
        question: { kk: Қалай?, ru: Как?, en: How? }
    scope:
      - id: scope.place
        basis: text
        source: law
        text: { kk: Жер, ru: Место, en: Place }
        when: { fact: territory, is: KZ }
    exclusions:
      - id: exclusion.conduct
        basis: reported
        source: { id: law, at: section 2 }
        text: { kk: Мінез, ru: Поведение, en: Conduct }
        when: { fact: conduct, is: bad }
        exceptions:
          - id: exclusion.conduct.young
            basis: inferred
            source: law
            text: { kk: Жас, ru: Молодой, en: Young }
            when: { age: { under: 18, on: offence } }
    relief:
      order: firstMatch
      remainders:
        - id: relief.rest
          basis: text
          source: law
          text: { kk: Қалған, ru: Остаток, en: Rest }
          atMost: P1Y
          choice: rest_test
      clauses:
        - id: relief.cut
          basis: text
          source: law
          text: { kk: Қысқарту, ru: Сокращение, en: Cut }
          when: { all: [{ fact: stage, is: sentenced }, { fact: gravity, in: [grave, medium] }] }
          grant: { measure: reduce_term, cutTerm: { by: 3/4, of: imposed, remainder: relief.rest } }
        - id: open.others
          basis: open
          source: law
          text: { kk: Басқа, ru: Прочие, en: Others }
          when: { fact: stage, is: served }
          refer: open_provision
    choices:
      rest_test:
        question: { kk: Қашан?, ru: Когда?, en: When? }
        answers: [after_reduction, before_reduction]
        default: before_reduction
    terms: { rounding: days_down, end: same_day }
    """

  static func parse(_ text: String) -> ActFile.Result { ActFile.parse(Array(text.utf8), name: "small.yaml") }

  /// The act with one text put in the place of another. The mark ¦ in the new text is where the problem is expected; it is taken out.
  static func changed(_ old: String, _ new: String, in whole: String = text) throws -> (text: String, place: Place) {
    let range = try #require(whole.range(of: old), "there is no \(old)")
    let marked = whole.replacingCharacters(in: range, with: new)
    let mark = try #require(marked.firstIndex(of: "¦"), "the change has no mark")
    let before = marked[..<mark]
    let line = before.count { $0.isNewline } + 1
    let start = before.lastIndex { $0.isNewline }.map { before.index(after: $0) } ?? before.startIndex
    let place = Place(line: line, column: marked.unicodeScalars.distance(from: start, to: mark) + 1)
    return (marked.replacing("¦", with: ""), place)
  }
}
