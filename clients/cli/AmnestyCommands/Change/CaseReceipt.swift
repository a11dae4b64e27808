// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient
internal import AmnestyTexts

/// What a command answers: where the case stands now, and what comes next.
struct CaseReceipt: Renderable {
  var answer: CaseResponse

  func table(on terminal: Terminal) -> [String] {
    let item = self.answer.case
    var words = [
      Style.bold.apply(item.reference, on: terminal), item.state.style.apply(item.state.word, on: terminal),
      Text.receiptVersion(terminal.language, etag: item.etag),
    ]
    if let detail = Self.detail(of: item, terminal.language) { words.append(detail) }
    if let chosen = item.decision?.readings ?? (item.state == .proposed ? item.proposal?.readings : nil) {
      words.append(chosen.line(terminal.language))
    }
    if self.answer.replayed == true { words.append(Style.dim.apply(Text.receiptDoneBefore(terminal.language), on: terminal)) }
    var lines = [words.joined(separator: "  ")]
    if let next = item.next?.line(for: item, terminal.language) {
      lines.append(Style.dim.apply("  " + Text.receiptNext(terminal.language, command: next), on: terminal))
    }
    return lines
  }

  func values() -> [String] { [json(self.answer)] }

  private static func detail(of item: Case, _ language: Language) -> String? {
    switch item.state {
    case .assessed, .referred:
      guard let assessment = item.assessment else { return nil }
      return ([assessment.outcome.word] + assessment.measures).joined(separator: " ")
    case .proposed:
      return item.proposal.map {
        ([$0.verdict.word] + $0.measures).joined(separator: " ") + ($0.departs ? ", " + Text.receiptDeparts(language) : "")
      }
    case .granted, .refused, .awaitingJudgment:
      return item.decision.map {
        ([$0.verdict.word] + $0.measures).joined(separator: " ") + ($0.departs ? ", " + Text.receiptDeparts(language) : "")
      }
    case .executed, .aftercare:
      guard let orders = item.execution?.orders, !orders.isEmpty else { return nil }
      return orders.map { $0.kind.word + ($0.on.map { " \($0)" } ?? "") }.joined(separator: ", ")
    default: return nil
    }
  }
}

extension CaseState {
  var style: Style {
    switch self {
    case .granted, .executed, .aftercare: .good
    case .refused, .revoked: .bad
    case .referred, .awaitingJudgment: .warning
    case .closed, .withdrawn: .dim
    default: .plain
    }
  }
}

extension Assessment {
  /// The measures, each once, in the order of the offences.
  var measures: [String] {
    var measures: [String] = []
    for case let measure? in self.offences.map(\.measure) where !measures.contains(measure) { measures.append(measure) }
    return measures
  }
}
