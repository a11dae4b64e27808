// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import AmnestyTexts

/// An estimate as a person reads it: groups across, results down; then margins, terms, what is missing, what is open, and what changes from act to act.
package struct EstimateTable: Renderable {
  package let report: EstimateReport
  private let language: Language
  private let words: SpokenWords

  package init(_ report: EstimateReport, language: Language = .en) {
    self.report = report
    self.language = language
    self.words = SpokenWords(language)
  }

  package func values() -> [String] { [json(self.report)] }

  package func table(on terminal: Terminal) -> [String] {
    // Headings come in the language that was asked for, which need not be that of the terminal.
    let terminal = terminal.speaking(self.language)
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
    let head = Text.estimateHead(
      self.language, act: act.act.id, version: act.act.version, day: self.report.asOf, standing: self.words.standing(act.standing),
      cases: self.number(self.report.cases), people: self.number(self.report.people))
    var lines = Self.sentence(head, terminal).map { Style.bold.apply($0, on: terminal) }
    if self.report.refused > 0 {
      lines += Self.sentence(Text.estimateRefused(self.language, count: self.number(self.report.refused)), terminal)
    }
    lines.append("")
    lines += self.results(act, terminal)
    lines.append("")
    for sentence in self.margins(act) + self.terms(act) + self.readings(act) { lines += Self.sentence(sentence, terminal) }
    lines += self.section(Text.estimateMissing(self.language), act.missing, terminal) { ($0.cases, self.missing($0)) }
    lines += self.section(Text.estimateReferrals(self.language), act.referrals, terminal) { referral in
      let reason = self.words.referral(referral.code)
      return (referral.cases, referral.provision.map { "\(reason) (\($0))" } ?? reason)
    }
    return lines
  }

  private func results(_ act: ActEstimate, _ terminal: Terminal) -> [String] {
    let groups = act.groups.filter { $0.by == .procedure }
    var table = Table(
      [Table.Column("cases")] + groups.map { Table.Column(Words.estimateGroup($0.group, self.language) ?? $0.group, isNumber: true) } + [
        Table.Column(Text.estimateAll(self.language), isNumber: true)
      ])
    func add(_ name: String, _ counts: [Int], _ style: Style = .plain) {
      table.add([Table.Cell(name, style)] + (counts + [counts.reduce(0, +)]).map { Table.Cell(self.number($0)) })
    }
    for measure in act.measures where measure.cases.most > 0 {
      add(self.words.measure(measure.measure), groups.map { group in group.measures.first { $0.word == measure.measure }?.count ?? 0 })
    }
    add(Text.estimateAnyRelief(self.language), groups.map { $0.cases.eligible + $0.cases.partial }, .good)
    add("  " + Text.estimateFreed(self.language), groups.map(\.freed))
    add(Text.estimateUndetermined(self.language), groups.map(\.cases.undetermined), .warning)
    add(Text.estimateReferred(self.language), groups.map(\.cases.referred), .warning)
    add(Text.estimateNotCovered(self.language), groups.map(\.cases.ineligible))
    add(Text.estimateAll(self.language), groups.map(\.cases.total), .bold)
    return table.takeLines(on: terminal)
  }

  private func margins(_ act: ActEstimate) -> [String] {
    let (people, cases) = (act.coveredPeople, act.covered)
    var lines = [
      Text.estimateCovered(
        self.language, least: self.number(people.least), most: self.number(people.most), now: self.number(people.now),
        leastCases: self.number(cases.least), mostCases: self.number(cases.most))
    ]
    if act.notSearched > 0 { lines.append(Text.estimateNotSearched(self.language, count: self.number(act.notSearched))) }
    return lines
  }

  private func terms(_ act: ActEstimate) -> [String] {
    guard act.term.cases > 0 else { return [] }
    let (days, cases) = (self.number(act.term.daysTakenOff), self.number(act.term.cases))
    let years = self.number(Int((Double(act.term.daysTakenOff) / 365.25).rounded()))
    var lines = [
      act.term.unknown > 0
        ? Text.estimateTermsUnknown(self.language, days: days, years: years, cases: cases, unknown: self.number(act.term.unknown))
        : Text.estimateTerms(self.language, days: days, years: years, cases: cases)
    ]
    if let first = act.releases.first, let last = act.releases.last {
      lines.append(
        Text.estimateReleases(
          self.language, first: first.on, detained: self.number(first.detained), others: self.number(first.others), last: last.on))
    }
    return lines
  }

  private func readings(_ act: ActEstimate) -> [String] {
    guard act.readingCases > 0 else { return [] }
    return [Text.estimateReadings(self.language, count: self.number(act.readingCases))]
      + act.readings.map { reading in
        let (freed, detained) = (self.number(reading.freed), self.number(reading.freedDetained))
        return "  "
          + (reading.isDefault
            ? Text.estimateReadingDefault(
              self.language, question: reading.question, answer: reading.answer, freed: freed, detained: detained)
            : Text.estimateReading(self.language, question: reading.question, answer: reading.answer, freed: freed, detained: detained))
      }
  }

  private func missing(_ missing: MissingEstimate) -> String {
    let (detained, decides) = (self.number(missing.detained), self.number(missing.decides))
    return missing.forEnd > 0
      ? Text.estimateMissingFactForEnd(
        self.language, fact: missing.fact, detained: detained, decides: decides, forEnd: self.number(missing.forEnd))
      : Text.estimateMissingFact(self.language, fact: missing.fact, detained: detained, decides: decides)
  }

  /// The most frequent, with bars.
  private func section<Item>(_ heading: String, _ items: [Item], _ terminal: Terminal, _ line: (Item) -> (Int, String)) -> [String] {
    guard let most = items.first.map({ line($0).0 }) else { return [] }
    let shown = items.prefix(Self.mostShown).map(line)
    let width = shown.map { self.number($0.0).columns }.max() ?? 0
    let indent = Self.barLength + width + 5
    var lines = [heading]
    for (count, text) in shown {
      let number = self.number(count)
      let bar = String(repeating: "#", count: max(1, count * Self.barLength / max(most, 1)))
      let padded = bar + String(repeating: " ", count: Self.barLength - bar.count)
      let head = "  \(padded) \(String(repeating: " ", count: width - number.columns))\(number)  "
      for (index, part) in text.wrapped(to: terminal.width.map { max(20, $0 - indent) }).enumerated() {
        lines.append((index == 0 ? head : String(repeating: " ", count: indent)) + part)
      }
    }
    let left = items.count - shown.count
    if left > 0 { lines.append("  " + Text.estimateMore(self.language, count: self.number(left))) }
    return lines
  }

  private static let mostShown = 8
  private static let barLength = 10

  private func published(_ terminal: Terminal) -> [String] {
    guard !self.report.published.isEmpty else { return [] }
    var table = Table([
      .init("published"), .init("figure", isNumber: true), .init("here", isNumber: true), .init("of", mayBreak: true),
    ])
    for figure in self.report.published {
      table.add([
        .init(figure.on), .init(self.number(figure.published)),
        .init(figure.computed.map(self.number) ?? Text.reportNoneComputed(self.language)), .init(figure.text.text(in: self.language)),
      ])
    }
    return [""] + Self.sentence(Text.estimatePublished(self.language), terminal) + table.takeLines(on: terminal)
  }

  /// Broken between words where the terminal ends, what follows set in.
  private static func sentence(_ text: String, _ terminal: Terminal) -> [String] {
    let indent = text.hasPrefix(" ") ? "  " : ""
    let lines = text.wrapped(to: terminal.width.map { $0 - 4 })
    return lines.enumerated().map { ($0 == 0 ? indent : indent + "  ") + $1.drop { $0 == " " } }
  }

  private func number(_ count: Int) -> String { count.grouped(self.language) }
}

extension GroupCounts {
  var total: Int { self.eligible + self.partial + self.ineligible + self.undetermined + self.referred }
}
