// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
internal import AmnestyTexts
package import ArgumentParser

/// `amnestyctl report`: the register on a page.
package struct Report: ClientCommand {
  package static let configuration = CommandConfiguration(
    abstract: "Make a page of the register to look at and to print: how far the cases are, outcomes, releases, what is missing, deadlines.",
    discussion:
      "One HTML file that needs nothing from elsewhere; it holds figures and no person. Without --html and --pdf it goes to standard output."
  )

  @OptionGroup package var target: PageTarget

  @Option(help: ArgumentHelp("The act; the daemon's default if not said.", valueName: "id"))
  package var act: String?

  @Option(help: ArgumentHelp("On this day; today if not said.", valueName: "YYYY-MM-DD"))
  package var asOf: DayArgument?

  @Option(help: ArgumentHelp("Only this office; all of yours if not said.", valueName: "office"))
  package var office: String?

  @OptionGroup package var language: LanguageOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    let request = RenderReportRequest(
      actId: self.act, asOf: self.asOf?.text, office: self.office, language: TextLanguage(word: self.language.chosen.rawValue))
    var patient = options
    // A whole register is assessed for it.
    patient.timeout = options.timeout ?? .seconds(600)
    try await self.target.write(try await client.report.render(request, options: patient).html, mode: 0o644)
  }
}
