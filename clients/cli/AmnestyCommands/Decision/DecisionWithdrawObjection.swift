// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import ArgumentParser

/// `amnestyctl decision withdraw-objection`.
package struct DecisionWithdrawObjection: CaseChange {
  package static let configuration = CommandConfiguration(
    commandName: "withdraw-objection",
    abstract: "Record that the person takes the objection back."
  )

  @OptionGroup package var target: ReferenceArgument
  @OptionGroup package var why: ReasonOption
  @OptionGroup package var change: ChangeOptions
  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func send(_ client: AmnestyClient, key: String, options: CallOptions) async throws(Status) -> CaseResponse {
    let request = WithdrawObjectionRequest(
      reference: self.target.reference, reason: self.why.reason, etag: self.change.etag, idempotencyKey: key)
    return try await client.decision.withdrawObjection(request, options: options)
  }
}
