// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
internal import AmnestyTexts
package import ArgumentParser

/// `amnestyctl case summary`: counts.
package struct CaseSummarize: ClientCommand {
  package static let configuration = CommandConfiguration(
    commandName: "summary", abstract: "Count the cases of the register by state, outcome and measure.")

  @Option(help: ArgumentHelp("Only this office; all of yours if not said.", valueName: "office"))
  package var office: String?

  @Option(help: "Only cases at this stage of the proceedings.")
  package var stage: Word<Stage>?

  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    let request = SummarizeCasesRequest(office: self.office, stage: self.stage?.value)
    let answer = try await client.case.summary(request, options: options)
    try Output.render(RegisterCounts(answer: answer), as: self.output.output)
  }
}

struct RegisterCounts: Renderable {
  var answer: SummarizeCasesResponse

  func table(on terminal: Terminal) -> [String] {
    let language = terminal.language
    var table = Table([.init("", mayShrink: false), .init("cases", isNumber: true)])
    table.add([.init(Text.summaryAll(language), .bold), .init(self.answer.cases.grouped(language), .bold)])
    table.add([.init("  " + Text.summaryInCustody(language)), .init(self.answer.detained.grouped(language))])
    let groups = [
      (Text.summaryByState(language), self.answer.byState), (Text.summaryByOutcome(language), self.answer.byOutcome),
      (Text.summaryByMeasure(language), self.answer.byMeasure),
    ]
    for (title, counts) in groups where !counts.isEmpty {
      table.add([.init(title, .bold), ""])
      for count in counts { table.add([.init("  " + count.word.replacing("_", with: " ")), .init(count.count.grouped(language))]) }
    }
    table.add([.init(Text.summaryDepartures(language), .bold), .init(self.answer.departures.grouped(language))])
    table.add([.init(Text.summaryReassessmentDue(language), .bold), .init(self.answer.reassessmentDue.grouped(language))])
    return table.takeLines(on: terminal)
  }

  func values() -> [String] { [json(self.answer)] }

  func records() -> [[String?]]? {
    [["group", "word", "count"], ["all", nil, "\(self.answer.cases)"], ["detained", nil, "\(self.answer.detained)"]]
      + self.groups.flatMap { title, counts in counts.map { [title, $0.word, "\($0.count)"] } }
      + [["departures", nil, "\(self.answer.departures)"], ["reassessmentDue", nil, "\(self.answer.reassessmentDue)"]]
  }

  private var groups: [(String, [Count])] {
    [("state", self.answer.byState), ("outcome", self.answer.byOutcome), ("measure", self.answer.byMeasure)]
  }
}

extension Int {
  /// With commas between thousands.
  var grouped: String { self.grouped(.en) }

  /// With what the language has between thousands: a comma is a decimal mark in some.
  func grouped(_ language: Language) -> String {
    let separator: Character = language == .en ? "," : "\u{A0}"
    var digits = Array("\(self.magnitude)")
    var index = digits.count - 3
    while index > 0 {
      digits.insert(separator, at: index)
      index -= 3
    }
    return (self < 0 ? "-" : "") + String(digits)
  }
}
