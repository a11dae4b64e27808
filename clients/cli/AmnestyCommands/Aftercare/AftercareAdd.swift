// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import ArgumentParser

/// `amnestyctl aftercare add`.
package struct AftercareAdd: ClientCommand {
  package static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Add a need of a released person, such as housing.")

  @OptionGroup package var target: ReferenceArgument

  @Argument(help: "What is needed.")
  package var kind: Word<NeedKind>

  @Option(help: ArgumentHelp("The body responsible; the deployment's if not said.", valueName: "body"))
  package var responsible: String?

  @Option(help: ArgumentHelp("A note.", valueName: "text"))
  package var note: String?

  @OptionGroup package var change: ChangeOptions
  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    let answer = try await self.change.perform { key async throws(Status) in
      let request = AddNeedRequest(
        reference: self.target.reference, kind: self.kind.value, responsible: self.responsible, note: self.note, etag: self.change.etag,
        idempotencyKey: key)
      return try await client.aftercare.add(request, options: options)
    }
    try Output.render(NeedReceipt(answer: answer), as: self.output.output)
  }
}
