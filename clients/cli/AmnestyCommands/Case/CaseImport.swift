// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
internal import AmnestyTexts
package import ArgumentParser
internal import Glibc

/// `amnestyctl case import`: records into the register, many at a time.
package struct CaseImport: ClientCommand {
  package static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Take records into the register, one a line; what is there already is not taken twice.",
    discussion: """
      A record that is refused costs its own row: the others are taken, and the exit code is 65. A connection that breaks is made anew, \
      and what was not acknowledged is sent again. So is a whole file: import it again after whatever happened.
      """
  )

  @Argument(help: ArgumentHelp("Records as JSON, one a line; - for standard input.", valueName: "file"), completion: .file())
  package var file: String

  @Option(help: ArgumentHelp("The office they belong to; yours if you have one only.", valueName: "office"))
  package var office: String?

  @Option(
    help: ArgumentHelp(
      "Write every refusal here, one JSON object a line, instead of the first ones to standard error.", valueName: "file"),
    completion: .file())
  package var errors: String?

  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  private static let method = RPCMethod<RawMessage, ImportCaseResponse>(CaseService.`import`.descriptor)

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    let file = try InputFile(path: self.file)
    let started = ContinuousClock.now
    let feed = ImportFeed(file, office: self.office)
    var sink = try Sink(total: file.size, errors: self.errors, format: self.output.output)
    var retry = ChangeRetry()
    while true {
      do {
        try await client.bidirectional(Self.method, feed.items, options: options) { responses in
          for try await response in responses {
            for entry in try feed.acknowledge(item: response.index) {
              try sink.take(entry, response)
            }
            retry = ChangeRetry()
          }
        }
        for entry in feed.finish() { try sink.take(entry, nil) }
        guard feed.isSettled else {
          throw Status(.unavailable, reason: "STREAM_ENDED", Text.importStreamEnded(.ofUser()))
        }
        break
      } catch let status as Status {
        guard let delay = retry.delay(after: status) else {
          try sink.finish()
          if sink.tally.total > 0 {
            let tally = sink.tally.line(.ofUser(), elapsed: .now - started)
            StandardError.write("amnestyctl: \(Text.importBroke(.ofUser(), tally: tally))\n")
          }
          throw status
        }
        feed.restart()
        try await Task.sleep(for: delay)
      }
    }
    try sink.finish()
    let line = sink.tally.line(.ofUser(), elapsed: .now - started)
    if self.output.output == .table {
      var output = StandardOutput()
      try output.line(line)
      try output.flush()
    } else {
      StandardError.write("amnestyctl: \(line)\n")
    }
    if sink.tally.failed > 0 { throw ExitCode(EX_DATAERR) }
  }

  /// Where results go as they come.
  private struct Sink: ~Copyable {
    var tally = ImportTally()
    private var errors: RefusalWriter
    private var writer: ListWriter<ImportRow>
    private var progress: Progress
    private let isTable: Bool

    init(total: Int?, errors: String?, format: OutputFormat) throws {
      self.errors = try RefusalWriter(file: errors)
      self.writer = ListWriter(format: format)
      self.progress = Progress(total: total)
      self.isTable = format == .table
    }

    /// - Parameter response: of the record itself; a record that was not sent has its own failure.
    mutating func take(_ entry: ImportLedger.Entry, _ response: ImportCaseResponse?) throws {
      var result = response?.result ?? .failed
      var status = response.flatMap { $0.status.code == .ok ? nil : $0.status.relativeToRecord }
      if let failure = entry.failure {
        result = .failed
        status = failure
      }
      self.tally.add(result)
      if let status {
        self.progress.finish()
        try self.errors.write(Refusal(index: entry.index, line: entry.line, reference: entry.reference, status: status))
      }
      if !self.isTable { try self.writer.write(ImportRow(entry: entry, result: result, status: status)) }
      self.progress.advance(to: entry.position)
    }

    mutating func finish() throws {
      self.progress.finish()
      try self.errors.finish()
      if !self.isTable { try self.writer.finish() }
    }
  }
}
