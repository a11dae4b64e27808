// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import ArgumentParser

/// `amnestyctl decision return`.
package struct DecisionReturn: CaseChange {
  package static let configuration = CommandConfiguration(
    commandName: "return",
    abstract: "Send a proposal back to who prepared it."
  )

  @OptionGroup package var target: ReferenceArgument
  @OptionGroup package var why: NeededReason
  @OptionGroup package var change: ChangeOptions
  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func send(_ client: AmnestyClient, key: String, options: CallOptions) async throws(Status) -> CaseResponse {
    let request = ReturnProposalRequest(
      reference: self.target.reference, reason: self.why.reason, etag: self.change.etag, idempotencyKey: key)
    return try await client.decision.return(request, options: options)
  }
}
