// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient
internal import AmnestyTexts

struct RestoreAnswer: Renderable {
  var answer: CheckRegisterResponse
  var path: String

  func table(on terminal: Terminal) -> [String] {
    let language = terminal.language
    guard self.answer.ok else {
      return [Style.bad.apply(Text.restoreRefused(language), on: terminal) + ": " + Text.restoreNotSound(language)]
        + self.answer.findings.map { "  \($0.check): \($0.message)" } + ["  " + Text.restoreOlder(language)]
    }
    let size = Text.restoreSize(
      language, cases: self.answer.cases.grouped(language), entries: self.answer.auditEntries.grouped(language), path: self.path)
    return [
      Text.upkeepSized(language, state: Style.good.apply(Text.restoreDone(language), on: terminal), size: size),
      Style.dim.apply("  " + Text.restoreKept(language), on: terminal),
    ]
  }

  func values() -> [String] { [json(self.answer)] }
}
