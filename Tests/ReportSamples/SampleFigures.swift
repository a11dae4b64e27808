// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyReports
package import AmnestyTexts

/// Figures of a register that does not exist, made to the published margins.
package func sampleFigures(_ language: Language) -> ReportFigures {
  var figures = ReportFigures(
    language: language, asOf: "2022-11-03", act: sampleAct(language),
    cases: OutcomeCounts(eligible: 1_190, partial: 37, undetermined: 97, referred: 159, ineligible: 163),
    people: OutcomeCounts(eligible: 1_190, partial: 37, undetermined: 97, referred: 159, ineligible: 163),
    reliefCases: Margin(least: 1_227, most: 1_318), reliefPeople: Margin(least: 1_227, most: 1_318))
  figures.breakdowns = sampleBreakdowns
  figures.measures = [
    MeasureFigure(word: "reduce_term", now: 736, margin: Margin(least: 736, most: 781)),
    MeasureFigure(word: "reduce_at_sentencing", now: 281, margin: Margin(least: 281, most: 303)),
    MeasureFigure(word: "terminate_proceedings", now: 134, margin: Margin(least: 134, most: 149)),
    MeasureFigure(word: "release_from_punishment", now: 41, margin: Margin(least: 41, most: 44)),
    MeasureFigure(word: "remove_conviction", now: 35, margin: Margin(least: 35, most: 41)),
  ]
  figures.termTakenOff = TermTakenOff(
    cases: 736, days: 812_430,
    groups: [
      TermTakenOff.Group(key: .gravity, word: "grave", cases: 712, days: 780_112),
      TermTakenOff.Group(key: .gravity, word: "especially_grave", cases: 24, days: 32_318),
      TermTakenOff.Group(key: .custody, word: "detained", cases: 85, days: 121_004),
      TermTakenOff.Group(key: .custody, word: "at_large", cases: 651, days: 691_426),
    ])
  figures.releases = sampleReleases
  figures.missingFacts = [
    MissingFactFigure(
      fact: "/offences/*/gravity",
      label: language.of(
        "Іс-әрекет ауырлығы бойынша қай санатқа жатқызылған?", "К какой категории тяжести отнесено деяние?",
        "How grave is the offence as it was qualified?"), cases: 41),
    MissingFactFigure(
      fact: "/recidivism",
      label: language.of(
        "Сот қылмыстардың қайталануын анықтады ма?", "Установлен ли судом рецидив преступлений?", "Has a court established recidivism?"),
      cases: 28, office: "almaty"),
    MissingFactFigure(
      fact: "/offences/*/nexus",
      label: language.of(
        "Іс-әрекет жаппай тәртіпсіздіктерге байланысты ма, әлде оларды басу кезінде жасалды ма?",
        "Связано ли деяние с массовыми беспорядками или совершено при их пресечении?",
        "Was the offence connected with the mass riots, or committed during their suppression?"), cases: 19, office: "taraz"),
    MissingFactFigure(
      fact: "/sentence/term",
      label: language.of("Жазаның қандай мерзімі тағайындалды?", "Какой срок наказания назначен?", "What term was imposed?"), cases: 9),
  ]
  figures.referrals = [
    ReferralFigure(
      code: "open_provision", provision: "scope.offence.unseen",
      label: language.of(
        "207-баптан кейінгі тізбе оқылмаған, бұл баптың онда бар-жоғы белгісіз.",
        "Перечень после статьи 207 не прочитан; есть ли в нём эта статья, неизвестно.",
        "The list after article 207 was not read; whether this article is on it is not known."), cases: 88),
    ReferralFigure(
      code: "joint_sentence",
      label: language.of(
        "Жиынтық жазаны тек сот қайта есептей алады.", "Наказание по совокупности может пересчитать только суд.",
        "Only a court can redo the joint sentence."), cases: 44),
    ReferralFigure(
      code: "disputed_fact",
      label: language.of("Шешуші факт даулы.", "Решающий факт оспаривается.", "A fact that decides is disputed."), cases: 27),
  ]
  figures.readings = [
    ReadingFigure(
      question: language.of(
        "Қалған бір жыл мерзімнің бастапқы аяқталуы бойынша, яғни қысқартуға дейін өлшене ме, әлде қысқартудан кейін бе?",
        "Оставшийся год измеряется по первоначальному концу срока, то есть до сокращения, или после сокращения?",
        "Is the remaining year measured on the original end of the term, before the cut, or after the cut?"),
      cases: 583,
      answers: [
        ReadingFigure.Answer(
          label: language.of("қысқартуға дейін", "до сокращения", "before the cut"), isDefault: true,
          cases: OutcomeCounts(eligible: 571, partial: 12), releases: 20),
        ReadingFigure.Answer(
          label: language.of("қысқартудан кейін", "после сокращения", "after the cut"), cases: OutcomeCounts(eligible: 571, partial: 12),
          releases: 603),
      ])
  ]
  figures.progress = Progress(all: 1_646, assessed: 1_646, proposed: 1_390, decided: 1_390, executed: 946, aftercareDone: 58)
  figures.clocks = [
    ClockFigure(kind: "act_window", open: 700, overdue: 0), ClockFigure(kind: "assignment", open: 256, overdue: 112),
    ClockFigure(kind: "propose", open: 97, overdue: 31), ClockFigure(kind: "execute", open: 163, overdue: 4),
  ]
  figures.decisions = DecisionFigures(
    decided: 1_390, granted: 1_227, refused: 163, departures: 3, revoked: 2, appealsPending: 5, appealsUpheld: 1, appealsDismissed: 4,
    reassessmentDue: 6)
  figures.published = samplePublished(language)
  return figures
}

private let sampleBreakdowns: [Breakdown] = [
  Breakdown(
    key: .gravity,
    groups: [
      .init(word: "infraction", cases: OutcomeCounts(eligible: 21, partial: 1, undetermined: 2, referred: 3, ineligible: 4)),
      .init(word: "minor", cases: OutcomeCounts(eligible: 58, partial: 3, undetermined: 5, referred: 9, ineligible: 11)),
      .init(word: "medium", cases: OutcomeCounts(eligible: 118, partial: 9, undetermined: 11, referred: 21, ineligible: 26)),
      .init(word: "grave", cases: OutcomeCounts(eligible: 969, partial: 22, undetermined: 38, referred: 101, ineligible: 98)),
      .init(word: "especially_grave", cases: OutcomeCounts(eligible: 24, partial: 2, undetermined: 0, referred: 25, ineligible: 24)),
      .init(word: nil, cases: OutcomeCounts(undetermined: 41)),
    ]),
  Breakdown(
    key: .stage,
    groups: [
      .init(word: "investigation", cases: OutcomeCounts(eligible: 190, partial: 4, undetermined: 20, referred: 17, ineligible: 8)),
      .init(word: "trial", cases: OutcomeCounts(eligible: 180, partial: 6, undetermined: 14, referred: 15, ineligible: 11)),
      .init(word: "appeal", cases: OutcomeCounts(eligible: 31, partial: 4, undetermined: 5, referred: 5, ineligible: 4)),
      .init(word: "sentenced", cases: OutcomeCounts(eligible: 756, partial: 21, undetermined: 52, referred: 110, ineligible: 129)),
      .init(word: "served", cases: OutcomeCounts(eligible: 33, partial: 2, undetermined: 6, referred: 12, ineligible: 11)),
    ]),
  Breakdown(
    key: .custody,
    groups: [
      .init(word: "detained", cases: OutcomeCounts(eligible: 87, partial: 4, undetermined: 7, referred: 14, ineligible: 16)),
      .init(word: "at_large", cases: OutcomeCounts(eligible: 1_103, partial: 33, undetermined: 90, referred: 145, ineligible: 147)),
    ]),
  Breakdown(
    key: .nexus,
    groups: [
      .init(word: "riot", cases: OutcomeCounts(eligible: 1_189, partial: 37, undetermined: 78, referred: 158, ineligible: 91)),
      .init(word: "suppression", cases: OutcomeCounts(eligible: 1, partial: 0, undetermined: 0, referred: 1, ineligible: 47)),
      .init(word: "none", cases: OutcomeCounts(ineligible: 25)), .init(word: nil, cases: OutcomeCounts(undetermined: 19)),
    ]),
  Breakdown(
    key: .sentenceKind,
    groups: [
      .init(word: "imprisonment", cases: OutcomeCounts(eligible: 83, partial: 4, undetermined: 7, referred: 34, ineligible: 16)),
      .init(
        word: "restriction_of_liberty", cases: OutcomeCounts(eligible: 311, partial: 8, undetermined: 20, referred: 41, ineligible: 60)),
      .init(word: "suspended", cases: OutcomeCounts(eligible: 370, partial: 10, undetermined: 25, referred: 19, ineligible: 55)),
      .init(word: "fine", cases: OutcomeCounts(eligible: 12, partial: 0, undetermined: 3, referred: 21, ineligible: 5)),
      .init(word: "community_service", cases: OutcomeCounts(eligible: 13, partial: 1, undetermined: 3, referred: 7, ineligible: 4)),
    ]),
]

private let sampleReleases: [ReleaseDay] =
  [ReleaseDay(day: "2022-11-03", detained: 18, others: 43)]
  + (0..<40).map { index in
    let month = (index + 11) % 12 + 1
    let year = 2022 + (index + 11) / 12
    let day = index * 7 % 27 + 1
    return ReleaseDay(
      day: "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)", detained: (index * 5 + 3) % 7,
      others: max(1, 46 - index) * 3 / 5 + index % 4)
  }

private func samplePublished(_ language: Language) -> [PublishedFigure] {
  [
    PublishedFigure(
      date: "2022-10-27",
      label: language.of(
        "қылмыстық жауаптылықтан босатылатындар", "освобождаются от уголовной ответственности", "released from criminal liability"),
      published: 171, computed: 134),
    PublishedFigure(
      date: "2022-11-02", label: language.of("сотталғандар", "осуждены", "convicted"), published: 1_112, computed: 1_112,
      note: language.of(
        "Тізілім осы сандарға келтіріліп жасалған.", "Реестр составлен по этим числам.", "The register was made to these figures.")),
    PublishedFigure(
      date: "2022-11-02", label: language.of("олардың ішінде қамауда", "из них под стражей", "of them in custody"), published: 128,
      computed: 128),
    PublishedFigure(
      date: "2023-01-05", label: language.of("рақымшылық қолданылды", "амнистия применена", "the amnesty was applied"), published: 1_095,
      computed: 812),
    PublishedFigure(
      date: "2023-01-05", label: language.of("тергеуде жатқандар", "остаются под следствием", "still under investigation"), published: 315),
  ]
}
