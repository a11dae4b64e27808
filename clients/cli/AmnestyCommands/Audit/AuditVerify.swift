// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
internal import AmnestyTexts
package import ArgumentParser
internal import Glibc

/// `amnestyctl audit verify`: whether anybody has tampered with the trail.
package struct AuditVerify: ClientCommand {
  package static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Verify the trail: every entry, every signature. Exit code 65 where it does not hold.",
    discussion: """
      Without a file the daemon verifies its own. A file is verified here, without a daemon: what audit export wrote, or a copy of the \
      database. Checkpoints that were kept elsewhere find a trail whose end was cut off, or that was written anew as a whole.
      """
  )

  @Argument(
    help: ArgumentHelp("An export, or a copy of the database; the daemon's own trail if not said.", valueName: "file"), completion: .file())
  package var file: String?

  @Option(
    help: ArgumentHelp("Checkpoints kept elsewhere, one a line as JSON; may be given again.", valueName: "file"), completion: .file())
  package var checkpoint: [String] = []

  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package mutating func run() async throws {
    guard let file = self.file else { return try await self.runConnected() }
    let checkpoints = try await self.checkpoints()
    let answer =
      if try DatabaseFile.isDatabase(file) {
        try DatabaseFile.verify(file, checkpoints)
      } else {
        try await AuditExportFile.verify(file, checkpoints)
      }
    // A trail has its register's start at least, and what was cut off from an export must not pass for sound.
    if answer.ok, answer.entries == 0 {
      throw InputError(exitCode: EX_DATAERR) { Text.trailEmpty($0, file: file) }
    }
    try self.write(answer)
  }

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    let checkpoints = try await self.checkpoints()
    let request = VerifyAuditRequest(checkpoints: checkpoints.isEmpty ? nil : checkpoints)
    try self.write(try await client.audit.verify(request, options: options))
  }

  private func write(_ answer: VerifyAuditResponse) throws {
    try Output.render(VerificationAnswer(answer: answer), as: self.output.output)
    if !answer.ok { throw ExitCode(EX_DATAERR) }
  }

  private func checkpoints() async throws -> [AuditCheckpoint] {
    var checkpoints: [AuditCheckpoint] = []
    for file in self.checkpoint { checkpoints += try await AuditCheckpoint.read(file: file) }
    return checkpoints
  }
}

extension AuditCheckpoint {
  static func read(file: String) async throws -> [AuditCheckpoint] {
    var checkpoints: [AuditCheckpoint] = []
    for try await line in RecordLines(try InputFile(path: file)) {
      do {
        checkpoints.append(try AuditCheckpoint.decode(line.bytes))
      } catch {
        let why = error.description
        throw InputError(exitCode: EX_DATAERR) { Text.checkpointUnreadable($0, file: file, line: "\(line.number)", why: why) }
      }
    }
    return checkpoints
  }
}

struct VerificationAnswer: Renderable {
  var answer: VerifyAuditResponse

  func table(on terminal: Terminal) -> [String] {
    let (answer, language) = (self.answer, terminal.language)
    let (entries, checkpoints) = (answer.entries.grouped(language), "\(answer.checkpoints)")
    let isOne = answer.checkpoints == 1
    guard !answer.ok else {
      let size =
        isOne
        ? Text.trailSizeOneCheckpoint(language, entries: entries) : Text.trailSize(language, entries: entries, checkpoints: checkpoints)
      return [
        Text.upkeepSized(language, state: Style.good.apply(Text.trailHolds(language), on: terminal), size: size), "  \(answer.lastHash)",
      ]
    }
    let extent =
      isOne
      ? Text.trailSoundUpToOneCheckpoint(language, entry: entries)
      : Text.trailSoundUpTo(language, entry: entries, checkpoints: checkpoints)
    var lines = [Text.upkeepSized(language, state: Style.bad.apply(Text.trailBroken(language), on: terminal), size: extent)]
    for fault in answer.faults {
      let what = fault.kind.flatMap { Words.auditFaultKind($0.word, language) } ?? fault.what
      lines.append("  " + Text.trailFault(language, entry: "\(fault.seq)", what: what))
    }
    lines.append("  " + Text.trailKeep(language))
    return lines
  }

  func values() -> [String] { [json(self.answer)] }
}
