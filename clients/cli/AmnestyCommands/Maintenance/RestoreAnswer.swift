// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient

struct RestoreAnswer: Renderable {
  var answer: CheckRegisterResponse
  var path: String

  func table(on terminal: Terminal) -> [String] {
    guard self.answer.ok else {
      return [Style.bad.apply("NOT RESTORED", on: terminal) + ": the backup is not sound; nothing was changed"]
        + self.answer.findings.map { "  \($0.check): \($0.message)" } + ["  Take an older backup."]
    }
    return [
      Style.good.apply("restored", on: terminal)
        + ": \(self.answer.cases.grouped) cases, \(self.answer.auditEntries.grouped) audit entries in \(self.path)",
      Style.dim.apply("  what stood there is beside it as .before-restore; start the daemon again", on: terminal),
    ]
  }

  func values() -> [String] { [json(self.answer)] }
}
