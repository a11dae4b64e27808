// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules

/// The worked examples of an act: one row an example, and a row without a name for each further offence of it.
///
/// Columns are facts by name, and what the act must say. An empty cell is a fact that is not known; `-` is a list known to be empty;
/// `disputed` and `unknowable` are what they say. Columns that are not in the table are not known, and not checked.
struct ExampleTable {
  struct Row {
    var cells: [String: DelimitedText.Cell]
    var place: Place
  }

  struct Example {
    var name: String
    var rows: [Row]
  }

  /// What the act must say, beside the facts.
  static let expectations = [
    "outcome", "measure", "basis", "releaseOn", "newEnd", "reduced", "reducedAmount", "missing", "referrals", "readings", "standing",
    "notes",
  ]
  /// Each needs these.
  static let required = ["example", "asOf", "outcome", "measure", "shows"]
  private static let others = ["example", "asOf", "shows", "sentence.additional"]
  static let rowLimit = 10_000

  /// In the table a sentence's stage and kind are the record's; an offence's own are named so.
  private static let renamed = [
    "stage": "record.stage", "sentence.kind": "record.sentence.kind", "offence.stage": "stage", "offence.sentence.kind": "sentence.kind",
    "offence.sentence.term": "offence.term",
  ]

  var columns: [String] = []
  var examples: [Example] = []

  /// The name that the rules know a fact column by.
  static func factName(_ column: String) -> String { renamed[column] ?? column }

  /// The column of a fact, by the name that the rules know it by.
  static func column(_ fact: String) -> String { renamed.first { $0.value == fact }?.key ?? fact }

  static func read(_ bytes: [UInt8], layout: FactLayout, into list: inout ProblemList) -> ExampleTable {
    var rows = DelimitedText.read(bytes, into: &list)[...]
    var table = ExampleTable()
    guard let head = rows.popFirst() else {
      list.report(Place(line: 1, column: 1), "the table is empty", hint: "the first row names the columns")
      return table
    }
    let facts = layout.names.map(column)
    var seen: Set<String> = []
    for cell in head where !cell.text.isEmpty {
      let known = others + expectations + facts
      if !known.contains(cell.text) {
        list.report(
          cell.place, "unknown column \(cell.text)",
          hint: nearest(cell.text, of: known).map { "did you mean \($0)?" } ?? "a fact, or one of " + expectations.joined(separator: ", "))
      } else if !seen.insert(cell.text).inserted {
        list.report(cell.place, "the column \(cell.text) stands twice", hint: "keep one of them")
      }
    }
    for name in required where !seen.contains(name) {
      list.report(head[0].place, "the column \(name) is missing", hint: "every table has " + required.joined(separator: ", "))
    }
    table.columns = head.map(\.text)
    guard list.isEmpty else { return table }
    if rows.count > rowLimit { list.report(head[0].place, "\(rows.count) rows, more than \(rowLimit)", hint: "split the table") }
    table.group(rows.prefix(rowLimit), &list)
    return table
  }

  private mutating func group(_ rows: ArraySlice<[DelimitedText.Cell]>, _ list: inout ProblemList) {
    var names: [String: Place] = [:]
    for cells in rows {
      let place = cells[0].place
      if cells.count > columns.count {
        list.report(
          cells[columns.count].place, "\(cells.count) cells in a row, \(columns.count) columns",
          hint: "a comma in a text needs quotes around the text")
        continue
      }
      var row = Row(cells: [:], place: place)
      for (column, cell) in zip(columns, cells) where !column.isEmpty && !cell.text.isEmpty { row.cells[column] = cell }
      guard let name = row.cells["example"] else {
        if examples.isEmpty {
          list.report(place, "a further offence before the first example", hint: "name the example in the column example")
        } else {
          examples[examples.count - 1].rows.append(row)
        }
        continue
      }
      if let first = names.updateValue(name.place, forKey: name.text) {
        list.report(name.place, "the example \(name.text) stands twice, first at line \(first.line)", hint: "name each example once")
      }
      for column in ["asOf", "outcome", "shows"] where row.cells[column] == nil {
        list.report(
          place, "\(column) is empty", hint: column == "shows" ? "say in a sentence what the example shows of the law" : "fill it in")
      }
      examples.append(Example(name: name.text, rows: [row]))
    }
  }
}
