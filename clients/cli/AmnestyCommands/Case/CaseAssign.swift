// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import ArgumentParser

/// `amnestyctl case assign`.
package struct CaseAssign: CaseChange {
  package static let configuration = CommandConfiguration(
    commandName: "assign",
    abstract: "Give a case to a person."
  )

  @OptionGroup package var target: ReferenceArgument

  @Argument(help: ArgumentHelp("The person, as the configuration names them.", valueName: "person"))
  package var person: String

  @OptionGroup package var change: ChangeOptions
  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func send(_ client: AmnestyClient, key: String, options: CallOptions) async throws(Status) -> CaseResponse {
    let request = AssignCaseRequest(
      reference: self.target.reference, person: self.person, etag: self.change.etag, idempotencyKey: key)
    return try await client.case.assign(request, options: options)
  }
}
