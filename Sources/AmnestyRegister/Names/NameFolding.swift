// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Words of a name in one form for both scripts: what is typed in either finds what was written in either. Letters that the usual transliterations
/// of Kazakh and Russian tell apart in some spellings only are folded together; digraphs fold to what their first letter folds to, so that a word
/// typed letter by letter is a prefix of itself at each step.
package enum NameFolding {
  /// Folded words in order, without repetition. Letters other than Cyrillic and Latin are left out; digits stay.
  package static func words(_ text: String) -> [String] {
    var words: [String] = []
    eachWord(text) { _, folded in
      if !words.contains(folded) { words.append(folded) }
    }
    return words
  }

  /// Each word that folds to something, with the letter that it begins with as it was written.
  private static func eachWord(_ text: String, _ take: (_ first: Unicode.Scalar, _ folded: String) -> Void) {
    var word = String.UnicodeScalarView()
    func end() {
      guard let first = word.first else { return }
      let folded = fold(word)
      if !folded.isEmpty { take(first, folded) }
      word.removeAll(keepingCapacity: true)
    }
    for scalar in text.lowercased().unicodeScalars {
      if isPartOfWord(scalar) { word.append(scalar) } else { end() }
    }
    end()
  }

  private static func isPartOfWord(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x30...0x39, 0x61...0x7A, 0x400...0x52F: true
    // Apostrophes that stand for a soft sign.
    case 0x27, 0x60, 0x2BC, 0x2019: true
    case ..<0x80: false
    // An accent written as a character of its own belongs to its letter.
    default:
      scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar.properties.generalCategory == .nonspacingMark
    }
  }

  private static func fold(_ word: String.UnicodeScalarView) -> String {
    var out: [UInt8] = []
    /// Collapses doubled letters, which spellings disagree about. Digits count.
    func put(_ letters: StaticString) {
      letters.withUTF8Buffer { bytes in
        for byte in bytes where out.last != byte || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")) { out.append(byte) }
      }
    }
    var previous: Unicode.Scalar = " "
    for scalar in word {
      defer { previous = scalar }
      switch scalar {
      case "а", "ә", "a", "ä", "á", "ă": put("a")
      case "б", "b": put("b")
      case "в", "у", "ў", "ұ", "ү", "v", "w", "u", "ü", "ū", "ú": put("u")
      case "г", "ғ", "g", "ğ", "ǵ": put("g")
      case "д", "d": put("d")
      case "е", "ё", "э", "e", "é", "ë": put("e")
      case "ж", "з", "z", "ž", "j": put("z")
      case "и", "й", "і", "ї", "ы", "i", "ı", "y", "ý", "í": put("i")
      case "к", "қ", "х", "һ", "k", "q", "x": put("k")
      case "h":
        // The second letter of sh, zh, ch, gh, kh.
        switch previous {
        case "s", "z", "c", "g", "k": break
        default: put("k")
        }
      case "л", "l": put("l")
      case "м", "m": put("m")
      case "н", "ң", "n", "ñ", "ń": put("n")
      case "о", "ө", "o", "ö", "ó": put("o")
      case "п", "p": put("p")
      case "р", "r": put("r")
      case "с", "ш", "щ", "s", "ş", "š": put("s")
      case "т", "t": put("t")
      case "ф", "f": put("f")
      case "ц": put("ts")
      // Shch, sch and sh are all written for Щ.
      case "ч", "c", "ç", "č": if out.last != UInt8(ascii: "s") { put("c") }
      case "ю": put("iu")
      case "я": put("ia")
      case "0": put("0")
      case "1": put("1")
      case "2": put("2")
      case "3": put("3")
      case "4": put("4")
      case "5": put("5")
      case "6": put("6")
      case "7": put("7")
      case "8": put("8")
      case "9": put("9")
      default: break
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// What is indexed of a person: the folded names and the number.
  package static func indexed(_ names: [PersonName], iin: String?) -> String {
    var all: [String] = []
    var others: [String] = []
    for name in names.flatMap({ [$0.family, $0.given, $0.patronymic].compactMap(\.self) }) {
      eachWord(name) { first, folded in
        all.append(folded)
        others += otherBeginnings(of: folded, writtenWith: first)
      }
    }
    all += others
    if let iin { all.append(contentsOf: words(iin)) }
    var seen: Set<String> = []
    return all.filter { seen.insert($0).inserted }.joined(separator: " ")
  }

  /// How the beginning of a word is written otherwise in Latin.
  private static func otherBeginnings(of word: String, writtenWith first: Unicode.Scalar) -> [String] {
    switch word.prefix(2) {
    // Е is often Ye, and where it stands for Ё, Yo.
    case _ where word.hasPrefix("e"): ["i" + word, "io" + word.dropFirst()]
    case "ie": [String(word.dropFirst())]
    // Ю, Я and Yo are also Ju, Ja and Jo.
    case "io": ["e" + word.dropFirst(2), "z" + word.dropFirst()]
    case "ia", "iu": ["z" + word.dropFirst()]
    // J is Ж in Kazakh, and Й in many other alphabets.
    case "za", "zo", "zu": first == "j" ? ["i" + word.dropFirst()] : []
    default: []
    }
  }
}
