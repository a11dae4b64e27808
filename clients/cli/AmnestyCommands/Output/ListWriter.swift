// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyTexts
internal import Glibc

/// One of many of a kind, in every format.
package protocol ListItem {
  static var columns: [Table.Column] { get }
  /// As a person reads it.
  func cells(in language: Language) -> [Table.Cell]
  /// The heading of the same as CSV.
  static var fields: [String] { get }
  var values: [String?] { get }
  /// As the daemon sent it.
  var json: String { get }
}

/// Writes a list as it comes, so that a long one costs no more memory than a short one.
package struct ListWriter<Item: ListItem>: ~Copyable {
  private let format: OutputFormat
  private let terminal: Terminal
  private var output: StandardOutput
  private var table = Table(Item.columns)
  package private(set) var count = 0

  /// Rows that are looked at for the widths of the columns, and written together.
  private let rowsAtOnce: Int

  package init(
    format: OutputFormat, terminal: Terminal = .output, rowsAtOnce: Int = 512, output: consuming StandardOutput = StandardOutput()
  ) {
    self.format = format
    self.terminal = terminal
    self.rowsAtOnce = rowsAtOnce
    self.output = output
  }

  package mutating func write(_ item: Item) throws {
    self.count += 1
    switch self.format {
    case .table:
      self.table.add(item.cells(in: self.terminal.language))
      if self.table.rows.count >= self.rowsAtOnce { try self.writeRows() }
    case .csv:
      if self.count == 1 { try self.output.line(CSV.line(Item.fields)) }
      try self.output.line(CSV.line(item.values))
    case .ndjson: try self.output.line(item.json)
    case .json: try self.output.write((self.count == 1 ? "[\n" : ",\n") + item.json)
    }
  }

  /// What was written is to be seen now: somebody waits for it.
  package mutating func flush() throws {
    if self.format == .table, !self.table.rows.isEmpty { try self.writeRows() }
    try self.output.flush()
  }

  /// - Parameter empty: what to say to a person where there was nothing.
  package mutating func finish(empty: ((Language) -> String)? = nil) throws {
    switch self.format {
    case .table:
      if self.count == 0, let empty { StandardError.write("amnestyctl: \(empty(self.terminal.language))\n") } else { try self.writeRows() }
    case .csv: if self.count == 0 { try self.output.line(CSV.line(Item.fields)) }
    case .ndjson: break
    case .json: try self.output.line(self.count == 0 ? "[]" : "\n]")
    }
    try self.output.flush()
  }

  private mutating func writeRows() throws {
    for line in self.table.takeLines(on: self.terminal) { try self.output.line(line) }
  }
}
