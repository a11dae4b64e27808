// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import AmnestyTexts
package import ArgumentParser

/// `amnestyctl notices list`.
package struct NoticesList: ClientCommand {
  package static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List notices, oldest first, and who has not confirmed.")

  @Option(help: ArgumentHelp("Only those of this office.", valueName: "office"))
  package var subscriber: String?

  @Flag(help: "Only those not confirmed.")
  package var unconfirmed = false

  @OptionGroup package var pages: PageOptions
  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    var writer = ListWriter<Notice>(format: self.output.output)
    let rest = try await self.pages.forEach { size, token in
      let request = ListNoticesRequest(
        subscriber: self.subscriber, unconfirmed: self.unconfirmed ? true : nil, pageSize: size, pageToken: token)
      let answer = try await client.propagation.list(request, options: options)
      return (answer.notices, answer.nextPageToken)
    } _: { item in
      try writer.write(item)
    }
    try writer.finish(empty: Text.listNoNotices)
    self.pages.tell(rest)
  }
}

extension Notice: ListItem {
  package static let columns: [Table.Column] = [
    .init("id", isNumber: true), .init("kind"), .init("reference"), .init("subscriber"), .init("since"), .init("fetched", isNumber: true),
    .init("confirmed"), .init("person", mayShrink: true),
  ]

  package func cells(in language: Language) -> [Table.Cell] {
    [
      .init("\(self.id)"), .init(self.kind.word), .init(self.reference, .bold), .init(self.subscriber), .init(self.createdAt.moment),
      .init("\(self.attempts)"), .init(self.acknowledgedAt?.moment ?? Text.listNo(language), self.acknowledgedAt == nil ? .warning : .good),
      .init(self.person?.title(in: language) ?? "-"),
    ]
  }

  package static let fields = ["id", "kind", "reference", "subscriber", "createdAt", "attempts", "acknowledgedAt", "iin", "person"]

  package var values: [String?] {
    [
      "\(self.id)", self.kind.word, self.reference, self.subscriber, self.createdAt, "\(self.attempts)", self.acknowledgedAt,
      self.person?.iin, self.person?.title(in: .en),
    ]
  }

  package var json: String { AmnestyCommands.json(self) }
}
