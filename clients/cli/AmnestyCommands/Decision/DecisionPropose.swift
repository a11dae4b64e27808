// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import AmnestyTexts
package import ArgumentParser

/// `amnestyctl decision propose`.
package struct DecisionPropose: BulkChange {
  package static let configuration = CommandConfiguration(
    commandName: "propose",
    abstract: "Propose a decision; without --verdict what the assessment says.",
    discussion: """
      eligible and partial: grant with the measures of the assessment; ineligible: refuse. What is undetermined or referred needs --verdict \
      and --reason; --all leaves such cases alone.
      """
  )

  @OptionGroup package var target: CaseTarget

  @Option(help: "What is proposed; what the assessment says if not said.")
  package var verdict: Word<Verdict>?

  @Option(help: ArgumentHelp("A measure; those of the assessment if not said.", valueName: "measure"))
  package var measure: [String] = []

  @OptionGroup package var readings: ReadingOptions
  @OptionGroup package var why: ReasonOption
  @OptionGroup package var change: ChangeOptions
  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package static func done(_ language: Language, count: String) -> String { Text.bulkProposed(language, count: count) }
  package static let usualState = CaseState.assessed
  package static let countedState: CaseState? = .referred

  package mutating func validate() throws {
    try validateTarget()
    if target.all, readings.chosen != nil { throw ValidationError(Text.optionOneCase(.ofUser(), option: "--reading")) }
  }

  package func skips(_ item: CaseSummary, _ language: Language) -> String? {
    guard self.verdict == nil, Self.verdict(for: item.outcome) == nil else { return nil }
    return item.outcome.map { Text.bulkNeedsVerdict(language, outcome: $0.word) } ?? Text.bulkNotAssessed(language)
  }

  package func send(
    _ client: AmnestyClient, _ reference: String, _ item: CaseSummary?, etag: String?, key: String, options: CallOptions
  ) async throws(Status) -> CaseResponse {
    var etag = etag
    let verdict: Verdict
    if let stated = self.verdict?.value {
      verdict = stated
    } else if let item, let assessed = Self.verdict(for: item.outcome) {
      verdict = assessed
    } else {
      let seen = try await client.case.get(GetCaseRequest(reference: reference), options: options).case
      guard let assessed = Self.verdict(for: self.readings.outcome(in: seen.assessment)) else { throw Self.undecided(seen) }
      verdict = assessed
      // What is proposed is what was read here.
      etag = etag ?? seen.etag
    }
    let request = ProposeDecisionRequest(
      reference: reference, verdict: verdict, measures: self.measure.isEmpty ? nil : self.measure, reason: self.why.reason,
      readings: self.readings.chosen, etag: etag, idempotencyKey: key)
    return try await client.decision.propose(request, options: options)
  }

  /// What an assessment comes to; nil where it leaves it to people.
  package static func verdict(for outcome: Outcome?) -> Verdict? {
    switch outcome {
    case .eligible, .partial: .grant
    case .ineligible: .refuse
    default: nil
    }
  }

  private static func undecided(_ seen: Case) -> Status {
    guard let outcome = seen.assessment?.outcome else {
      return Status(
        .failedPrecondition, reason: "NOT_ASSESSED",
        Text.decisionNotAssessed(.ofUser(), reference: seen.reference, state: seen.state.word))
    }
    return Status(
      .failedPrecondition, reason: "VERDICT_NEEDED",
      Text.decisionVerdictNeeded(.ofUser(), reference: seen.reference, outcome: outcome.word))
  }
}
