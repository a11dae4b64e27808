// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import ArgumentParser

/// `amnestyctl decision resolve-appeal`.
package struct DecisionResolveAppeal: CaseChange {
  package static let configuration = CommandConfiguration(
    commandName: "resolve-appeal",
    abstract: "Decide an appeal; not the person who decided the case."
  )

  @OptionGroup package var target: ReferenceArgument

  @Flag(help: "Whether the decision falls or stands.")
  package var result: AppealResult

  @OptionGroup package var why: NeededReason
  @OptionGroup package var change: ChangeOptions
  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func send(_ client: AmnestyClient, key: String, options: CallOptions) async throws(Status) -> CaseResponse {
    let request = ResolveAppealRequest(
      reference: self.target.reference, upheld: self.result == .upheld, reason: self.why.reason, etag: self.change.etag, idempotencyKey: key
    )
    return try await client.decision.resolveAppeal(request, options: options)
  }
}

/// What becomes of an appeal.
package enum AppealResult: String, EnumerableFlag {
  case upheld, dismissed

  package static func help(for value: AppealResult) -> ArgumentHelp? {
    switch value {
    case .upheld: "The decision falls."
    case .dismissed: "The decision stands."
    }
  }
}
