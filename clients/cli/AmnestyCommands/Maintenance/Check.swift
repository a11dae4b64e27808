// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
internal import AmnestyTexts
package import ArgumentParser
internal import Glibc

/// `amnestyctl check`: whether the register is sound.
package struct Check: ClientCommand {
  package static let configuration = CommandConfiguration(
    abstract: "Check the register: the database, the audit trail, the chains. Exit code 65 where something is found.",
    discussion: """
      The daemon checks its own while it serves; --database checks a file that nobody serves, such as a backup, without a daemon. Needs the \
      role admin: without --socket and $AMNESTY_SOCKET the admin socket \(ConnectionOptions.defaultAdminSocket) is asked.
      """,
    aliases: ["fsck"]
  )
  package static let standardSocket = ConnectionOptions.defaultAdminSocket

  @Option(help: ArgumentHelp("A database that nobody serves.", valueName: "file"), completion: .file())
  package var database: String?

  @Option(
    help: ArgumentHelp("With --database: checkpoints kept elsewhere that it has to hold, one a line as JSON.", valueName: "file"),
    completion: .file())
  package var checkpoint: [String] = []

  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package mutating func validate() throws {
    if database == nil, !checkpoint.isEmpty {
      throw ValidationError(Text.optionCheckpointOfFile(.ofUser()))
    }
  }

  package mutating func run() async throws {
    guard let database = self.database else { return try await self.runConnected() }
    var checkpoints: [AuditCheckpoint] = []
    for file in self.checkpoint { checkpoints += try await AuditCheckpoint.read(file: file) }
    guard try DatabaseFile.isDatabase(database) else {
      throw InputError(exitCode: EX_DATAERR) { Text.databaseNone($0, path: database) }
    }
    try self.write(try DatabaseFile.check(database, checkpoints))
  }

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    var options = options
    options.timeout = options.timeout ?? .seconds(3600)
    try self.write(try await client.operations.check(CheckRegisterRequest(), options: options))
  }

  private func write(_ answer: CheckRegisterResponse) throws {
    try Output.render(CheckAnswer(answer: answer), as: self.output.output)
    if !answer.ok { throw ExitCode(EX_DATAERR) }
  }
}

struct CheckAnswer: Renderable {
  var answer: CheckRegisterResponse

  func table(on terminal: Terminal) -> [String] {
    let language = terminal.language
    let size = Text.checkSize(
      language, cases: self.answer.cases.grouped(language), entries: self.answer.auditEntries.grouped(language))
    guard !self.answer.ok else {
      return [Text.upkeepSized(language, state: Style.good.apply(Text.checkSound(language), on: terminal), size: size)]
    }
    return [Text.upkeepSized(language, state: Style.bad.apply(Text.checkNotSound(language), on: terminal), size: size)]
      + self.answer.findings.map { "  \($0.check): \($0.message)" }
  }

  func values() -> [String] { [json(self.answer)] }
}
