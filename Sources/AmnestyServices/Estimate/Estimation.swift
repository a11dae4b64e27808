// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyRules
internal import AmnestyWire
internal import NIOCore

/// `EligibilityService/Estimate`: sums over the register, or over records that the caller sends.
struct Estimation: Sendable {
  private let acts: ActsInForce
  /// Nil where no register is served.
  private let access: RegisterAccess?

  init(_ acts: ActsInForce, _ access: RegisterAccess?) {
    self.acts = acts
    self.access = access
  }

  /// Cases between two messages of progress.
  private static let progressStep = 5_000
  private static let usualExamples = 5

  func run(
    _ requests: RequestMessages<EstimateRequest>, _ context: CallContext, _ responses: ResponseSender<EstimateResponse>
  ) async throws(Status) {
    var iterator = requests.makeAsyncIterator()
    guard let first = try await iterator.next() else { throw .unexpectedMessage("The call has no request message") }
    let snapshot = acts.current
    let chosen = try Estimation.acts(first.actIds, in: snapshot)
    let asOf = try Estimation.day(first.asOf, of: chosen[0])
    var estimate = Running(
      EstimateTally(chosen.map(\.act), asOf: asOf, exampleLimit: first.examples ?? Estimation.usualExamples), chosen, snapshot)
    if first.source == .records {
      try await estimate.take(first, iterator: &iterator, responses)
    } else {
      guard first.record == nil else {
        throw .invalidField([FieldViolation(field: "/record", description: "is sent with source records only")])
      }
      try await overRegister(first, context, &estimate, responses)
    }
    try await responses.send(EstimateResponse(report: estimate.report))
  }

  private func overRegister(
    _ request: EstimateRequest, _ context: CallContext, _ estimate: inout Running, _ responses: ResponseSender<EstimateResponse>
  ) async throws(Status) {
    let run = try Estimation.registerRun(access, request.office, context, estimate.acts, estimate.snapshot, estimate.tally.asOf)
    let total = try await run.total()
    try run.access.noteRead(
      run.access.caller(context).reader(as: .viewer, office: request.office), context, subject: request.digest)
    var done = 0
    // The closure's own, so that nothing is shared with the page that is read meanwhile.
    var running = estimate
    try await run.pages { (page) async throws(Status) in
      for (record, facts) in page {
        running.add(record.reference, record.personKey, facts)
        done += 1
        if done % Estimation.progressStep == 0 {
          try await responses.send(EstimateResponse(progress: EstimateProgress(done: done, total: total)))
        }
      }
    }
    estimate = running
  }

  /// A run over the register, narrowed to what the caller may see.
  static func registerRun(
    _ access: RegisterAccess?, _ office: String?, _ context: CallContext, _ acts: [ServedAct], _ snapshot: ActSnapshot, _ asOf: Day
  ) throws(Status) -> RegisterRun {
    guard let access else { throw .noRegister }
    var scope = access.caller(context).scope
    if let office { scope = scope.narrowed(to: office) }
    return RegisterRun(access: access, acts: acts, snapshot: snapshot, asOf: asOf, scope: scope)
  }

  private static func acts(_ ids: [String]?, in snapshot: ActSnapshot) throws(Status) -> [ServedAct] {
    guard let ids else { return [try snapshot.act(nil)] }
    guard Set(ids).count == ids.count else {
      throw .invalidField([FieldViolation(field: "/actIds", description: "names an act twice")])
    }
    var chosen: [ServedAct] = []
    for id in ids { chosen.append(try snapshot.act(id)) }
    return chosen
  }

  /// The day asked about; today where the act is, if none was.
  static func day(_ text: String?, of act: ServedAct) throws(Status) -> Day {
    if let day = try AmnestyServices.day(text, at: "/asOf") { return day }
    guard let today = act.today else { throw .timeZoneUnknown(act.act.definition.timeZone) }
    return today.day
  }
}

/// A sum that is being made.
private struct Running {
  var tally: EstimateTally
  let acts: [ServedAct]
  let snapshot: ActSnapshot
  private var refused = 0

  init(_ tally: EstimateTally, _ acts: [ServedAct], _ snapshot: ActSnapshot) {
    self.tally = tally
    self.acts = acts
    self.snapshot = snapshot
  }

  var report: EstimateReport { EstimateReport(tally, refused: refused, acts) }

  /// `facts`: nil for a record that cannot be assessed.
  mutating func add(_ reference: String, _ personKey: String?, _ facts: [CaseFacts]?) {
    guard let facts else {
      refused += 1
      return
    }
    var answers: [EstimateTally.Answer] = []
    answers.reserveCapacity(acts.count)
    for (act, facts) in zip(acts, facts) {
      answers.append(.init(facts: facts, assessment: act.act.assess(facts, asOf: tally.asOf, explain: false)))
    }
    tally.add(reference, person: personKey.flatMap { UInt64($0) }, answers)
  }

  /// Records that the caller sends, from the first request on.
  mutating func take(
    _ first: EstimateRequest, iterator: inout RequestMessages<EstimateRequest>.AsyncIterator, _ responses: ResponseSender<EstimateResponse>
  ) async throws(Status) {
    var next: EstimateRequest? = first
    var done = 0
    while true {
      if let record = next?.record {
        done += 1
        if let error = add(record) { try await responses.send(EstimateResponse(error: error)) }
        if done % 5_000 == 0 { try await responses.send(EstimateResponse(progress: EstimateProgress(done: done))) }
      }
      do throws(Status) {
        guard let request = try await iterator.next() else { return }
        next = request
      } catch where error.code == .invalidArgument {
        // A record that cannot be read has its error in its place; the stream goes on.
        done += 1
        refused += 1
        next = nil
        try await responses.send(EstimateResponse(error: error))
      }
    }
  }

  private mutating func add(_ record: AmnestyWire.CaseRecord) -> Status? {
    var facts: [CaseFacts] = []
    do throws(Status) {
      for act in acts { facts.append(try CaseFacts(record, under: act, in: snapshot)) }
    } catch {
      refused += 1
      return error
    }
    add(record.reference, record.person?.iin, facts)
    return nil
  }
}

extension Status {
  static var noRegister: Status {
    Status(.unavailable, reason: ErrorReason.registerUnavailable, "This daemon serves no register.", info: ["cause": "none"])
  }

  static func timeZoneUnknown(_ zone: String) -> Status {
    Status(
      .failedPrecondition, reason: ErrorReason.timeZoneUnknown,
      "This host does not know the time zone \(zone), so it cannot tell what day it is there. Give asOf, or install the package tzdata and reload.",
      info: ["timeZone": zone])
  }
}
