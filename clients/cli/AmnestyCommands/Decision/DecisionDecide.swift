// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import AmnestyTexts
package import ArgumentParser

/// `amnestyctl decision decide`.
package struct DecisionDecide: BulkChange {
  package static let configuration = CommandConfiguration(
    commandName: "decide",
    abstract: "Decide a case that was proposed; whoever registered, corrected, assessed or proposed it cannot."
  )

  @OptionGroup package var target: CaseTarget

  @Option(help: "What is decided.")
  package var verdict: Word<Verdict>?

  @Flag(help: "Decide what was proposed.")
  package var asProposed = false

  @Option(help: ArgumentHelp("A measure; those proposed if not said.", valueName: "measure"))
  package var measure: [String] = []

  @OptionGroup package var readings: ReadingOptions
  @OptionGroup package var why: ReasonOption
  @OptionGroup package var change: ChangeOptions
  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package static func done(_ language: Language, count: String) -> String { Text.bulkDecided(language, count: count) }
  package static let usualState = CaseState.proposed

  package mutating func validate() throws {
    try validateTarget()
    if asProposed == (verdict != nil) { throw ValidationError(Text.optionVerdict(.ofUser())) }
    if asProposed, !measure.isEmpty { throw ValidationError(Text.optionNeedsVerdict(.ofUser(), option: "--measure")) }
    if target.all, readings.chosen != nil { throw ValidationError(Text.optionOneCase(.ofUser(), option: "--reading")) }
    if asProposed, readings.chosen != nil { throw ValidationError(Text.optionNeedsVerdict(.ofUser(), option: "--reading")) }
  }

  package func send(
    _ client: AmnestyClient, _ reference: String, _ item: CaseSummary?, etag: String?, key: String, options: CallOptions
  ) async throws(Status) -> CaseResponse {
    var etag = etag
    let verdict: Verdict
    if let stated = self.verdict?.value {
      verdict = stated
    } else {
      let seen = try await client.case.get(GetCaseRequest(reference: reference), options: options).case
      guard let proposed = seen.proposal?.verdict else {
        throw Status(
          .failedPrecondition, reason: "NOT_PROPOSED",
          Text.decisionNotProposed(.ofUser(), reference: reference, state: seen.state.word))
      }
      verdict = proposed
      // The decision is on the proposal that was read here.
      etag = etag ?? seen.etag
    }
    let request = DecideRequest(
      reference: reference, verdict: verdict, measures: self.measure.isEmpty ? nil : self.measure, reason: self.why.reason,
      readings: self.readings.chosen, etag: etag, idempotencyKey: key)
    return try await client.decision.decide(request, options: options)
  }
}
