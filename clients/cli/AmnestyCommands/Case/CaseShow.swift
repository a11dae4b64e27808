// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import ArgumentParser

/// `amnestyctl case show`: a case at a glance.
package struct CaseShow: ClientCommand {
  package static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show a case at a glance: who, where it stands, what the act does, who decided, what is due."
  )

  @OptionGroup package var target: ReferenceArgument

  @Flag(help: "Add the chain: who did what, when, on which law and which facts.")
  package var history = false

  @OptionGroup package var language: LanguageOptions
  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    let item = try await client.case.get(GetCaseRequest(reference: self.target.reference), options: options).case
    try Output.render(CasePage(item: item, language: self.language.chosen), as: self.output.output)
    guard self.history else { return }
    let history = try await CaseHistory.fetch(self.target.reference, client: client, options: options)
    if self.output.output == .table {
      var output = StandardOutput()
      try output.line("")
      try output.flush()
    }
    try Output.render(Timeline(history: history), as: self.output.output)
  }
}
