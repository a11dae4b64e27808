// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import AmnestyTexts
package import ArgumentParser

/// `amnestyctl decision execute`.
package struct DecisionExecute: BulkChange {
  package static let configuration = CommandConfiguration(
    commandName: "execute",
    abstract: "Carry out a grant; it does not wait for the time of appeal. Not the person who decided."
  )

  @OptionGroup package var target: CaseTarget

  @Option(help: ArgumentHelp("The new end of the term, where the assessment could not compute it.", valueName: "YYYY-MM-DD"))
  package var newEnd: DayArgument?

  @OptionGroup package var change: ChangeOptions
  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package static func done(_ language: Language, count: String) -> String { Text.bulkExecuted(language, count: count) }
  package static let usualState = CaseState.granted

  package mutating func validate() throws {
    try validateTarget()
    if target.all, newEnd != nil { throw ValidationError(Text.optionOneCase(.ofUser(), option: "--new-end")) }
  }

  package func send(
    _ client: AmnestyClient, _ reference: String, _ item: CaseSummary?, etag: String?, key: String, options: CallOptions
  ) async throws(Status) -> CaseResponse {
    let request = ExecuteRequest(reference: reference, newEnd: self.newEnd?.text, etag: etag, idempotencyKey: key)
    return try await client.decision.execute(request, options: options)
  }
}
