// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
internal import AmnestyTexts
package import ArgumentParser

/// `amnestyctl case outlook`: not now, because; then, when.
package struct CaseOutlook: ClientCommand {
  package static let configuration = CommandConfiguration(
    commandName: "outlook",
    abstract: "Look ahead in a case: why not now, what would have to change, and which days come."
  )

  @OptionGroup package var target: ReferenceArgument

  @Option(help: ArgumentHelp("The act; the daemon's default if not said.", valueName: "id"))
  package var act: String?

  @Option(help: ArgumentHelp("From this day on; today if not said.", valueName: "YYYY-MM-DD"))
  package var asOf: DayArgument?

  @OptionGroup package var language: LanguageOptions
  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    let item = try await client.case.get(GetCaseRequest(reference: self.target.reference), options: options).case
    let request = OutlookRequest(record: item.record, actId: self.act, asOf: self.asOf?.text)
    let answer = try await client.eligibility.outlook(request, options: options)
    let act = try await client.act.get(GetActRequest(actId: answer.assessment.act.id), options: options)
    try Output.render(OutlookPage(answer: answer, act: act, language: self.language.chosen), as: self.output.output)
  }
}

struct OutlookPage: Renderable {
  var answer: OutlookResponse
  var act: GetActResponse
  var language: Language

  func values() -> [String] { [json(self.answer)] }

  func table(on terminal: Terminal) -> [String] {
    let assessment = self.answer.assessment
    var lines = [
      "now (\(assessment.asOf), \(assessment.standing.word)): "
        + AssessmentTable.style(assessment.outcome).apply(assessment.outcome.word, on: terminal)
    ]
    if assessment.outcome != .eligible { lines += self.because(terminal) }
    if !self.answer.changes.isEmpty {
      lines.append("what would have to change, one of:")
      for change in self.answer.changes { lines.append("  " + self.text(change)) }
    } else if assessment.outcome == .ineligible || assessment.outcome == .referred {
      lines.append("no single fact that may still change would bring a relief")
    }
    if !self.answer.events.isEmpty { lines.append("days to come:") }
    for event in self.answer.events {
      let reading = event.reading.map { " (reading \($0.question): \($0.answer))" } ?? ""
      lines.append("  \(event.on)  \(Self.text(event.kind))\(reading)")
    }
    return lines
  }

  private func because(_ terminal: Terminal) -> [String] {
    var lines: [String] = []
    let texts = Dictionary(self.act.provisions.map { ($0.id, $0.text) }, uniquingKeysWith: { first, _ in first })
    var seen: Set<String> = []
    for ground in self.answer.assessment.offences.flatMap({ $0.grounds ?? [] }) {
      let kind = self.act.provisions.first { $0.id == ground.provision }?.kind
      let isBar = kind == "scope" ? ground.truth == .false : kind == "exclusion" && ground.truth == .true
      guard isBar, seen.insert(ground.provision).inserted else { continue }
      let text = texts[ground.provision]?.text(in: self.language) ?? ""
      lines += "\(ground.provision): \(text)".wrapped(to: terminal.width.map { $0 - 2 }).map { "  " + $0 }
    }
    for referral in self.answer.assessment.referrals {
      lines += "\(referral.code.word): \(referral.note.text(in: self.language))".wrapped(to: terminal.width.map { $0 - 2 }).map {
        "  " + $0
      }
    }
    for missing in self.answer.assessment.missing { lines.append("  missing \(missing.fact): \(missing.question.text(in: self.language))") }
    return lines.isEmpty ? lines : ["because:"] + lines
  }

  private func text(_ change: OutlookChange) -> String {
    let measures = change.measures.isEmpty ? "" : " (\(change.measures.joined(separator: " ")))"
    let day = change.releaseOn.map { ", free on \($0)" } ?? change.newEnd.map { ", ends \($0)" } ?? ""
    return "\(change.fact) \(change.value ?? "none of the kind") → \(change.outcome.word)\(measures)\(day)"
  }

  private static func text(_ kind: OutlookEventKind) -> String {
    switch kind {
    case .inForce: "the act enters into force; until then nothing may be decided"
    case .release: "free"
    case .termEnds: "the term ends"
    case .executionEnds: "the authorities must have executed the act"
    case .unrecognized(let word): word
    }
  }
}
