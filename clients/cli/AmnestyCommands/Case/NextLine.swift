// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient
internal import AmnestyTexts

extension NextStep {
  /// What is typed next, and by whom where that matters. Nil for a command that this program does not know.
  func line(for item: Case, _ language: Language) -> String? {
    let reference = item.reference
    switch (self.command, self.why) {
    case (.resolveAppeal, _): return Text.nextResolveAppeal(language, reference: reference)
    case (.assess, .changed): return Text.nextAssessAnew(language, reference: reference)
    case (.assess, _): return "case assess \(reference)"
    case (.revoke, _): return Text.nextRevoke(language, reference: reference)
    case (.update, _): return Text.nextUpdate(language, reference: reference, facts: item.missingFacts)
    case (.propose, .objection): return Text.nextProposeObjection(language, reference: reference)
    case (.propose, .resolved): return "decision propose \(reference) --verdict … --reason …"
    case (.propose, _): return "decision propose \(reference)"
    case (.resolveReferral, _):
      guard let reading = item.assessment?.readings.first else { return Text.nextResolveReferral(language, reference: reference) }
      return Text.nextResolveReadings(language, reference: reference, point: reading.question)
    case (.decide, .objection): return Text.nextDecideObjection(language, reference: reference)
    case (.decide, _): return Text.nextDecide(language, reference: reference)
    case (.execute, _): return Text.nextExecute(language, reference: reference)
    case (.recordJudgment, _): return "decision judgment \(reference) --number … --imposed-on …"
    case (.need, _): return Text.nextNeeds(language, reference: reference)
    case (.close, _): return "case close \(reference)"
    default: return nil
    }
  }
}

extension Case {
  /// The options that answer what the assessment asks.
  fileprivate var missingFacts: String {
    let facts = self.assessment?.missing.map { "--set \($0.fact)=…" } ?? []
    return facts.isEmpty ? "--set …" : facts.joined(separator: " ")
  }
}
