// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
internal import AmnestyTexts
package import ArgumentParser

/// `amnestyctl whoami`.
package struct WhoAmI: ClientCommand {
  package static let configuration = CommandConfiguration(
    commandName: "whoami", abstract: "Say who the daemon takes you for, and which roles you hold in which office.")

  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    try Output.render(WhoAmIPage(answer: try await client.work.whoAmI(WhoAmIRequest(), options: options)), as: self.output.output)
  }
}

struct WhoAmIPage: Renderable {
  var answer: WhoAmIResponse

  func table(on terminal: Terminal) -> [String] {
    let answer = self.answer
    var sheet = Sheet(terminal: terminal)
    sheet.add("person", answer.person, .bold)
    sheet.add(
      "user", answer.actor.map { Text.whoAmIFor(terminal.language, principal: answer.principal, actor: $0) } ?? answer.principal)
    sheet.add("everywhere", answer.everywhere.joined(separator: ", "))
    for office in answer.offices {
      let name = office.body.map { "\(office.office) (\($0))" } ?? office.office
      sheet.add("offices", "\(name): \(office.roles.joined(separator: ", "))")
    }
    if answer.everywhere.isEmpty, answer.offices.isEmpty { sheet.add("roles", Text.whoAmINothing(terminal.language), .warning) }
    return sheet.page
  }

  func values() -> [String] { [json(self.answer)] }
}
