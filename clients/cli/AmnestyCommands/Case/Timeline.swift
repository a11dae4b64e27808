// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient
internal import AmnestyTexts

/// The chain of a case as a timeline, and where its facts come from.
struct Timeline: Renderable {
  var history: CaseHistoryResponse

  func table(on terminal: Terminal) -> [String] {
    var lines = [Style.bold.apply(Text.chainHistory(terminal.language), on: terminal)]
    let width = terminal.width ?? 80
    let digits = "\(self.history.links.last?.number ?? 0)".count
    for link in self.history.links {
      let number = String(repeating: " ", count: max(0, digits - "\(link.number)".count)) + "\(link.number)"
      let states = link.from == link.to || link.from == nil ? link.to.word : "\(link.from?.word ?? "") → \(link.to.word)"
      let departs = link.departs ? Style.warning.apply("  " + Text.chainDeparts(terminal.language), on: terminal) : ""
      lines.append(
        "\(number)  \(link.by.at.moment)  " + Style.bold.apply(link.command.word.replacing("_", with: " "), on: terminal)
          + "  " + link.to.style.apply(states, on: terminal) + departs)
      let indent = String(repeating: " ", count: digits + 2)
      lines.append(Style.dim.apply(indent + Self.author(link.by, terminal.language), on: terminal))
      var rests = [Text.chainRestsOnFacts(terminal.language, facts: link.recordDigest.short)]
      if let assessment = link.assessment { rests.append(Text.chainRestsOnAssessment(terminal.language, number: "\(assessment)")) }
      if let act = link.actDigest { rests.append(Text.chainRestsOnAct(terminal.language, act: act.short)) }
      if let chosen = link.readings { rests.append(chosen.line(terminal.language)) }
      lines.append(Style.dim.apply(indent + rests.joined(separator: ", "), on: terminal))
      if let reason = link.reason { lines += reason.wrapped(to: max(20, width - digits - 2)).map { indent + $0 } }
    }
    guard !self.history.versions.isEmpty else { return lines }
    lines += ["", Style.bold.apply(Text.chainFacts(terminal.language), on: terminal)]
    for version in self.history.versions {
      let reason = version.reason.map { ": \($0)" } ?? ""
      lines.append(
        "\(version.version)  \(version.by.at.moment)  \(Text.caseBy(terminal.language, who: version.by.person)), \(version.recordDigest.short)\(reason)"
      )
      for source in version.sources {
        lines.append(
          "   \(source.pointer)  \(source.source)" + (source.learntOn.map { ", " + Text.caseLearnt(terminal.language, day: $0) } ?? ""))
      }
    }
    return lines
  }

  func values() -> [String] { [json(self.history)] }

  func records() -> [[String?]]? {
    let heading: [String?] = [
      "number", "at", "command", "from", "to", "person", "principal", "actor", "role", "office", "assessment", "actDigest", "recordDigest",
      "departs", "reason", "readings",
    ]
    return [heading]
      + self.history.links.map { link in
        [
          "\(link.number)", link.by.at, link.command.word, link.from?.word, link.to.word, link.by.person, link.by.principal, link.by.actor,
          link.by.role, link.by.office, link.assessment.map { "\($0)" }, link.actDigest, link.recordDigest, link.departs.description,
          link.reason, link.readings?.typed,
        ]
      }
  }

  private static func author(_ by: Attribution, _ language: Language) -> String {
    guard let actor = by.actor else {
      return Text.chainAuthor(language, person: by.person, role: by.role, office: by.office, principal: by.principal)
    }
    return Text.chainAuthorFor(language, person: by.person, role: by.role, office: by.office, principal: by.principal, actor: actor)
  }
}

extension String {
  /// Enough of a digest to tell it from others.
  var short: String {
    let digits = self.hasPrefix("sha256:") ? self.dropFirst("sha256:".count) : self[...]
    return String(digits.prefix(10))
  }
}
