// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
internal import AmnestyTexts
package import ArgumentParser
internal import NIOCore

/// `amnestyctl case export`: the register as a stream.
package struct CaseExport: ClientCommand {
  package static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write cases as a stream, by reference, one JSON object a line.",
    discussion: "A connection that breaks is made anew, and the stream goes on after the last case that came."
  )

  @OptionGroup(title: "Filter") package var filter: CaseFilter

  @Flag(help: "Only the records, as case import takes them.")
  package var records = false

  @Option(help: ArgumentHelp("Go on after this case.", valueName: "reference"))
  package var after: String?

  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    var output = StandardOutput()
    var last = self.after
    var progress = Progress(total: nil, unit: "cases")
    var count = 0
    var retry = ChangeRetry()
    while true {
      do {
        try await client.case.export(self.filter.export(after: last), options: options) { responses in
          for try await response in responses {
            try output.line(self.records ? json(response.case.record) : json(response.case))
            last = response.case.reference
            retry = ChangeRetry()
            count += 1
            progress.advance(to: count)
          }
        }
        break
      } catch let status as Status {
        guard let delay = retry.delay(after: status) else {
          progress.finish()
          try output.flush()
          if let last { StandardError.write("amnestyctl: \(Text.exportGoOn(.ofUser(), count: "\(count)", reference: last))\n") }
          throw status
        }
        try await Task.sleep(for: delay)
      }
    }
    progress.finish()
    try output.flush()
  }
}
