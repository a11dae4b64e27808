// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire

/// What the daemon's hello says of the connection and of whom it takes the caller for.
public struct Session: Sendable, Equatable {
  /// The connection's name in the daemon's log.
  public var id: String?
  /// Whom the daemon sees at the other end of the socket.
  public var principal: String?
  /// The roles that the principal holds on this socket.
  public var roles: [String]
  /// The limits in force, by name.
  public var limits: [String: Int64]
  /// The daemon's program and version.
  public var agent: String?

  init(_ hello: HelloHead) {
    self.id = hello.session
    self.principal = hello.principal
    self.roles = hello.roles ?? []
    self.limits = hello.limits ?? [:]
    self.agent = hello.agent
  }
}
