// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Foundation

/// The texts that people see, in three languages, from `Sources/AmnestyTexts/Catalog/*.json`.
///
/// English is the source. Each entry says in `of` which English text its translations were made for, so that an English text that was changed
/// alone is found.
struct TextCatalog {
  struct Entry {
    var key: String
    var en: String
    var ru: String
    var kk: String

    /// Names of what is filled in, in the order of the English text.
    var placeholders: [String] { TextCatalog.placeholders(self.en) }

    func text(_ language: String) -> String {
      switch language {
      case "ru": self.ru
      case "kk": self.kk
      default: self.en
      }
    }
  }

  struct WordGroup {
    /// The type of the contract whose words they are, or a name of our own.
    var name: String
    var entries: [Entry]
  }

  /// What the journal explains of one message.
  struct JournalEntry {
    var id: String
    var subject: Entry
    var body: Entry
  }

  struct File {
    var name: String
    var about: String
    var texts: [Entry]
    var words: [WordGroup]
    var journal: [JournalEntry]
  }

  static let languages = ["kk", "ru", "en"]

  private(set) var files: [File] = []
  /// What is wrong with it, one line each.
  private(set) var problems: [String] = []

  init(directory: URL) throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: directory.path()).filter { $0.hasSuffix(".json") }.sorted()
    for name in names {
      let json = try OrderedJSON(contentsOf: directory.appending(path: name))
      var file = File(name: String(name.dropLast(5)), about: json["about"]?.string ?? "", texts: [], words: [], journal: [])
      for (key, value) in json["texts"]?.members ?? [] { file.texts.append(self.entry(key, value, in: name)) }
      for (group, words) in json["words"]?.members ?? [] {
        file.words.append(
          WordGroup(name: group, entries: (words.members ?? []).map { self.entry($0.name, $0.value, in: "\(name) \(group)") }))
      }
      for (id, value) in json["journal"]?.members ?? [] {
        file.journal.append(
          JournalEntry(
            id: id, subject: self.entry("subject", value["subject"] ?? .null, in: "\(name) \(id)"),
            body: self.entry("body", value["body"] ?? .null, in: "\(name) \(id)")))
      }
      self.files.append(file)
    }
    self.findRepeatedKeys()
  }

  private mutating func entry(_ key: String, _ value: OrderedJSON, in place: String) -> Entry {
    let entry = Entry(
      key: key, en: value["en"]?.string ?? "", ru: value["ru"]?.string ?? "", kk: value["kk"]?.string ?? "")
    let expected = Self.digest(entry.en)
    if entry.en.isEmpty { self.problems.append("\(place): \(key) has no en") }
    if value["of"]?.string != expected {
      self.problems.append("\(place): ru and kk of \(key) were made for another en; look at them, then say \"of\": \"\(expected)\"")
    }
    for language in ["ru", "kk"] {
      let text = entry.text(language)
      if text.isEmpty {
        self.problems.append("\(place): \(key) has no \(language)")
      } else if text == entry.en, entry.en.contains(where: \.isLowercase) {
        self.problems.append("\(place): \(key) is English in \(language)")
      }
      if Set(Self.placeholders(text)) != Set(entry.placeholders) {
        self.problems.append("\(place): \(key) fills in something else in \(language) than in en")
      }
    }
    return entry
  }

  private mutating func findRepeatedKeys() {
    var seen: Set<String> = []
    for key in self.files.flatMap(\.texts).map(\.key) + self.files.flatMap(\.words).map(\.name) where !seen.insert(key).inserted {
      self.problems.append("\(key) is there twice")
    }
  }

  /// Words of a group that is named for a type of the contract must be that type's.
  mutating func compare(with contract: Contract) {
    self.compareReasons(with: contract)
    for group in self.files.flatMap(\.words) {
      guard case .words(let words)? = contract.types.first(where: { $0.name == group.name })?.body else { continue }
      let (here, there) = (Set(group.entries.map(\.key)), Set(words.map(\.word)))
      for word in there.subtracting(here).sorted() { self.problems.append("\(group.name): no text for the word \(word)") }
      for word in here.subtracting(there).sorted() { self.problems.append("\(group.name): the contract has no word \(word)") }
    }
  }

  /// Every reason of an error has a text, made for what the contract says of it now.
  private mutating func compareReasons(with contract: Contract) {
    let entries = self.files.flatMap(\.words).first { $0.name == "ErrorReason" }?.entries ?? []
    for reason in contract.reasons {
      let meaning = "\(reason.meaning) \(reason.next)"
      guard let entry = entries.first(where: { $0.key == reason.name }) else {
        self.problems.append("ErrorReason: no text for the reason \(reason.name)")
        continue
      }
      if entry.en != meaning { self.problems.append("ErrorReason: the contract says of \(reason.name): \(meaning)") }
    }
    let known = Set(contract.reasons.map(\.name))
    for entry in entries where !known.contains(entry.key) { self.problems.append("ErrorReason: the contract has no reason \(entry.key)") }
  }

  /// Keys that nothing uses, and keys that templates use and nothing has.
  mutating func compare(with use: TextUse) {
    let keys = Set(self.files.flatMap(\.texts).map(\.key))
    for key in keys.subtracting(use.inCode).subtracting(use.inTemplates).sorted() { self.problems.append("nothing uses the text \(key)") }
    for key in use.inTemplates.subtracting(keys).sorted() { self.problems.append("a template uses the text \(key), which is not there") }
    for entry in self.files.flatMap(\.texts) where use.inTemplates.contains(entry.key) && !entry.placeholders.isEmpty {
      self.problems.append("a template cannot fill in \(entry.key)")
    }
    for group in self.files.flatMap(\.words) where !use.words.contains(SwiftName.lowerCamel(group.name)) {
      self.problems.append("nothing uses the words \(group.name)")
    }
  }

  /// `{day}` and the like.
  static func placeholders(_ text: String) -> [String] {
    var names: [String] = []
    for match in text.matches(of: /\{([a-z][A-Za-z]*)\}/) where !names.contains(String(match.1)) { names.append(String(match.1)) }
    return names
  }

  /// FNV-1a of 32 bits: enough to tell a text from its last version.
  static func digest(_ text: String) -> String {
    var hash: UInt32 = 0x811c_9dc5
    for byte in text.utf8 { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
