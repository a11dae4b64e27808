// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
internal import AmnestyTexts
package import ArgumentParser

/// `amnestyctl act show`: one act, provision by provision.
package struct ActShow: ClientCommand {
  package static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show an act: its provisions, how sure each is, and the facts it asks for.")

  @Argument(help: ArgumentHelp("The act; act list tells which there are.", valueName: "id"))
  package var id: String

  @OptionGroup package var language: LanguageOptions
  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    let answer = try await client.act.get(GetActRequest(actId: self.id), options: options)
    try Output.render(ActPage(answer: answer, language: self.language.chosen), as: self.output.output)
  }
}

struct ActPage: Renderable {
  var answer: GetActResponse
  var language: Language

  func table(on terminal: Terminal) -> [String] {
    let act = self.answer.act
    var lines = act.title.text(in: self.language).wrapped(to: terminal.width).map { Style.bold.apply($0, on: terminal) }
    lines.append("\(act.id) \(act.version)  \(act.digest)")
    if let bases = self.answer.bases, !bases.isEmpty { lines.append("extends " + bases.map(\.fileName).joined(separator: ", ")) }
    if let note = act.note { lines += note.text(in: self.language).wrapped(to: terminal.width) }
    for provision in self.answer.provisions {
      let measure = provision.measure.map { " → \($0)" } ?? ""
      lines.append("")
      lines.append(Style.bold.apply(provision.id, on: terminal) + "  \(provision.kind), \(provision.basis.word)\(measure)")
      lines += provision.text.text(in: self.language).wrapped(to: terminal.width.map { $0 - 2 }).map { "  " + $0 }
      lines += provision.citation.wrapped(to: terminal.width.map { $0 - 2 }).map { Style.dim.apply("  " + $0, on: terminal) }
    }
    if !self.answer.facts.isEmpty { lines.append("") }
    for fact in self.answer.facts {
      let words = fact.words.isEmpty ? "" : ": " + fact.words.joined(separator: ", ")
      lines.append(Style.bold.apply("/facts/\(fact.name)", on: terminal) + "  \(fact.kind.word)\(words)")
      lines += fact.question.text(in: self.language).wrapped(to: terminal.width.map { $0 - 2 }).map { "  " + $0 }
    }
    return lines
  }

  func values() -> [String] { [json(self.answer)] }
}
