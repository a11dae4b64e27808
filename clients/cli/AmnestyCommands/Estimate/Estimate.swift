// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import ArgumentParser
internal import Glibc

/// `amnestyctl estimate`: the main job, a whole register under an act, in people.
package struct Estimate: ClientCommand {
  package static let configuration = CommandConfiguration(
    abstract: "Assess a register and count its people by what the act does for them, beside the published figures.",
    discussion:
      "Records that the daemon refuses are counted in a row of their own; the exit code is 0 as long as the whole register was read."
  )

  @Argument(help: ArgumentHelp("The register, one case record a line; - for standard input.", valueName: "file"), completion: .file())
  package var file: String

  @Option(help: ArgumentHelp("The act; the daemon's default if not said.", valueName: "id"))
  package var act: String?

  @Option(help: ArgumentHelp("The day of the assessment; today in the act's time zone if not said.", valueName: "YYYY-MM-DD"))
  package var asOf: DayArgument?

  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    let file = try InputFile(path: self.file)
    let assessment = RecordAssessment(file: file, actID: self.act, asOf: self.asOf?.text, explain: false)
    var tally = EstimateTally()
    var progress = Progress(total: file.size)
    do {
      try await assessment.run(client, options: options) { entry, answer in
        // What cannot be read as a record was refused by the daemon too, which says why.
        let record = try? CaseRecord.decode(entry.line.bytes)
        switch (try answer.assessment(), record) {
        case (.success(let assessment), let record?): tally.add(record, assessment)
        case (_, let record): tally.addRefused(record)
        }
        progress.advance(to: entry.line.position)
      }
    } catch {
      progress.finish()
      throw error
    }
    progress.finish()
    var output = StandardOutput()
    try output.write(EstimateTable(tally).text())
    try output.flush()
  }
}
