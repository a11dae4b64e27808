// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyRules

/// A figure that somebody published of an act: `x.yaml` may have `x.figures.csv`. Estimates show it beside what they compute.
package struct PublishedFigure: Sendable, Equatable {
  package var on: Day
  package var count: Int
  /// The figures of an estimate that compare with it, added up; empty where none does.
  package var cells: [Cell]
  package var basis: Basis
  package var source: String
  package var text: LocalizedText

  /// A figure of an estimate.
  package enum Cell: Sendable, Equatable {
    case coveredPeople
    case measure(String)
    case group(GroupKind, String)

    init?(_ text: String) {
      if text == "coveredPeople" {
        self = .coveredPeople
        return
      }
      let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2 else { return nil }
      if parts[0] == "measures" {
        self = .measure(parts[1])
      } else if let kind = GroupKind(rawValue: parts[0]), kind.groups.contains(parts[1]) {
        self = .group(kind, parts[1])
      } else {
        return nil
      }
    }
  }

  /// Where the figures of an act file are.
  static func path(besides act: String) -> String {
    (act.hasSuffix(".yaml") ? String(act.dropLast(".yaml".count)) : act) + ".figures.csv"
  }

  private static let bases: [String: Basis] = ["text": .text, "reported": .reported, "inferred": .inferred]
  private static let columns = ["on", "figure", "cell", "basis", "source", "en", "ru", "kk"]

  /// Reads a table of figures. Any bytes will do: what is none is told with its place.
  static func read(_ bytes: [UInt8], name: String, of act: ActFile) -> (figures: [PublishedFigure], problems: [FileProblem]) {
    var list = ProblemList(file: name)
    var rows = DelimitedText.read(bytes, into: &list)[...]
    guard let head = rows.popFirst(), head.map(\.text) == columns else {
      list.report(Place(line: 1, column: 1), "no table of figures", hint: "its columns are " + columns.joined(separator: ","))
      return ([], list.sorted)
    }
    var figures: [PublishedFigure] = []
    for row in rows {
      if let figure = figure(row, act, &list) { figures.append(figure) }
    }
    return (figures, list.sorted)
  }

  private static func figure(_ row: [DelimitedText.Cell], _ act: ActFile, _ list: inout ProblemList) -> PublishedFigure? {
    guard row.count == columns.count, row.allSatisfy({ !$0.text.isEmpty }) else {
      list.report(row[0].place, "a cell is missing", hint: "each figure needs " + columns.joined(separator: ","))
      return nil
    }
    guard let on = Day(row[0].text) else {
      list.report(row[0].place, "\(row[0].text) is no day", hint: "write it as 2022-11-02")
      return nil
    }
    guard let count = Int(row[1].text), count >= 0 else {
      list.report(row[1].place, "\(row[1].text) is no count", hint: "write digits only")
      return nil
    }
    var cells: [Cell] = []
    for part in row[2].text == "-" ? [] : row[2].text.split(separator: "+") {
      guard let cell = Cell(String(part)) else {
        list.report(
          row[2].place, "\(part) is no figure of an estimate",
          hint: "coveredPeople, measures/MEASURE, a breakdown such as gravity/grave, or -")
        return nil
      }
      cells.append(cell)
    }
    guard let basis = bases[row[3].text] else {
      list.report(row[3].place, "\(row[3].text) is no basis", hint: "text, reported or inferred")
      return nil
    }
    guard let source = act.document.sources.first(where: { $0.name.value == row[4].text }) else {
      list.report(row[4].place, "the act has no source \(row[4].text)", hint: "one of the keys under sources")
      return nil
    }
    return PublishedFigure(
      on: on, count: count, cells: cells, basis: basis, source: source.value.value,
      text: LocalizedText(kk: row[7].text, ru: row[6].text, en: row[5].text))
  }
}
