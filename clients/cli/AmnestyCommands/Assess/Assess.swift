// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
internal import AmnestyTexts
package import ArgumentParser
internal import Glibc
internal import NIOCore

/// `amnestyctl assess`: what an act does for the cases of a file.
package struct Assess: ClientCommand {
  package static let configuration = CommandConfiguration(
    abstract: "Assess one case record, or one a line, and show what the act does for each.",
    discussion:
      "A bad record gets a row of its own, with its line and what is wrong where; the others are assessed, and the exit code is 65."
  )

  @Argument(help: ArgumentHelp("A record as JSON, or many, one a line; - for standard input.", valueName: "file"), completion: .file())
  package var file: String

  @Option(help: ArgumentHelp("The act; the daemon's default if not said.", valueName: "id"))
  package var act: String?

  @Option(help: ArgumentHelp("The day of the assessment; today in the act's time zone if not said.", valueName: "YYYY-MM-DD"))
  package var asOf: DayArgument?

  @Flag(inversion: .prefixedNo, help: "Write every provision that was tried. Default: as JSON yes, in a table no.")
  package var explain: Bool?

  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    let file = try InputFile(path: self.file)
    let explain = self.explain ?? (self.output.output != .table)
    let assessment = RecordAssessment(file: file, actID: self.act, asOf: self.asOf?.text, explain: explain)
    var writer = AssessmentWriter(format: self.output.output, terminal: .output)
    var progress = Progress(total: file.size)
    do {
      try await assessment.run(client, options: options) { entry, answer in
        try writer.write(entry, answer)
        progress.advance(to: entry.line.position)
      }
    } catch {
      progress.finish()
      throw error
    }
    progress.finish()
    try writer.finish()
    guard writer.refused > 0 else { return }
    StandardError.write(
      "amnestyctl: \(Text.recordsRefused(.ofUser(), refused: "\(writer.refused)", all: "\(writer.records)"))\n")
    throw ExitCode(EX_DATAERR)
  }
}
