// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import AmnestyTexts
package import ArgumentParser

/// `amnestyctl work facts`: which missing facts to ask for first.
package struct WorkFacts: ClientCommand {
  package static let configuration = CommandConfiguration(
    commandName: "facts",
    abstract: "Plan which missing facts to ask which office for, so that each question settles as many cases as it can.",
    discussion: """
      People in detention come first. What a question settles is settled whatever the answers are, once those before it are answered too. \
      --sheet FILE writes every fact of every case into a table to send out; fill in the column answer and take it back with \
      amnestyctl case answer FILE.
      """
  )

  @Option(help: ArgumentHelp("The act; the daemon's default if not said.", valueName: "id"))
  package var act: String?

  @Option(help: ArgumentHelp("On this day; today if not said.", valueName: "YYYY-MM-DD"))
  package var asOf: DayArgument?

  @Option(help: ArgumentHelp("Only this office; all of yours if not said.", valueName: "office"))
  package var office: String?

  @Option(help: ArgumentHelp("Write the facts to ask for, case by case, as CSV.", valueName: "file"), completion: .file())
  package var sheet: String?

  @Option(help: ArgumentHelp("With --sheet: only the first questions of the plan.", valueName: "number"))
  package var first: Int?

  @OptionGroup package var language: LanguageOptions
  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package mutating func validate() throws {
    if let first {
      if sheet == nil { throw ValidationError(Text.optionBelongs(.ofUser(), option: "--first", other: "--sheet")) }
      if first < 1 { throw ValidationError(Text.optionFirstAtLeastOne(.ofUser())) }
    }
  }

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    let request = FactPlanRequest(actId: self.act, asOf: self.asOf?.text, office: self.office, asks: self.sheet == nil ? nil : true)
    var writer = ListWriter<FactQuestion>(format: self.output.output)
    var rows: [String] = [CSV.line(FactSheet.columns)]
    var summary: FactPlanSummary?
    try await client.work.factPlan(request, options: options) { responses in
      for try await response in responses {
        if let item = response.summary { summary = item }
        if let question = response.question { try writer.write(question) }
        guard let ask = response.ask, self.first == nil || ask.rank.map({ $0 <= self.first ?? 0 }) ?? false else { continue }
        rows.append(CSV.line(FactSheet.cells(ask, self.language.chosen)))
      }
    }
    try writer.finish(empty: Text.listNoFactDecides)
    if let sheet {
      try AtomicFile.write(rows.map { $0 + "\n" }.joined(), to: sheet)
      StandardError.write("amnestyctl: \(Text.factsInSheet(self.language.chosen, count: "\(rows.count - 1)", file: sheet))\n")
    }
    guard let summary else { return }
    let line = Text.factsSummary(
      self.language.chosen, undetermined: "\(summary.undetermined)", cases: "\(summary.cases)", detained: "\(summary.detained)",
      forEnd: "\(summary.forEnd)")
    StandardError.write("amnestyctl: \(line)\n")
  }
}

extension FactQuestion: ListItem {
  package static let columns: [Table.Column] = [
    .init("rank", isNumber: true), .init("fact"), .init("office", mayShrink: true), .init("asked", isNumber: true),
    .init("settles", isNumber: true), .init("detained", isNumber: true), .init("so far", isNumber: true),
  ]

  package func cells(in language: Language) -> [Table.Cell] {
    [
      .init("\(self.rank)"), .init(self.fact, .bold), .init(self.office), .init("\(self.asked)"), .init("\(self.settles)"),
      .init("\(self.settlesDetained)", self.settlesDetained > 0 ? .warning : .plain), .init("\(self.settledSoFar)"),
    ]
  }

  package static let fields = ["rank", "fact", "office", "question", "asked", "settles", "settlesDetained", "settledSoFar"]

  package var values: [String?] {
    [
      "\(self.rank)", self.fact, self.office, self.question.en, "\(self.asked)", "\(self.settles)", "\(self.settlesDetained)",
      "\(self.settledSoFar)",
    ]
  }

  package var json: String { AmnestyCommands.json(self) }
}
