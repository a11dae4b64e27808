// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
internal import AmnestyTexts
package import ArgumentParser

/// `amnestyctl audit export`: the trail, to be verified elsewhere.
package struct AuditExport: ClientCommand {
  package static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write the trail, one entry a line as JSON; audit verify FILE checks it anywhere."
  )

  @Option(help: ArgumentHelp("Only entries after this one.", valueName: "number"))
  package var after: Int?

  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    var output = StandardOutput()
    var last = self.after
    var progress = Progress(total: nil, unit: "entries")
    var retry = ChangeRetry()
    while true {
      do {
        try await client.audit.export(ExportAuditRequest(after: last), options: options) { responses in
          for try await response in responses {
            try output.line(json(response.entry))
            last = response.entry.seq
            retry = ChangeRetry()
            progress.advance(to: response.entry.seq)
          }
        }
        break
      } catch let status as Status {
        guard let delay = retry.delay(after: status) else {
          progress.finish()
          try output.flush()
          if let last { StandardError.write("amnestyctl: \(Text.trailGoOn(.ofUser(), entry: "\(last)"))\n") }
          throw status
        }
        try await Task.sleep(for: delay)
      }
    }
    progress.finish()
    try output.flush()
  }
}
