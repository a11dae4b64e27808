// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
internal import AmnestyTexts
package import ArgumentParser

/// `amnestyctl act list`: every act that is loaded.
package struct ActList: ClientCommand {
  package static let configuration = CommandConfiguration(commandName: "list", abstract: "List the acts that the daemon has loaded.")

  @OptionGroup package var language: LanguageOptions
  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    var acts: [ActSummary] = []
    var page: String?
    repeat {
      let answer = try await client.act.list(ListActsRequest(pageToken: page), options: options)
      acts += answer.acts
      page = answer.nextPageToken
    } while page != nil
    try Output.render(ActListing(acts: acts, language: self.language.chosen), as: self.output.output)
  }
}

struct ActListing: Renderable {
  var acts: [ActSummary]
  var language: Language

  func table(on terminal: Terminal) -> [String] {
    let words = SpokenWords(self.language)
    var table = Table([
      .init("id"), .init("version"), .init("in force"), .init("standing"), .init("provisions", isNumber: true),
    ])
    for act in self.acts {
      table.add([
        .init(act.id, .bold), .init(act.version), .init(act.inForceFrom ?? "-"),
        .init(words.standing(act.standing), act.standing == .final ? .good : .warning), .init(act.provisions.grouped(self.language)),
      ])
    }
    let lines = table.takeLines(on: terminal.speaking(self.language))
    // The title of a law has no room beside its row.
    let rows = zip(self.acts, lines.suffix(self.acts.count)).flatMap { act, row in
      [row] + self.title(act).wrapped(to: terminal.width.map { $0 - 2 }).map { "  " + $0 }
    }
    return Array(lines.dropLast(self.acts.count)) + rows
  }

  func values() -> [String] { self.acts.map { json($0) } }

  /// With what sets the act apart.
  private func title(_ act: ActSummary) -> String {
    let marks = [
      act.default ? Text.actDefault(self.language) : nil, act.excerpt ? Text.actExcerpt(self.language) : nil,
      act.draft == true ? Text.actDraft(self.language) : nil,
    ].compactMap { $0 }
    return act.title.text(in: self.language) + (marks.isEmpty ? "" : " [\(marks.joined(separator: ", "))]")
  }
}
