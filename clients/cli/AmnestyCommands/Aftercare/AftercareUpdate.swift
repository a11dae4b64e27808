// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
internal import AmnestyTexts
package import ArgumentParser

/// `amnestyctl aftercare update`.
package struct AftercareUpdate: ClientCommand {
  package static let configuration = CommandConfiguration(
    commandName: "update", abstract: "Change a need: how far it is, who is responsible, its day, a note.")

  @Argument(help: ArgumentHelp("The need; aftercare list tells which there are.", valueName: "id"))
  package var id: String

  @Option(help: "How far it is.")
  package var state: Word<NeedState>?

  @Option(help: ArgumentHelp("The body responsible.", valueName: "body"))
  package var responsible: String?

  @Option(help: ArgumentHelp("The new day.", valueName: "YYYY-MM-DD"))
  package var due: DayArgument?

  @Option(help: ArgumentHelp("A note to add.", valueName: "text"))
  package var note: String?

  @OptionGroup package var change: ChangeOptions
  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package mutating func validate() throws {
    if state == nil, responsible == nil, due == nil, note == nil {
      throw ValidationError(Text.optionNeedChange(.ofUser()))
    }
  }

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    let answer = try await self.change.perform { key async throws(Status) in
      let request = UpdateNeedRequest(
        id: self.id, state: self.state?.value, responsible: self.responsible, dueOn: self.due?.text, note: self.note,
        etag: self.change.etag,
        idempotencyKey: key)
      return try await client.aftercare.update(request, options: options)
    }
    try Output.render(NeedReceipt(answer: answer), as: self.output.output)
  }
}
