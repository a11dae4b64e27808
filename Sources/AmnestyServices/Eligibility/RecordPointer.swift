// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules

/// What a JSON Pointer of `disputed` or `unknowable` names in a record.
enum RecordPointer: Equatable {
  /// The whole record.
  case everything
  /// Facts of the record by their slots; empty where the member is known and is no fact.
  case record([Int])
  case everyOffence
  /// Facts of one offence, by its position in the record.
  case offence(Int, [Int])
  /// An element of a list, and the facts that the list is.
  case element(of: RecordList, at: Int)
  case everyDeclaredFact
  case declaredFact(String)

  /// Lists of a record whose elements a pointer can name.
  enum RecordList: Equatable {
    case exclusions, additional, disputed, unknowable
    case classes(offence: Int)
  }

  /// Reads a pointer; nil where it names no member that a record can have. Whether indices are in range is the caller's to see.
  init?(_ pointer: String) {
    guard !pointer.isEmpty else {
      self = .everything
      return
    }
    if let slots = RecordPointer.recordMembers[pointer] {
      self = .record(slots)
    } else if let rest = pointer.below("/offences") {
      guard let offence = RecordPointer.offenceMember(rest) else { return nil }
      self = offence
    } else if let rest = pointer.below("/facts") {
      guard let fact = RecordPointer.fact(rest) else { return nil }
      self = fact
    } else if let (list, rest) = RecordPointer.list(pointer), let index = RecordPointer.lastIndex(rest) {
      self = .element(of: list, at: index)
    } else {
      return nil
    }
  }

  private static func offenceMember(_ rest: Substring) -> RecordPointer? {
    if rest.isEmpty { return .everyOffence }
    let digits = rest.dropFirst().prefix { $0 != "/" }
    guard let position = index(digits) else { return nil }
    let member = rest[digits.endIndex...]
    if let slots = offenceMembers[String(member)] { return .offence(position, slots) }
    if let element = member.below("/classes"), let index = lastIndex(element) {
      return .element(of: .classes(offence: position), at: index)
    }
    return nil
  }

  private static func fact(_ rest: Substring) -> RecordPointer? {
    if rest.isEmpty { return .everyDeclaredFact }
    var name = ""
    var isEscape = false
    for character in rest.dropFirst() {
      switch (isEscape, character) {
      case (true, "0"): name.append("~")
      case (true, "1"): name.append("/")
      case (true, _), (false, "/"): return nil
      case (false, "~"): break
      case (false, _): name.append(character)
      }
      isEscape = !isEscape && character == "~"
    }
    return isEscape ? nil : .declaredFact(name)
  }

  private static func list(_ pointer: String) -> (RecordList, Substring)? {
    for (list, path) in [
      (RecordList.exclusions, "/person/exclusions"), (.additional, "/sentence/additional"), (.disputed, "/disputed"),
      (.unknowable, "/unknowable"),
    ] {
      if let rest = pointer.below(path) { return (list, rest) }
    }
    return nil
  }

  /// `/N` and nothing after it.
  private static func lastIndex(_ rest: Substring) -> Int? { index(rest.dropFirst()) }

  /// An array index as RFC 6901 has it: no sign, no leading zero.
  private static func index(_ digits: Substring) -> Int? {
    guard (1...9).contains(digits.utf8.count), digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
      return nil
    }
    return digits.utf8.count > 1 && digits.first == "0" ? nil : Int(digits)
  }

  /// Every member of a record outside its offences and declared facts, with the facts at it or below it.
  static let recordMembers = members(
    FactVocabulary.record,
    factless: [
      "/reference", "/person", "/person/iin", "/person/familyName", "/person/givenName", "/person/patronymic", "/sentence",
      "/sentence/additional", "/disputed", "/unknowable",
    ])

  /// Every member of an offence, by its pointer below the offence.
  static let offenceMembers = members(FactVocabulary.offence, factless: ["", "/id", "/dropped", "/sentence"])

  private static func members(_ facts: [Fact], factless: [String]) -> [String: [Int]] {
    var members: [String: [Int]] = [:]
    for pointer in factless { members[pointer] = [] }
    for (slot, fact) in facts.enumerated() {
      members[fact.pointer, default: []].append(slot)
      for parent in factless where parent != fact.pointer && fact.pointer.hasPrefix(parent + "/") { members[parent]?.append(slot) }
    }
    return members
  }
}

extension StringProtocol {
  /// What follows a path, where it or something below it is named: empty, or beginning with a slash.
  fileprivate func below(_ path: String) -> SubSequence? {
    guard utf8.starts(with: path.utf8) else { return nil }
    let rest = self[utf8.index(startIndex, offsetBy: path.utf8.count)...]
    return rest.isEmpty || rest.utf8.first == UInt8(ascii: "/") ? rest : nil
  }
}
