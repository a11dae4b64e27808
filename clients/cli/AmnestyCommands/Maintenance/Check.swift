// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import ArgumentParser
internal import Glibc

/// `amnestyctl check`: whether the register is sound.
package struct Check: ClientCommand {
  package static let configuration = CommandConfiguration(
    abstract: "Check the register: the database, the audit trail, the chains. Exit code 65 where something is found.",
    aliases: ["fsck"]
  )

  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    var options = options
    options.timeout = options.timeout ?? .seconds(3600)
    let answer = try await client.operations.check(CheckRegisterRequest(), options: options)
    try Output.render(CheckAnswer(answer: answer), as: self.output.output)
    if !answer.ok { throw ExitCode(EX_DATAERR) }
  }
}

struct CheckAnswer: Renderable {
  var answer: CheckRegisterResponse

  func table(on terminal: Terminal) -> [String] {
    let size = "\(self.answer.cases.grouped) cases, \(self.answer.auditEntries.grouped) audit entries"
    guard !self.answer.ok else { return [Style.good.apply("sound", on: terminal) + ": \(size)"] }
    return [Style.bad.apply("NOT SOUND", on: terminal) + ": \(size)"]
      + self.answer.findings.map { "  \($0.check): \($0.message)" }
  }

  func values() -> [String] { [json(self.answer)] }
}
