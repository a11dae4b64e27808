// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
internal import AmnestyTexts
package import ArgumentParser
internal import Glibc

/// `amnestyctl status`: daemon, acts and register on one screen.
package struct StatusCommand: ClientCommand {
  package static let configuration = CommandConfiguration(
    commandName: "status",
    abstract:
      "Show on one screen whether the daemon serves, which acts are in force, and how far the cases are. Exit code 69 if it does not serve.",
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
    let language = terminal.language
    var sheet = Sheet(terminal: terminal)
    sheet.add("daemon", Self.word(self.health, language), Self.style(self.health))
    switch self.register {
    case .success(let status)?: sheet.add("register", Self.word(status, language), Self.style(status))
    case .failure(let status)?: sheet.add("register", Self.hidden(status, language))
    case nil: break
    }
    switch self.acts {
    case .success(let acts)?: sheet.add("act", Self.line(of: acts, language))
    case .failure(let status)?: sheet.add("act", Self.hidden(status, language))
    case nil: break
    }
    sheet.gap()
    switch self.counts {
    case .success(let counts)?: sheet.add("cases", Self.line(of: counts, language))
    case .failure(let status)?: sheet.add("cases", Self.hidden(status, language))
    case nil: break
    }
    return sheet.page + self.states(terminal) + self.deadlines(terminal)
  }

  private static func line(of acts: [ActSummary], _ language: Language) -> String {
    guard let standard = acts.first(where: \.default) else { return Text.statusNoDefaultAct(language, count: "\(acts.count)") }
    let standing = SpokenWords(language).standing(standard.standing)
    guard acts.count > 1 else { return "\(standard.id) \(standard.version), \(standing)" }
    return Text.statusActs(language, act: standard.id, version: standard.version, standing: standing, count: "\(acts.count - 1)")
  }

  private static func line(of counts: SummarizeCasesResponse, _ language: Language) -> String {
    let (cases, detained) = (counts.cases.grouped(language), counts.detained.grouped(language))
    let departures = counts.departures.grouped(language)
    guard counts.reassessmentDue > 0 else {
      return Text.statusCases(language, cases: cases, detained: detained, departures: departures)
    }
    return Text.statusCasesReassess(
      language, cases: cases, detained: detained, departures: departures, reassess: counts.reassessmentDue.grouped(language))
  }

  /// Bars as long as the most frequent state is wide.
  private func states(_ terminal: Terminal) -> [String] {
    guard case .success(let counts)? = self.counts else { return [] }
    let words = SpokenWords(terminal.language)
    let rows = counts.byState.map { (name: words.state($0.word), number: $0.count.grouped(terminal.language), count: $0.count) }
    let most = rows.map(\.count).max() ?? 0
    let names = rows.map(\.name.columns).max() ?? 0
    let numbers = rows.map(\.number.columns).max() ?? 0
    let room = max(10, min(40, (terminal.width ?? 80) - names - numbers - 6))
    return rows.map { row in
      let bar = String(repeating: "#", count: most == 0 ? 0 : max(1, row.count * room / most))
      let padding = String(repeating: " ", count: names - row.name.columns + 2 + numbers - row.number.columns)
      return "  \(row.name)\(padding)\(row.number)  \(bar)"
    }
  }

  private func deadlines(_ terminal: Terminal) -> [String] {
    let language = terminal.language
    switch self.late {
    case .success(let late)?:
      if late.isEmpty { return ["", Text.statusNoDeadlineOver(language)] }
      let words = SpokenWords(language)
      let rows = late.map { item in
        let custody = item.detained == true ? [Text.caseInCustody(language)] : []
        let line = "  " + ([item.dueOn ?? "-", item.reference, words.state(item.state.word)] + custody).joined(separator: "  ")
        return terminal.width.map { line.clipped(to: $0) } ?? line
      }
      return [""] + Text.statusDeadlinesOver(language).wrapped(to: terminal.width) + rows
    case .failure(let status)?:
      var sheet = Sheet(terminal: terminal)
      sheet.add("deadlines", Self.hidden(status, language))
      return [""] + sheet.page
    case nil: return []
    }
  }

  private static func word(_ status: ServingStatus, _ language: Language) -> String {
    status == .serving ? Text.statusServes(language) : Text.statusServesNot(language)
  }

  private static func style(_ status: ServingStatus) -> Style { status == .serving ? .good : .bad }

  private static func hidden(_ status: Status, _ language: Language) -> String {
    status.code == .permissionDenied
      ? Text.statusHidden(language) : Text.statusNotToBeHad(language, why: ErrorReport.summary(of: status, language))
  }
}
