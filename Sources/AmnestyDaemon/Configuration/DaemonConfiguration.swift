// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
package import Logging
package import RPCServer

/// What the daemon is told from outside: options, environment, file.
package struct DaemonConfiguration: Sendable, Equatable {
  /// Paths to listen on. Default: `/run/amnestyd/amnestyd.sock`.
  package var sockets = ["/run/amnestyd/amnestyd.sock"]
  /// Whether somebody has named them; if not, sockets that the service manager hands over come first.
  package var isSocketNamed = false
  /// Folder of the daemon's state. Default: `/var/lib/amnestyd`.
  package var stateDirectory = "/var/lib/amnestyd"
  /// Folder of act files; nil: found beside the program.
  package var acts: String?
  /// Act to use where a request names none; nil: the only complete one, or the newest in force.
  package var defaultAct: String?
  /// Default: `info`.
  package var logLevel = Logger.Level.info
  /// Default: `auto`.
  package var logFormat = LogFormat.auto
  /// Seconds, 0 to 3,600. Default: 30.
  package var drainSeconds = 30
  /// What peers may use.
  package var limits = DaemonConfiguration.standardLimits
  /// Who holds which role, by the role's name; nil: root and the daemon's own user hold all.
  package var roles: [String: RoleHolders]?
  package var deployment = DeploymentConfiguration()

  package init() {}

  private static var standardLimits: ServerLimits {
    var limits = ServerLimits()
    limits.ofServices["idempotencyKeyMs"] = RegisterPolicy.keysKeptMilliseconds
    return limits
  }
}

/// Users and groups that hold a role, by name or number, and actors as `USER:ACTOR`.
package struct RoleHolders: Sendable, Equatable {
  package var users: [String]
  package var groups: [String]
  package var actors: [String]

  package init(users: [String] = [], groups: [String] = [], actors: [String] = []) {
    self.users = users
    self.groups = groups
    self.actors = actors
  }
}
