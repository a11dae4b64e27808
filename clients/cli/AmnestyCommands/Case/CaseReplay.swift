// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import ArgumentParser

/// `amnestyctl case replay`: a past assessment, computed again.
package struct CaseReplay: ClientCommand {
  package static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Compute a past assessment again with the act and the facts of then, and with those known now, and show the difference."
  )

  @OptionGroup package var target: ReferenceArgument

  @Option(help: ArgumentHelp("Its number in the case; the last if not said.", valueName: "number"))
  package var assessment: Int?

  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    let request = ReplayCaseRequest(reference: self.target.reference, assessment: self.assessment)
    let answer = try await client.case.replay(request, options: options)
    try Output.render(ReplayPage(answer: answer), as: self.output.output)
  }
}

struct ReplayPage: Renderable {
  var answer: ReplayCaseResponse

  func table(on terminal: Terminal) -> [String] {
    let answer = self.answer
    var table = Table([
      .init(""), .init("recorded"), .init("then, again"), .init("known now"),
    ])
    for (name, value) in Self.rows + (answer.recorded.chosenReadings == nil ? [] : [Self.reading]) {
      let recorded = value(answer.recorded)
      let now = answer.now.map(value)
      table.add([
        .init(name, .bold), .init(recorded), .init(answer.thenAgain.map(value) ?? "-"),
        .init(now ?? "-", now == nil || recorded == now ? .plain : .warning),
      ])
    }
    var lines = ["assessment \(answer.number), by \(answer.by.person), \(answer.by.at.moment)"] + table.takeLines(on: terminal)
    switch answer.reproduced {
    case true?: lines.append(Style.good.apply("reproduced: the act and the facts of then give the same bytes", on: terminal))
    case false?:
      lines.append(Style.bad.apply("NOT reproduced: the act and the facts of then give other bytes; tell the operator", on: terminal))
    case nil:
      lines.append("that version of the act is not kept in earlier/ beside the acts, so the assessment of then cannot be computed again")
    }
    guard answer.now != nil else {
      lines.append("no version of the act is loaded, so what is known now cannot be assessed; have the act installed and loaded")
      return lines
    }
    lines.append(
      answer.differences.isEmpty
        ? "nothing that is known now changes it"
        : Style.warning.apply(
          "with what is known now it differs in: " + answer.differences.map(\.word).joined(separator: ", "), on: terminal))
    return lines
  }

  func values() -> [String] { [json(self.answer)] }

  private static let reading: (String, @Sendable (Assessment) -> String) = (
    "readings", { $0.chosenReadings?.map { "\($0.question)=\($0.answer)" }.joined(separator: " ") ?? "-" }
  )

  private static let rows: [(String, @Sendable (Assessment) -> String)] = [
    ("outcome", { $0.outcome.word }),
    ("measures", { $0.measures.isEmpty ? "-" : $0.measures.joined(separator: " ") }),
    ("new end", { $0.sentence?.newEnd ?? "-" }),
    ("release", { $0.sentence?.releaseOn ?? "-" }),
    ("as of", { $0.asOf }),
    ("act", { "\($0.act.version) \($0.act.digest.short)" }),
    ("facts", { $0.recordDigest.short }),
  ]
}
