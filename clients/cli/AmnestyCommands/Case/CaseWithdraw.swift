// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import ArgumentParser

/// `amnestyctl case withdraw`.
package struct CaseWithdraw: CaseChange {
  package static let configuration = CommandConfiguration(
    commandName: "withdraw",
    abstract: "Take a case back before a decision."
  )

  @OptionGroup package var target: ReferenceArgument
  @OptionGroup package var why: NeededReason
  @OptionGroup package var change: ChangeOptions
  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func send(_ client: AmnestyClient, key: String, options: CallOptions) async throws(Status) -> CaseResponse {
    let request = WithdrawCaseRequest(
      reference: self.target.reference, reason: self.why.reason, etag: self.change.etag, idempotencyKey: key)
    return try await client.case.withdraw(request, options: options)
  }
}
