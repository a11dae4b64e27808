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
    var table = Table([
      .init("id"), .init("version"), .init("in force from"), .init("standing"), .init("provisions", isNumber: true), .init(""),
      .init("title", mayShrink: true),
    ])
    for act in self.acts {
      let marks = [act.default ? "default" : nil, act.excerpt ? "excerpt" : nil, act.draft == true ? "draft" : nil].compactMap { $0 }
        .joined(separator: ", ")
      table.add([
        .init(act.id, .bold), .init(act.version), .init(act.inForceFrom ?? "-"),
        .init(act.standing.word, act.standing == .final ? .good : .warning), .init(String(act.provisions)), .init(marks),
        .init(act.title.text(in: self.language)),
      ])
    }
    return table.takeLines(on: terminal)
  }

  func values() -> [String] { self.acts.map { json($0) } }
}
