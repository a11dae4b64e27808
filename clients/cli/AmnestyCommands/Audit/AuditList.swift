// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import AmnestyTexts
package import ArgumentParser

/// `amnestyctl audit list`.
package struct AuditList: ClientCommand {
  package static let configuration = CommandConfiguration(commandName: "list", abstract: "List entries, oldest first.")

  @Option(help: ArgumentHelp("Only this case.", valueName: "reference"))
  package var reference: String?

  @Option(help: ArgumentHelp("Only this person.", valueName: "person"))
  package var person: String?

  @Option(help: ArgumentHelp("Only entries after this one.", valueName: "number"))
  package var after: Int?

  @OptionGroup package var pages: PageOptions
  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    var writer = ListWriter<AuditEntry>(format: self.output.output)
    let rest = try await self.pages.forEach { size, token in
      let request = ListAuditRequest(
        after: self.after, reference: self.reference, person: self.person, pageSize: size, pageToken: token)
      let answer = try await client.audit.list(request, options: options)
      return (answer.entries, answer.nextPageToken)
    } _: { item in
      try writer.write(item)
    }
    try writer.finish(empty: Text.listNoEntries)
    self.pages.tell(rest)
  }
}

extension AuditEntry: ListItem {
  package static let columns: [Table.Column] = [
    .init("entry", isNumber: true), .init("at"), .init("kind"), .init("person", mayShrink: true), .init("role"),
    .init("method", mayShrink: true), .init("about", mayShrink: true),
  ]

  package func cells(in language: Language) -> [Table.Cell] {
    let details = self.details.map { "\($0.name)=\($0.value)" }
    let about = [self.reference.map { $0.hasPrefix("sha256:") ? $0.short : $0 }].compactMap { $0 } + details
    return [
      .init("\(self.seq)"), .init(self.at.moment), .init(self.kind.word, self.style), .init(self.person ?? "-"), .init(self.role ?? "-"),
      .init(self.method.map { $0.replacing("amnesty.v1.", with: "") } ?? "-"), .init(about.joined(separator: " ")),
    ]
  }

  private var style: Style {
    switch self.kind {
    case .gap, .restore: .warning
    case .denied: .bad
    case .read: .dim
    default: .plain
    }
  }

  package static let fields = [
    "seq", "at", "kind", "person", "principal", "actor", "role", "office", "method", "reference", "details", "previous", "hash",
  ]

  package var values: [String?] {
    [
      "\(self.seq)", self.at, self.kind.word, self.person, self.principal, self.actor, self.role, self.office, self.method, self.reference,
      self.details.map { "\($0.name)=\($0.value)" }.joined(separator: " "), self.previous, self.hash,
    ]
  }

  package var json: String { AmnestyCommands.json(self) }
}
