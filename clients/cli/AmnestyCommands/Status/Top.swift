// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
internal import AmnestyTexts
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
    if !(0.1...3600).contains(every) {
      throw ValidationError(Text.optionRange(.ofUser(), option: "--every", lowest: "0.1", highest: "3600"))
    }
    if let count, count < 1 { throw ValidationError(Text.optionAtLeast(.ofUser(), option: "--count", lowest: "1")) }
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
    let language = terminal.language
    let methods = self.change.methods
    var lines = self.head(methods, language).wrapped(to: terminal.width)
    // What stands first on the screen is whose picture it is.
    if let first = lines.first, first.hasPrefix(Self.daemon) {
      lines[0] = Style.bold.apply(Self.daemon, on: terminal) + first.dropFirst(Self.daemon.count)
    }
    lines += self.register(on: terminal) + self.queue(language).wrapped(to: terminal.width) + self.overdue(on: terminal) + [""]
    guard !methods.isEmpty else { return lines + [Text.topNoCalls(language)] }
    var table = Table([
      .init("method", mayShrink: true), .init("calls/s", isNumber: true), .init("failed/s", isNumber: true), .init("50 %", isNumber: true),
      .init("90 %", isNumber: true), .init("99 %", isNumber: true),
    ])
    for method in methods.prefix(Self.mostMethods) {
      table.add([
        .init(method.name.replacing("amnesty.v1.", with: "")), .init(Self.rate(method.calls, language)),
        .init(Self.rate(method.failed, language), method.failed > 0 ? .warning : .plain), .init(Self.time(method.half, language)),
        .init(Self.time(method.most, language)), .init(Self.time(method.nearlyAll, language)),
      ])
    }
    return lines + table.takeLines(on: terminal)
  }

  private static let daemon = "amnestyd"

  private func head(_ methods: [FigureChange.Method], _ language: Language) -> String {
    let calls = methods.reduce(0) { $0 + $1.calls }
    let failed = methods.reduce(0) { $0 + $1.failed }
    let told = Text.topCalls(
      language, calls: Self.rate(calls, language), failed: Self.rate(failed, language),
      connections: self.count("amnesty_connections", language))
    return "\(Self.daemon): \(told)"
  }

  private func register(on terminal: Terminal) -> [String] {
    let language = terminal.language
    func rate(_ name: String) -> String { Self.rate(self.change.rate("amnesty_register_\(name)_total"), language) }
    let (commands, imported, reads, commits) = (rate("commands"), rate("imported"), rate("reads"), rate("commits"))
    let isUp = self.change.after.value("amnesty_register_up") == 1
    let text =
      isUp
      ? Text.topRegisterServes(language, commands: commands, imported: imported, reads: reads, commits: commits)
      : Text.topRegisterServesNot(language, commands: commands, imported: imported, reads: reads, commits: commits)
    return text.wrapped(to: terminal.width).map { (isUp ? Style.good : .bad).apply($0, on: terminal) }
  }

  private func queue(_ language: Language) -> String {
    Text.topQueued(
      language, commands: self.count("amnesty_register_queued_commands", language),
      notes: self.count("amnesty_register_queued_notes", language))
  }

  private func overdue(on terminal: Terminal) -> [String] {
    let language = terminal.language
    let clocks = self.change.after.all("amnesty_register_overdue").filter { $0.value > 0 }.sorted { $0.value > $1.value }
    guard !clocks.isEmpty else { return [Text.statusNoDeadlineOver(language)] }
    let words = SpokenWords(language)
    let told = clocks.map { "\(words.clock($0.labels["clock"] ?? "")) \(Self.whole($0.value).grouped(language))" }
    return Text.topOverdue(
      language, clocks: told.joined(separator: ", "), detained: self.count("amnesty_register_overdue_detained", language)
    ).wrapped(to: terminal.width).map { Style.warning.apply($0, on: terminal) }
  }

  private func count(_ name: String, _ language: Language) -> String { Self.whole(self.change.after.value(name)).grouped(language) }

  /// 0 for what is no number: the figures come from elsewhere.
  private static func whole(_ number: Double) -> Int { Int(exactly: number.rounded()) ?? 0 }

  static func rate(_ number: Double, _ language: Language) -> String {
    number >= 100 ? Self.whole(number).grouped(language) : number.brief(in: language)
  }

  static func time(_ seconds: Double?, _ language: Language) -> String {
    guard let seconds else { return "-" }
    if seconds >= 1 { return Text.topSeconds(language, number: seconds.tenths(in: language)) }
    if seconds >= 0.001 { return Text.topMilliseconds(language, number: (seconds * 1_000).tenths(in: language)) }
    return Text.topMicroseconds(language, number: "\(Self.whole(seconds * 1_000_000))")
  }
}
