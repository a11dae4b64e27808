// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import ArgumentParser

/// `amnestyctl case close`.
package struct CaseClose: CaseChange {
  package static let configuration = CommandConfiguration(
    commandName: "close",
    abstract: "Close a case in which nothing is left to do."
  )

  @OptionGroup package var target: ReferenceArgument
  @OptionGroup package var why: ReasonOption
  @OptionGroup package var change: ChangeOptions
  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func send(_ client: AmnestyClient, key: String, options: CallOptions) async throws(Status) -> CaseResponse {
    let request = CloseCaseRequest(
      reference: self.target.reference, reason: self.why.reason, etag: self.change.etag, idempotencyKey: key)
    return try await client.case.close(request, options: options)
  }
}
