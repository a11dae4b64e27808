// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import AmnestyTexts
internal import ArgumentParser
internal import Glibc

/// A command on every case of a filter: many calls under way on one connection, one line at the end, the refused ones named.
package struct BulkRun<Command: BulkChange> {
  private let command: Command
  private let client: AmnestyClient
  private let options: CallOptions

  /// Calls under way; the daemon takes 128 a connection.
  private static var calls: Int { 96 }

  package init(command: Command, client: AmnestyClient, options: CallOptions) {
    self.command = command
    self.client = client
    self.options = options
  }

  private struct Outcome: Sendable {
    var item: CaseSummary
    var result: Result<CaseResponse, Status>
  }

  package func run() async throws {
    let started = ContinuousClock.now
    var report = BulkReport(skipped: [:])
    let items = try await self.find(&report)
    let key = self.command.change.key ?? ChangeOptions.newKey()
    var errors = try RefusalWriter(file: self.command.target.errors)
    var writer = ListWriter<BulkRow>(format: self.command.output.output)
    var progress = Progress(total: items.count, unit: "cases")
    let isTable = self.command.output.output == .table
    var isUnknown = false
    try await withThrowingTaskGroup(of: Outcome.self) { group in
      var next = items.makeIterator()
      func add() {
        guard let item = next.next() else { return }
        group.addTask { [command, client, options] in
          await Self.carryOut(command, client, item, key: "\(key)/\(item.reference)", options: options)
        }
      }
      for _ in 0..<Self.calls { add() }
      while let outcome = try await group.next() {
        report.add(outcome.result)
        if case .failure(let status) = outcome.result {
          isUnknown = isUnknown || ChangeRetry.mayHaveHappened(status)
          try errors.write(Refusal(index: nil, line: nil, reference: outcome.item.reference, status: status))
        }
        if !isTable { try writer.write(BulkRow(before: outcome.item, result: outcome.result)) }
        progress.advance(to: report.total)
        // A daemon that is gone for good would refuse each of the rest after the same wait.
        if !report.isHopeless { add() }
      }
    }
    progress.finish()
    try errors.finish()
    if !isTable { try writer.finish() }
    let summary = report.line(.ofUser(), done: Command.done, found: items.count, elapsed: .now - started)
    if isTable {
      var output = StandardOutput()
      try output.line(summary)
      try output.flush()
    } else {
      StandardError.write(summary + "\n")
    }
    guard report.failed > 0 || report.total < items.count else { return }
    if isUnknown {
      StandardError.write("  \(Text.bulkMayBeDone(.ofUser(), key: key))\n")
      throw ExitCode(EX_UNAVAILABLE)
    }
    throw ExitCode(EX_DATAERR)
  }

  private static func carryOut(
    _ command: Command, _ client: AmnestyClient, _ item: CaseSummary, key: String, options: CallOptions
  ) async -> Outcome {
    do {
      let response = try await ChangeRetry.run { () async throws(Status) in
        try await command.send(client, item.reference, item, etag: item.etag, key: key, options: options)
      }
      return Outcome(item: item, result: .success(response))
    } catch {
      return Outcome(item: item, result: .failure(error as? Status ?? .cancelled(Text.bulkStopped(.ofUser()))))
    }
  }

  /// The cases as they are now, each once: what the commands change must not change what they are given to.
  private func find(_ report: inout BulkReport) async throws -> [CaseSummary] {
    let target = self.command.target
    var items: [CaseSummary] = []
    func look(at state: CaseState, taking: Bool) async throws {
      var token: String?
      repeat {
        var request = target.filter.listing(pageSize: 1000, pageToken: token)
        request.state = state
        let answer = try await self.client.case.list(request, options: self.options)
        for item in answer.cases {
          if let why = self.command.skips(item, .ofUser()) {
            report.skipped[why, default: 0] += 1
          } else if taking {
            items.append(item)
          }
        }
        token = answer.nextPageToken
      } while token != nil && (target.limit == 0 || items.count < target.limit)
    }
    let named = target.filter.listing(pageSize: 1, pageToken: nil).state
    try await look(at: named ?? Command.usualState, taking: true)
    if named == nil, let counted = Command.countedState { try await look(at: counted, taking: false) }
    return target.limit > 0 ? Array(items.prefix(target.limit)) : items
  }
}

/// How many were done, and how many not.
package struct BulkReport: Equatable {
  package var done = 0
  package var failed = 0
  /// In a row, not one done between them, because nobody answers.
  private var unavailable = 0
  package var skipped: [String: Int]

  package init(skipped: [String: Int]) {
    self.skipped = skipped
  }

  package var total: Int { self.done + self.failed }
  package var isHopeless: Bool { self.unavailable >= 96 }

  package mutating func add(_ result: Result<CaseResponse, Status>) {
    switch result {
    case .success:
      self.done += 1
      self.unavailable = 0
    case .failure(let status):
      self.failed += 1
      self.unavailable = status.code == .unavailable ? self.unavailable + 1 : 0
    }
  }

  /// - Parameter done: what the command does, of so many.
  package func line(
    _ language: Language, done: (Language, _ count: String) -> String, found: Int, elapsed: Duration
  ) -> String {
    var parts = [done(language, self.done.grouped(language)) + Self.rate(self.total, in: elapsed, language)]
    if self.failed > 0 { parts.append(Text.bulkRefused(language, count: self.failed.grouped(language))) }
    if self.total < found { parts.append(Text.bulkNotTried(language, count: (found - self.total).grouped(language))) }
    for (why, count) in self.skipped.sorted(by: { $0.key < $1.key }) {
      parts.append(Text.bulkLeftAlone(language, count: count.grouped(language), why: why))
    }
    return parts.joined(separator: "; ")
  }

  /// What is added to a count where it took long enough for a rate to say something.
  static func rate(_ count: Int, in elapsed: Duration, _ language: Language) -> String {
    let seconds = elapsed / .seconds(1)
    guard seconds > 0.5 else { return "" }
    return " " + Text.bulkPerSecond(language, rate: Int(Double(count) / seconds).grouped(language))
  }
}

/// One case of a bulk command, for programs.
struct BulkRow: ListItem {
  static let columns: [Table.Column] = [.init("reference"), .init("before"), .init("after"), .init("version"), .init("error")]
  static let fields = ["reference", "before", "after", "etag", "error"]

  var before: CaseSummary
  var result: Result<CaseResponse, Status>

  func cells(in language: Language) -> [Table.Cell] { self.values.map { .init($0 ?? "-") } }

  var values: [String?] {
    switch self.result {
    case .success(let response):
      [self.before.reference, self.before.state.word, response.case.state.word, response.case.etag, nil]
    case .failure(let status):
      [self.before.reference, self.before.state.word, self.before.state.word, self.before.etag, status.description]
    }
  }

  var json: String {
    switch self.result {
    case .success(let response): AmnestyCommands.json(response)
    case .failure(let status): Refusal(index: nil, line: nil, reference: self.before.reference, status: status).json
    }
  }
}
