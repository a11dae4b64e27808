// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
internal import AmnestyTexts
package import ArgumentParser

/// `amnestyctl estimate`: what acts do to a register, in people.
package struct Estimate: ClientCommand {
  package static let configuration = CommandConfiguration(
    abstract: "Sum up what an act does to the register, or to the records of a file, in people; or hold acts against each other.",
    discussion: """
      With margins: the least and the most once every missing fact is known. With several --act, the first is what the others are held \
      against: whose outcome changes, by which provision. Records that the daemon refuses are counted in a row of their own; the exit code \
      is 0 as long as all was read.
      """
  )

  @Argument(
    help: ArgumentHelp(
      "One case record a line; - for standard input; the cases of the register if not said.", valueName: "file"), completion: .file())
  package var file: String?

  @Option(help: ArgumentHelp("An act, up to four times; the daemon's default if not said.", valueName: "id"))
  package var act: [String] = []

  @Option(help: ArgumentHelp("The day of the assessments; today in the first act's time zone if not said.", valueName: "YYYY-MM-DD"))
  package var asOf: DayArgument?

  @Option(help: ArgumentHelp("Of the register, only this office; all of yours if not said.", valueName: "office"))
  package var office: String?

  @Option(help: ArgumentHelp("How many references stand beside each difference.", valueName: "number"))
  package var examples = 5

  @OptionGroup package var language: LanguageOptions
  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package mutating func validate() throws {
    if file != nil, office != nil { throw ValidationError(Text.optionOfficeOfRegister(.ofUser())) }
    if act.count > 4 { throw ValidationError(Text.optionFourActs(.ofUser())) }
    if !(0...100).contains(examples) {
      throw ValidationError(Text.optionRange(.ofUser(), option: "--examples", lowest: "0", highest: "100"))
    }
  }

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    let request = EstimateRequest(
      actIds: self.act.isEmpty ? nil : self.act, asOf: self.asOf?.text, office: self.office, examples: self.examples)
    let run = EstimateRun(request: request, file: try self.file.map { try InputFile(path: $0) })
    let report = try await run.run(client, options: options) { status in
      // The first tells enough: the table counts them all.
      if self.output.output == .table { return }
      ErrorReport(status).write()
    }
    try Output.render(EstimateTable(report, language: self.language.chosen), as: self.output.output)
  }
}
