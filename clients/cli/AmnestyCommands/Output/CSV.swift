// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Rows of comma-separated values, by RFC 4180 but for the line's end, which is that of every other text here.
package enum CSV {
  package static func line(_ values: [String?]) -> String {
    values.map { Self.field($0 ?? "") }.joined(separator: ",")
  }

  /// A field, quoted where it must be: one that holds a comma, a quote or a line's end, or begins or ends with a space.
  package static func field(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      byte != UInt8(ascii: ",") && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\n") && byte != UInt8(ascii: "\r")
    }
    guard !isPlain || text.hasPrefix(" ") || text.hasSuffix(" ") else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }

  /// A row of a table, and the line that it begins on.
  package struct Row: Sendable, Equatable {
    package var line: Int
    package var cells: [String]
  }

  /// Reads what spreadsheets save: commas, or semicolons where the first line has only those; rows without any text are none.
  package static func rows(_ text: String) -> [Row] {
    let head = text.prefix { !$0.isNewline }
    let delimiter: Character = head.contains(",") || !head.contains(";") ? "," : ";"
    var rows: [Row] = []
    var row = Row(line: 1, cells: [""])
    var line = 1
    var isQuoted = false
    var characters = (text.hasPrefix("\u{FEFF}") ? text.dropFirst() : text[...]).makeIterator()
    var next = characters.next()
    while let character = next {
      next = characters.next()
      if character.isNewline { line += 1 }
      if isQuoted {
        if character != "\"" {
          row.cells[row.cells.count - 1].append(character)
        } else if next == "\"" {
          row.cells[row.cells.count - 1].append(character)
          next = characters.next()
        } else {
          isQuoted = false
        }
      } else if character == "\"", row.cells[row.cells.count - 1].isEmpty {
        isQuoted = true
      } else if character == delimiter {
        row.cells.append("")
      } else if character.isNewline {
        if row.cells.contains(where: { !$0.isEmpty }) { rows.append(row) }
        row = Row(line: line, cells: [""])
      } else {
        row.cells[row.cells.count - 1].append(character)
      }
    }
    if row.cells.contains(where: { !$0.isEmpty }) { rows.append(row) }
    return rows
  }
}
