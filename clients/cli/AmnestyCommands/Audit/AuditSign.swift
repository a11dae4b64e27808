// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import ArgumentParser

/// `amnestyctl audit checkpoint`: a signature over the trail as it is now.
package struct AuditSign: ClientCommand {
  package static let configuration = CommandConfiguration(
    commandName: "checkpoint",
    abstract: "Sign the trail as it is now; keep what is written somewhere else, one line a checkpoint.",
    discussion: "audit verify --checkpoint FILE finds with it a trail whose end was cut off."
  )

  @Option(
    help: ArgumentHelp("Append it to this file, on disk before the command ends, instead of standard output.", valueName: "file"),
    completion: .file())
  package var append: String?

  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    let answer = try await client.audit.checkpoint(CreateCheckpointRequest(), options: options)
    if let append {
      try AppendedFile.append(json(answer.checkpoint), to: append)
      return
    }
    try Output.render(CheckpointAnswer(checkpoint: answer.checkpoint), as: self.output.output)
  }
}

struct CheckpointAnswer: Renderable {
  var checkpoint: AuditCheckpoint

  func table(on terminal: Terminal) -> [String] {
    var sheet = Sheet(terminal: terminal)
    sheet.add("register", self.checkpoint.register)
    sheet.add("entry", "\(self.checkpoint.seq)")
    sheet.add("hash", self.checkpoint.hash)
    sheet.add("signed", self.checkpoint.at)
    sheet.add("key", self.checkpoint.key)
    sheet.add("signature", self.checkpoint.signature)
    return sheet.page
  }

  func values() -> [String] { [json(self.checkpoint)] }
}
