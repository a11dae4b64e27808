// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyRules
package import AmnestyWire
internal import NIOCore

// Following, exporting and replaying.

extension Cases {
  // MARK: Watch

  /// A position in the sequence of changes, as a token; nothing is kept for it.
  private static let tokenPrefix = "c"

  private static func token(_ position: Int64) -> String { tokenPrefix + String(position) }

  private static func position(_ token: String) throws(Status) -> Int64 {
    guard token.hasPrefix(tokenPrefix), let position = Int64(token.dropFirst(tokenPrefix.count)), position >= 0 else {
      throw Status(
        .invalidArgument, reason: ErrorReason.unknownResumeToken,
        "The resume token was not given by this register. Start without one, and read the cases anew.")
    }
    return position
  }

  package func watch(
    _ request: WatchCasesRequest, context: CallContext, responses: ResponseSender<WatchCasesResponse>
  ) async throws(Status) {
    let caller = access.caller(context)
    var scope = caller.scope
    if let office = request.office { scope = scope.narrowed(to: office) }
    let watched = scope
    // Asked for before the first look, so that no change falls between.
    var wakeups = access.register.changes().makeAsyncIterator()
    var position: Int64
    if let token = request.resumeToken {
      position = try Cases.position(token)
    } else {
      position = try await access.read { reading throws(RegisterError) in try reading.lastChange() }
    }
    try access.noteRead(caller.reader(as: .viewer, office: request.office), context, subject: request.reference ?? request.digest)
    try await responses.send(WatchCasesResponse(resumeToken: Cases.token(position), behind: access.register.changes(after: position)))
    while true {
      let from = position
      let (page, last) = try await access.read { reading throws(RegisterError) in
        (try reading.changes(after: from, limit: 200, scope: watched), try reading.lastChange())
      }
      if page.reset {
        throw Status(
          .invalidArgument, reason: ErrorReason.unknownResumeToken,
          "The register was restored, and this position is not known any more. Start without a token, and read the cases anew.")
      }
      for change in page.changes where request.reference == nil || change.reference == request.reference {
        // Counted anew for each: a send waits for the watcher, and the register goes on meanwhile.
        try await responses.send(
          WatchCasesResponse(change, token: Cases.token(change.position), behind: access.register.changes(after: change.position)))
      }
      position = max(page.position, from)
      if page.changes.isEmpty, position >= last {
        guard await wakeups.next(isolation: nil) != nil else { throw .draining() }
      }
    }
  }

  // MARK: Export

  package func export(
    _ request: ExportCasesRequest, context: CallContext, responses: ResponseSender<ExportCasesResponse>
  ) async throws(Status) {
    let caller = access.caller(context)
    let scope = caller.scope
    let view = access.view
    let filter = CaseFilter(
      stage: request.stage, state: request.state, outcome: request.outcome, gravity: request.gravity, article: request.article,
      detained: request.detained, overdue: request.overdue, assignedTo: request.assignedTo, office: request.office, today: view.day)
    try access.noteRead(caller.reader(as: .viewer, office: request.office), context, subject: request.digest)
    var after = request.after
    while true {
      let from = after
      let cases = try await access.read { reading throws(RegisterError) in try reading.scan(after: from, limit: 200, scope: scope) }
      guard let last = cases.last else { return }
      for stored in cases where filter.admits(stored, on: view.day) {
        var message = try view.message(stored)
        message.show(to: caller.roles(in: stored.office))
        try await responses.send(ExportCasesResponse(case: message))
      }
      after = last.reference
    }
  }

  // MARK: Replay

  package func replay(_ request: ReplayCaseRequest, context: CallContext) async throws(Status) -> ReplayCaseResponse {
    let caller = access.caller(context)
    let scope = caller.scope
    let (reference, number) = (request.reference, request.assessment)
    let (stored, past): (StoredCase, PastAssessment?) = try await access.read(about: reference) { reading throws(RegisterError) in
      let stored = try reading.get(reference, scope: scope)
      do throws(RegisterError) {
        let found = try reading.assessment(of: reference, number: number, scope: scope)
        return (stored, PastAssessment(assessment: found.assessment, record: found.record))
      } catch .notFound {
        return (stored, nil)
      }
    }
    guard let past else {
      throw Status(
        .notFound, reason: ErrorReason.assessmentNotFound,
        "Case \(reference) has no assessment\(number.map { " \($0)" } ?? ""). Its History tells which there are; CaseService/Assess makes one."
      )
    }
    try access.noteRead(caller.reader(as: .viewer, office: stored.office), context, subject: reference)
    return try replayed(past, stored)
  }

  private struct PastAssessment: Sendable {
    var assessment: StoredAssessment
    var record: AmnestyRegister.RecordVersion
  }

  private func replayed(_ past: PastAssessment, _ stored: StoredCase) throws(Status) -> ReplayCaseResponse {
    let stamp = past.assessment.stamp
    let recorded = try CaseView.assessment(stamp.bytes)
    let assessing = CaseAssessing(access.acts)
    let asOf = stamp.asOf.text
    let acts = access.acts.current
    // The very act of then, by its digest, is in force or kept among the earlier ones, or it is not here at all. The law as known now is the act
    // of that id. What was recorded stands whether or not there is either.
    let again = try acts.act(digest: stamp.act.digest).map { (act) throws(Status) in
      try assessing.assess(
        RecordIntake.message(past.record.bytes, of: stored.reference), version: past.record.number, under: act, asOf: asOf,
        following: stamp.readings)
    }
    let now = try acts.acts.first { $0.reference.id == stamp.act.id }.map { (act) throws(Status) in
      try assessing.assess(
        RecordIntake.message(stored.record, of: stored.reference), version: stored.recordVersion, under: act, asOf: asOf,
        following: stamp.readings)
    }
    return ReplayCaseResponse(
      number: past.assessment.number, by: Attribution(past.assessment.author, at: past.assessment.at), recorded: recorded,
      thenAgain: try again.map { (stamp) throws(Status) in try CaseView.assessment(stamp.bytes) },
      now: try now.map { (stamp) throws(Status) in try CaseView.assessment(stamp.bytes) },
      reproduced: again.map { $0.bytes == stamp.bytes }, differences: now.map { Cases.differences(stamp, $0) } ?? [])
  }

  static func differences(_ before: AssessmentStamp, _ after: AssessmentStamp) -> [Difference] {
    var found: [Difference] = []
    if before.act.digest != after.act.digest { found.append(.act) }
    if before.recordDigest != after.recordDigest { found.append(.facts) }
    if before.outcome != after.outcome { found.append(.outcome) }
    if before.measures != after.measures { found.append(.measure) }
    if before.releaseOn != after.releaseOn { found.append(.release) }
    if before.newEnd != after.newEnd { found.append(.end) }
    return found
  }
}

extension WatchCasesResponse {
  fileprivate init(_ change: Change, token: String, behind: Int) {
    self.init(
      resumeToken: token, reference: change.reference, command: .init(word: change.kind.rawValue),
      state: change.gone ? nil : .init(change.state),
      etag: change.gone ? nil : "v\(change.version)", at: change.at.text, gone: change.gone ? true : nil, behind: behind)
  }
}

extension CaseFilter {
  /// The filter applied to a case at hand, for runs over the whole register.
  func admits(_ stored: StoredCase, on day: Day) -> Bool {
    (offices.isEmpty || offices.contains(stored.office)) && (stages.isEmpty || stored.columns.stage.map { stages.contains($0) } ?? false)
      && (states.isEmpty || states.contains(stored.state))
      && (outcomes.isEmpty || stored.chain.assessment.map { outcomes.contains($0.outcome) } ?? false)
      && (gravity.map { stored.columns.gravities.contains($0) } ?? true) && (article.map { stored.columns.articles.contains($0) } ?? true)
      && (detained.map { stored.columns.detained == $0 } ?? true)
      && (overdueOn == nil || stored.clocks.contains { $0.isOverdue(on: day) })
      && (inTimeOn == nil || !stored.clocks.contains { $0.isOverdue(on: day) })
      && (assignedTo.map { stored.chain.assignedTo == $0 } ?? true) && (!unassigned || stored.chain.assignedTo == nil)
  }
}
