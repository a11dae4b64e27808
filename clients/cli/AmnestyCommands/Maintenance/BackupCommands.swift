// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
internal import AmnestyTexts
package import ArgumentParser

/// `amnestyctl backup`.
package struct BackupCommands: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "backup", abstract: "Copy the register while it is in use.", subcommands: [BackupCreate.self])

  package init() {}
}

/// `amnestyctl backup create`.
package struct BackupCreate: ClientCommand {
  package static let configuration = CommandConfiguration(
    commandName: "create",
    abstract: "Copy the register into the daemon's backup folder while it is in use.",
    discussion: """
      Needs the role admin: without --socket and $AMNESTY_SOCKET the admin socket \(ConnectionOptions.defaultAdminSocket) is asked.
      """)
  package static let standardSocket = ConnectionOptions.defaultAdminSocket

  @Option(help: ArgumentHelp("File name in that folder; by the moment if not said.", valueName: "name"))
  package var name: String?

  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    var options = options
    // A large register takes longer than an ordinary call may.
    options.timeout = options.timeout ?? .seconds(3600)
    let answer = try await client.operations.backup(BackupRequest(name: self.name), options: options)
    try Output.render(BackupAnswer(answer: answer), as: self.output.output)
  }
}

struct BackupAnswer: Renderable {
  var answer: BackupResponse

  func table(on terminal: Terminal) -> [String] {
    var sheet = Sheet(terminal: terminal)
    sheet.add("file", self.answer.file)
    sheet.add("taken", self.answer.at)
    sheet.add("next", Text.backupNext(terminal.language), .dim)
    return sheet.page
  }

  func values() -> [String] { [json(self.answer)] }
}
