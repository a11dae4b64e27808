// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// In which capacity somebody acts.
package enum CaseRole: String, Sendable, Hashable, CaseIterable {
  case viewer, registrar, preparer, authority, executor, aftercare, auditor, admin, delegate
}

/// Who did something, as the kernel, the caller and the configuration name them.
package struct Author: Sendable, Hashable {
  /// The human being, as the configuration maps principal and actor; this is what four eyes compares.
  package var person: String
  /// As the kernel names the peer, for example `user:1000`.
  package var principal: String
  /// The clerk that a service names; asserted by that service, not proven.
  package var actor: String?
  /// The role acted in, of those the caller holds.
  package var role: CaseRole
  /// The office acted for.
  package var office: String

  package init(person: String, principal: String, actor: String? = nil, role: CaseRole, office: String) {
    self.person = person
    self.principal = principal
    self.actor = actor
    self.role = role
    self.office = office
  }
}

/// What a caller may see. A case outside of it does not exist for them.
package struct Scope: Sendable, Hashable {
  /// Nil: every office.
  package var offices: Set<String>?
  /// Offices whose sealed cases are visible; nil: of every office.
  package var sealedOffices: Set<String>?

  package init(offices: Set<String>?, sealedOffices: Set<String>?) {
    self.offices = offices
    self.sealedOffices = sealedOffices
  }

  /// For the daemon's own work.
  package static let everything = Scope(offices: nil, sealedOffices: nil)

  package func admits(office: String, sealed: Bool) -> Bool {
    guard offices?.contains(office) ?? true else { return false }
    return !sealed || (sealedOffices?.contains(office) ?? true)
  }
}
