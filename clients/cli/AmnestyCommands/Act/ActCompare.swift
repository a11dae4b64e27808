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
    var lines = [Style.bold.apply("\(act.id) \(act.version) → \(other.id) \(other.version)", on: terminal), self.summary]
    if !self.answer.members.isEmpty { lines.append("") }
    for member in self.answer.members {
      lines.append(Style.bold.apply(member.member, on: terminal))
      lines += self.pair(member.before, member.after, on: terminal)
    }
    for difference in self.answer.provisions {
      lines.append("")
      let parts = difference.parts.isEmpty ? "" : ": " + difference.parts.map(\.word).joined(separator: ", ")
      let kind = (difference.after ?? difference.before)?.kind ?? ""
      lines.append(
        Style.bold.apply(difference.id, on: terminal) + "  \(kind), " + difference.change.style.apply(difference.change.word, on: terminal)
          + parts)
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
    let counts: [(ProvisionChange, String)] = [(.added, "added"), (.removed, "removed"), (.changed, "changed")]
    let told = counts.compactMap { change, word in
      let count = self.answer.provisions.count { $0.change == change }
      return count == 0 ? nil : "\(count) \(word)"
    }
    if told.isEmpty, self.answer.members.isEmpty { return "no difference" }
    let provisions = told.isEmpty ? "no provision differs" : "provisions: " + told.joined(separator: ", ")
    return provisions + (self.answer.members.isEmpty ? "" : "; other members: \(self.answer.members.count)")
  }

  /// Where one act does not have the provision, what the other one's says and where it is from.
  private static func shown(of difference: ProvisionDifference) -> [ProvisionPart] {
    difference.change == .changed ? difference.parts : [.text, .condition, .measure, .basis]
  }

  private func text(of part: ProvisionPart, _ provision: ComparedProvision) -> String? {
    switch part {
    case .condition: provision.condition ?? "no condition"
    case .basis:
      provision.basis == provision.basisWhenFalse
        ? provision.basis.word : "\(provision.basis.word), where it does not hold \(provision.basisWhenFalse.word)"
    case .text: provision.text.text(in: self.language)
    case .source: provision.citation
    case .measure: provision.effect
    case .order, .unrecognized: nil
    }
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
