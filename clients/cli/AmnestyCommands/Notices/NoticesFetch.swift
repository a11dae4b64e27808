// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
internal import AmnestyTexts
package import ArgumentParser

/// `amnestyctl notices fetch`.
package struct NoticesFetch: ClientCommand {
  package static let configuration = CommandConfiguration(
    commandName: "fetch", abstract: "What your register has to carry out and has not confirmed; confirm each with notices acknowledge.")

  @Option(help: ArgumentHelp("The office whose register it is; yours if you have one only.", valueName: "office"))
  package var subscriber: String?

  @Option(help: ArgumentHelp("At most so many.", valueName: "number"))
  package var limit = 100

  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package mutating func validate() throws {
    guard (1...1000).contains(limit) else {
      throw ValidationError(Text.optionRange(.ofUser(), option: "--limit", lowest: "1", highest: "1000"))
    }
  }

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    let request = FetchNoticesRequest(subscriber: self.subscriber, limit: self.limit)
    let answer = try await client.propagation.fetch(request, options: options)
    var writer = ListWriter<Notice>(format: self.output.output)
    for notice in answer.notices { try writer.write(notice) }
    try writer.finish(empty: Text.listNothingToCarryOut)
  }
}
