// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient

/// The words around the act's own, in its three languages. What is not here is shown as the wire has it.
package struct Phrases {
  private let language: Language

  package init(_ language: Language) {
    self.language = language
  }

  package enum Heading: CaseIterable {
    case outcome, offence, article, part, sentence, imposed, reduced, originalEnd, newEnd, release, missing, referrals, readings, notes,
      asOf
    case basis, noMeasure, open
  }

  package subscript(heading: Heading) -> String {
    let (kk, ru, en) = Self.headings(heading)
    return self.pick(kk, ru, en)
  }

  package func word(_ word: String) -> String {
    guard let (kk, ru, en) = Self.words[word] else { return word }
    return self.pick(kk, ru, en)
  }

  private func pick(_ kk: String, _ ru: String, _ en: String) -> String {
    switch self.language {
    case .kk: kk
    case .ru: ru
    case .en: en
    }
  }

  private static func headings(_ heading: Heading) -> (String, String, String) {
    switch heading {
    case .outcome: ("Нәтиже", "Итог", "Outcome")
    case .offence: ("Құқық бұзушылық", "Правонарушение", "Offence")
    case .article: ("бап", "статья", "article")
    case .part: ("бөлік", "часть", "part")
    case .sentence: ("Жаза", "Наказание", "Sentence")
    case .imposed: ("тағайындалған", "назначено", "imposed")
    case .reduced: ("қысқартылған", "сокращено до", "reduced to")
    case .originalEnd: ("бастапқы аяқталу күні", "первоначальный конец", "original end")
    case .newEnd: ("жаңа аяқталу күні", "новый конец", "new end")
    case .release: ("босату күні", "освобождение", "release")
    case .missing: ("Сұралатын фактілер", "Какие факты нужны", "Facts to ask for")
    case .referrals: ("Адамның шешімі қажет", "Нужно решение человека", "A human has to say")
    case .readings: ("Ашық мәселенің түсіндірмелері", "Толкования открытого вопроса", "Readings of an open point")
    case .notes: ("Ескертпелер", "Примечания", "Notes")
    case .asOf: ("күні", "на день", "as of")
    case .basis: ("негізі", "основание", "basis")
    case .noMeasure: ("шара жоқ", "без меры", "no relief")
    case .open: ("заңда ашық", "в законе открыто", "left open by the act")
    }
  }

  private static let words: [String: (String, String, String)] = [
    "eligible": ("рақымшылық қолданылады", "подпадает под амнистию", "eligible"),
    "partial": ("ішінара қолданылады", "подпадает частично", "partial"),
    "ineligible": ("қолданылмайды", "не подпадает", "ineligible"),
    "undetermined": ("анықталмаған", "не определено", "undetermined"),
    "referred": ("адамға берілді", "передано человеку", "referred"),
    "final": ("түпкілікті", "окончательно", "final"),
    "provisional": ("алдын ала", "предварительно", "provisional"),
    "terminate_proceedings": ("іс жүргізу тоқтатылады", "производство прекращается", "proceedings are terminated"),
    "release_from_punishment": ("жазадан босатылады", "освобождается от наказания", "released from punishment"),
    "remove_conviction": ("соттылығы алынады", "судимость снимается", "the conviction is removed"),
    "reduce_term": ("мерзімі қысқартылады", "срок сокращается", "the term is reduced"),
    "reduce_at_sentencing": (
      "жаза тағайындалғанда қысқартылады", "срок сокращается при назначении наказания", "reduced when sentence is imposed"
    ),
    "text": ("заң мәтіні", "текст закона", "text of the law"),
    "reported": ("хабарланған", "по сообщениям", "reported"),
    "inferred": ("қорытынды", "по выводу", "inferred"),
    "open": ("ашық", "открыто", "open"),
  ]
}
