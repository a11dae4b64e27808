// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
internal import AmnestyTexts
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
    let (answer, language) = (self.answer, terminal.language)
    var table = Table([
      .init(""), .init("recorded"), .init("then, again"), .init("known now"),
    ])
    for (name, value) in Self.rows + (answer.recorded.chosenReadings == nil ? [] : [Self.reading]) {
      let recorded = value(answer.recorded)
      let now = answer.now.map(value)
      table.add([
        .init(Self.label(name, language), .bold), .init(recorded), .init(answer.thenAgain.map(value) ?? "-"),
        .init(now ?? "-", now == nil || recorded == now ? .plain : .warning),
      ])
    }
    var lines =
      [
        Text.replayHead(language, number: "\(answer.number)", person: answer.by.person, at: answer.by.at.moment)
      ] + table.takeLines(on: terminal)
    switch answer.reproduced {
    case true?: lines.append(Style.good.apply(Text.replaySame(language), on: terminal))
    case false?:
      lines.append(Style.bad.apply(Text.replayOther(language), on: terminal))
    case nil:
      lines.append(Text.replayNoThen(language))
    }
    guard answer.now != nil else {
      lines.append(Text.replayNoNow(language))
      return lines
    }
    lines.append(
      answer.differences.isEmpty
        ? Text.replayNoDifference(language)
        : Style.warning.apply(
          Text.replayDifferences(language, what: answer.differences.map(\.word).joined(separator: ", ")), on: terminal))
    return lines
  }

  func values() -> [String] { [json(self.answer)] }

  private static func label(_ name: String, _ language: Language) -> String {
    switch name {
    case "as of": Text.replayAsOf(language)
    case "act": Text.replayAct(language)
    default: Words.tableHeading(name, language) ?? Words.sheetLabel(name, language) ?? name
    }
  }

  private static let reading: (String, @Sendable (Assessment) -> String) = (
    "readings", { $0.chosenReadings?.typed ?? "-" }
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
