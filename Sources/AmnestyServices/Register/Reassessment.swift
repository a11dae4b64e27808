// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyRules
internal import AmnestyWire

/// Runs over the register and finds the cases that would be assessed otherwise now.
package struct Reassessment: Sendable {
  private let access: RegisterAccess

  package init(_ access: RegisterAccess) { self.access = access }

  private static let page = 500

  func run(_ request: ReassessRequest, _ context: CallContext, _ responses: ResponseSender<ReassessResponse>) async throws(Status) {
    let caller = access.caller(context)
    let scope = try scope(of: request, caller, context)
    if let actId = request.actId { _ = try access.acts.current.act(actId) }
    _ = try day(request.asOf, at: "/asOf")
    let total = try await access.read { reading throws(RegisterError) in try reading.summary(CaseFilter(), scope: scope).total }
    try access.noteRead(
      caller.reader(as: request.apply == true ? .preparer : .viewer, office: request.office), context, subject: request.digest)
    let assessing = CaseAssessing(access.acts)
    var progress = ReassessResponse(done: 0, total: total, changed: 0)
    var cases = try await page(after: nil, scope).get()
    while let last = cases.last {
      // The next page is read while this one is assessed.
      async let following = page(after: last.reference, scope)
      for stored in cases {
        progress.done += 1
        guard let before = stored.chain.assessment, stored.state != .withdrawn else { continue }
        guard
          let after = try? assessing.outline(
            RecordIntake.message(stored.record, of: stored.reference), version: stored.recordVersion, actId: request.actId ?? before.act.id,
            asOf: request.asOf, following: before.readings)
        else { continue }
        guard var changed = ReassessedCase(stored, before, after) else { continue }
        if request.apply == true { changed.applied = try await apply(stored, request, context) }
        progress.changed += 1
        progress.case = changed
        try await responses.send(progress)
        progress.case = nil
      }
      try await responses.send(progress)
      cases = try await following.get()
    }
  }

  /// What the caller may see; to change it, the offices in which they prepare.
  private func scope(of request: ReassessRequest, _ caller: Caller, _ context: CallContext) throws(Status) -> Scope {
    guard request.apply == true else { return request.office.map { caller.scope.narrowed(to: $0) } ?? caller.scope }
    let scope = caller.scope(as: "preparer", office: request.office)
    guard scope.offices?.isEmpty == true else { return scope }
    throw Status(
      .permissionDenied, reason: ErrorReason.roleMissing,
      "With apply \(context.method.name) needs the role preparer, which \(caller.person) does not hold\(request.office.map { " in \(Status.bounded($0))" } ?? ""). Without it nothing is changed, and the cases are listed all the same.",
      info: ["method": context.method.name, "role": "preparer", "principal": caller.principal])
  }

  private func page(after reference: String?, _ scope: Scope) async -> Result<[StoredCase], Status> {
    do throws(Status) {
      return .success(
        try await access.read { reading throws(RegisterError) in
          try reading.scan(after: reference, limit: Reassessment.page, scope: scope)
        })
    } catch {
      return .failure(error)
    }
  }

  /// Assesses a case anew, as its preparer. What cannot be assessed in its state stays as it is.
  private func apply(_ stored: StoredCase, _ request: ReassessRequest, _ context: CallContext) async throws(Status) -> Bool {
    let envelope = RegisterAccess.Envelope(reference: stored.reference, etag: stored.etag, key: nil, digest: request.digest)
    do throws(Status) {
      let act = request.actId ?? stored.chain.assessment?.act.id
      _ = try await access.assessing(envelope, actId: act, asOf: request.asOf, context)
      return true
    } catch {
      if error.code == .failedPrecondition || error.code == .aborted || error.code == .permissionDenied { return false }
      throw error
    }
  }
}

extension ReassessedCase {
  /// Nil where nothing would change.
  fileprivate init?(_ stored: StoredCase, _ before: AssessmentInForce, _ after: AssessmentStamp) {
    guard
      before.outcome != after.outcome || before.measures != after.measures || before.releaseOn != after.releaseOn
        || before.newEnd != after.newEnd
    else { return nil }
    self.init(
      reference: stored.reference, state: .init(stored.state), detained: stored.columns.detained,
      before: .init(word: before.outcome.rawValue),
      after: .init(word: after.outcome.rawValue), measuresBefore: before.measures.sorted(), measuresAfter: after.measures.sorted(),
      releaseBefore: before.releaseOn?.text, releaseAfter: after.releaseOn?.text, applied: false)
  }
}
