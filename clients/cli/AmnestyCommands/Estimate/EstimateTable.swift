// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import AmnestyTexts

/// An estimate as a person reads it: groups across, results down; then margins, terms, what is missing, what is open, and what changes from act to act.
package struct EstimateTable: Renderable {
  package let report: EstimateReport
  private let language: Language

  package init(_ report: EstimateReport, language: Language = .en) {
    self.report = report
    self.language = language
  }

  package func values() -> [String] { [json(self.report)] }

  package func table(on terminal: Terminal) -> [String] {
    var lines: [String] = []
    for (index, act) in self.report.acts.enumerated() {
      if index > 0 { lines.append("") }
      lines += self.lines(act, terminal)
      if index == 0 { lines += self.published(terminal) }
    }
    for change in self.report.changes { lines += [""] + EstimateChanges(change, language: self.language).lines(on: terminal) }
    return lines
  }

  // MARK: One act

  private func lines(_ act: ActEstimate, _ terminal: Terminal) -> [String] {
    let standing = act.standing.word
    let people = "\(self.report.cases.grouped) cases of \(self.report.people.grouped) people"
    var lines = [
      Style.bold.apply("\(act.act.id) \(act.act.version), as of \(self.report.asOf) (\(standing)): \(people)", on: terminal)
    ]
    if self.report.refused > 0 {
      lines += Self.sentence("\(self.report.refused.grouped) records contradict themselves or cannot be read: left out", terminal)
    }
    lines.append("")
    lines += self.results(act, terminal)
    lines.append("")
    for sentence in self.margins(act) + self.terms(act) + self.readings(act) { lines += Self.sentence(sentence, terminal) }
    lines += self.section("facts that are missing", act.missing, terminal) { missing in
      let end = missing.forEnd > 0 ? ", \(missing.forEnd.grouped) for the new end only" : ""
      return (missing.cases, "\(missing.fact): \(missing.detained.grouped) detained, alone decides \(missing.decides.grouped)\(end)")
    }
    lines += self.section("cases for a human", act.referrals, terminal) { referral in
      (referral.cases, referral.provision.map { "\(referral.code.word) \($0)" } ?? referral.code.word)
    }
    return lines
  }

  private func results(_ act: ActEstimate, _ terminal: Terminal) -> [String] {
    let groups = act.groups.filter { $0.by == .procedure }
    var table = Table(
      [Table.Column("cases")] + groups.map { Table.Column(Words.estimateGroup($0.group, self.language) ?? $0.group, isNumber: true) } + [
        Table.Column("all", isNumber: true)
      ])
    func add(_ name: String, _ counts: [Int], _ style: Style = .plain) {
      table.add([Table.Cell(name, style)] + (counts + [counts.reduce(0, +)]).map { Table.Cell($0.grouped) })
    }
    for measure in act.measures where measure.cases.most > 0 {
      add(
        measure.measure.replacing("_", with: " "), groups.map { group in group.measures.first { $0.word == measure.measure }?.count ?? 0 })
    }
    add("any relief", groups.map { $0.cases.eligible + $0.cases.partial }, .good)
    add("  free at once", groups.map(\.freed))
    add("undetermined: facts missing", groups.map(\.cases.undetermined), .warning)
    add("referred to a human", groups.map(\.cases.referred), .warning)
    add("not covered", groups.map(\.cases.ineligible))
    add("all", groups.map(\.cases.total), .bold)
    return table.takeLines(on: terminal)
  }

  private func margins(_ act: ActEstimate) -> [String] {
    var lines = [
      "covered: between \(act.coveredPeople.least.grouped) and \(act.coveredPeople.most.grouped) people, "
        + "\(act.coveredPeople.now.grouped) as things stand (cases: \(Self.range(act.covered)))"
    ]
    if act.notSearched > 0 {
      lines.append("of these, \(act.notSearched.grouped) cases have too much unknown to search: they count as open either way")
    }
    return lines
  }

  private func terms(_ act: ActEstimate) -> [String] {
    guard act.term.cases > 0 else { return [] }
    let unknown = act.term.unknown > 0 ? "; \(act.term.unknown.grouped) cannot be computed yet" : ""
    let years = Double(act.term.daysTakenOff) / 365.25
    var lines = [
      "taken off terms: \(act.term.daysTakenOff.grouped) days, \(Int(years.rounded()).grouped) years, "
        + "over \(act.term.cases.grouped) cases\(unknown)"
    ]
    if let first = act.releases.first, let last = act.releases.last {
      lines.append(
        "punishments end from \(first.on) (\(first.detained.grouped) detained, \(first.others.grouped) others on that day) to \(last.on)")
    }
    return lines
  }

  private func readings(_ act: ActEstimate) -> [String] {
    guard act.readingCases > 0 else { return [] }
    return ["readings of an open point differ in \(act.readingCases.grouped) cases:"]
      + act.readings.map { reading in
        let standard = reading.isDefault ? ", the default" : ""
        return "  \(reading.question) \(reading.answer)\(standard): \(reading.freed.grouped) free at once, "
          + "\(reading.freedDetained.grouped) of them detained"
      }
  }

  /// The most frequent, with bars.
  private func section<Item>(_ heading: String, _ items: [Item], _ terminal: Terminal, _ line: (Item) -> (Int, String)) -> [String] {
    guard let most = items.first.map({ line($0).0 }) else { return [] }
    let shown = items.prefix(Self.mostShown).map(line)
    let width = shown.map { $0.0.grouped.count }.max() ?? 0
    var lines = [heading + ":"]
    for (count, text) in shown {
      let number = count.grouped
      let bar = String(repeating: "#", count: max(1, count * 10 / max(most, 1)))
      let padded = bar + String(repeating: " ", count: 10 - bar.count)
      lines.append(
        "  \(padded) \(String(repeating: " ", count: width - number.count))\(number)  \(text)".clipped(to: terminal.width ?? 200))
    }
    if items.count > Self.mostShown { lines.append("  and \(items.count - Self.mostShown) more: --output json lists all") }
    return lines
  }

  private static let mostShown = 8

  private func published(_ terminal: Terminal) -> [String] {
    guard !self.report.published.isEmpty else { return [] }
    var table = Table([
      .init("published"), .init("figure", isNumber: true), .init("here", isNumber: true), .init("of", mayShrink: true),
    ])
    for figure in self.report.published {
      table.add([
        .init(figure.on), .init(figure.published.grouped), .init(figure.computed?.grouped ?? "none"),
        .init(figure.text.text(in: self.language)),
      ])
    }
    return [""] + Self.sentence("published of real people; the records estimated here may not be of them:", terminal)
      + table.takeLines(on: terminal)
  }

  /// Broken between words where the terminal ends, what follows set in.
  private static func sentence(_ text: String, _ terminal: Terminal) -> [String] {
    let indent = text.hasPrefix(" ") ? "  " : ""
    let lines = text.wrapped(to: terminal.width.map { $0 - 4 })
    return lines.enumerated().map { ($0 == 0 ? indent : indent + "  ") + $1.drop { $0 == " " } }
  }

  // MARK: Words and numbers

  private static func range(_ margin: Margin) -> String { "\(margin.least.grouped) to \(margin.most.grouped)" }
}

extension GroupCounts {
  var total: Int { self.eligible + self.partial + self.ineligible + self.undetermined + self.referred }
}
