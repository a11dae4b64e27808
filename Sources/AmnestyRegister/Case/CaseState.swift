// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Where a case stands.
package enum CaseState: String, Sendable, Hashable, CaseIterable {
  case registered, assessed, referred, proposed
  case granted, refused
  case awaitingJudgment = "awaiting_judgment"
  case executed, aftercare, closed, withdrawn, revoked

  /// Somebody still has to do something.
  package var isOpen: Bool {
    switch self {
    case .registered, .assessed, .referred, .proposed, .granted, .refused, .awaitingJudgment, .executed, .aftercare, .revoked: true
    case .closed, .withdrawn: false
    }
  }

  /// No decision has been taken, or the one taken fell.
  package var isBeforeDecision: Bool {
    switch self {
    case .registered, .assessed, .referred, .proposed: true
    default: false
    }
  }
}
