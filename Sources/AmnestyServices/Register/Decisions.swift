// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyRules
package import AmnestyWire

/// `amnesty.v1.DecisionService`: from a proposal to a decision carried out.
package struct Decisions: DecisionServiceProvider {
  private let access: RegisterAccess

  package init(_ access: RegisterAccess) { self.access = access }

  package func propose(_ request: ProposeDecisionRequest, context: CallContext) async throws(Status) -> CaseResponse {
    let acts = access.acts.current
    return try await access.command(.propose, RegisterAccess.Envelope(request), context) { stored throws(Status) in
      let act = Decisions.act(of: stored, in: acts)
      try Decisions.check(request.measures, under: act)
      // A reading of an earlier proposal is no choice of this one.
      let under = try ReadingChoice(stored: stored, act: act, acts: access.acts).assessment(under: request.readings ?? [])
      return .propose(
        .init(request.verdict), measures: request.measures.map { Set($0) }, reason: request.reason,
        actDigest: stored.chain.assessment == nil ? nil : act?.reference.digest ?? "", under: under)
    }
  }

  /// The act that a case was assessed under, as it is loaded now; nil where it is not.
  private static func act(of stored: StoredCase, in acts: ActSnapshot) -> ServedAct? {
    stored.chain.assessment.flatMap { assessment in acts.acts.first { $0.reference.id == assessment.act.id } }
  }

  private static let measures: Set<String> = [
    Measure.terminate, Measure.release, Measure.removeConviction, Measure.reduceTerm, Measure.reduceAtSentencing,
  ]

  /// Measures are those of the contract and those that the act declares.
  private static func check(_ asked: [String]?, under act: ServedAct?) throws(Status) {
    let known = measures.union(act?.act.definition.measures ?? [])
    let wrong = (asked ?? []).enumerated().filter { !known.contains($0.element) }
    guard !wrong.isEmpty else { return }
    let list = known.sorted().joined(separator: ", ")
    throw .invalidField(
      wrong.map { FieldViolation(field: "/measures/\($0.offset)", description: "is no measure of the act; there are: \(list)") })
  }

  package func `return`(_ request: ReturnProposalRequest, context: CallContext) async throws(Status) -> CaseResponse {
    try await access.command(.sendBack, RegisterAccess.Envelope(request), context) { _ in .sendBack(reason: request.reason) }
  }

  package func decide(_ request: AmnestyWire.DecideRequest, context: CallContext) async throws(Status) -> CaseResponse {
    let acts = access.acts.current
    let directory = access.directory
    return try await access.command(.decide, RegisterAccess.Envelope(request), context) { stored throws(Status) in
      let act = Decisions.act(of: stored, in: acts)
      try Decisions.check(request.measures, under: act)
      let choice = ReadingChoice(stored: stored, act: act, acts: access.acts)
      let under = try request.readings.flatMap { (readings) throws(Status) in try choice.assessment(under: readings) }
      let measures = request.measures.map { Set($0) } ?? under?.measures ?? stored.chain.proposal?.measures ?? []
      let body = Decisions.decidingBody(stored.columns.stage, request.verdict == .refuse ? [] : measures, act, directory)
      let office = directory.offices[stored.office]
      // An office of a deployment that names no bodies may act as any.
      var own = office?.body
      if let office, office.body == nil, case .body(let needed) = body { own = needed }
      return .decide(
        AmnestyRegister.DecideRequest(
          verdict: .init(request.verdict), measures: request.measures.map { Set($0) }, reason: request.reason, decidingBody: body,
          officeBody: own, actDigest: act?.reference.digest, under: under))
    }
  }

  /// Who decides: what the act says of the stage and the measures, and where it is open what the deployment says.
  static func decidingBody(
    _ stage: String?, _ measures: Set<String>, _ act: ServedAct?, _ directory: any Directory
  ) -> DecidingBody {
    guard let stage else { return .notConfigured(question: "the stage of the proceedings is not known.") }
    let decider = act?.act.definition.decider(stage: stage, measures: measures)
    if let body = decider?.body { return .body(body) }
    if let body = directory.body(decidingAt: stage) { return .body(body) }
    return .notConfigured(question: decider?.text.en ?? "it says nothing of the stage \(stage).")
  }

  package func object(_ request: ObjectRequest, context: CallContext) async throws(Status) -> CaseResponse {
    try await access.command(.object, RegisterAccess.Envelope(request), context) { _ in .object(note: request.reason) }
  }

  package func withdrawObjection(_ request: WithdrawObjectionRequest, context: CallContext) async throws(Status) -> CaseResponse {
    try await access.command(.withdrawObjection, RegisterAccess.Envelope(request), context) { _ in .withdrawObjection(note: request.reason)
    }
  }

  package func recordJudgment(_ request: RecordJudgmentRequest, context: CallContext) async throws(Status) -> CaseResponse {
    guard let on = Day(request.imposedOn) else {
      throw .invalidField([FieldViolation(field: "/imposedOn", description: "is a day that does not exist")])
    }
    var term: Term?
    if let text = request.term {
      term = Term(text)
      if term?.isPositive != true { throw .invalidField([FieldViolation(field: "/term", description: "is no positive term")]) }
    }
    let imposed = term
    return try await access.command(.recordJudgment, RegisterAccess.Envelope(request), context) { _ in
      .recordJudgment(reference: request.number, on: on, term: imposed)
    }
  }

  package func execute(_ request: ExecuteRequest, context: CallContext) async throws(Status) -> CaseResponse {
    let newEnd = try day(request.newEnd, at: "/newEnd")
    return try await access.command(.execute, RegisterAccess.Envelope(request), context) { stored throws(Status) in
      if let newEnd { try Decisions.check(newEnd, against: RecordIntake.message(stored.record, of: stored.reference), on: access.today) }
      return .execute(newEnd: newEnd)
    }
  }

  /// A cut term ends after the offence, and not later than the whole of it would.
  private static func check(_ newEnd: Day, against record: AmnestyWire.CaseRecord, on today: Day) throws(Status) {
    let earliest = record.offences.compactMap { $0.committedFrom.flatMap { Day($0) } }.min()
    if let earliest, newEnd < earliest {
      throw .invalidField([FieldViolation(field: "/newEnd", description: "lies before the offence, \(earliest.text)")])
    }
    // Where nobody knows when the term began, it began by today.
    guard let sentence = record.sentence, let term = sentence.term.flatMap({ Term($0) }) else { return }
    let began = sentence.startsOn.flatMap { Day($0) } ?? max(today, sentence.imposedOn.flatMap { Day($0) } ?? today)
    let latest = began.adding(days: term.nominalDays + term.months / 2 + 31)
    if newEnd > latest {
      throw .invalidField([
        FieldViolation(field: "/newEnd", description: "lies after the end of the whole term, which is \(latest.text) at the latest")
      ])
    }
  }

  package func appeal(_ request: AppealRequest, context: CallContext) async throws(Status) -> CaseResponse {
    let side: AppealSide = request.party == .prosecutor ? .prosecutor : .person
    return try await access.command(.appeal, RegisterAccess.Envelope(request), context) { _ in .appeal(side, reason: request.grounds) }
  }

  package func resolveAppeal(_ request: ResolveAppealRequest, context: CallContext) async throws(Status) -> CaseResponse {
    try await access.command(.resolveAppeal, RegisterAccess.Envelope(request), context) { _ in
      .resolveAppeal(upheld: request.upheld, reason: request.reason)
    }
  }

  package func revoke(_ request: RevokeRequest, context: CallContext) async throws(Status) -> CaseResponse {
    let ground = AmnestyRegister.RevocationGround(rawValue: request.ground.word) ?? .other
    return try await access.command(.revoke, RegisterAccess.Envelope(request), context) { _ in .revoke(ground, reason: request.reason) }
  }
}
