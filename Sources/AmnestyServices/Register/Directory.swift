// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyWire

/// Who a caller is and what they may do where: the configuration of a deployment, behind one seam.
package protocol Directory: Sendable {
  /// What a peer, or the actor for whom it speaks, is granted.
  func grants(of peer: PeerIdentity, actor: String?) -> Grants
  /// Every office of the deployment, by name.
  var offices: [String: Office] { get }
  /// The body that the deployment lets decide where the act leaves it open; nil where it has not said.
  func body(decidingAt stage: String) -> String?
}

/// What somebody is granted.
package struct Grants: Sendable, Equatable {
  /// The human being, as the configuration maps user and actor; what four eyes compares.
  package var person: String
  /// As the kernel names the peer, such as `user:1000`.
  package var principal: String
  /// Roles in every office.
  package var everywhere: Set<String>
  /// Further roles, by office.
  package var byOffice: [String: Set<String>]

  package init(person: String, principal: String, everywhere: Set<String>, byOffice: [String: Set<String>] = [:]) {
    self.person = person
    self.principal = principal
    self.everywhere = everywhere
    self.byOffice = byOffice
  }
}

/// An office of the deployment.
package struct Office: Sendable, Equatable {
  /// What kind of body it is, as acts name it: `court`. Nil: it may act as every body, as where no offices are configured.
  package var body: String?

  package init(body: String?) { self.body = body }

  /// The one office of a deployment that has configured none.
  package static let standard = "default"
}
