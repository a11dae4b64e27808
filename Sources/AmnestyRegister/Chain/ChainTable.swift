// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Who may give a command, and in which states: the table of the chain. What else a command needs stands with it.
extension CaseChain {
  package static func roles(for kind: LinkKind) -> [CaseRole] {
    switch kind {
    case .register, .update, .withdraw: [.registrar]
    case .assess, .propose: [.preparer]
    case .resolveReferral, .sendBack, .decide, .resolveAppeal, .revoke: [.authority]
    case .object, .withdrawObjection: [.registrar, .preparer]
    // Against a removed conviction, which the others see no more, an authority records it.
    case .appeal: [.registrar, .preparer, .authority]
    case .recordJudgment: [.executor, .authority]
    case .execute: [.executor]
    case .close: [.authority, .executor]
    case .assign, .unassign, .pauseClock, .resumeClock: [.preparer, .authority]
    case .transfer: [.registrar, .authority]
    case .need: [.aftercare]
    }
  }

  package static func states(for kind: LinkKind) -> [CaseState] {
    switch kind {
    case .register: []
    case .update: CaseState.allCases.filter { $0 != .withdrawn }
    case .assess: CaseState.allCases.filter { $0 != .withdrawn }
    case .resolveReferral: [.referred]
    case .propose: [.assessed, .referred]
    case .sendBack, .decide: [.proposed]
    case .object: [.assessed, .referred, .proposed]
    case .withdrawObjection, .withdraw: [.registered, .assessed, .referred, .proposed]
    case .recordJudgment: [.awaitingJudgment]
    case .execute: [.granted, .awaitingJudgment]
    case .appeal, .resolveAppeal: [.granted, .refused, .awaitingJudgment, .executed, .aftercare, .closed]
    case .revoke: [.granted, .refused, .awaitingJudgment, .executed, .aftercare, .closed]
    case .close: [.refused, .executed, .aftercare]
    case .assign, .unassign, .transfer, .pauseClock, .resumeClock: CaseState.allCases.filter(\.isOpen)
    case .need: [.aftercare, .closed]
    }
  }
}
