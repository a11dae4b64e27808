// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
internal import AmnestyTexts
package import ArgumentParser

/// `amnestyctl case list`.
package struct CaseList: ClientCommand {
  package static let configuration = CommandConfiguration(commandName: "list", abstract: "List cases, all or those of a filter.")

  @OptionGroup(title: "Filter") package var filter: CaseFilter

  @Option(help: "What to sort by.")
  package var order = Word<CaseOrder>(.reference)

  @OptionGroup package var pages: PageOptions
  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    var writer = ListWriter<CaseSummary>(format: self.output.output)
    let rest = try await self.pages.forEach { size, token in
      let request = self.filter.listing(orderBy: self.order.value, pageSize: size, pageToken: token)
      let answer = try await client.case.list(request, options: options)
      return (answer.cases, answer.nextPageToken)
    } _: { item in
      try writer.write(item)
    }
    try writer.finish(empty: Text.listNoCases)
    self.pages.tell(rest)
  }
}
