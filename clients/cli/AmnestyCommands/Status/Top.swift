// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import ArgumentParser

/// `amnestyctl top`: what the daemon is doing now.
package struct Top: ClientCommand {
  package static let configuration = CommandConfiguration(
    abstract: "Watch the daemon at work: calls a second by method and their times, the store and its queues, deadlines that are over.",
    discussion: """
      On a terminal the picture is drawn anew every --every seconds until Ctrl-C; elsewhere the looks are written one after the other. Needs \
      the role admin: without --socket and $AMNESTY_SOCKET the admin socket \(ConnectionOptions.defaultAdminSocket) is asked.
      """
  )
  package static let standardSocket = ConnectionOptions.defaultAdminSocket

  @Option(help: ArgumentHelp("Seconds between two looks.", valueName: "seconds"))
  package var every = 2.0

  @Option(help: ArgumentHelp("Leave after so many looks; never if not said on a terminal, after one elsewhere.", valueName: "number"))
  package var count: Int?

  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package mutating func validate() throws {
    if !(0.1...3600).contains(every) { throw ValidationError("--every is 0.1 to 3600 seconds.") }
    if let count, count < 1 { throw ValidationError("--count is at least 1.") }
  }

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    let terminal = Terminal.output
    let clock = ContinuousClock()
    var output = StandardOutput()
    var before = try await Self.figures(client, options)
    var seen = clock.now
    let looks = self.count ?? (terminal.width == nil ? 1 : Int.max)
    for look in 0..<looks {
      try await clock.sleep(for: .seconds(self.every))
      let after = try await Self.figures(client, options)
      let now = clock.now
      let page = TopPage(change: FigureChange(before: before, after: after, seconds: (now - seen) / .seconds(1)))
      // Home, the page, and what is left of the one before cleared: one write a look, however slow the link.
      var text = terminal.width == nil ? (look == 0 ? "" : "\n") : "\u{1B}[H"
      for line in page.lines(on: terminal) { text += line + (terminal.width == nil ? "\n" : "\u{1B}[K\n") }
      if terminal.width != nil { text += "\u{1B}[J" }
      try output.write(text)
      try output.flush()
      (before, seen) = (after, now)
    }
  }

  private static func figures(_ client: AmnestyClient, _ options: CallOptions) async throws(Status) -> FigureText {
    FigureText(try await client.operations.metrics(GetMetricsRequest(), options: options).openMetrics)
  }
}

/// One look, as a person reads it.
package struct TopPage {
  package let change: FigureChange

  package init(change: FigureChange) {
    self.change = change
  }

  private static let mostMethods = 12

  package func lines(on terminal: Terminal) -> [String] {
    let methods = self.change.methods
    let after = self.change.after
    let calls = methods.reduce(0) { $0 + $1.calls }
    let failed = methods.reduce(0) { $0 + $1.failed }
    var lines = [
      Style.bold.apply("amnestyd", on: terminal)
        + "  \(Self.rate(calls)) calls/s, \(Self.rate(failed)) failed/s, \(Int(after.value("amnesty_connections"))) connections"
    ]
    let isUp = after.value("amnesty_register_up") == 1
    lines.append(
      "register " + (isUp ? Style.good : .bad).apply(isUp ? "serves" : "does not serve", on: terminal)
        + ": \(Self.rate(self.change.rate("amnesty_register_commands_total"))) commands/s, "
        + "\(Self.rate(self.change.rate("amnesty_register_imported_total"))) imported/s, "
        + "\(Self.rate(self.change.rate("amnesty_register_reads_total"))) reads/s, "
        + "\(Self.rate(self.change.rate("amnesty_register_commits_total"))) commits/s")
    lines.append(
      "queued: \(Int(after.value("amnesty_register_queued_commands"))) commands, "
        + "\(Int(after.value("amnesty_register_queued_notes"))) audit notes")
    lines += self.overdue(on: terminal) + [""]
    var table = Table([
      .init("method", mayShrink: true), .init("calls/s", isNumber: true), .init("failed/s", isNumber: true), .init("50 %", isNumber: true),
      .init("90 %", isNumber: true), .init("99 %", isNumber: true),
    ])
    for method in methods.prefix(Self.mostMethods) {
      table.add([
        .init(method.name), .init(Self.rate(method.calls)), .init(Self.rate(method.failed), method.failed > 0 ? .warning : .plain),
        .init(Self.time(method.half)), .init(Self.time(method.most)), .init(Self.time(method.nearlyAll)),
      ])
    }
    lines += methods.isEmpty ? ["no calls"] : table.takeLines(on: terminal)
    return lines.map { line in terminal.width.map { line.contains("\u{1B}") ? line : line.clipped(to: $0) } ?? line }
  }

  private func overdue(on terminal: Terminal) -> [String] {
    let clocks = self.change.after.all("amnesty_register_overdue").filter { $0.value > 0 }.sorted { $0.value > $1.value }
    guard !clocks.isEmpty else { return ["no deadline is over"] }
    let detained = Int(self.change.after.value("amnesty_register_overdue_detained"))
    let words = clocks.map { "\(($0.labels["clock"] ?? "").replacing("_", with: " ")) \(Int($0.value).grouped)" }
    return [Style.warning.apply("deadlines over: \(words.joined(separator: ", ")); \(detained.grouped) people detained", on: terminal)]
  }

  static func rate(_ number: Double) -> String {
    number >= 100 || number == number.rounded() ? Int(number.rounded()).grouped : "\((number * 10).rounded() / 10)"
  }

  static func time(_ seconds: Double?) -> String {
    guard let seconds else { return "-" }
    if seconds >= 1 { return "\((seconds * 10).rounded() / 10) s" }
    if seconds >= 0.001 { return "\((seconds * 10_000).rounded() / 10) ms" }
    return "\(Int((seconds * 1_000_000).rounded())) µs"
  }
}
