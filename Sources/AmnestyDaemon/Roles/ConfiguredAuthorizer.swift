// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import RPCServer

/// Answers the server's questions from the roles in force.
struct ConfiguredAuthorizer: Authorizer {
  private let roles: RolesInForce

  init(_ roles: RolesInForce) { self.roles = roles }

  func principal(of peer: PeerIdentity) -> String { "user:\(peer.uid)" }

  func roles(of peer: PeerIdentity, actor: String?) -> Set<String> {
    let table = roles.current
    if let actor { return table.roles(actor: actor, of: peer.uid) }
    return table.roles(user: peer.uid, group: peer.gid, supplementary: peer.groups)
  }

  func advice(forRole role: String) -> String { roles.current.grantor }
}
