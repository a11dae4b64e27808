// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import AmnestyTexts
package import ArgumentParser

/// `amnestyctl case assess`: assesses a case of the register, or many, and keeps the assessment.
package struct CaseAssess: BulkChange {
  package static let configuration = CommandConfiguration(
    commandName: "assess",
    abstract: "Assess a case under its present facts and keep the assessment; --all for every case that is not assessed yet."
  )

  @OptionGroup package var target: CaseTarget

  @Option(help: ArgumentHelp("The act; the daemon's default if not said.", valueName: "id"))
  package var act: String?

  @Option(help: ArgumentHelp("The day of the assessment; today in the act's time zone if not said.", valueName: "YYYY-MM-DD"))
  package var asOf: DayArgument?

  @OptionGroup package var change: ChangeOptions
  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package static func done(_ language: Language, count: String) -> String { Text.bulkAssessed(language, count: count) }
  package static let usualState = CaseState.registered

  package mutating func validate() throws { try validateTarget() }

  package func send(
    _ client: AmnestyClient, _ reference: String, _ item: CaseSummary?, etag: String?, key: String, options: CallOptions
  ) async throws(Status) -> CaseResponse {
    let request = AssessCaseRequest(reference: reference, actId: self.act, asOf: self.asOf?.text, etag: etag, idempotencyKey: key)
    return try await client.case.assess(request, options: options)
  }
}
