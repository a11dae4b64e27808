// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import AmnestyTexts
package import ArgumentParser

/// `amnestyctl aftercare list`.
package struct AftercareList: ClientCommand {
  package static let configuration = CommandConfiguration(commandName: "list", abstract: "List needs, the most urgent first.")

  @Option(help: "Only of this kind.")
  package var kind: Word<NeedKind>?

  @Option(help: "Only in this state.")
  package var state: Word<NeedState>?

  @Option(help: ArgumentHelp("Only those of this body.", valueName: "body"))
  package var responsible: String?

  @Flag(help: "Only those whose day has passed.")
  package var overdue = false

  @Option(help: ArgumentHelp("Only this office; all of yours if not said.", valueName: "office"))
  package var office: String?

  @OptionGroup package var pages: PageOptions
  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    var writer = ListWriter<AftercareNeed>(format: self.output.output)
    let rest = try await self.pages.forEach { size, token in
      let request = ListNeedsRequest(
        kind: self.kind?.value, state: self.state?.value, responsible: self.responsible, overdue: self.overdue ? true : nil,
        office: self.office, pageSize: size, pageToken: token)
      let answer = try await client.aftercare.list(request, options: options)
      return (answer.needs, answer.nextPageToken)
    } _: { item in
      try writer.write(item)
    }
    try writer.finish(empty: Text.listNoNeeds)
    self.pages.tell(rest)
  }
}

extension AftercareNeed: ListItem {
  package static let columns: [Table.Column] = [
    .init("id"), .init("person", mayShrink: true), .init("kind"), .init("state"), .init("due"), .init("responsible", mayShrink: true),
    .init("last note", mayShrink: true),
  ]

  package func cells(in language: Language) -> [Table.Cell] {
    [
      .init(self.id, .bold), .init(self.personName ?? "-"), .init(self.kind.word),
      .init(self.state.word, self.state == .done ? .good : .plain),
      .init((self.dueOn ?? "-") + (self.overdue ? " !" : ""), self.overdue ? .bad : .plain), .init(self.responsible),
      .init(self.notes.last?.text ?? "-"),
    ]
  }

  package static let fields = ["id", "person", "kind", "state", "dueOn", "overdue", "responsible", "notes", "etag"]

  package var values: [String?] {
    [
      self.id, self.personName, self.kind.word, self.state.word, self.dueOn, self.overdue.description, self.responsible,
      self.notes.map(\.text).joined(separator: "\n"), self.etag,
    ]
  }

  package var json: String { AmnestyCommands.json(self) }
}

/// A need after a command on it.
struct NeedReceipt: Renderable {
  var answer: NeedResponse

  func table(on terminal: Terminal) -> [String] {
    let need = self.answer.need
    let language = terminal.language
    let replayed = self.answer.replayed == true ? Style.dim.apply("  " + Text.receiptDoneBefore(language), on: terminal) : ""
    let due = need.dueOn.map { ", " + Text.caseDue(language, day: $0) } ?? ""
    return [
      Style.bold.apply(need.id, on: terminal) + "  \(need.kind.word)  \(need.state.word)  \(need.responsible)\(due)  "
        + Text.receiptVersion(language, etag: need.etag)
        + replayed
    ]
  }

  func values() -> [String] { [json(self.answer)] }
}
