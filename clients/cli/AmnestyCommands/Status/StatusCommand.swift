// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import ArgumentParser
internal import Glibc

/// `amnestyctl status`: daemon, acts and register on one screen.
package struct StatusCommand: ClientCommand {
  package static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show on one screen whether the daemon serves, which acts are in force, and how far the cases are. Exit code 69 if it does not serve.",
    discussion: "What your roles do not show is said to be so; the rest is shown."
  )

  @OptionGroup package var output: OutputOptions
  @OptionGroup package var connection: ConnectionOptions
  @ParentCommand package var root: AmnestyControl

  package init() {}

  package func run(_ client: AmnestyClient, options: CallOptions) async throws {
    let health = try await client.health.check(HealthCheckRequest(service: ""), options: options).status
    var page = StatusPage(health: health)
    page.register = await Self.attempt { () async throws(Status) in
      try await client.health.check(HealthCheckRequest(service: CaseService.name), options: options).status
    }
    page.acts = await Self.attempt { () async throws(Status) in try await client.act.list(ListActsRequest(), options: options).acts }
    page.counts = await Self.attempt { () async throws(Status) in
      try await client.case.summary(SummarizeCasesRequest(), options: options)
    }
    page.late = await Self.attempt { () async throws(Status) in
      try await client.case.list(ListCasesRequest(overdue: true, orderBy: .deadline, pageSize: 5), options: options).cases
    }
    try Output.render(page, as: self.output.output)
    if health != .serving { throw ExitCode(EX_UNAVAILABLE) }
  }

  private static func attempt<Value>(_ body: () async throws(Status) -> Value) async -> Result<Value, Status> {
    do throws(Status) {
      return .success(try await body())
    } catch {
      return .failure(error)
    }
  }
}

package struct StatusPage: Renderable {
  package var health: ServingStatus
  package var register: Result<ServingStatus, Status>?
  package var acts: Result<[ActSummary], Status>?
  package var counts: Result<SummarizeCasesResponse, Status>?
  package var late: Result<[CaseSummary], Status>?

  package init(health: ServingStatus) {
    self.health = health
  }

  package func values() -> [String] {
    var members = ["\"status\":" + JSONText.quoted(self.health.word)]
    if case .success(let register)? = self.register { members.append("\"register\":" + JSONText.quoted(register.word)) }
    if case .success(let acts)? = self.acts { members.append("\"acts\":[" + acts.map { json($0) }.joined(separator: ",") + "]") }
    if case .success(let counts)? = self.counts { members.append("\"counts\":" + json(counts)) }
    if case .success(let late)? = self.late { members.append("\"overdue\":[" + late.map { json($0) }.joined(separator: ",") + "]") }
    return ["{" + members.joined(separator: ",") + "}"]
  }

  package func table(on terminal: Terminal) -> [String] {
    var lines = ["daemon    " + Self.word(self.health, terminal)]
    switch self.register {
    case .success(let status)?: lines.append("register  " + Self.word(status, terminal))
    case .failure(let status)?: lines.append("register  " + Self.hidden(status))
    case nil: break
    }
    lines += self.act(terminal) + [""] + self.states(terminal) + [""] + self.deadlines(terminal)
    return lines.map { terminal.width == nil || $0.contains("\u{1B}") ? $0 : $0.clipped(to: terminal.width ?? 80) }
  }

  private func act(_ terminal: Terminal) -> [String] {
    switch self.acts {
    case .success(let acts)?:
      guard let standard = acts.first(where: \.default) else { return ["act       no default; \(acts.count) loaded"] }
      let others = acts.count > 1 ? "; \(acts.count - 1) more: act list" : ""
      return ["act       \(standard.id) \(standard.version), \(standard.standing.word)\(others)"]
    case .failure(let status)?: return ["act       " + Self.hidden(status)]
    case nil: return []
    }
  }

  /// Bars as long as the most frequent state is wide.
  private func states(_ terminal: Terminal) -> [String] {
    guard case .success(let counts)? = self.counts else {
      if case .failure(let status)? = self.counts { return ["cases     " + Self.hidden(status)] }
      return []
    }
    let most = counts.byState.map(\.count).max() ?? 0
    let number = max(counts.cases.grouped.count, 1)
    let room = max(10, min(40, (terminal.width ?? 80) - 22 - number))
    let reassess = counts.reassessmentDue > 0 ? ", \(counts.reassessmentDue.grouped) to be assessed anew" : ""
    var lines = [
      "cases     " + Style.bold.apply(counts.cases.grouped, on: terminal) + ", \(counts.detained.grouped) in custody, "
        + "\(counts.departures.grouped) decided otherwise than assessed\(reassess)"
    ]
    for state in counts.byState {
      let bar = String(repeating: "#", count: most == 0 ? 0 : max(1, state.count * room / most))
      let name = state.word.replacing("_", with: " ")
      lines.append(
        "  " + name + String(repeating: " ", count: max(1, 18 - name.count))
          + String(repeating: " ", count: number - state.count.grouped.count) + "\(state.count.grouped)  \(bar)")
    }
    return lines
  }

  private func deadlines(_ terminal: Terminal) -> [String] {
    switch self.late {
    case .success(let late)?:
      if late.isEmpty { return ["no deadline is over"] }
      return ["deadlines that are over, the earliest first (case list --overdue lists all):"]
        + late.map { "  \($0.dueOn ?? "-")  \($0.reference)  \($0.state.word)" + ($0.detained == true ? "  in custody" : "") }
    case .failure(let status)?: return ["deadlines " + Self.hidden(status)]
    case nil: return []
    }
  }

  private static func word(_ status: ServingStatus, _ terminal: Terminal) -> String {
    (status == .serving ? Style.good : .bad).apply(status == .serving ? "serves" : "does not serve", on: terminal)
  }

  private static func hidden(_ status: Status) -> String {
    status.code == .permissionDenied ? "not shown to your roles" : "not to be had: \(status.message)"
  }
}
