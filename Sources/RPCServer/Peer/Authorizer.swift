// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyWire

/// Who may do what: the daemon's configuration behind one seam.
package protocol Authorizer: Sendable {
  /// The name under which a peer is known, such as `user:1000`.
  func principal(of peer: PeerIdentity) -> String
  /// The roles that a peer holds, or that an actor holds for whom it speaks.
  func roles(of peer: PeerIdentity, actor: String?) -> Set<String>
  /// What a caller without `role` should do; a sentence that names who grants it.
  func advice(forRole role: String) -> String
}

/// What holds without a configuration: root and the server's own user hold every role, others none.
package struct OwnerAuthorizer: Authorizer {
  private let owner: UInt32
  private let roles: Set<String>

  package init(owner: UInt32, roles: Set<String>) {
    self.owner = owner
    self.roles = roles
  }

  package func principal(of peer: PeerIdentity) -> String { "user:\(peer.uid)" }

  package func roles(of peer: PeerIdentity, actor: String?) -> Set<String> {
    peer.uid == 0 || peer.uid == self.owner ? self.roles : []
  }

  package func advice(forRole role: String) -> String {
    "The administrator of this host grants it in the configuration of the server."
  }
}
