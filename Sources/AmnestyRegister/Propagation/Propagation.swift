// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package enum PropagationKind: String, Sendable, Hashable, CaseIterable {
  case convictionRemoved = "conviction_removed"
  case convictionRestored = "conviction_restored"
}

/// A register outside that must be told, until it has confirmed.
package struct Propagation: Sendable, Hashable {
  package var id: Int64
  package var kind: PropagationKind
  package var subscriber: String
  package var reference: String
  package var office: String
  package var createdAt: Instant
  package var attempts: Int
  /// When it is due to be sent again; nil once it is confirmed.
  package var nextAttemptAt: Instant?
  package var acknowledgedAt: Instant?
  /// What the last attempt said, without personal data.
  package var lastError: String?
}
