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
    let words = SpokenWords(self.language)
    let inner = terminal.width.map { $0 - 2 }
    var lines = act.title.text(in: self.language).wrapped(to: terminal.width).map { Style.bold.apply($0, on: terminal) }
    lines += "\(act.id) \(act.version)  \(act.digest)".wrapped(to: terminal.width)
    if let bases = self.answer.bases, !bases.isEmpty {
      lines += Text.actExtends(self.language, files: bases.map(\.fileName).joined(separator: ", ")).wrapped(to: terminal.width)
    }
    if let note = act.note { lines += note.text(in: self.language).wrapped(to: terminal.width) }
    for provision in self.answer.provisions {
      let measure = provision.measure.map { " → \(words.measure($0))" } ?? ""
      lines.append("")
      lines += Self.head(
        provision.id, "\(words.provisionKind(provision.kind)), \(words.basis(provision.basis))\(measure)", on: terminal)
      lines += provision.text.text(in: self.language).wrapped(to: inner).map { "  " + $0 }
      lines += provision.citation.wrapped(to: inner).map { Style.dim.apply("  " + $0, on: terminal) }
    }
    if !self.answer.facts.isEmpty { lines.append("") }
    for fact in self.answer.facts {
      let kind = Words.factKind(fact.kind.word, self.language) ?? fact.kind.word
      lines += Self.head(
        "/facts/\(fact.name)", fact.words.isEmpty ? kind : "\(kind): \(fact.words.joined(separator: ", "))", on: terminal)
      lines += fact.question.text(in: self.language).wrapped(to: inner).map { "  " + $0 }
    }
    return lines
  }

  /// A name, and what it is: beside it, or below where there is no room.
  private static func head(_ name: String, _ text: String, on terminal: Terminal) -> [String] {
    let title = Style.bold.apply(name, on: terminal)
    guard let width = terminal.width, name.columns + 2 + text.columns > width else { return ["\(title)  \(text)"] }
    return [title] + text.wrapped(to: width - 2).map { "  " + $0 }
  }

  func values() -> [String] { [json(self.answer)] }
}
