// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import AmnestyTexts

/// What became of the records of an import.
package struct ImportTally: Sendable, Equatable {
  package var registered = 0
  package var unchanged = 0
  package var updated = 0
  package var failed = 0

  package init() {}

  package mutating func add(_ result: ImportResult) {
    switch result {
    case .registered: self.registered += 1
    case .unchanged: self.unchanged += 1
    case .updated: self.updated += 1
    default: self.failed += 1
    }
  }

  package var total: Int { self.registered + self.unchanged + self.updated + self.failed }

  package func line(_ language: Language, elapsed: Duration) -> String {
    var parts = [Text.importRegistered(language, count: self.registered.grouped(language))]
    if self.updated > 0 { parts.append(Text.importUpdated(language, count: self.updated.grouped(language))) }
    if self.unchanged > 0 { parts.append(Text.importUnchanged(language, count: self.unchanged.grouped(language))) }
    if self.failed > 0 { parts.append(Text.importFailed(language, count: self.failed.grouped(language))) }
    let (count, results) = (self.total.grouped(language), parts.joined(separator: ", "))
    let line =
      self.total == 1
      ? Text.importOneRecord(language, count: count, results: results) : Text.importRecords(language, count: count, results: results)
    return line + BulkReport.rate(self.total, in: elapsed, language)
  }
}

/// What became of one record.
struct ImportRow: ListItem {
  var entry: ImportLedger.Entry
  var result: ImportResult
  var status: Status?

  static let columns: [Table.Column] = [.init("line", isNumber: true), .init("reference"), .init("result"), .init("why")]
  static let fields = ["index", "line", "reference", "result", "code", "reason", "message"]

  func cells(in language: Language) -> [Table.Cell] {
    [
      .init("\(self.entry.line)"), .init(self.entry.reference ?? "-"), .init(self.result.word, self.status == nil ? .plain : .bad),
      .init(self.status?.description ?? ""),
    ]
  }

  var values: [String?] {
    [
      "\(self.entry.index)", "\(self.entry.line)", self.entry.reference, self.result.word, self.status?.code.name, self.status?.reason,
      self.status?.message,
    ]
  }

  var json: String {
    let reference = self.entry.reference.map { ",\"reference\":" + JSONText.quoted($0) } ?? ""
    let head = "{\"index\":\(self.entry.index),\"line\":\(self.entry.line)\(reference),\"result\":\"\(self.result.word)\""
    guard let status = self.status else { return head + "}" }
    return head + ",\"status\":" + JSONText.of(status) + "}"
  }
}
