// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import AmnestyTexts
package import ArgumentParser

/// `amnestyctl work list`: an office's queue.
package struct WorkList: ClientCommand {
  package static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List what is to be done: people in custody first, then by the days left.")

  @Option(help: ArgumentHelp("Only this office; all of yours if not said.", valueName: "office"))
  package var office: String?

  @Option(help: ArgumentHelp("Only what is assigned to this person.", valueName: "person"))
  package var person: String?

  @Flag(help: "Only what is assigned to nobody.")
  package var unassigned = false

  @Option(help: "Only cases in which this deadline runs.")
  package var clock: Word<ClockKind>?

  @OptionGroup package var pages: PageOptions
  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package mutating func validate() throws {
    if unassigned, person != nil { throw ValidationError(Text.optionExclusive(.ofUser(), option: "--person", other: "--unassigned")) }
  }

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    var writer = ListWriter<WorkItem>(format: self.output.output)
    let rest = try await self.pages.forEach { size, token in
      let request = ListWorkRequest(
        office: self.office, person: self.unassigned ? "" : self.person, clock: self.clock?.value, pageSize: size, pageToken: token)
      let answer = try await client.work.list(request, options: options)
      return (answer.items, answer.nextPageToken)
    } _: { item in
      try writer.write(item)
    }
    try writer.finish(empty: Text.listNothingWaits)
    self.pages.tell(rest)
  }
}

extension WorkItem: ListItem {
  package static let columns: [Table.Column] = [
    .init("reference"), .init("person", mayShrink: true), .init("custody"), .init("next"), .init("by"), .init("deadline"),
    .init("left", isNumber: true), .init("assigned", mayShrink: true),
  ]

  package func cells(in language: Language) -> [Table.Cell] {
    let isLate = self.clock?.overdue ?? self.case.overdue
    let left = self.clock?.pausedOn != nil ? Text.clockPaused(language) : self.clock?.daysLeft.map { "\($0)" } ?? "-"
    return [
      .init(self.case.reference, .bold), .init(self.case.personName ?? "-"),
      .init(
        self.case.detained.map { $0 ? Text.listYes(language) : Text.listNo(language) } ?? "?",
        self.case.detained == true ? .warning : .plain),
      .init(self.nextCommand.word.replacing("_", with: " ")), .init(self.role),
      .init(self.clock?.kind.word.replacing("_", with: " ") ?? "-"),
      .init(left, isLate ? .bad : .plain), .init(self.case.assignedTo ?? "-"),
    ]
  }

  package static let fields = [
    "reference", "person", "office", "detained", "state", "nextCommand", "role", "clock", "dueOn", "daysLeft", "overdue", "assignedTo",
    "etag",
  ]

  package var values: [String?] {
    [
      self.case.reference, self.case.personName, self.case.office, self.case.detained?.description, self.case.state.word,
      self.nextCommand.word, self.role, self.clock?.kind.word, self.clock?.dueOn, self.clock?.daysLeft.map { "\($0)" },
      (self.clock?.overdue ?? self.case.overdue).description, self.case.assignedTo, self.case.etag,
    ]
  }

  package var json: String { AmnestyCommands.json(self) }
}
