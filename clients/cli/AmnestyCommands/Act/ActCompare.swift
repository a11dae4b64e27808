// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import AmnestyTexts
package import ArgumentParser

/// `amnestyctl act compare`: what differs between two acts, provision by provision.
package struct ActCompare: ClientCommand {
  package static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Show what differs between two acts: provisions that are new, gone or changed, and in what.",
    discussion: "Lines with - are of the first act, lines with + of the other.")

  @Argument(help: ArgumentHelp("The act that is looked at first; act list tells which there are.", valueName: "id"))
  package var id: String

  @Argument(help: ArgumentHelp("The act that it is held against.", valueName: "other"))
  package var other: String

  @OptionGroup package var language: LanguageOptions
  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    let answer = try await client.act.compare(CompareActsRequest(actId: self.id, otherActId: self.other), options: options)
    try Output.render(ComparisonPage(answer: answer, language: self.language.chosen), as: self.output.output)
  }
}

package struct ComparisonPage: Renderable {
  package var answer: CompareActsResponse
  package var language: Language

  package init(answer: CompareActsResponse, language: Language) {
    self.answer = answer
    self.language = language
  }

  package func table(on terminal: Terminal) -> [String] {
    let (act, other) = (self.answer.act, self.answer.other)
    let head = "\(act.id) \(act.version) → \(other.id) \(other.version)"
    var lines = head.wrapped(to: terminal.width).map { Style.bold.apply($0, on: terminal) } + self.summary.wrapped(to: terminal.width)
    if !self.answer.members.isEmpty { lines.append("") }
    for member in self.answer.members {
      lines.append(Style.bold.apply(member.member, on: terminal))
      lines += self.pair(member.before, member.after, on: terminal)
    }
    for difference in self.answer.provisions {
      lines.append("")
      lines += self.head(difference, on: terminal)
      for part in Self.shown(of: difference) {
        lines += self.pair(
          difference.before.flatMap { self.text(of: part, $0) }, difference.after.flatMap { self.text(of: part, $0) }, on: terminal)
      }
    }
    return lines
  }

  package func values() -> [String] { [json(self.answer)] }

  package func records() -> [[String?]]? {
    [["id", "kind", "change", "parts", "basisBefore", "basisAfter", "textBefore", "textAfter"]]
      + self.answer.provisions.map { difference in
        [
          difference.id, (difference.after ?? difference.before)?.kind, difference.change.word,
          difference.parts.map(\.word).joined(separator: " "), difference.before?.basis.word, difference.after?.basis.word,
          difference.before?.text.text(in: self.language), difference.after?.text.text(in: self.language),
        ]
      }
  }

  private var summary: String {
    let counts: [(ProvisionChange, (Language, String) -> String)] = [
      (.added, { Text.compareAdded($0, count: $1) }), (.removed, { Text.compareRemoved($0, count: $1) }),
      (.changed, { Text.compareChanged($0, count: $1) }),
    ]
    let told = counts.compactMap { change, text in
      let count = self.answer.provisions.count { $0.change == change }
      return count == 0 ? nil : text(self.language, count.grouped(self.language))
    }
    if told.isEmpty, self.answer.members.isEmpty { return Text.compareSame(self.language) }
    let provisions =
      told.isEmpty
      ? Text.compareProvisionsAlike(self.language) : Text.compareProvisions(self.language, changes: told.joined(separator: ", "))
    let members = self.answer.members.count
    return members == 0
      ? provisions : Text.compareMembers(self.language, provisions: provisions, count: members.grouped(self.language))
  }

  /// Which provision, and what became of it: beside it, or below where there is no room.
  private func head(_ difference: ProvisionDifference, on terminal: Terminal) -> [String] {
    let words = SpokenWords(self.language)
    let parts = difference.parts.map { Words.provisionPart($0.word, self.language) ?? $0.word }
    let kind = (difference.after ?? difference.before).map { words.provisionKind($0.kind) + ", " } ?? ""
    let change = Words.provisionChange(difference.change.word, self.language) ?? difference.change.word
    let rest = parts.isEmpty ? "" : ": " + parts.joined(separator: ", ")
    let title = Style.bold.apply(difference.id, on: terminal)
    let told = kind + difference.change.style.apply(change, on: terminal) + rest
    let columns = difference.id.columns + 2 + (kind + change + rest).columns
    return terminal.width.map { columns > $0 } ?? false ? [title, "  " + told] : ["\(title)  \(told)"]
  }

  /// Where one act does not have the provision, what the other one's says and where it is from.
  private static func shown(of difference: ProvisionDifference) -> [ProvisionPart] {
    difference.change == .changed ? difference.parts : [.text, .condition, .measure, .basis]
  }

  private func text(of part: ProvisionPart, _ provision: ComparedProvision) -> String? {
    switch part {
    case .condition: provision.condition ?? Text.compareNoCondition(self.language)
    case .basis: self.basis(of: provision)
    case .text: provision.text.text(in: self.language)
    case .source: provision.citation
    case .measure: provision.effect
    case .order, .unrecognized: nil
    }
  }

  private func basis(of provision: ComparedProvision) -> String {
    let words = SpokenWords(self.language)
    let basis = words.basis(provision.basis)
    return provision.basis == provision.basisWhenFalse
      ? basis : Text.compareBasisWhenFalse(self.language, basis: basis, other: words.basis(provision.basisWhenFalse))
  }

  private func pair(_ before: String?, _ after: String?, on terminal: Terminal) -> [String] {
    func lines(_ mark: String, _ text: String, _ style: Style) -> [String] {
      text.wrapped(to: terminal.width.map { $0 - 4 }).enumerated().map { index, line in
        style.apply("  \(index == 0 ? mark : " ") \(line)", on: terminal)
      }
    }
    return (before.map { lines("-", $0, .bad) } ?? []) + (after.map { lines("+", $0, .good) } ?? [])
  }
}

extension ProvisionChange {
  fileprivate var style: Style {
    switch self {
    case .added: .good
    case .removed: .bad
    default: .warning
    }
  }
}
