// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyServices
internal import Glibc

/// Which roles a peer holds, resolved to numbers once, when the configuration is read.
package struct RoleTable: Sendable, Equatable {
  /// Every role that a method asks for, and `delegate`.
  package let all: Set<String>
  /// Nil where nothing is configured: root and the daemon's own user hold all roles, others none.
  private let granted: [String: Grant]?
  private let ownUser: UInt32

  /// What the daemon's own user holds, whatever is configured.
  private static let ownRoles: Set<String> = ["admin", "auditor"]

  private struct Grant: Sendable, Equatable {
    var users: Set<UInt32> = []
    var groups: Set<UInt32> = []
    var actors: Set<Actor> = []
  }

  /// A clerk, by the user whose service speaks for it and the name that the service gives it.
  private struct Actor: Sendable, Hashable {
    var user: UInt32
    var name: String
  }

  /// Roles held in one office, beside those held everywhere.
  private let offices: [String: [String: Grant]]
  /// What a role brings with it, itself included.
  private let implied: [String: Set<String>]
  /// Who a user, or an actor of it, is.
  private let persons: [Identity: String]
  /// The offices there are, and who decides where the act leaves it open.
  package let officeList: [String: Office]
  package let procedure: [String: String]

  /// A user, or a clerk for whom it speaks.
  private struct Identity: Sendable, Hashable {
    var user: UInt32
    var actor: String?
  }

  /// Resolves names through the system's user and group data.
  package init(
    _ holders: [String: RoleHolders]?, all: Set<String>, implied: [String: Set<String>] = [:],
    deployment: DeploymentConfiguration = .init(),
    ownUser: UInt32 = geteuid(), accounts: Accounts = .system
  ) throws(DaemonError) {
    self.all = all
    self.implied = implied
    self.ownUser = ownUser
    procedure = deployment.procedure
    officeList =
      deployment.offices.isEmpty ? [Office.standard: Office(body: nil)] : deployment.offices.mapValues { Office(body: $0.body) }
    var offices: [String: [String: Grant]] = [:]
    for (name, office) in deployment.offices.sorted(by: { $0.key < $1.key }) {
      offices[name] = try RoleTable.grants(office.roles, at: "offices.\(name).roles", accounts)
    }
    self.offices = offices
    var persons: [Identity: String] = [:]
    for (person, identities) in deployment.persons.sorted(by: { $0.key < $1.key }) {
      for text in identities {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        guard let first = parts.first, let user = UInt32(first) ?? accounts.user(first) else {
          throw DaemonError(
            .configuration, "persons.\(person): \(text) is no user of this host; write USER or USER:ACTOR, for example registry:clerk-17")
        }
        let identity = Identity(user: user, actor: parts.count > 1 ? parts[1] : nil)
        if let other = persons.updateValue(person, forKey: identity), other != person {
          throw DaemonError(.configuration, "persons: \(text) is both \(other) and \(person); one identity is one person")
        }
      }
    }
    self.persons = persons
    let saysNothing = holders == nil && deployment.offices.values.allSatisfy(\.roles.isEmpty)
    granted = saysNothing ? nil : try RoleTable.grants(holders ?? [:], at: "roles", accounts)
  }

  private static func grants(_ holders: [String: RoleHolders], at place: String, _ accounts: Accounts) throws(DaemonError) -> [String:
    Grant]
  {
    var table: [String: Grant] = [:]
    for (role, holder) in holders.sorted(by: { $0.key < $1.key }) {
      var grant = Grant()
      for name in holder.users {
        guard let user = UInt32(name) ?? accounts.user(name) else {
          throw DaemonError(
            .configuration, "\(place).\(role).users: there is no user \(name) on this host; correct the name, or give the number")
        }
        grant.users.insert(user)
      }
      for name in holder.groups {
        guard let group = UInt32(name) ?? accounts.group(name) else {
          throw DaemonError(
            .configuration, "\(place).\(role).groups: there is no group \(name) on this host; correct the name, or give the number")
        }
        grant.groups.insert(group)
      }
      for text in holder.actors {
        guard let colon = text.firstIndex(of: ":"), let user = UInt32(text[..<colon]) ?? accounts.user(String(text[..<colon])) else {
          throw DaemonError(
            .configuration,
            "\(place).\(role).actors: \(text) is no actor of a user on this host; write USER:ACTOR, for example registry:clerk-17")
        }
        grant.actors.insert(Actor(user: user, name: String(text[text.index(after: colon)...])))
      }
      table[role] = grant
    }
    return table
  }

  /// The roles of a peer by its user, its group and its supplementary groups, in whichever office.
  package func roles(user: UInt32, group: UInt32, supplementary: [UInt32]) -> Set<String> {
    let held = grants(user: user, group: group, supplementary: supplementary, actor: nil)
    return held.byOffice.values.reduce(held.everywhere) { $0.union($1) }
  }

  /// The roles of a clerk for whom a user's service speaks, in whichever office.
  package func roles(actor: String, of user: UInt32) -> Set<String> {
    let held = grants(user: user, group: 0, supplementary: [], actor: actor)
    return held.byOffice.values.reduce(held.everywhere) { $0.union($1) }
  }

  /// Who a peer, or an actor of it, is and what they hold where. An actor holds what is given to it, and nothing of the user's own.
  package func grants(user: UInt32, group: UInt32, supplementary: [UInt32], actor: String?) -> Grants {
    let principal = "user:\(user)"
    let person = persons[Identity(user: user, actor: actor)] ?? actor.map { "\(principal)/\($0)" } ?? principal
    guard let granted else {
      return Grants(person: person, principal: principal, everywhere: user == 0 || user == ownUser ? all : [])
    }
    func held(_ table: [String: Grant]) -> Set<String> {
      let named = table.filter { _, grant in
        if let actor { return grant.actors.contains(Actor(user: user, name: actor)) }
        return grant.users.contains(user) || grant.groups.contains(group) || supplementary.contains(where: grant.groups.contains)
      }.keys
      return named.reduce(into: []) { $0.formUnion(implied[$1] ?? [$1]) }
    }
    var everywhere = held(granted)
    // Who is the daemon's user has its memory and files anyway; the units that reload it, back it up and sign its audit trail run as that
    // user and need no grant of their own.
    if actor == nil, user == ownUser { everywhere.formUnion(Self.ownRoles.intersection(all)) }
    return Grants(person: person, principal: principal, everywhere: everywhere, byOffice: offices.mapValues { held($0) })
  }

  /// What to tell a caller who lacks a role.
  package var grantor: String {
    granted == nil
      ? "No roles are configured: only root and the daemon's own user may call. Its administrator grants roles under roles: in the configuration file."
      : "The daemon's administrator grants it under roles: in the configuration file."
  }
}

/// The host's users and groups by name.
package struct Accounts: Sendable {
  package var user: @Sendable (String) -> UInt32?
  package var group: @Sendable (String) -> UInt32?

  package init(user: @escaping @Sendable (String) -> UInt32?, group: @escaping @Sendable (String) -> UInt32?) {
    self.user = user
    self.group = group
  }

  package static let system = Accounts(
    user: { name in
      var entry = passwd()
      var found: UnsafeMutablePointer<passwd>?
      return buffered { getpwnam_r(name, &entry, $0, $1, &found) } ? found?.pointee.pw_uid : nil
    },
    group: { name in
      var entry = Glibc.group()
      var found: UnsafeMutablePointer<Glibc.group>?
      return buffered { getgrnam_r(name, &entry, $0, $1, &found) } ? found?.pointee.gr_gid : nil
    })

  /// Calls with a buffer that grows until the entry fits.
  private static func buffered(_ call: (UnsafeMutablePointer<CChar>, Int) -> Int32) -> Bool {
    var size = 4096
    while size <= 1 << 20 {
      let result = withUnsafeTemporaryAllocation(of: CChar.self, capacity: size) { buffer in
        buffer.baseAddress.map { call($0, buffer.count) } ?? EINVAL
      }
      guard result == ERANGE else { return result == 0 }
      size *= 4
    }
    return false
  }
}
