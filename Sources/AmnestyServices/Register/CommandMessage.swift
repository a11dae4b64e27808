// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire

/// A request for a command on one case: who it is about, and what makes a repetition harmless.
protocol CommandMessage {
  var reference: String { get }
  var etag: String? { get }
  var idempotencyKey: String? { get }
  var digest: String { get }
}

extension RegisterAccess.Envelope {
  init(_ message: some CommandMessage) {
    self.init(reference: message.reference, etag: message.etag, key: message.idempotencyKey, digest: message.digest)
  }
}

extension AddNeedRequest: CommandMessage {}
extension AppealRequest: CommandMessage {}
extension AssessCaseRequest: CommandMessage {}
extension AssignCaseRequest: CommandMessage {}
extension CloseCaseRequest: CommandMessage {}
extension AmnestyWire.DecideRequest: CommandMessage {}
extension ExecuteRequest: CommandMessage {}
extension ObjectRequest: CommandMessage {}
extension PauseClockRequest: CommandMessage {}
extension ProposeDecisionRequest: CommandMessage {}
extension RecordJudgmentRequest: CommandMessage {}
extension ResolveAppealRequest: CommandMessage {}
extension ResolveReferralRequest: CommandMessage {}
extension ResumeClockRequest: CommandMessage {}
extension ReturnProposalRequest: CommandMessage {}
extension RevokeRequest: CommandMessage {}
extension TransferCaseRequest: CommandMessage {}
extension WithdrawCaseRequest: CommandMessage {}
extension WithdrawObjectionRequest: CommandMessage {}
