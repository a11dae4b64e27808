// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import ArgumentParser

/// `amnestyctl decision judgment`.
package struct DecisionJudgment: CaseChange {
  package static let configuration = CommandConfiguration(
    commandName: "judgment",
    abstract: "Record the judgment that carries out a cut at sentencing."
  )

  @OptionGroup package var target: ReferenceArgument

  @Option(help: ArgumentHelp("Its number.", valueName: "number"))
  package var number: String

  @Option(help: ArgumentHelp("The day of the judgment.", valueName: "YYYY-MM-DD"))
  package var imposedOn: DayArgument

  @Option(help: ArgumentHelp("The term it imposed, the cut applied, such as P2Y6M.", valueName: "term"))
  package var term: String?

  @OptionGroup package var change: ChangeOptions
  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func send(_ client: AmnestyClient, key: String, options: CallOptions) async throws(Status) -> CaseResponse {
    let request = RecordJudgmentRequest(
      reference: self.target.reference, imposedOn: self.imposedOn.text, term: self.term, number: self.number, etag: self.change.etag,
      idempotencyKey: key)
    return try await client.decision.recordJudgment(request, options: options)
  }
}
