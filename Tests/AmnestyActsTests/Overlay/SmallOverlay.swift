// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyActs
internal import AmnestyRules
internal import Foundation
internal import Testing

/// An act that extends the small one, to break in one place at a time.
enum SmallOverlay {
  static let text = """
    # A made-up draft of the small act.
    extends: small
    act:
      id: xx-small-draft
      version: 1.0.0
      title: { kk: Жоба, ru: Проект, en: Draft }
      draft: true
    sources:
      minutes: Minutes of the small parliament
    without: [exclusion.conduct.young, act.fictional]
    inherited:
      - cited: [law]
        basis: inferred
        source: { id: minutes, at: nobody said otherwise }
    change:
      - id: relief.cut
        basis: reported
        source: minutes
        text: { kk: Жартысы, ru: Половина, en: Half }
        grant: { measure: reduce_term, cutTerm: { by: 1/2, of: imposed, remainder: relief.rest } }
      - id: exclusion.conduct
        text: { kk: Мінез, ru: Поведение, en: Bad conduct }
    relief:
      clauses:
        - id: relief.minor
          basis: reported
          source: minutes
          text: { kk: Жеңіл, ru: Лёгкие, en: Minor }
          when: { all: [{ fact: stage, is: sentenced }, { fact: gravity, is: minor }] }
          grant: { measure: release_from_punishment, releaseOn: asOf }
    order:
      - { put: relief.minor, before: open.others }
    """

  /// Files by name, without `.yaml`; what is not among them is not there.
  static func parse(_ text: String, name: String = "draft.yaml", beside files: [String: String] = ["small": SmallAct.text])
    -> ActFile.Result
  {
    ActFile.parse(Array(text.utf8), name: name) { wanted in
      guard let text = files[wanted] else {
        return .failure(FileProblem(file: wanted + ".yaml", at: .unknown, "no such file", hint: "check the path"))
      }
      return .success(ActSource(name: wanted + ".yaml", bytes: Array(text.utf8)))
    }
  }

  static func act(_ text: String = text, name: String = "draft.yaml", beside files: [String: String] = ["small": SmallAct.text]) throws
    -> ActFile
  {
    let result = parse(text, name: name, beside: files)
    return try #require(result.act, "\(result.problems)")
  }

  /// What the overlay comes to, written out.
  static let whole = """
    act:
      id: xx-small-draft
      version: 1.0.0
      title: { kk: Жоба, ru: Проект, en: Draft }
      citation: Small act
      timeZone: Etc/UTC
      inForceFrom: 2020-01-01
      draft: true
    sources:
      law: The small law
      minutes: Minutes of the small parliament
    facts:
      conduct:
        type: word
        values: [good, bad]
        question: { kk: Қалай?, ru: Как?, en: How? }
    scope:
      - id: scope.place
        basis: inferred
        source: { id: minutes, at: nobody said otherwise }
        text: { kk: Жер, ru: Место, en: Place }
        when: { fact: territory, is: KZ }
    exclusions:
      - id: exclusion.conduct
        basis: inferred
        source: { id: minutes, at: nobody said otherwise }
        text: { kk: Мінез, ru: Поведение, en: Bad conduct }
        when: { fact: conduct, is: bad }
    relief:
      order: firstMatch
      remainders:
        - id: relief.rest
          basis: inferred
          source: { id: minutes, at: nobody said otherwise }
          text: { kk: Қалған, ru: Остаток, en: Rest }
          atMost: P1Y
          choice: rest_test
      clauses:
        - id: relief.cut
          basis: reported
          source: minutes
          text: { kk: Жартысы, ru: Половина, en: Half }
          when: { all: [{ fact: stage, is: sentenced }, { fact: gravity, in: [grave, medium] }] }
          grant: { measure: reduce_term, cutTerm: { by: 1/2, of: imposed, remainder: relief.rest } }
        - id: relief.minor
          basis: reported
          source: minutes
          text: { kk: Жеңіл, ru: Лёгкие, en: Minor }
          when: { all: [{ fact: stage, is: sentenced }, { fact: gravity, is: minor }] }
          grant: { measure: release_from_punishment, releaseOn: asOf }
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
}
