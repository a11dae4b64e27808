// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import AmnestyTexts
package import ArgumentParser

/// `amnestyctl reassess`: whose outcome would change.
package struct Reassess: ClientCommand {
  package static let configuration = CommandConfiguration(
    abstract: "List the cases whose outcome, measures or release would change under an act as it is now; --apply assesses them anew.",
    discussion:
      "Nothing is changed without --apply. With it, undecided cases are assessed anew and decided ones are marked for reassessment."
  )

  @Option(help: ArgumentHelp("Under this act; the one each case was assessed under if not said.", valueName: "id"))
  package var act: String?

  @Option(help: ArgumentHelp("On this day; today if not said.", valueName: "YYYY-MM-DD"))
  package var asOf: DayArgument?

  @Option(help: ArgumentHelp("Only this office; all of yours if not said.", valueName: "office"))
  package var office: String?

  @Flag(help: "Assess the undecided ones anew and mark the decided ones.")
  package var apply = false

  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    let request = ReassessRequest(actId: self.act, asOf: self.asOf?.text, apply: self.apply ? true : nil, office: self.office)
    var writer = ListWriter<ReassessedCase>(format: self.output.output)
    var meter = Meter(unit: "cases")
    var last = ReassessResponse(done: 0, total: 0, changed: 0)
    do {
      try await client.eligibility.reassess(request, options: options) { responses in
        for try await response in responses {
          last = response
          if let item = response.case { try writer.write(item) }
          meter.show(done: response.done, of: response.total)
        }
      }
    } catch {
      meter.finish()
      throw error
    }
    meter.finish()
    try writer.finish()
    let (changed, total) = ("\(last.changed)", "\(last.total)")
    let line =
      self.apply
      ? Text.reassessChanged(.ofUser(), changed: changed, total: total)
      : Text.reassessWouldChange(.ofUser(), changed: changed, total: total)
    StandardError.write("amnestyctl: \(line)\n")
  }
}

extension ReassessedCase: ListItem {
  package static let columns: [Table.Column] = [
    .init("reference"), .init("state"), .init("custody"), .init("outcome"), .init("measures", mayShrink: true), .init("release"),
    .init("applied"),
  ]

  package func cells(in language: Language) -> [Table.Cell] {
    let measures = (self.measuresBefore.joined(separator: " "), self.measuresAfter.joined(separator: " "))
    return [
      .init(self.reference, .bold), .init(self.state.word, self.state.style),
      .init(self.detained.map { $0 ? Text.listYes(language) : Text.listNo(language) } ?? "?", self.detained == true ? .warning : .plain),
      .init(Self.change(self.before.word, self.after.word), AssessmentTable.style(self.after)), .init(Self.change(measures.0, measures.1)),
      .init(Self.change(self.releaseBefore, self.releaseAfter)), .init(self.applied ? Text.listYes(language) : Text.listNo(language)),
    ]
  }

  package static let fields = [
    "reference", "state", "detained", "outcomeBefore", "outcomeAfter", "measuresBefore", "measuresAfter", "releaseBefore", "releaseAfter",
    "applied",
  ]

  package var values: [String?] {
    [
      self.reference, self.state.word, self.detained?.description, self.before.word, self.after.word,
      self.measuresBefore.joined(separator: " "), self.measuresAfter.joined(separator: " "), self.releaseBefore, self.releaseAfter,
      self.applied.description,
    ]
  }

  package var json: String { AmnestyCommands.json(self) }

  private static func change(_ before: String?, _ after: String?) -> String {
    let words = [before, after].map { $0.flatMap { $0.isEmpty ? nil : $0 } ?? "-" }
    return words[0] == words[1] ? words[0] : "\(words[0]) → \(words[1])"
  }
}
