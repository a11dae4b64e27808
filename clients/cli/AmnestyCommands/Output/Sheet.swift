// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyTexts

/// Labelled lines about one thing, broken to the terminal's width with the texts in a column of their own.
package struct Sheet {
  private let terminal: Terminal
  private var lines: [String] = []
  private var label = ""

  private static let indent = 12
  /// What a page is broken to where there is no terminal.
  private static let usualWidth = 80

  package init(terminal: Terminal) {
    self.terminal = terminal
  }

  /// A line from edge to edge.
  package mutating func heading(_ text: String) {
    self.lines += text.wrapped(to: self.width).map { Style.bold.apply($0, on: self.terminal) }
    self.label = ""
  }

  /// A text under a label, which is in English and shown in the language of the terminal where the catalog has it; the label is written once
  /// for several in a row.
  package mutating func add(_ label: String, _ text: String, _ style: Style = .plain) {
    guard !text.isEmpty else { return }
    let label = Words.sheetLabel(label, self.terminal.language) ?? label
    for (index, line) in text.wrapped(to: max(20, self.width - Self.indent)).enumerated() {
      let mark = index == 0 && label != self.label ? label : ""
      let padding = String(repeating: " ", count: max(1, Self.indent - mark.columns))
      let styled = style.apply(line, on: self.terminal)
      self.lines.append((mark.isEmpty ? "" : Style.dim.apply(mark, on: self.terminal)) + padding + styled)
    }
    self.label = label
  }

  package mutating func gap() {
    if let last = self.lines.last, !last.isEmpty { self.lines.append("") }
    self.label = ""
  }

  /// The lines without a gap at the end.
  package var page: [String] {
    self.lines.last == "" ? Array(self.lines.dropLast()) : self.lines
  }

  private var width: Int { self.terminal.width ?? Self.usualWidth }
}
