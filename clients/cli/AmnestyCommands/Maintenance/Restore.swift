// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient
internal import AmnestyTexts
package import ArgumentParser
internal import Glibc

/// `amnestyctl restore`: a backup in the place of the register, while no daemon runs.
package struct Restore: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    abstract: "Put a backup in the place of the register, while no daemon runs.",
    discussion: """
      The backup is checked first, its audit trail too; with findings nothing is changed, and the exit code is 65. The register that stood \
      there is kept beside it as register.sqlite.before-restore, and the trail goes on with an entry that says what was restored.
      """
  )

  @Argument(help: ArgumentHelp("The backup; it is left as it is.", valueName: "file"), completion: .file())
  package var file: String

  @Option(help: ArgumentHelp("The daemon's state directory.", valueName: "path"), completion: .directory)
  package var stateDirectory: String

  @Option(
    help: ArgumentHelp("Checkpoints kept elsewhere that the backup has to hold, one a line as JSON.", valueName: "file"),
    completion: .file())
  package var checkpoint: [String] = []

  @OptionGroup package var output: OutputOptions

  package init() {}

  package mutating func run() async throws {
    var folder = stat()
    guard stat(self.stateDirectory, &folder) == 0, folder.st_mode & S_IFMT == S_IFDIR else {
      let path = self.stateDirectory
      throw InputError { Text.restoreNoFolder($0, path: path) }
    }
    var checkpoints: [AuditCheckpoint] = []
    for file in self.checkpoint { checkpoints += try await AuditCheckpoint.read(file: file) }
    let lock = try StateLock(self.stateDirectory)
    let path = self.stateDirectory + "/register.sqlite"
    let answer = try DatabaseFile.restore(self.file, to: path, checkpoints)
    // Root restores for the daemon, which must be able to open what it finds.
    if answer.ok, geteuid() == 0 {
      for name in [path, self.stateDirectory + "/lock"] { _ = chown(name, folder.st_uid, folder.st_gid) }
    }
    _ = consume lock
    try Output.render(RestoreAnswer(answer: answer, path: path), as: self.output.output)
    if !answer.ok { throw ExitCode(EX_DATAERR) }
  }
}
