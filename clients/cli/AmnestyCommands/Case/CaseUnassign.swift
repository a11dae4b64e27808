// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import ArgumentParser

/// `amnestyctl case unassign`.
package struct CaseUnassign: CaseChange {
  package static let configuration = CommandConfiguration(
    commandName: "unassign",
    abstract: "Take a case back from the person it is assigned to."
  )

  @OptionGroup package var target: ReferenceArgument
  @OptionGroup package var why: ReasonOption
  @OptionGroup package var change: ChangeOptions
  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func send(_ client: AmnestyClient, key: String, options: CallOptions) async throws(Status) -> CaseResponse {
    let request = AssignCaseRequest(
      reference: self.target.reference, person: nil, reason: self.why.reason, etag: self.change.etag, idempotencyKey: key)
    return try await client.case.assign(request, options: options)
  }
}
