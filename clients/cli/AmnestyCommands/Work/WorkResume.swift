// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import ArgumentParser

/// `amnestyctl work resume`.
package struct WorkResume: CaseChange {
  package static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Let a deadline go on."
  )

  @OptionGroup package var target: ReferenceArgument

  @Argument(help: ArgumentHelp("Which deadline.", valueName: "clock"))
  package var clock: Word<ClockKind>

  @OptionGroup package var why: ReasonOption
  @OptionGroup package var change: ChangeOptions
  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func send(_ client: AmnestyClient, key: String, options: CallOptions) async throws(Status) -> CaseResponse {
    let request = ResumeClockRequest(
      reference: self.target.reference, clock: self.clock.value, reason: self.why.reason, etag: self.change.etag, idempotencyKey: key)
    return try await client.work.resume(request, options: options)
  }
}
