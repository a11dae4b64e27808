// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import AmnestyTexts

extension CaseSummary: ListItem {
  package static let columns: [Table.Column] = [
    .init("reference"), .init("person", mayShrink: true), .init("state"), .init("outcome"), .init("measure", mayShrink: true),
    .init("custody"), .init("due"), .init("assigned", mayShrink: true),
  ]

  package func cells(in language: Language) -> [Table.Cell] {
    [
      .init(self.reference, .bold), .init(self.personName ?? "-"), .init(self.state.word, self.state.style),
      .init(self.outcome?.word ?? "-", self.outcome.map(AssessmentTable.style) ?? .plain),
      .init(self.measures.isEmpty ? "-" : self.measures.joined(separator: ", ")),
      .init(self.detained.map { $0 ? Text.listYes(language) : Text.listNo(language) } ?? "?", self.detained == true ? .warning : .plain),
      .init((self.dueOn ?? "-") + (self.overdue ? " !" : ""), self.overdue ? .bad : .plain), .init(self.assignedTo ?? "-"),
    ]
  }

  package static let fields = [
    "reference", "person", "state", "office", "assignedTo", "stage", "detained", "outcome", "measures", "newEnd", "releaseOn", "dueOn",
    "overdue", "etag", "updatedAt",
  ]

  package var values: [String?] {
    [
      self.reference, self.personName, self.state.word, self.office, self.assignedTo, self.stage?.word, self.detained?.description,
      self.outcome?.word, self.measures.joined(separator: " "), self.newEnd, self.releaseOn, self.dueOn, self.overdue.description,
      self.etag,
      self.updatedAt,
    ]
  }

  package var json: String { AmnestyCommands.json(self) }
}
