// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
internal import AmnestyTexts
package import ArgumentParser

/// `amnestyctl notices acknowledge`.
package struct NoticesAcknowledge: ClientCommand {
  package static let configuration = CommandConfiguration(
    commandName: "acknowledge", abstract: "Confirm that your register has carried notices out.")

  @Argument(help: ArgumentHelp("The notices, by number.", valueName: "id"))
  package var ids: [Int]

  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package mutating func validate() throws {
    if ids.isEmpty { throw ValidationError(Text.optionNotice(.ofUser())) }
  }

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    var writer = ListWriter<Notice>(format: self.output.output)
    for id in self.ids {
      // Confirming twice is confirming once, so the client may try again by itself.
      try writer.write(try await client.propagation.acknowledge(AcknowledgeNoticeRequest(id: id), options: options).notice)
    }
    try writer.finish()
  }
}
