// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules

/// A table as spreadsheets save it (RFC 4180): every cell with its place. Commas, or semicolons where the first row has only those.
struct DelimitedText {
  struct Cell: Equatable {
    var text: String
    var place: Place
  }

  static let sizeLimit = 4 << 20

  /// Rows that hold something; a row whose first cell begins with # is a remark.
  static func read(_ bytes: [UInt8], into list: inout ProblemList) -> [[Cell]] {
    guard bytes.count <= sizeLimit else {
      list.report(Place(line: 1, column: 1), "the table has \(bytes.count) bytes, more than \(sizeLimit)", hint: "split it")
      return []
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      list.report(Place(line: 1, column: 1), "not UTF-8", hint: "save the table as CSV UTF-8")
      return []
    }
    var reader = DelimitedText(text)
    while reader.index < reader.end { reader.row(&list) }
    return reader.rows
  }

  private let scalars: String.UnicodeScalarView
  private var index: String.UnicodeScalarView.Index
  private var line = 1
  private var column = 1
  private let delimiter: Unicode.Scalar
  private var rows: [[Cell]] = []

  private var end: String.UnicodeScalarView.Index { scalars.endIndex }

  private init(_ text: String) {
    scalars = text.unicodeScalars
    index = scalars.startIndex
    // Spreadsheets mark UTF-8 with a byte order mark.
    if scalars.first == "\u{FEFF}" { index = scalars.index(after: index) }
    let head = scalars.prefix { $0 != "\n" }
    delimiter = head.contains(",") || !head.contains(";") ? "," : ";"
  }

  private mutating func advance() {
    if scalars[index] == "\n" {
      line += 1
      column = 1
    } else {
      column += 1
    }
    index = scalars.index(after: index)
  }

  private var atLineEnd: Bool {
    guard index < end else { return true }
    if scalars[index] == "\n" { return true }
    guard scalars[index] == "\r" else { return false }
    let next = scalars.index(after: index)
    return next == end || scalars[next] == "\n"
  }

  private mutating func row(_ list: inout ProblemList) {
    var cells: [Cell] = []
    while true {
      cells.append(cell(&list))
      guard index < end, scalars[index] == delimiter else { break }
      advance()
    }
    while index < end, scalars[index] == "\r" { advance() }
    if index < end { advance() }
    if cells.first?.text.hasPrefix("#") == true || cells.allSatisfy({ $0.text.isEmpty }) { return }
    rows.append(cells)
  }

  private mutating func cell(_ list: inout ProblemList) -> Cell {
    let place = Place(line: line, column: column)
    var text = String.UnicodeScalarView()
    guard index < end, scalars[index] == "\"" else {
      while !atLineEnd, scalars[index] != delimiter {
        if scalars[index] == "\"" {
          list.report(
            Place(line: line, column: column), "a quote inside a cell", hint: "put the whole cell in quotes and write each quote twice")
        }
        text.append(scalars[index])
        advance()
      }
      return Cell(text: trimmed(String(text)), place: place)
    }
    advance()
    while index < end {
      if scalars[index] == "\"" {
        advance()
        guard index < end, scalars[index] == "\"" else {
          if !atLineEnd, scalars[index] != delimiter {
            list.report(
              Place(line: line, column: column), "text after the closing quote",
              hint: "put the whole cell in quotes and write each quote twice")
            while !atLineEnd, scalars[index] != delimiter { advance() }
          }
          return Cell(text: trimmed(String(text)), place: place)
        }
      }
      text.append(scalars[index])
      advance()
    }
    list.report(place, "the quote is never closed", hint: "close it at the end of the cell")
    return Cell(text: trimmed(String(text)), place: place)
  }

  private func trimmed(_ text: String) -> String {
    guard let first = text.firstIndex(where: { !$0.isWhitespace }), let last = text.lastIndex(where: { !$0.isWhitespace }) else {
      return ""
    }
    return String(text[first...last])
  }
}
