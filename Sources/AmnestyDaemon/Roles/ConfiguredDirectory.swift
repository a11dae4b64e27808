// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyServices
internal import AmnestyWire

/// Answers the services' questions from the roles in force.
struct ConfiguredDirectory: Directory {
  private let roles: RolesInForce

  init(_ roles: RolesInForce) { self.roles = roles }

  func grants(of peer: PeerIdentity, actor: String?) -> Grants {
    roles.current.grants(user: peer.uid, group: peer.gid, supplementary: peer.groups, actor: actor)
  }

  var offices: [String: Office] { roles.current.officeList }

  func body(decidingAt stage: String) -> String? { roles.current.procedure[stage] }
}
