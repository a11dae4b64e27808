// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyRules
package import AmnestyWire

// Commands on a case that CaseService has.

extension Cases {
  package func assess(_ request: AssessCaseRequest, context: CallContext) async throws(Status) -> CaseResponse {
    let envelope = RegisterAccess.Envelope(request)
    return try await access.assessing(envelope, actId: request.actId, asOf: request.asOf, context)
  }

  package func resolveReferral(_ request: ResolveReferralRequest, context: CallContext) async throws(Status) -> CaseResponse {
    let envelope = RegisterAccess.Envelope(request)
    return try await access.command(.resolveReferral, envelope, context) { _ in .resolveReferral(reason: request.reason) }
  }

  package func assign(_ request: AssignCaseRequest, context: CallContext) async throws(Status) -> CaseResponse {
    let envelope = RegisterAccess.Envelope(request)
    return try await access.command(request.person == nil ? .unassign : .assign, envelope, context) { _ in
      request.person.map { .assign(to: $0) } ?? .unassign(reason: request.reason)
    }
  }

  package func transfer(_ request: TransferCaseRequest, context: CallContext) async throws(Status) -> CaseResponse {
    let envelope = RegisterAccess.Envelope(request)
    let offices = access.directory.offices
    guard offices[request.office] != nil else {
      throw .invalidField([FieldViolation(field: "/office", description: "is no office of this deployment")])
    }
    return try await access.command(.transfer, envelope, context) { _ in .transfer(to: request.office, reason: request.reason) }
  }

  package func withdraw(_ request: WithdrawCaseRequest, context: CallContext) async throws(Status) -> CaseResponse {
    let envelope = RegisterAccess.Envelope(request)
    return try await access.command(.withdraw, envelope, context) { _ in .withdraw(reason: request.reason) }
  }

  package func close(_ request: CloseCaseRequest, context: CallContext) async throws(Status) -> CaseResponse {
    let envelope = RegisterAccess.Envelope(request)
    return try await access.command(.close, envelope, context) { _ in .close(note: request.reason) }
  }
}

extension RegisterAccess {
  /// Assesses a case under its present facts. The register refuses the stamp where the facts changed in between.
  func assessing(_ envelope: Envelope, actId: String?, asOf: String?, _ context: CallContext) async throws(Status) -> CaseResponse {
    try await command(.assess, envelope, context) { (stored) throws(Status) in
      // A decision that stands is measured by the readings that it follows; before one, nobody has chosen any for this assessment.
      let readings = stored.chain.decision == nil ? [] : stored.chain.assessment?.readings ?? []
      return .assess(
        try CaseAssessing(acts).assess(
          RecordIntake.message(stored.record, of: stored.reference), version: stored.recordVersion, actId: actId, asOf: asOf,
          following: readings))
    }
  }
}
