// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient
internal import AmnestyTexts

/// Whose outcome changes from one act to another, as a person reads it.
struct EstimateChanges {
  let change: ActChange
  let language: Language

  init(_ change: ActChange, language: Language) {
    self.change = change
    self.language = language
  }

  func lines(on terminal: Terminal) -> [String] {
    let heading = Text.estimateChanges(
      self.language, first: self.change.first.id, second: self.change.second.id, cases: self.change.cases.grouped(self.language))
    var lines = heading.wrapped(to: terminal.width).map { Style.bold.apply($0, on: terminal) }
    guard self.change.cases > 0 else { return lines }
    let words = SpokenWords(self.language)
    lines += self.rows(
      ["cases", "detained"], "what changes",
      self.change.outcomes.map { item in
        let change =
          words.outcome(item.before, granting: item.measuresBefore) + " → " + words.outcome(item.after, granting: item.measuresAfter)
        return Row(
          numbers: [item.changed.cases, item.changed.detained], texts: [change, item.changed.examples.joined(separator: " ")],
          style: AssessmentTable.style(item.after))
      }, terminal)
    guard !self.change.provisions.isEmpty else { return lines }
    lines.append("")
    lines += self.rows(
      ["cases"], "provision",
      self.change.provisions.map { item in
        Row(
          numbers: [item.changed.cases],
          texts: [item.provision, item.text.text(in: self.language), item.changed.examples.joined(separator: " ")], style: .bold)
      }, terminal)
    return lines
  }

  private struct Row {
    var numbers: [Int]
    /// The first is what the row is about, and has its style.
    var texts: [String]
    var style: Style
  }

  /// Numbers, and beside them texts that are broken rather than cut: what an act says does not fit a column.
  private func rows(_ numbers: [String], _ text: String, _ rows: [Row], _ terminal: Terminal) -> [String] {
    var table = Table(numbers.map { Table.Column($0, isNumber: true) } + [Table.Column(text, mayBreak: true)])
    for row in rows {
      for (index, text) in row.texts.enumerated() where !text.isEmpty {
        table.add(
          row.numbers.map { Table.Cell(index == 0 ? $0.grouped(self.language) : "") } + [Table.Cell(text, index == 0 ? row.style : .plain)])
      }
    }
    return table.takeLines(on: terminal)
  }
}
