// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import ArgumentParser

/// `amnestyctl decision revoke`.
package struct DecisionRevoke: CaseChange {
  package static let configuration = CommandConfiguration(
    commandName: "revoke",
    abstract: "Revoke a grant: its orders are undone, needs cancelled, other registers told."
  )

  @OptionGroup package var target: ReferenceArgument

  @Option(help: ArgumentHelp("The ground.", valueName: "ground"))
  package var ground: Word<RevocationGround>

  @OptionGroup package var why: NeededReason
  @OptionGroup package var change: ChangeOptions
  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func send(_ client: AmnestyClient, key: String, options: CallOptions) async throws(Status) -> CaseResponse {
    let request = RevokeRequest(
      reference: self.target.reference, ground: self.ground.value, reason: self.why.reason, etag: self.change.etag, idempotencyKey: key)
    return try await client.decision.revoke(request, options: options)
  }
}
