// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
internal import AmnestyTexts
package import ArgumentParser

/// `amnestyctl case search`.
package struct CaseSearch: ClientCommand {
  package static let configuration = CommandConfiguration(
    commandName: "search",
    abstract: "Find cases by name in Cyrillic or Latin, IIN or reference; the beginning of a word is enough.")

  @Argument(help: ArgumentHelp("What to look for.", valueName: "words"))
  package var words: [String]

  @Option(help: ArgumentHelp("Only this office; all of yours if not said.", valueName: "office"))
  package var office: String?

  @Option(help: ArgumentHelp("At most so many.", valueName: "number"))
  package var limit = 50

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
    let request = SearchCasesRequest(query: self.words.joined(separator: " "), office: self.office, limit: self.limit)
    let answer = try await client.case.search(request, options: options)
    var writer = ListWriter<CaseSummary>(format: self.output.output)
    for item in answer.cases { try writer.write(item) }
    try writer.finish(empty: Text.listNothingFound)
    if answer.truncated { StandardError.write("amnestyctl: \(Text.searchThereIsMore(.ofUser()))\n") }
  }
}
