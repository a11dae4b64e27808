// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
internal import AmnestyTexts
package import ArgumentParser
internal import Glibc

/// `amnestyctl explain`: the reasons of an assessment, as a person reads them.
package struct Explain: ClientCommand {
  package static let configuration = CommandConfiguration(
    abstract: "Explain what an act does for a case: every provision that was tried, those that failed too, in the act's own words."
  )

  @Argument(help: ArgumentHelp("A record as JSON, or many, one a line; - for standard input.", valueName: "file"), completion: .file())
  package var file: String

  @Option(help: ArgumentHelp("The act; the daemon's default if not said.", valueName: "id"))
  package var act: String?

  @Option(help: ArgumentHelp("The day of the assessment; today in the act's time zone if not said.", valueName: "YYYY-MM-DD"))
  package var asOf: DayArgument?

  @OptionGroup package var language: LanguageOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    let assessment = RecordAssessment(file: try InputFile(path: self.file), actID: self.act, asOf: self.asOf?.text, explain: true)
    let terminal = Terminal.output
    var output = StandardOutput()
    var act: GetActResponse?
    var refused = false
    var isFirst = true
    try await assessment.run(client, options: options) { entry, answer in
      switch try answer.assessment() {
      case .success(let assessment):
        if act == nil { act = try await client.act.get(GetActRequest(actId: assessment.act.id), options: options) }
        let explanation = Explanation(
          reference: entry.reference, record: try? CaseRecord.decode(entry.line.bytes), assessment: assessment, act: act,
          language: self.language.chosen)
        if !isFirst { try output.line("") }
        for line in explanation.lines(on: terminal) { try output.line(line) }
        isFirst = false
      case .failure(let status):
        refused = true
        try output.flush()
        let (language, line) = (self.language.chosen, "\(entry.line.number)")
        let place =
          entry.reference.map { Text.refusedOfLine(language, line: line, reference: $0) } ?? Text.refusedOfLineUnnamed(language, line: line)
        StandardError.write(place + "\n")
        ErrorReport(status, language: language).write()
      }
    }
    try output.flush()
    if refused { throw ExitCode(EX_DATAERR) }
  }
}
