// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import Testing

@Suite struct NameFoldingTests {
  @Test(arguments: [
    ["Сериков", "Serikov"], ["Қайрат", "Кайрат", "Kairat", "Kayrat", "Qairat", "Qayrat"], ["Жанар", "Zhanar", "Janar", "JANAR"],
    ["Шолпан", "Sholpan", "Şolpan"], ["Ахметов", "Akhmetov", "Ahmetov"], ["Хасан", "Khasan", "Hasan"],
    ["Гүлнұр", "Гулнур", "Gulnur", "Gülnur"],
    ["Өмірбек", "Омирбек", "Omirbek"], ["Дмитрий", "Dmitriy", "Dmitry", "Dmitri"], ["Юлия", "Yuliya", "Iuliia"],
    ["Мария", "Mariya", "Maria"],
    ["Чингиз", "Chingiz"], ["Щербаков", "Shcherbakov", "Scherbakov", "Sherbakov"], ["Әсел", "Асель", "Assel", "Asel", "Äsel"],
    ["Дәулет", "Daulet", "Dawlet"],
    ["Цой", "Tsoi", "Tsoy"], ["Қасым-Жомарт", "Kassym-Zhomart", "Qasym Jomart"], ["Ғалым", "Galym", "Ğalym", "Ghalym"],
    ["Нұрсұлтан", "Nursultan"], ["Выгодский", "Vygodskii", "Wygodsky"],
  ]) func oneNameInBothScripts(spellings: [String]) {
    let folded = Set(spellings.map(NameFolding.words))
    #expect(folded.count == 1, "\(folded)")
  }

  /// As you type: what is typed so far finds it at every letter.
  @Test(arguments: ["Zhanar", "Жанар", "Khasan", "Shcherbakov", "Yuliya", "Щербаков", "Kassym", "Tsoi", "Chingiz", "Ғалым"])
  func everyBeginningFindsTheWhole(name: String) throws {
    let whole = try #require(NameFolding.words(name).first)
    for end in name.indices.dropFirst() {
      let typed = try #require(NameFolding.words(String(name[..<end])).first)
      #expect(whole.hasPrefix(typed), "\(name[..<end])")
    }
  }

  @Test func differentNamesStayDifferent() {
    let names = ["Серик", "Берик", "Ерлан", "Нурлан", "Айгүл", "Гүлнар", "Тимур", "Дамир"]
    #expect(Set(names.map(NameFolding.words)).count == names.count)
  }

  @Test func numbersStayAsTheyAre() {
    #expect(NameFolding.words("900101300123") == ["900101300123"])
    #expect(NameFolding.words("\u{0}' -- \"*\u{301}") == [])
  }

  /// Whichever of them is stored, each of them finds it, at every letter.
  @Test(arguments: [
    ["Ермеков", "Yermekov", "Ermekov"], ["Ёлкин", "Yolkin", "Elkin", "Елкин"], ["Юлия", "Julia", "Yuliya", "Iuliia"],
    ["Яна", "Jana", "Yana", "Iana"], ["Жанар", "Zhanar", "Janar"],
  ]) func otherBeginningsAreFound(spellings: [String]) throws {
    for stored in spellings {
      let words = NameFolding.indexed([PersonName(family: stored, given: nil)], iin: nil).split(separator: " ").map(String.init)
      for typed in spellings {
        for end in typed.indices.dropFirst() {
          let part = try #require(NameFolding.words(String(typed[..<end])).first)
          #expect(words.contains { $0.hasPrefix(part) }, "\(typed[..<end]) for \(stored): \(words)")
        }
      }
    }
  }
}
