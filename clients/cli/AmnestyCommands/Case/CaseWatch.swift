// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import AmnestyTexts
package import ArgumentParser

/// `amnestyctl case watch`: follows the register.
package struct CaseWatch: ClientCommand {
  package static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Follow changes as they happen, until interrupted.",
    discussion:
      "A connection that breaks is made anew, and the stream goes on after the last change that came: none is lost, none comes twice."
  )

  @Argument(help: ArgumentHelp("Only this case.", valueName: "reference"))
  package var reference: String?

  @Option(help: ArgumentHelp("Only this office; all of yours if not said.", valueName: "office"))
  package var office: String?

  @Option(help: ArgumentHelp("Go on after the change that gave this token; from now on if not said.", valueName: "token"))
  package var resume: String?

  @Option(help: ArgumentHelp("Stop after so many changes.", valueName: "number"))
  package var count: Int?

  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package mutating func validate() throws {
    if let count, count < 1 { throw ValidationError(Text.optionAtLeast(.ofUser(), option: "--count", lowest: "1")) }
  }

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    var writer = ListWriter<WatchCasesResponse>(format: self.output.output, rowsAtOnce: 1)
    var token = self.resume
    var retry = ChangeRetry()
    while true {
      do {
        let request = WatchCasesRequest(resumeToken: token, reference: self.reference, office: self.office)
        let isDone = try await client.case.watch(request, options: options) { responses in
          for try await response in responses {
            token = response.resumeToken
            retry = ChangeRetry()
            guard response.reference != nil else { continue }
            try writer.write(response)
            // Somebody is waiting for it.
            try writer.flush()
            if writer.count == self.count { return true }
          }
          return false
        }
        if isDone { break }
        throw Status(.unavailable, reason: "STREAM_ENDED", Text.watchEnded(.ofUser()))
      } catch let status as Status {
        guard let delay = retry.delay(after: status) else {
          if let token { StandardError.write("amnestyctl: \(Text.watchGoOn(.ofUser(), token: token))\n") }
          throw status
        }
        StandardError.write("amnestyctl: \(Text.watchAgain(.ofUser(), message: status.message))\n")
        try await Task.sleep(for: delay)
      }
    }
    try writer.finish()
  }
}

extension WatchCasesResponse: ListItem {
  package static let columns: [Table.Column] = [
    .init("at".padded(17)), .init("reference".padded(20)), .init("command".padded(18)), .init("state".padded(17)), .init("version"),
    .init("behind", isNumber: true),
  ]

  package func cells(in language: Language) -> [Table.Cell] {
    let state = self.gone == true ? "gone" : self.state?.word ?? "-"
    return [
      .init(self.at?.moment ?? "-"), .init(self.reference ?? "-", .bold), .init(self.command?.word ?? "-"),
      .init(state, self.state?.style ?? .plain), .init(self.etag ?? "-"), .init(self.behind == 0 ? "" : "\(self.behind)"),
    ]
  }

  package static let fields = ["at", "reference", "command", "state", "etag", "gone", "behind", "resumeToken"]

  package var values: [String?] {
    [
      self.at, self.reference, self.command?.word, self.state?.word, self.etag, self.gone?.description, "\(self.behind)", self.resumeToken,
    ]
  }

  package var json: String { AmnestyCommands.json(self) }
}

extension String {
  /// A heading as wide as what will stand under it: the rows of a stream are not known beforehand.
  fileprivate func padded(_ width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - self.count))
  }
}
