// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

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

  /// Resolves names through the system's user and group data.
  package init(
    _ holders: [String: RoleHolders]?, all: Set<String>, ownUser: UInt32 = geteuid(), accounts: Accounts = .system
  ) throws(DaemonError) {
    self.all = all
    self.ownUser = ownUser
    guard let holders else {
      granted = nil
      return
    }
    var table: [String: Grant] = [:]
    for (role, holder) in holders.sorted(by: { $0.key < $1.key }) {
      var grant = Grant()
      for name in holder.users {
        guard let user = UInt32(name) ?? accounts.user(name) else {
          throw DaemonError(
            .configuration, "roles.\(role).users: there is no user \(name) on this host; correct the name, or give the number")
        }
        grant.users.insert(user)
      }
      for name in holder.groups {
        guard let group = UInt32(name) ?? accounts.group(name) else {
          throw DaemonError(
            .configuration, "roles.\(role).groups: there is no group \(name) on this host; correct the name, or give the number")
        }
        grant.groups.insert(group)
      }
      for text in holder.actors {
        guard let colon = text.firstIndex(of: ":"), let user = UInt32(text[..<colon]) ?? accounts.user(String(text[..<colon])) else {
          throw DaemonError(
            .configuration,
            "roles.\(role).actors: \(text) is no actor of a user on this host; write USER:ACTOR, for example registry:clerk-17")
        }
        grant.actors.insert(Actor(user: user, name: String(text[text.index(after: colon)...])))
      }
      table[role] = grant
    }
    granted = table
  }

  /// The roles of a peer by its user, its group and its supplementary groups.
  package func roles(user: UInt32, group: UInt32, supplementary: [UInt32]) -> Set<String> {
    guard let granted else { return user == 0 || user == ownUser ? all : [] }
    var held = Set(
      granted.filter { _, grant in
        grant.users.contains(user) || grant.groups.contains(group) || supplementary.contains(where: grant.groups.contains)
      }.keys)
    // Who is the daemon's user has its memory and files anyway; the units that reload it, back it up and sign its audit trail run as that
    // user and need no grant of their own.
    if user == ownUser { held.formUnion(Self.ownRoles.intersection(all)) }
    return held
  }

  /// The roles of a clerk for whom a user's service speaks.
  package func roles(actor: String, of user: UInt32) -> Set<String> {
    guard let granted else { return user == 0 || user == ownUser ? all : [] }
    return Set(granted.filter { $0.value.actors.contains(Actor(user: user, name: actor)) }.keys)
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
