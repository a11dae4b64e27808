// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyReports
package import AmnestyTexts

/// A case sheet with everything on it, and one of a case that was only registered.
package func sampleSheets(_ language: Language) -> [(name: String, facts: CaseSheetFacts)] {
  var full = CaseSheetFacts(
    language: language, reference: "SYN-2022-0000001", name: "Шаблоннияз Жандос Үлгіұлы", bornOn: "1996-01-09", iin: "897180964483",
    state: "proposed", office: "default", assignedTo: "user:0/bolat", stage: "sentenced", detained: true, asOf: "2022-11-26",
    act: sampleAct(language))
  full.outcome = "eligible"
  full.measures = ["reduce_term"]
  full.cut = LetterSituation.Cut(imposed: "P5Y", left: "P1Y3M", originalEnd: "2027-01-10", newEnd: "2023-04-10")
  full.offences = [
    CaseSheetFacts.Offence(
      article: "272", part: 2, gravity: "grave", committedFrom: "2022-01-05", committedThrough: "2022-01-06", nexus: "riot",
      outcome: "eligible", measure: "reduce_term",
      grounds: [
        CaseSheetFacts.Ground(
          provision: "scope.period",
          text: language.of(
            "Құқық бұзушылық 2022 жылғы 4–7 қаңтарда жасалған, екі шеткі күн де кіреді.",
            "Правонарушение совершено с 4 по 7 января 2022 года, оба дня включительно.",
            "The offence was committed from 4 to 7 January 2022, both days included."), truth: "true", basis: "text"),
        CaseSheetFacts.Ground(
          provision: "exclusion.torture", text: sampleExclusion(language).text, truth: "false", basis: "reported"),
        CaseSheetFacts.Ground(provision: "relief.grave", text: sampleGround(language).text, truth: "true", basis: "reported"),
      ]),
    CaseSheetFacts.Offence(article: "188", outcome: "undetermined"),
  ]
  full.facts = [
    CaseSheetFacts.Fact(
      label: language.of("Мерзім қай күннен бастап есептеледі?", "С какого дня исчисляется срок?", "From what day does the term run?"),
      value: "2022-01-10", source: "prison/file-17")
  ]
  full.missing = [
    CaseSheetFacts.Missing(
      question: language.of(
        "Сот қылмыстардың қайталануын анықтады ма?", "Установлен ли судом рецидив преступлений?", "Has a court established recidivism?"),
      decides: true)
  ]
  full.referrals = [language.of("Шешуші факт даулы.", "Решающий факт оспаривается.", "A fact that decides is disputed.")]
  full.readings = [
    CaseSheetFacts.Reading(
      question: language.of("Қалған бір жыл қалай өлшенеді?", "Как измеряется оставшийся год?", "How is the remaining year measured?"),
      answer: language.of("қысқартудан кейін", "после сокращения", "after the cut"), outcome: "eligible", releaseOn: "2022-11-03"),
    CaseSheetFacts.Reading(
      question: language.of("Қалған бір жыл қалай өлшенеді?", "Как измеряется оставшийся год?", "How is the remaining year measured?"),
      answer: language.of("қысқартуға дейін", "до сокращения", "before the cut"), outcome: "eligible"),
  ]
  let followed = FollowedReading(
    question: language.of("Қалған бір жыл қалай өлшенеді?", "Как измеряется оставшийся год?", "How is the remaining year measured?"),
    answer: language.of("қысқартудан кейін", "после сокращения", "after the cut"))
  full.followed = [followed]
  full.clocks = [
    CaseSheetFacts.Clock(kind: "act_window", dueOn: "2023-05-03", daysLeft: 158),
    CaseSheetFacts.Clock(kind: "decide", dueOn: "2022-11-20", daysLeft: -6, overdue: true),
    CaseSheetFacts.Clock(
      kind: "execute", pauseReason: language.of("құжат күтілуде", "ожидается документ", "a paper is awaited")),
  ]
  full.chain = [
    CaseSheetFacts.Step(at: "2022-11-25T09:12:44Z", command: "register", person: "user:0/aigul", role: "registrar", state: "registered"),
    CaseSheetFacts.Step(at: "2022-11-25T10:01:02Z", command: "assess", person: "user:0/bolat", role: "preparer", state: "assessed"),
    CaseSheetFacts.Step(
      at: "2022-11-26T11:30:00Z", command: "propose", person: "user:0/bolat", role: "preparer", state: "proposed",
      reason: language.of("Құжаттар толық.", "Документы полные.", "The papers are complete."), readings: [followed]),
  ]
  let bare = CaseSheetFacts(
    language: language, reference: "SYN-2022-0000002", name: nil, state: "registered", office: "default", asOf: "2022-11-26",
    act: sampleAct(language))
  return [("full", full), ("registered", bare)]
}

/// An order of each kind.
package func sampleOrders(_ language: Language) -> [(name: String, facts: ReleaseOrderFacts)] {
  let orders: [(String, ReleaseOrderFacts.Order)] = [
    ("release", .release(on: "2022-11-03")), ("release-at-once", .release(on: nil)), ("new-end", .newEnd(on: "2023-04-10")),
    ("new-end-to-compute", .newEnd(on: nil)), ("recall-release", .recallRelease), ("restore-term", .restoreTerm),
  ]
  return orders.map { name, order in
    var facts = ReleaseOrderFacts(
      language: language, reference: "SYN-2022-0000001", name: "Шаблоннияз Жандос Үлгіұлы", bornOn: "1996-01-09", iin: "897180964483",
      institution: language.of("№ 1 үлгі мекемесі", "Учреждение-образец № 1", "Sample Institution No. 1"),
      body: language.of("Үлгі қалалық соты", "Образцовский городской суд", "Sample City Court"), decidedOn: "2022-11-26",
      act: sampleAct(language), order: order)
    facts.grounds = [sampleGround(language)]
    if case .newEnd = order {
      facts.cut = LetterSituation.Cut(imposed: "P5Y", left: "P1Y3M", originalEnd: "2027-01-10", newEnd: "2023-04-10")
    }
    return (name, facts)
  }
}
