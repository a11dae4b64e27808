// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient
internal import AmnestyTexts

/// The facts of a record as lines that a person reads.
extension Person {
  /// The name, the day of birth and the number, as far as they are known.
  func title(in language: Language) -> String {
    let name = [self.familyName, self.givenName, self.patronymic].compactMap { $0 }.joined(separator: " ")
    let parts = [
      name.isEmpty ? nil : name, self.bornOn.map { Text.personBorn(language, day: $0) }, self.iin.map { Text.personIIN(language, iin: $0) },
    ]
    return parts.compactMap { $0 }.joined(separator: ", ")
  }
}

extension Offence {
  func line(in language: Language) -> String {
    var parts: [String] = []
    if let article { parts.append(Text.recordArticle(language, article: article + (self.part.map { "-\($0)" } ?? ""))) }
    if let gravity { parts.append(gravity.word) }
    let from = self.committedFrom
    let through = self.committedThrough
    if let from, let through {
      parts.append(from == through ? from : Text.recordFromTo(language, from: from, to: through))
    } else if let day = from ?? through {
      parts.append(from == nil ? Text.recordUntil(language, day: day) : Text.recordFrom(language, day: day))
    }
    if let territory { parts.append(territory) }
    if let nexus { parts.append(Text.recordNexus(language, word: nexus.word)) }
    if let classes, !classes.isEmpty { parts.append(classes.map(\.word).joined(separator: " ")) }
    if let sentence { parts.append([sentence.kind?.word, sentence.term].compactMap { $0 }.joined(separator: " ")) }
    if self.dropped == true { parts.append(Text.recordDropped(language)) }
    return parts.joined(separator: ", ")
  }
}

extension Sentence {
  func line(in language: Language) -> String {
    var parts = [[self.kind?.word, self.term].compactMap { $0 }.joined(separator: " ")]
    if let imposedOn { parts.append(Text.recordImposed(language, day: imposedOn)) }
    if let startsOn { parts.append(Text.recordStarts(language, day: startsOn)) }
    if let creditDays, creditDays > 0 { parts.append(Text.recordCredited(language, days: "\(creditDays)")) }
    if let aggregation, aggregation != .single { parts.append(aggregation.word) }
    if let servedOn { parts.append(Text.recordServed(language, day: servedOn)) }
    return parts.filter { !$0.isEmpty }.joined(separator: ", ")
  }
}

extension AssessedSentence {
  func line(in language: Language) -> String {
    var parts: [String] = []
    if let imposed {
      parts.append(
        self.reduced.map { Text.assessedTermReduced(language, term: imposed, reduced: $0) } ?? Text.assessedTerm(language, term: imposed))
    }
    if let originalEnd {
      parts.append(
        self.newEnd.map { Text.assessedEndMoved(language, day: originalEnd, newEnd: $0) } ?? Text.assessedEnd(language, day: originalEnd))
    }
    if self.originalEnd == nil, let newEnd { parts.append(Text.assessedNewEnd(language, day: newEnd)) }
    if let releaseOn { parts.append(Text.assessedRelease(language, day: releaseOn)) }
    return parts.joined(separator: ", ")
  }
}
