// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import ArgumentParser
internal import Glibc

/// `amnestyctl health`: whether the daemon serves.
package struct Health: ClientCommand {
  package static let configuration = CommandConfiguration(
    abstract: "Tell whether the daemon, or one of its services, serves. Exit code 0 if so, 69 if not."
  )

  @Argument(
    help: ArgumentHelp("A service, such as amnesty.v1.EligibilityService; the daemon as a whole if not said.", valueName: "service"))
  package var service: String?

  @OptionGroup package var connection: ConnectionOptions
  @OptionGroup package var output: OutputOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    let answer = try await client.health.check(HealthCheckRequest(service: self.service ?? ""), options: options)
    try Output.render(HealthAnswer(answer: answer), as: self.output.output)
    if answer.status != .serving { throw ExitCode(EX_UNAVAILABLE) }
  }
}

struct HealthAnswer: Renderable {
  var answer: HealthCheckResponse

  func table(on terminal: Terminal) -> [String] {
    [(self.answer.status == .serving ? Style.good : .bad).apply(self.answer.status.word, on: terminal)]
  }

  func values() -> [String] { [json(self.answer)] }
}
