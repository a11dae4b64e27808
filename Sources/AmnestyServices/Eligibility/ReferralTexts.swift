// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules

/// What a human is told whom a case goes to for a reason of the method rather than of one provision.
///
/// They state what is to be done, never what the law says: that is the act's.
enum ReferralTexts {
  /// For an open point that is no provision's.
  static let openElsewhere = LocalizedText(
    kk: "Акт бұл мәселені ашық қалдырған. Уәкілетті орган шешеді.", ru: "Акт оставляет этот вопрос открытым. Решает уполномоченный орган.",
    en: "The act leaves this open. The competent authority decides.")

  /// Nil where the provision itself tells.
  static func text(_ code: ReferralCode) -> LocalizedText? {
    switch code {
    case .openProvision: nil
    case .jointSentence:
      LocalizedText(
        kk:
          "Жиынтық жазаны тек сот қайта есептей алады: әрбір құқық бұзушылыққа акт жеке қолданылады, содан кейін жаза сотта қайта белгіленеді.",
        ru:
          "Наказание по совокупности может пересчитать только суд: акт применяется к каждому правонарушению отдельно, затем суд назначает наказание заново.",
        en:
          "Only a court can redo the joint sentence: the act applies to each offence on its own, and the court then sets the sentence anew."
      )
    case .disputedFact:
      LocalizedText(
        kk: "Шешуші факт даулы немесе оны анықтау мүмкін емес. Іс материалдарын зерделеп, адам шешуі керек.",
        ru: "Решающий факт оспаривается или не может быть установлен. Вопрос решает человек, изучив материалы дела.",
        en: "A fact that decides is disputed or cannot be known. A person has to decide on the case file.")
    case .readingsConflict:
      LocalizedText(
        kk: "Актіні түсіндіру нұсқалары әртүрлі нәтиже береді. Екеуі де көрсетілген; қайсысы қолданылатынын уәкілетті орган шешеді.",
        ru: "Варианты толкования акта дают разный результат. Приведены оба; какой применяется, решает уполномоченный орган.",
        en: "Readings of the act differ in result. Both are shown; the competent authority decides which one applies.")
    case .objection:
      LocalizedText(
        kk: "Адам істің тоқтатылуына қарсы. Іс жүргізу жалпы тәртіппен жалғасады.",
        ru: "Лицо возражает против прекращения дела. Производство продолжается в общем порядке.",
        en: "The person objects to the termination. The proceedings go on in the ordinary way.")
    case .alreadyApplied:
      LocalizedText(
        kk:
          "Үкім акт күшіне енген күні немесе одан кейін шығарылған: сот актіні қолданған болуы мүмкін. Үкімді тексеріп, мерзімді екінші рет қысқартпаңыз.",
        ru:
          "Приговор вынесен в день вступления акта в силу или позже: суд мог уже применить акт. Проверьте приговор и не сокращайте срок второй раз.",
        en:
          "The sentence was imposed on or after the day the act entered into force: the court may have applied it. Check the judgment; do not cut twice."
      )
    case .alreadyChanged:
      LocalizedText(
        kk: "Мерзім бұрын өзгертілген. Актіні қандай мерзімге қолдану керегін уәкілетті орган анықтайды.",
        ru: "Срок уже был изменён. К какому сроку применять акт, определяет уполномоченный орган.",
        en: "The term has been changed before. The competent authority has to say which term the act applies to.")
    case .draftingConflict:
      LocalizedText(
        kk: "Актінің екі ережесі бір-біріне қайшы келеді. Қайсысы қолданылатынын уәкілетті орган шешеді.",
        ru: "Две нормы акта противоречат друг другу. Какая применяется, решает уполномоченный орган.",
        en: "Two provisions of the act contradict each other. The competent authority decides which one applies.")
    }
  }
}
