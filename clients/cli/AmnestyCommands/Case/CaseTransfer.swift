// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import ArgumentParser

/// `amnestyctl case transfer`.
package struct CaseTransfer: CaseChange {
  package static let configuration = CommandConfiguration(
    commandName: "transfer",
    abstract: "Give a case to another office."
  )

  @OptionGroup package var target: ReferenceArgument

  @Option(help: ArgumentHelp("The office that takes it.", valueName: "office"))
  package var to: String

  @OptionGroup package var why: NeededReason
  @OptionGroup package var change: ChangeOptions
  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func send(_ client: AmnestyClient, key: String, options: CallOptions) async throws(Status) -> CaseResponse {
    let request = TransferCaseRequest(
      reference: self.target.reference, office: self.to, reason: self.why.reason, etag: self.change.etag, idempotencyKey: key)
    return try await client.case.transfer(request, options: options)
  }
}
