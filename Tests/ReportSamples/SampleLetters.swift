// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyReports
package import AmnestyTexts

/// A letter for each situation, by a name for its file. Nobody in them exists.
package func sampleLetters(_ language: Language) -> [(name: String, facts: LetterFacts)] {
  let cut = LetterSituation.Cut(imposed: "P5Y", left: "P1Y3M", originalEnd: "2027-01-10", newEnd: "2023-04-10")
  let unknownEnd = LetterSituation.Cut(imposed: "P3Y", left: "P9M")
  let situations: [(String, LetterSituation)] = [
    ("termination-proposed", .terminationProposed), ("proceedings-terminated", .proceedingsTerminated),
    ("released-from-custody", .releasedFromCustody(on: "2022-11-03")),
    ("released-from-punishment", .releasedFromPunishment(on: "2022-11-03")),
    ("term-cut-free-from-custody", .termCutFreeFromCustody(on: "2022-11-03", cut)),
    ("term-cut-free-at-large", .termCutFreeAtLarge(on: "2022-11-03", cut)), ("term-cut-in-custody", .termCutInCustody(cut)),
    ("term-cut-at-large", .termCutAtLarge(cut)), ("term-cut-end-unknown", .termCutInCustody(unknownEnd)),
    ("term-cut-at-large-end-unknown", .termCutAtLarge(unknownEnd)), ("cut-at-sentencing", .cutAtSentencing),
    ("cut-applied-in-sentence", .cutAppliedInSentence(term: "P1Y6M", imposedOn: "2022-12-20")), ("conviction-removed", .convictionRemoved),
    ("other-measure", .otherMeasure(language.of("айыппұлды азайту", "уменьшение штрафа", "the fine is lowered"))), ("refused", .refused),
    ("proceedings-continue", .proceedingsContinue), ("referred", .referred), ("facts-missing", .factsMissing),
    ("revoked-for-forgery", .revokedForForgery), ("revoked-on-appeal", .revokedOnAppeal), ("revoked", .revoked),
  ]
  return situations.map { name, situation in
    var facts = LetterFacts(
      language: language, reference: "SYN-2022-0000001", name: "Шаблоннияз Жандос Үлгіұлы", bornOn: "1996-01-09",
      body: language.of("Үлгі қалалық соты", "Образцовский городской суд", "Sample City Court"), on: "2022-11-26", act: sampleAct(language),
      situation: situation)
    facts.contact = language.of("Үлгі қаласы, Үлгі көшесі, 1-үй", "город Образцов, улица Образцовая, 1", "1 Sample Street, Sample City")
    switch situation {
    case .factsMissing:
      facts.questions = [
        language.of(
          "Сот қылмыстардың қайталануын анықтады ма?", "Установлен ли судом рецидив преступлений?", "Has a court established recidivism?")
      ]
    case .referred:
      facts.openPoints = [
        language.of(
          "207-баптан кейінгі тізбе оқылмаған, бұл баптың онда бар-жоғы белгісіз.",
          "Перечень после статьи 207 не прочитан; есть ли в нём эта статья, неизвестно.",
          "The list after article 207 was not read; whether this article is on it is not known.")
      ]
    case .refused:
      facts.grounds = [sampleExclusion(language)]
      facts.reason = language.of(
        "Айыптау үкімі осы тармақ бойынша.", "Обвинительный приговор по этому пункту.", "The judgment convicted on this count.")
    case .revokedForForgery, .revokedOnAppeal, .revoked, .proceedingsContinue: break
    default:
      facts.grounds = [sampleGround(language)]
      facts.notes = [
        language.of(
          "Қосымша жазалар, тәркілеу және азаматтық өтем туралы ештеңе айтылмаған; олар өзгеріссіз қалады.",
          "О дополнительных наказаниях, конфискации и возмещении ущерба по гражданским искам ничего не сказано; они остаются как есть.",
          "Nothing is said of additional punishments, confiscation and civil damages; they stay as they are.")
      ]
    }
    if name == "term-cut-at-large" {
      facts.notCovered = [sampleExclusion(language)]
      facts.appealTo = language.of("Үлгі облыстық соты", "Образцовский областной суд", "Sample Regional Court")
      facts.appealThrough = "2022-12-11"
    }
    return (name, facts)
  }
}

func sampleGround(_ language: Language) -> LetterGround {
  LetterGround(
    text: language.of(
      "Ауыр қылмыс үшін бас бостандығынан айыруды өтеп жүргендердің сот тағайындаған негізгі жаза мерзімі төрттен үшке қысқартылады, яғни төрттен бірі қалады.",
      "Отбывающим лишение свободы за тяжкое преступление назначенный судом основной срок сокращается на три четверти, то есть остаётся одна четверть.",
      "For those serving imprisonment for a grave crime the main term that the court imposed is cut by three quarters, so that one quarter is left."
    ), citation: "reported: press service summary, 2 Nov 2022", basis: "reported")
}

func sampleExclusion(_ language: Language) -> LetterGround {
  LetterGround(
    text: language.of(
      "Азаптау қолданғандарға рақымшылық қолданылмайды.", "Амнистия не применяется к совершившим пытки.",
      "Those who committed torture are not amnestied."), citation: "reported: press service summary, 2 Nov 2022", basis: "reported")
}
