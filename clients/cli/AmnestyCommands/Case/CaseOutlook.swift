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
    let (assessment, words) = (self.answer.assessment, SpokenWords(self.language))
    let outcome = AssessmentTable.style(assessment.outcome).apply(words.outcome(assessment.outcome), on: terminal)
    var lines = [
      Text.outlookNow(self.language, day: assessment.asOf, standing: words.standing(assessment.standing), outcome: outcome)
    ]
    let reasons = assessment.outcome == .eligible ? [] : self.reasons
    if !reasons.isEmpty { lines.append(Text.outlookBecause(self.language)) }
    for reason in reasons { lines += Self.item(reason, on: terminal) }
    if !self.answer.changes.isEmpty {
      lines += Text.outlookChanges(self.language).wrapped(to: terminal.width)
      for change in self.answer.changes { lines += Self.item(self.text(change), on: terminal) }
    } else if assessment.outcome == .ineligible || assessment.outcome == .referred {
      lines += Text.outlookNoChange(self.language).wrapped(to: terminal.width)
    }
    if !self.answer.events.isEmpty { lines.append(Text.outlookDays(self.language)) }
    for event in self.answer.events { lines += Self.item(self.text(event), under: "\(event.on)  ", on: terminal) }
    return lines
  }

  /// Set in, and what follows further in.
  private static func item(_ text: String, under lead: String = "", on terminal: Terminal) -> [String] {
    let indent = lead.isEmpty ? 2 : lead.columns
    return text.wrapped(to: terminal.width.map { max(20, $0 - 2 - indent) }).enumerated().map { index, line in
      "  " + (index == 0 ? lead : String(repeating: " ", count: indent)) + line
    }
  }

  private var reasons: [String] {
    let assessment = self.answer.assessment
    let texts = Dictionary(self.act.provisions.map { ($0.id, $0.text) }, uniquingKeysWith: { first, _ in first })
    let words = SpokenWords(self.language)
    let reasons = OutlookReason.all(of: assessment, under: self.act.provisions).map { reason in
      reason.text(in: self.language) { texts[$0]?.text(in: self.language) ?? "" }
    }
    let referrals = assessment.referrals.map { "\(words.referral($0.code)): \($0.note.text(in: self.language))" }
    let missing = assessment.missing.map {
      Text.outlookMissing(self.language, fact: $0.fact, question: $0.question.text(in: self.language))
    }
    return reasons + referrals + missing
  }

  private func text(_ change: OutlookChange) -> String {
    let words = SpokenWords(self.language)
    let measures = change.measures.isEmpty ? "" : " (\(change.measures.map(words.measure).joined(separator: ", ")))"
    let value = change.value ?? Text.outlookNoneOfKind(self.language)
    let text = "\(change.fact) \(value) → \(words.outcome(change.outcome))\(measures)"
    if let day = change.releaseOn { return Text.outlookChangeFree(self.language, change: text, day: day) }
    if let day = change.newEnd { return Text.outlookChangeEnds(self.language, change: text, day: day) }
    return text
  }

  private func text(_ event: OutlookEvent) -> String {
    let text = Words.outlookEventKind(event.kind.word, self.language) ?? event.kind.word
    guard let reading = event.reading else { return text }
    return Text.outlookEventReading(self.language, event: text, question: reading.question, answer: reading.answer)
  }
}
