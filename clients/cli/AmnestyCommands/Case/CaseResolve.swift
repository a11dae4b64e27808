// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import ArgumentParser

/// `amnestyctl case resolve`.
package struct CaseResolve: CaseChange {
  package static let configuration = CommandConfiguration(
    commandName: "resolve",
    abstract: "Settle what the assessment referred to a human."
  )

  @OptionGroup package var target: ReferenceArgument
  @OptionGroup package var why: NeededReason
  @OptionGroup package var change: ChangeOptions
  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func send(_ client: AmnestyClient, key: String, options: CallOptions) async throws(Status) -> CaseResponse {
    let request = ResolveReferralRequest(
      reference: self.target.reference, reason: self.why.reason, etag: self.change.etag, idempotencyKey: key)
    return try await client.case.resolveReferral(request, options: options)
  }
}
