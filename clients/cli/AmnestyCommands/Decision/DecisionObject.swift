// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import ArgumentParser

/// `amnestyctl decision object`.
package struct DecisionObject: CaseChange {
  package static let configuration = CommandConfiguration(
    commandName: "object",
    abstract: "Record that the person objects: before the decision, against a termination only."
  )

  @OptionGroup package var target: ReferenceArgument
  @OptionGroup package var why: ReasonOption
  @OptionGroup package var change: ChangeOptions
  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func send(_ client: AmnestyClient, key: String, options: CallOptions) async throws(Status) -> CaseResponse {
    let request = ObjectRequest(
      reference: self.target.reference, reason: self.why.reason, etag: self.change.etag, idempotencyKey: key)
    return try await client.decision.object(request, options: options)
  }
}
