// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import ArgumentParser
internal import Glibc

/// `amnestyctl metrics`: the figures of the daemon as OpenMetrics text.
package struct Metrics: ClientCommand {
  package static let configuration = CommandConfiguration(
    abstract: "Write the figures of the daemon as OpenMetrics text.",
    discussion: """
      --file replaces a file in one step, so that node_exporter's textfile collector never reads half of it; it must end in .prom there. \
      Needs the role admin: without --socket and $AMNESTY_SOCKET the admin socket \(ConnectionOptions.defaultAdminSocket) is asked.
      """
  )
  package static let standardSocket = ConnectionOptions.defaultAdminSocket

  @Option(help: ArgumentHelp("Write this file instead of standard output.", valueName: "path"), completion: .file())
  package var file: String?

  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    let text = try await client.operations.metrics(GetMetricsRequest(), options: options).openMetrics
    guard let file = self.file else {
      var output = StandardOutput()
      try output.write(text)
      try output.flush()
      return
    }
    try AtomicFile.write(text, to: file)
  }
}
