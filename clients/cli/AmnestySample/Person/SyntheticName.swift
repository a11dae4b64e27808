// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// The name of nobody, in one of the two scripts. Given names are common ones; family names are put together from words for
/// "sample", "draft", "made up", which nobody bears.
package struct SyntheticName: Sendable {
  package var family: String
  package var given: String
  package var patronymic: String?

  private typealias Pair = (cyrillic: String, latin: String)

  package init(_ dice: inout Dice) {
    let latin = dice.chance(300)
    let female = dice.chance(130)
    func written(_ pair: Pair) -> String { latin ? pair.latin : pair.cyrillic }

    family = written(dice.pick(Self.stems)) + written(dice.pick(Self.middles)) + written(female ? ("ова", "ova") : ("ов", "ov"))
    given = written(dice.pick(female ? Self.womensNames : Self.mensNames))
    let father = written(dice.pick(Self.mensNames))
    patronymic = dice.chance(800) ? father + written(female ? ("қызы", "qyzy") : ("ұлы", "uly")) : nil
  }

  // Words for example, sample, draft, model, test, made up, pattern; in Kazakh and Russian.
  private static let stems: [Pair] = [
    ("Мысал", "Mysal"), ("Үлгі", "Ulgi"), ("Сынақ", "Synaq"), ("Ойдан", "Oidan"), ("Жасанды", "Zhasandy"), ("Нұсқа", "Nusqa"),
    ("Макет", "Maket"), ("Шаблон", "Shablon"), ("Эскиз", "Eskiz"), ("Пример", "Primer"), ("Набросок", "Nabrosok"), ("Выдум", "Vydum"),
    ("Тест", "Test"), ("Чертёж", "Chertyozh"),
  ]

  private static let middles: [Pair] = [
    ("бек", "bek"), ("бай", "bai"), ("жан", "zhan"), ("тай", "tai"), ("хан", "khan"), ("мат", "mat"), ("гали", "gali"), ("кул", "kul"),
    ("нияз", "niyaz"), ("дос", "dos"),
  ]

  private static let mensNames: [Pair] = [
    ("Азамат", "Azamat"), ("Айдос", "Aidos"), ("Алексей", "Aleksei"), ("Арман", "Arman"), ("Бауыржан", "Bauyrzhan"), ("Виктор", "Viktor"),
    ("Данияр", "Daniyar"), ("Ерлан", "Yerlan"), ("Ермек", "Yermek"), ("Жандос", "Zhandos"), ("Иван", "Ivan"), ("Қанат", "Qanat"),
    ("Марат", "Marat"), ("Мұрат", "Murat"), ("Нұрлан", "Nurlan"), ("Олег", "Oleg"), ("Руслан", "Ruslan"), ("Самат", "Samat"),
    ("Серік", "Serik"), ("Тимур", "Timur"), ("Шерхан", "Sherkhan"), ("Өмір", "Omir"), ("Ғалым", "Galym"), ("Еркін", "Yerkin"),
  ]

  private static let womensNames: [Pair] = [
    ("Айгүл", "Aigul"), ("Айнұр", "Ainur"), ("Анна", "Anna"), ("Гүлнар", "Gulnar"), ("Дана", "Dana"), ("Елена", "Yelena"),
    ("Жанар", "Zhanar"), ("Мәдина", "Madina"), ("Ольга", "Olga"), ("Сәуле", "Saule"), ("Әсел", "Asel"), ("Шолпан", "Sholpan"),
  ]
}
