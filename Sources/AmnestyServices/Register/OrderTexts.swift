// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyRules
internal import AmnestyWire

extension ExecutionOrder {
  init(_ order: Order) {
    let kind: OrderKind = order.kind == .terminate ? .terminateProceedings : .init(word: order.kind.rawValue)
    self.init(kind: kind, on: order.on?.text, measure: order.measure, text: ExecutionOrder.text(order))
  }

  /// Whole sentences: none is put together from parts that would have to agree.
  private static func text(_ order: Order) -> AmnestyWire.LocalizedText {
    let day = order.on?.text
    switch (order.kind, day) {
    case (.release, let day?):
      return LocalizedText(
        en: "Release the person on \(day), or at once if that day has passed.",
        ru: "Освободить лицо \(day), а если этот день прошёл — немедленно.",
        kk: "Адамды \(day) күні, ал бұл күн өтіп кетсе, дереу босату керек.")
    case (.release, nil):
      return LocalizedText(en: "Release the person at once.", ru: "Освободить лицо немедленно.", kk: "Адамды дереу босату керек.")
    case (.newEnd, let day?):
      return LocalizedText(en: "The term ends on \(day).", ru: "Срок наказания истекает \(day).", kk: "Жаза мерзімі \(day) күні аяқталады.")
    case (.newEnd, nil):
      return LocalizedText(
        en: "The term ends on another day than before; compute it anew.",
        ru: "Срок истекает в другой день, чем прежде; его следует пересчитать.",
        kk: "Мерзім бұрынғыдан басқа күні аяқталады; оны қайта есептеу керек.")
    case (.terminate, _):
      return LocalizedText(en: "The proceedings are terminated.", ru: "Производство по делу прекращается.", kk: "Іс жүргізу тоқтатылады.")
    case (.removeConviction, _):
      return LocalizedText(en: "Remove the conviction from the record.", ru: "Судимость снимается.", kk: "Соттылық алып тасталады.")
    case (.recallRelease, _):
      return LocalizedText(
        en: "The release is undone: the punishment is to be served.", ru: "Освобождение отменено: наказание подлежит отбыванию.",
        kk: "Босату күші жойылды: жаза өтелуге тиіс.")
    case (.restoreTerm, _):
      return LocalizedText(
        en: "The term of before the act holds again.", ru: "Вновь действует срок, назначенный до применения акта.",
        kk: "Акт қолданылғанға дейінгі мерзім қайта күшіне енеді.")
    case (.resumeProceedings, _):
      return LocalizedText(
        en: "The proceedings are taken up again.", ru: "Производство по делу возобновляется.", kk: "Іс жүргізу қайта жаңғыртылады.")
    case (.restoreConviction, _):
      return LocalizedText(
        en: "The conviction stands again; enter it in the record.", ru: "Судимость восстановлена; её следует внести в учёт.",
        kk: "Соттылық қалпына келтірілді; оны есепке енгізу керек.")
    case (.other, _):
      return LocalizedText(
        en: "Carry out the measure that the decision names.", ru: "Исполнить меру, указанную в решении.",
        kk: "Шешімде көрсетілген шараны орындау керек.")
    }
  }
}
