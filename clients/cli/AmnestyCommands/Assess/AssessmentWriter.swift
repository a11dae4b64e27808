// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient
internal import AmnestyTexts
internal import NIOCore

/// Writes answers as they come.
package struct AssessmentWriter: ~Copyable {
  private let format: OutputFormat
  private let terminal: Terminal
  private var output = StandardOutput()
  private var table = Table(AssessmentTable.columns)
  /// Of a JSON array: the first value, which stands alone if no other comes.
  private var first: String?
  package private(set) var records = 0
  package private(set) var refused = 0

  /// Rows that are looked at for the widths of the columns, and written together.
  private static let rowsAtOnce = 512

  package init(format: OutputFormat, terminal: Terminal) {
    self.format = format
    self.terminal = terminal
  }

  package mutating func write(_ entry: RecordAssessment.Entry, _ answer: RecordAssessment.Answer) throws {
    self.records += 1
    switch self.format {
    case .table:
      switch try answer.assessment() {
      case .success(let assessment): self.table.add(AssessmentTable.row(entry.reference, assessment, self.terminal.language))
      case .failure(let status):
        self.refused += 1
        self.table.add(AssessmentTable.row(line: entry.line.number, entry.reference, status, self.terminal.language))
      }
      if self.table.rows.count >= Self.rowsAtOnce { try self.writeRows() }
    case .ndjson: try self.output.line(self.value(entry, answer))
    case .csv:
      if self.records == 1 { try self.output.line(CSV.line(AssessmentTable.fields)) }
      // For programs, so in one language.
      let row: [Table.Cell]
      switch try answer.assessment() {
      case .success(let assessment): row = AssessmentTable.row(entry.reference, assessment, .en)
      case .failure(let status):
        self.refused += 1
        row = AssessmentTable.row(line: entry.line.number, entry.reference, status, .en)
      }
      try self.output.line(CSV.line(["\(entry.line.number)"] + row.map { $0.text == "-" ? nil : $0.text }))
    case .json: try self.writeElement(self.value(entry, answer))
    }
  }

  package mutating func finish() throws {
    switch self.format {
    case .table: try self.writeRows()
    case .ndjson, .csv: break
    case .json:
      if let first = self.first.take() {
        try self.output.line(PrettyJSON.indent(first))
      } else {
        try self.output.line(self.records == 0 ? "[]" : "\n]")
      }
    }
    try self.output.flush()
  }

  private mutating func writeRows() throws {
    for line in self.table.takeLines(on: self.terminal) { try self.output.line(line) }
  }

  private mutating func writeElement(_ value: String) throws {
    if self.records == 1 {
      self.first = value
      return
    }
    if let first = self.first.take() { try self.output.write("[\n" + first) }
    try self.output.write(",\n" + value)
  }

  /// `{"line":n,"reference":r,"assessment":…}`, or with an error in its place.
  private mutating func value(_ entry: RecordAssessment.Entry, _ answer: RecordAssessment.Answer) throws -> String {
    var head = "{\"line\":\(entry.line.number)"
    if let reference = entry.reference { head += ",\"reference\":" + JSONText.quoted(reference) }
    if case .item(let bytes) = answer, Self.isAssessment(bytes) {
      return head + "," + String(buffer: bytes).dropFirst()
    }
    guard case .failure(let status) = try answer.assessment() else { return head + "}" }
    self.refused += 1
    return head + "," + json(AssessStreamResponse(error: status)).dropFirst()
  }

  private static let prefix = Array("{\"assessment\":".utf8)

  private static func isAssessment(_ bytes: ByteBuffer) -> Bool {
    bytes.readableBytesView.starts(with: Self.prefix)
  }
}
