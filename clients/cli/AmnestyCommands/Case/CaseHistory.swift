// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import ArgumentParser

/// `amnestyctl case history`: the chain of a case.
package struct CaseHistory: ClientCommand {
  package static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "Show the chain of a case: who did what, when, on which law and which facts; and every version of its facts."
  )

  @OptionGroup package var target: ReferenceArgument
  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    let history = try await Self.fetch(self.target.reference, client: client, options: options)
    try Output.render(Timeline(history: history), as: self.output.output)
  }

  /// All pages as one.
  static func fetch(_ reference: String, client: AmnestyClient, options: CallOptions) async throws -> CaseHistoryResponse {
    var whole = CaseHistoryResponse(links: [], versions: [])
    var token: String?
    repeat {
      let page = try await client.case.history(CaseHistoryRequest(reference: reference, pageSize: 1000, pageToken: token), options: options)
      whole.links += page.links
      whole.versions += page.versions
      token = page.nextPageToken
    } while token != nil
    return whole
  }
}
