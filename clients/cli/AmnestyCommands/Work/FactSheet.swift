// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import AmnestyTexts
internal import Glibc

/// The table of facts to ask for, as it is sent out and comes back filled in.
package enum FactSheet {
  package static let columns = ["rank", "reference", "office", "detained", "fact", "question", "answer", "source", "learntOn"]

  package static func cells(_ ask: FactAsk, _ language: Language) -> [String?] {
    [
      ask.rank.map { "\($0)" }, ask.reference, ask.office, ask.detained.map { $0 ? Text.listYes(language) : Text.listNo(language) },
      ask.fact,
      ask.question.text(in: language), nil, nil, nil,
    ]
  }

  /// What came back for one case.
  package struct Answers: Sendable, Equatable {
    package var reference: String
    package var edits: [FactEdit] = []
    package var sources: [FactSource] = []
  }

  /// Reads a sheet: the answered facts, case by case, in the order in which the cases come. Rows without an answer are passed over.
  package static func read(_ text: String, name: String) throws(InputError) -> [Answers] {
    var rows = CSV.rows(text)[...]
    guard let head = rows.popFirst() else { throw Self.wrong { Text.sheetEmpty($0, file: name, line: "1") } }
    var places: [String: Int] = [:]
    for (index, column) in head.cells.enumerated() { places[column.trimmed] = index }
    for column in ["reference", "fact", "answer"] where places[column] == nil {
      throw Self.wrong { Text.sheetNoColumn($0, file: name, line: "\(head.line)", column: column) }
    }
    var answers: [Answers] = []
    var index: [String: Int] = [:]
    for row in rows {
      func cell(_ column: String) -> String {
        places[column].flatMap { row.cells.indices.contains($0) ? row.cells[$0].trimmed : nil } ?? ""
      }
      guard !cell("answer").isEmpty else { continue }
      let (reference, fact) = (cell("reference"), cell("fact"))
      guard !reference.isEmpty, let edit = FactEdit(argument: "\(fact)=\(cell("answer"))") else {
        throw Self.wrong { Text.sheetRowIncomplete($0, file: name, line: "\(row.line)") }
      }
      let place = index[reference] ?? answers.count
      if place == answers.count {
        answers.append(Answers(reference: reference))
        index[reference] = place
      }
      answers[place].edits.append(edit)
      let learntOn = cell("learntOn")
      guard learntOn.isEmpty || DayArgument(argument: learntOn) != nil else {
        throw Self.wrong { Text.sheetBadDay($0, file: name, line: "\(row.line)") }
      }
      if !cell("source").isEmpty {
        answers[place].sources.append(
          FactSource(pointer: fact, source: cell("source"), learntOn: learntOn.isEmpty ? nil : learntOn))
      }
    }
    return answers
  }

  private static func wrong(_ what: @escaping @Sendable (Language) -> String) -> InputError {
    InputError(exitCode: EX_DATAERR, what)
  }
}

extension String {
  fileprivate var trimmed: String { String(self.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed()) }
}
