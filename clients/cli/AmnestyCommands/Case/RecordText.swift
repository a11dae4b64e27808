// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient

/// The facts of a record as lines that a person reads.
extension Person {
  /// The name, the day of birth and the number, as far as they are known.
  var title: String {
    let name = [self.familyName, self.givenName, self.patronymic].compactMap { $0 }.joined(separator: " ")
    let parts = [name.isEmpty ? nil : name, self.bornOn.map { "born \($0)" }, self.iin.map { "IIN \($0)" }]
    return parts.compactMap { $0 }.joined(separator: ", ")
  }
}

extension Offence {
  var line: String {
    var parts: [String] = []
    if let article { parts.append("art. \(article)" + (self.part.map { "-\($0)" } ?? "")) }
    if let gravity { parts.append(gravity.word) }
    let from = self.committedFrom
    let through = self.committedThrough
    if let from, let through {
      parts.append(from == through ? from : "\(from) to \(through)")
    } else if let day = from ?? through {
      parts.append(from == nil ? "until \(day)" : "from \(day)")
    }
    if let territory { parts.append(territory) }
    if let nexus { parts.append("nexus \(nexus.word)") }
    if let classes, !classes.isEmpty { parts.append(classes.map(\.word).joined(separator: " ")) }
    if let sentence { parts.append([sentence.kind?.word, sentence.term].compactMap { $0 }.joined(separator: " ")) }
    if self.dropped == true { parts.append("dropped") }
    return parts.joined(separator: ", ")
  }
}

extension Sentence {
  var line: String {
    var parts = [[self.kind?.word, self.term].compactMap { $0 }.joined(separator: " ")]
    if let imposedOn { parts.append("imposed \(imposedOn)") }
    if let startsOn { parts.append("from \(startsOn)") }
    if let creditDays, creditDays > 0 { parts.append("\(creditDays) days credited") }
    if let aggregation, aggregation != .single { parts.append(aggregation.word) }
    if let servedOn { parts.append("served \(servedOn)") }
    return parts.filter { !$0.isEmpty }.joined(separator: ", ")
  }
}

extension AssessedSentence {
  var line: String {
    var parts: [String] = []
    if let imposed { parts.append("term \(imposed)" + (self.reduced.map { " to \($0)" } ?? "")) }
    if let originalEnd { parts.append("end \(originalEnd)" + (self.newEnd.map { " to \($0)" } ?? "")) }
    if self.originalEnd == nil, let newEnd { parts.append("new end \(newEnd)") }
    if let releaseOn { parts.append("release on \(releaseOn)") }
    return parts.joined(separator: ", ")
  }
}
