// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire

/// The tally as a person reads it: groups across, results down, and beside each the figure that was published, or that none was.
package struct EstimateTable {
  package let tally: EstimateTally

  package init(_ tally: EstimateTally) {
    self.tally = tally
  }

  /// The act whose published figures these are.
  private static let publishedAct = "kz-2022-152-vii"

  private var isPublished: Bool { tally.act?.id == Self.publishedAct }

  private var groups: [EstimateTally.Group] {
    EstimateTally.Group.allCases.filter { $0 != .unknown || tally.total(of: $0) > 0 }
  }

  package func text() -> String {
    var rows: [[String]] = []
    rows.append([""] + groups.map { heading($0).0 } + ["", ""])
    rows.append([""] + groups.map { heading($0).1 } + ["all", "published"])
    for result in EstimateTally.Result.allCases {
      if result == .otherRelief, tally.total(of: result) == 0 { continue }
      if result == .referred { rows.append(reliefRow()) }
      rows.append(row(name(result), groups.map { tally[result, $0] }, published(result)))
    }
    rows.append(row("people", groups.map { tally.total(of: $0) }, ""))
    if isPublished { rows.append(["published"] + groups.map(published) + ["", ""]) }
    return heading() + "\n" + Self.aligned(rows, numbersIn: 1...groups.count + 1) + footnotes()
  }

  private func heading() -> String {
    guard let act = tally.act, let asOf = tally.asOf else { return "No record was assessed.\n" }
    return "\(act.id) \(act.version), as of \(asOf) (\(tally.standing?.word ?? "?")): \(Self.grouped(tally.total)) records\n"
  }

  private func reliefRow() -> [String] {
    let reliefs = EstimateTally.Result.allCases.filter(\.isRelief)
    return row(
      "any relief", groups.map { group in reliefs.reduce(0) { $0 + tally[$1, group] } }, isPublished ? "1,095 amnestied [d]" : "none")
  }

  private func row(_ name: String, _ counts: [Int], _ published: String) -> [String] {
    [name] + (counts + [counts.reduce(0, +)]).map(Self.grouped) + [published]
  }

  private func heading(_ group: EstimateTally.Group) -> (String, String) {
    switch group {
    case .convictedInCustody: ("convicted,", "in custody")
    case .convictedAtLarge: ("convicted,", "at large")
    case .pendingGrave: ("pending,", "grave")
    case .pendingLighter: ("pending,", "lighter")
    case .unknown: ("stage", "unknown")
    }
  }

  private func name(_ result: EstimateTally.Result) -> String {
    switch result {
    case .released: "released from punishment"
    case .cutAndFree: "term cut, free at once"
    case .cut: "term cut, ends later"
    case .terminated: "proceedings terminated"
    case .cutAtSentencing: "cut when sentence is imposed"
    case .removed: "conviction removed"
    case .otherRelief: "another relief"
    case .referred: "referred to a human"
    case .undetermined: "undetermined: facts missing"
    case .notCovered: "not covered"
    case .refused: "record refused: contradicts itself"
    }
  }

  private func published(_ result: EstimateTally.Result) -> String {
    guard isPublished else { return "none" }
    return switch result {
    case .cutAndFree, .cut: "1,001 cut, both rows [d]"
    case .terminated: "171 [a]"
    default: "none"
    }
  }

  private func published(_ group: EstimateTally.Group) -> String {
    switch group {
    case .convictedInCustody: "128 [b]"
    case .convictedAtLarge: "984 [c]"
    case .pendingGrave: "363 [b]"
    case .pendingLighter: "171 [a]"
    case .unknown: "none"
    }
  }

  private func footnotes() -> String {
    var lines = [""]
    if tally.partial > 0 { lines.append("\(Self.grouped(tally.partial)) of those with a relief have an offence without one.") }
    if tally.readingsDiffer > 0 {
      lines.append(
        "For \(Self.grouped(tally.readingsDiffer)) the readings of an open point differ; "
          + "\(Self.grouped(tally.freedByAnotherReading)) more would be free at once under another reading.")
    }
    if isPublished {
      lines += [
        "[a] 27 Oct 2022: to be released from liability.  [b] 2 Nov 2022.  [c] 2 Nov 2022: 1,112 convicted less 128 in custody.",
        "[d] 5 Jan 2023: of 1,221 persons the courts had considered. The published figures are of real people, the records may not be.",
      ]
    }
    return lines.count > 1 ? lines.joined(separator: "\n") + "\n" : ""
  }

  /// 1646 as 1,646.
  private static func grouped(_ number: Int) -> String {
    var digits = String(number)
    var end = digits.index(digits.endIndex, offsetBy: -3, limitedBy: digits.startIndex)
    while let at = end, at > digits.startIndex {
      digits.insert(",", at: at)
      end = digits.index(at, offsetBy: -3, limitedBy: digits.startIndex)
    }
    return digits
  }

  /// Columns two spaces apart, numbers to the right.
  private static func aligned(_ rows: [[String]], numbersIn: ClosedRange<Int>) -> String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in rows.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0 }
    return rows.map { row in
      let cells = row.enumerated().map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        return numbersIn.contains(column) ? padding + cell : cell + padding
      }
      let line = cells.joined(separator: "  ")
      return (line.lastIndex { $0 != " " }.map { String(line[...$0]) } ?? "") + "\n"
    }.joined()
  }
}
