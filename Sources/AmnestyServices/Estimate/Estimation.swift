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

  private static let usualExamples = 5

  func run(
    _ requests: RequestMessages<EstimateRequest>, _ context: CallContext, _ responses: ResponseSender<EstimateResponse>
  ) async throws(Status) {
    var iterator = requests.makeAsyncIterator()
    guard let first = try await iterator.next() else { throw .unexpectedMessage("The call has no request message") }
    let snapshot = acts.current
    let chosen = try Estimation.acts(first.actIds, in: snapshot)
    let asOf = try Estimation.day(first.asOf, of: chosen[0])
    var estimate = RunningEstimate(
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
    _ request: EstimateRequest, _ context: CallContext, _ estimate: inout RunningEstimate, _ responses: ResponseSender<EstimateResponse>
  ) async throws(Status) {
    let run = try Estimation.registerRun(access, request.office, context, estimate.acts, estimate.snapshot, estimate.tally.asOf)
    let total = try await run.total()
    try run.access.noteRead(
      run.access.caller(context).reader(as: .viewer, office: request.office), context, subject: request.digest)
    try await estimate.add(run) { (done) async throws(Status) in
      try await responses.send(EstimateResponse(progress: EstimateProgress(done: done, total: total)))
    }
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
