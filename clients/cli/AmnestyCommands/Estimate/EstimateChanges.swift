// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient
internal import AmnestyTexts

/// Whose outcome changes from one act to another, as a person reads it.
struct EstimateChanges {
  let change: ActChange
  let language: Language

  init(_ change: ActChange, language: Language) {
    self.change = change
    self.language = language
  }

  func lines(on terminal: Terminal) -> [String] {
    let heading = "\(self.change.first.id) → \(self.change.second.id): \(self.change.cases.grouped) cases change"
    var lines = [Style.bold.apply(heading, on: terminal)]
    guard self.change.cases > 0 else { return lines }
    var outcomes = Table([
      .init("cases", isNumber: true), .init("detained", isNumber: true), .init("from"), .init("to"), .init("for example", mayShrink: true),
    ])
    for item in self.change.outcomes {
      outcomes.add([
        .init(item.changed.cases.grouped), .init(item.changed.detained.grouped),
        .init(Self.words(item.before, item.measuresBefore), AssessmentTable.style(item.before)),
        .init(Self.words(item.after, item.measuresAfter), AssessmentTable.style(item.after)),
        .init(item.changed.examples.joined(separator: " ")),
      ])
    }
    lines += outcomes.takeLines(on: terminal)
    var provisions = Table([
      .init("cases", isNumber: true), .init("provision"), .init("its words", mayShrink: true), .init("for example", mayShrink: true),
    ])
    for item in self.change.provisions {
      provisions.add([
        .init(item.changed.cases.grouped), .init(item.provision), .init(item.text.text(in: self.language)),
        .init(item.changed.examples.joined(separator: " ")),
      ])
    }
    if !self.change.provisions.isEmpty { lines += [""] + provisions.takeLines(on: terminal) }
    return lines
  }

  private static func words(_ outcome: Outcome, _ measures: [String]) -> String {
    measures.isEmpty ? outcome.word : "\(outcome.word) (\(measures.joined(separator: " ")))"
  }
}
