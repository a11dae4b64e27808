// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
internal import AmnestyTexts
package import ArgumentParser

/// `amnestyctl reload`: the daemon reads its configuration and acts again.
package struct Reload: ClientCommand {
  package static let configuration = CommandConfiguration(
    abstract: "Have the daemon read its configuration and acts again, and wait until they are in force.",
    discussion: """
      A mistake changes nothing: it is told with its place, and the exit code is 65. Needs the role admin, which the public socket lets through \
      for nobody: without --socket and $AMNESTY_SOCKET the admin socket \(ConnectionOptions.defaultAdminSocket) is asked.
      """)
  package static let standardSocket = ConnectionOptions.defaultAdminSocket

  @OptionGroup package var connection: ConnectionOptions
  @OptionGroup package var output: OutputOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    try Output.render(ReloadAnswer(answer: try await client.admin.reload(options: options)), as: self.output.output)
  }
}

struct ReloadAnswer: Renderable {
  var answer: ReloadResponse

  func table(on terminal: Terminal) -> [String] {
    self.answer.acts.map { act in
      let note = act.id == self.answer.defaultAct ? ", " + Text.reloadDefault(terminal.language) : ""
      return "\(act.id) \(act.version): \(Style.good.apply(Text.reloadInForce(terminal.language), on: terminal))\(note)"
    }
  }

  func values() -> [String] { [json(self.answer)] }
}
