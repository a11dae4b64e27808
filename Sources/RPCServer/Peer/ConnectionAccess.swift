// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire

/// What the peer of one connection may call, worked out once so that a call costs one look.
final class ConnectionAccess: Sendable {
  static let delegate = "delegate"

  let peer: PeerIdentity
  let principal: String
  let roles: Set<String>
  private let authorizer: any Authorizer
  /// The roles that the listener lets through; nil: all.
  private let ceiling: Set<String>?
  private let methods: ServiceTable
  private let isAllowed: [Bool]

  init(peer: PeerIdentity, ceiling: Set<String>?, authorizer: any Authorizer, methods: ServiceTable) {
    self.peer = peer
    self.principal = authorizer.principal(of: peer)
    self.authorizer = authorizer
    self.ceiling = ceiling
    self.methods = methods
    let roles = Self.restrict(authorizer.roles(of: peer, actor: nil), to: ceiling)
    self.roles = roles
    self.isAllowed = methods.methods.map { method in method.descriptor.role.map { roles.contains($0) } ?? true }
  }

  private static func restrict(_ roles: Set<String>, to ceiling: Set<String>?) -> Set<String> {
    ceiling.map { roles.intersection($0) } ?? roles
  }

  /// The roles that count for a call.
  func roles(actor: String?) -> Set<String> {
    guard let actor else { return self.roles }
    return Self.restrict(self.authorizer.roles(of: self.peer, actor: actor), to: self.ceiling)
  }

  /// Why a call is not allowed; nil if it is.
  func denial(method index: Int, actor: String?) -> Status? {
    let method = self.methods.methods[index].descriptor
    if actor == nil {
      if self.isAllowed[index] { return nil }
    } else {
      guard self.roles.contains(Self.delegate) else {
        return .delegationDenied(principal: self.principal, grantedBy: self.authorizer.advice(forRole: Self.delegate))
      }
      guard let role = method.role, !self.roles(actor: actor).contains(role) else { return nil }
    }
    let role = method.role ?? ""
    let subject = actor.map { "\(Status.bounded($0)) for \(self.principal)" } ?? self.principal
    let isWithheld = self.ceiling.map { !$0.contains(role) } ?? false
    let advice =
      isWithheld ? "This socket lets the role through for nobody; use the daemon's admin socket." : self.authorizer.advice(forRole: role)
    return .permissionDenied(method: method.name, role: role, principal: subject, grantedBy: advice)
  }
}
