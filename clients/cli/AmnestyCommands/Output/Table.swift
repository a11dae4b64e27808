// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyTexts

/// Rows under headings, in columns as wide as what they hold.
package struct Table {
  package struct Column: Sendable {
    /// In English; shown in the language of the terminal where the catalog has it. One of several lines stands on the rows with its last.
    package var heading: String
    package var isNumber = false
    /// May be cut where the terminal is too narrow.
    package var mayShrink = false
    /// Is broken between words where the terminal is too narrow; for the last column.
    package var mayBreak = false

    package init(_ heading: String, isNumber: Bool = false, mayShrink: Bool = false, mayBreak: Bool = false) {
      self.heading = heading
      self.isNumber = isNumber
      self.mayShrink = mayShrink
      self.mayBreak = mayBreak
    }
  }

  package struct Cell: Sendable, ExpressibleByStringLiteral {
    package var text: String
    package var style: Style

    package init(_ text: String, _ style: Style = .plain) {
      self.text = text
      self.style = style
    }

    package init(stringLiteral text: String) {
      self.init(text)
    }
  }

  package let columns: [Column]
  package private(set) var rows: [[Cell]] = []
  /// Known from the rows before, where a long table is written in pieces.
  private var widths: [Int]?

  package init(_ columns: [Column]) {
    self.columns = columns
  }

  package mutating func add(_ cells: [Cell]) {
    self.rows.append(cells)
  }

  /// The lines of the table, the heading first unless it was written before; the rows are forgotten, the widths kept.
  package mutating func takeLines(on terminal: Terminal) -> [String] {
    var lines: [String] = []
    let widths: [Int]
    if let known = self.widths {
      widths = known
    } else {
      let headings = self.columns.map { column in
        (Words.tableHeading(column.heading, terminal.language) ?? column.heading).split(separator: "\n").map(String.init)
      }
      widths = self.fitted(to: terminal.width, under: headings)
      self.widths = widths
      for line in (1...max(1, headings.map(\.count).max() ?? 1)).reversed() {
        lines.append(self.line(headings.map { Cell(line > $0.count ? "" : $0[$0.count - line], .bold) }, widths, terminal))
      }
    }
    for row in self.rows { lines += self.broken(row, widths, terminal).map { self.line($0, widths, terminal) } }
    self.rows = []
    return lines
  }

  /// The row, and what of its last text has no room in it under that.
  private func broken(_ row: [Cell], _ widths: [Int], _ terminal: Terminal) -> [[Cell]] {
    guard terminal.width != nil, self.columns.last?.mayBreak == true, let last = row.last, let width = widths.last else { return [row] }
    return last.text.wrapped(to: width).enumerated().map { index, part in
      (index == 0 ? row.dropLast() : row.dropLast().map { _ in "" }) + [Cell(part, last.style)]
    }
  }

  private static let gap = 2

  private func fitted(to limit: Int?, under headings: [[String]]) -> [Int] {
    let least = headings.map { $0.map(\.columns).max() ?? 0 }
    var widths = self.columns.indices.map { index in
      self.rows.reduce(least[index]) { max($0, $1[index].text.columns) }
    }
    guard let limit else { return widths }
    var excess = widths.reduce(0, +) + Self.gap * (widths.count - 1) - limit
    // The widest of those that may gives way first, column by column.
    while excess > 0 {
      let candidates = self.columns.indices.filter { index in
        (self.columns[index].mayShrink || self.columns[index].mayBreak) && widths[index] > max(4, least[index])
      }
      guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { break }
      widths[widest] -= 1
      excess -= 1
    }
    return widths
  }

  private func line(_ cells: [Cell], _ widths: [Int], _ terminal: Terminal) -> String {
    var line = ""
    for (index, cell) in cells.enumerated() {
      let isLast = index == cells.count - 1
      // Only a terminal's edge cuts; what goes to a file stays whole.
      let text = terminal.width == nil || !self.columns[index].mayShrink ? cell.text : cell.text.clipped(to: widths[index])
      let padding = String(repeating: " ", count: max(0, widths[index] - text.columns))
      let styled = cell.style.apply(text, on: terminal)
      if self.columns[index].isNumber {
        line += padding + styled
      } else {
        line += isLast ? styled : styled + padding
      }
      if !isLast { line += String(repeating: " ", count: Self.gap) }
    }
    while line.last == " " { line.removeLast() }
    return line
  }
}
