// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import ArgumentParser

/// `amnestyctl work pause`.
package struct WorkPause: CaseChange {
  package static let configuration = CommandConfiguration(
    commandName: "pause",
    abstract: "Let a deadline of the deployment stand still; the act's own never does."
  )

  @OptionGroup package var target: ReferenceArgument

  @Argument(help: ArgumentHelp("Which deadline.", valueName: "clock"))
  package var clock: Word<ClockKind>

  @OptionGroup package var why: NeededReason
  @OptionGroup package var change: ChangeOptions
  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func send(_ client: AmnestyClient, key: String, options: CallOptions) async throws(Status) -> CaseResponse {
    let request = PauseClockRequest(
      reference: self.target.reference, clock: self.clock.value, reason: self.why.reason, etag: self.change.etag, idempotencyKey: key)
    return try await client.work.pause(request, options: options)
  }
}
