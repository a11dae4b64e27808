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
    guard String(validating: bytes, as: UTF8.self) != nil else {
      list.report(Place(line: 1, column: 1), "not UTF-8", hint: "save the table as CSV UTF-8")
      return []
    }
    var reader = DelimitedText(bytes)
    while reader.index < bytes.count { reader.row(&list) }
    return reader.rows
  }

  private static let quote = UInt8(ascii: "\"")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  private let bytes: [UInt8]
  private var index = 0
  private var line = 1
  /// Counts characters, not bytes.
  private var column = 1
  private let delimiter: UInt8
  private var rows: [[Cell]] = []

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
    // Spreadsheets mark UTF-8 with a byte order mark.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
    let head = bytes.prefix { $0 != DelimitedText.lineFeed }
    let hasComma = head.contains(UInt8(ascii: ","))
    delimiter = hasComma || !head.contains(UInt8(ascii: ";")) ? UInt8(ascii: ",") : UInt8(ascii: ";")
  }

  private mutating func advance() {
    if bytes[index] == DelimitedText.lineFeed {
      line += 1
      column = 1
    } else if bytes[index] & 0xC0 != 0x80 {
      column += 1
    }
    index += 1
  }

  private var atLineEnd: Bool {
    guard index < bytes.count else { return true }
    if bytes[index] == DelimitedText.lineFeed { return true }
    guard bytes[index] == DelimitedText.carriageReturn else { return false }
    return index + 1 == bytes.count || bytes[index + 1] == DelimitedText.lineFeed
  }

  private var here: Place { Place(line: line, column: column) }

  private mutating func row(_ list: inout ProblemList) {
    var cells: [Cell] = []
    while true {
      cells.append(cell(&list))
      guard index < bytes.count, bytes[index] == delimiter else { break }
      advance()
    }
    while index < bytes.count, bytes[index] == DelimitedText.carriageReturn { advance() }
    if index < bytes.count { advance() }
    if cells.first?.text.hasPrefix("#") == true || cells.allSatisfy({ $0.text.isEmpty }) { return }
    rows.append(cells)
  }

  private mutating func cell(_ list: inout ProblemList) -> Cell {
    guard index < bytes.count, bytes[index] == DelimitedText.quote else { return bareCell(&list) }
    let place = here
    var text: [UInt8] = []
    advance()
    while index < bytes.count {
      if bytes[index] == DelimitedText.quote {
        advance()
        guard index < bytes.count, bytes[index] == DelimitedText.quote else {
          if !atLineEnd, bytes[index] != delimiter {
            list.report(here, "text after the closing quote", hint: "put the whole cell in quotes and write each quote twice")
            while !atLineEnd, bytes[index] != delimiter { advance() }
          }
          return Cell(text: DelimitedText.trimmed(text[...]), place: place)
        }
      }
      text.append(bytes[index])
      advance()
    }
    list.report(place, "the quote is never closed", hint: "close it at the end of the cell")
    return Cell(text: DelimitedText.trimmed(text[...]), place: place)
  }

  private mutating func bareCell(_ list: inout ProblemList) -> Cell {
    let place = here
    let start = index
    while !atLineEnd, bytes[index] != delimiter {
      if bytes[index] == DelimitedText.quote {
        list.report(here, "a quote inside a cell", hint: "put the whole cell in quotes and write each quote twice")
      }
      advance()
    }
    return Cell(text: DelimitedText.trimmed(bytes[start..<index]), place: place)
  }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    guard let first = bytes.firstIndex(where: { !isBlank($0) }), let last = bytes.lastIndex(where: { !isBlank($0) }) else { return "" }
    return String(decoding: bytes[first...last], as: UTF8.self)
  }
}
