// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import ArgumentParser

/// `amnestyctl decision appeal`.
package struct DecisionAppeal: CaseChange {
  package static let configuration = CommandConfiguration(
    commandName: "appeal",
    abstract: "Record an appeal; an execution never waits for it."
  )

  @OptionGroup package var target: ReferenceArgument

  @Option(help: ArgumentHelp("Who appeals.", valueName: "party"))
  package var party: Word<AppealParty>

  @Option(help: ArgumentHelp("On what grounds.", valueName: "text"))
  package var grounds: String

  @OptionGroup package var change: ChangeOptions
  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func send(_ client: AmnestyClient, key: String, options: CallOptions) async throws(Status) -> CaseResponse {
    let request = AppealRequest(
      reference: self.target.reference, party: self.party.value, grounds: self.grounds, etag: self.change.etag, idempotencyKey: key)
    return try await client.decision.appeal(request, options: options)
  }
}
