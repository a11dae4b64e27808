// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import ArgumentParser
internal import Glibc

/// `amnestyctl audit verify`: whether anybody has tampered with the trail.
package struct AuditVerify: ClientCommand {
  package static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Verify the trail: every entry, every signature. Exit code 65 where it does not hold.",
    discussion: "With --checkpoint, checkpoints that were kept elsewhere: they find a trail whose end was cut off."
  )

  @Option(
    help: ArgumentHelp("Checkpoints kept elsewhere, one a line as JSON; may be given again.", valueName: "file"), completion: .file())
  package var checkpoint: [String] = []

  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    var checkpoints: [AuditCheckpoint] = []
    for file in self.checkpoint { checkpoints += try await AuditCheckpoint.read(file: file) }
    let request = VerifyAuditRequest(checkpoints: checkpoints.isEmpty ? nil : checkpoints)
    let answer = try await client.audit.verify(request, options: options)
    try Output.render(VerificationAnswer(answer: answer), as: self.output.output)
    if !answer.ok { throw ExitCode(EX_DATAERR) }
  }
}

extension AuditCheckpoint {
  static func read(file: String) async throws -> [AuditCheckpoint] {
    var checkpoints: [AuditCheckpoint] = []
    for try await line in RecordLines(try InputFile(path: file)) {
      do {
        checkpoints.append(try AuditCheckpoint.decode(line.bytes))
      } catch {
        throw InputError("\(file):\(line.number): \(ErrorReport(error).text)", exitCode: EX_DATAERR)
      }
    }
    return checkpoints
  }
}

struct VerificationAnswer: Renderable {
  var answer: VerifyAuditResponse

  func table(on terminal: Terminal) -> [String] {
    let answer = self.answer
    let size = "\(answer.entries.grouped) entries, \(answer.checkpoints) \(answer.checkpoints == 1 ? "checkpoint" : "checkpoints")"
    guard !answer.ok else {
      return [Style.good.apply("the trail holds", on: terminal) + ": \(size), last hash \(answer.lastHash)"]
    }
    var lines = [Style.bad.apply("THE TRAIL DOES NOT HOLD", on: terminal) + ": \(size)"]
    for fault in answer.faults { lines.append("  entry \(fault.seq): \(fault.what)") }
    lines.append("Keep this database and the checkpoints as they are, and compare with a backup from before the first entry named.")
    return lines
  }

  func values() -> [String] { [json(self.answer)] }
}
