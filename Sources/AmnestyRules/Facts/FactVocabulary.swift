// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// What values a fact can have, and how they are kept in a slot.
package enum FactType: Sendable, Equatable {
  /// One word of a closed list; kept as its index.
  case word([String])
  /// Any of the words of a closed list; kept as a bit set.
  case words([String])
  /// Two upper-case letters, kept as a number.
  case territory
  case boolean
  case integer
  case day
  case term
  case article

  /// The slot value for a text, as act files and example tables write it; nil where it is none. Lists are separated by blanks.
  package func value(of text: String) -> Int64? {
    switch self {
    case .word(let words):
      return words.firstIndex(of: text).map(Int64.init)
    case .words(let words):
      var set: Int64 = 0
      for word in text.split(separator: " ") {
        guard let index = words.firstIndex(of: String(word)) else { return nil }
        set |= 1 << Int64(index)
      }
      return set
    case .territory:
      return Territory.value(of: text)
    case .boolean:
      return text == "true" ? 1 : text == "false" ? 0 : nil
    case .integer:
      return Int64(text)
    case .day:
      return Day(text).map { Int64($0.number) }
    case .term:
      return Term(text).map(\.packed)
    case .article:
      return Article(text).map(\.code)
    }
  }

  /// The text of a slot value, as act files write it.
  package func text(of value: Int64) -> String {
    switch self {
    case .word(let words): return words.indices.contains(Int(value)) ? words[Int(value)] : "?"
    case .words(let words): return words.indices.filter { value & (1 << Int64($0)) != 0 }.map { words[$0] }.joined(separator: " ")
    case .territory: return String(decoding: [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)], as: UTF8.self)
    case .boolean: return value == 0 ? "false" : "true"
    case .integer: return String(value)
    case .day: return Day(number: Int32(truncatingIfNeeded: value)).text
    case .term: return Term(packed: value).text
    case .article:
      let article = Article(code: value)
      return article.suffix == 0 ? "\(article.number)" : "\(article.number)-\(article.suffix)"
    }
  }
}

package enum Territory {
  /// Order-free number of an ISO 3166-1 alpha-2 code.
  package static func value(of text: String) -> Int64? {
    var text = text
    return text.withUTF8 { value(ofUTF8: UnsafeRawBufferPointer($0)) }
  }

  package static func value(ofUTF8 text: UnsafeRawBufferPointer) -> Int64? {
    var value: Int64 = 0
    guard text.count == 2 else { return nil }
    for byte in text {
      guard (0x41...0x5a).contains(byte) else { return nil }
      value = value << 8 | Int64(byte)
    }
    return value
  }

  /// A territory that stands for every one no act names: a user-assigned code.
  package static let elsewhere: Int64 = 0x5A5A
}

/// A fact of the record by its name in act files.
package struct Fact: Sendable, Equatable {
  package enum Scope: Sendable { case record, offence }

  package var name: String
  package var scope: Scope
  package var type: FactType
  /// JSON Pointer in the record; below the offence for its own facts.
  package var pointer: String
  /// Left out of most records: absent says "nothing of the kind", not "not known".
  package var isOptional: Bool

  package init(_ name: String, _ scope: Scope, _ type: FactType, _ pointer: String, isOptional: Bool = false) {
    self.name = name
    self.scope = scope
    self.type = type
    self.pointer = pointer
    self.isOptional = isOptional
  }
}

/// Words of the data contract; their order is the order of the enumerations there, weakest gravity first.
package enum Words {
  package static let stage = ["investigation", "trial", "appeal", "sentenced", "served"]
  package static let recidivism = ["none", "recidivism", "dangerous_recidivism"]
  package static let gravity = ["infraction", "minor", "medium", "grave", "especially_grave"]
  package static let nexus = ["riot", "suppression", "none"]
  package static let classes = [
    "terrorism", "extremism", "corruption", "treason", "seizure_of_power", "torture", "minor_sexual_inviolability", "riot_organisation",
  ]
  package static let punishment = ["imprisonment", "restriction_of_liberty", "suspended", "fine", "community_service", "other"]
  package static let aggregation = ["single", "absorption", "addition", "partial_addition"]
}

/// Slots of the record's own facts; an act's declared facts follow.
package enum RecordSlot {
  package static let stage = 0
  package static let recidivism = 1
  package static let objectsToTermination = 2
  package static let detained = 3
  package static let bornOn = 4
  package static let exclusions = 5
  package static let imposedOn = 6
  package static let kind = 7
  package static let term = 8
  package static let startsOn = 9
  package static let creditDays = 10
  package static let aggregation = 11
  package static let servedOn = 12
  package static let finalOn = 13
  package static let currentEnd = 14
  package static let amount = 15
  package static let count = 16
}

/// Slots of one offence, relative to its first.
package enum OffenceSlot {
  package static let article = 0
  package static let part = 1
  package static let gravity = 2
  package static let committedFrom = 3
  package static let committedThrough = 4
  package static let territory = 5
  package static let nexus = 6
  package static let classes = 7
  package static let stage = 8
  package static let kind = 9
  package static let term = 10
  package static let count = 11
}

package enum Stage {
  package static let sentenced: Int64 = 3
  package static let served: Int64 = 4
}

package enum Aggregation {
  package static let single: Int64 = 0
  package static let absorption: Int64 = 1
  package static let addition: Int64 = 2
  package static let partialAddition: Int64 = 3
  /// The ways in which the terms of several offences are put together.
  static let ofSeveral = [absorption, addition, partialAddition]
}

package enum FactVocabulary {
  /// In the order of `RecordSlot`.
  package static let record: [Fact] = [
    Fact("record.stage", .record, .word(Words.stage), "/stage"),
    Fact("recidivism", .record, .word(Words.recidivism), "/recidivism"),
    Fact("objectsToTermination", .record, .boolean, "/objectsToTermination"),
    Fact("detained", .record, .boolean, "/detained"),
    Fact("person.bornOn", .record, .day, "/person/bornOn"),
    Fact("person.exclusions", .record, .words(Words.classes), "/person/exclusions", isOptional: true),
    Fact("sentence.imposedOn", .record, .day, "/sentence/imposedOn"),
    Fact("record.sentence.kind", .record, .word(Words.punishment), "/sentence/kind"),
    Fact("sentence.term", .record, .term, "/sentence/term"),
    Fact("sentence.startsOn", .record, .day, "/sentence/startsOn"),
    Fact("sentence.creditDays", .record, .integer, "/sentence/creditDays"),
    Fact("sentence.aggregation", .record, .word(Words.aggregation), "/sentence/aggregation"),
    Fact("sentence.servedOn", .record, .day, "/sentence/servedOn"),
    Fact("sentence.finalOn", .record, .day, "/sentence/finalOn", isOptional: true),
    Fact("sentence.currentEnd", .record, .day, "/sentence/currentEnd", isOptional: true),
    Fact("sentence.amount", .record, .integer, "/sentence/amount"),
  ]

  /// In the order of `OffenceSlot`. `stage` and `sentence.kind` fall back to the record's.
  package static let offence: [Fact] = [
    Fact("article", .offence, .article, "/article"),
    Fact("part", .offence, .integer, "/part"),
    Fact("gravity", .offence, .word(Words.gravity), "/gravity"),
    Fact("committedFrom", .offence, .day, "/committedFrom"),
    Fact("committedThrough", .offence, .day, "/committedThrough"),
    Fact("territory", .offence, .territory, "/territory"),
    Fact("nexus", .offence, .word(Words.nexus), "/nexus"),
    Fact("classes", .offence, .words(Words.classes), "/classes"),
    Fact("stage", .offence, .word(Words.stage), "/stage", isOptional: true),
    Fact("sentence.kind", .offence, .word(Words.punishment), "/sentence/kind", isOptional: true),
    Fact("offence.term", .offence, .term, "/sentence/term", isOptional: true),
  ]
}
