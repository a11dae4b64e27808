// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import Logging
internal import NIOCore
internal import Synchronization

/// What all connections of a server share.
final class ServerCore: Sendable {
  let agent: String
  private let limitsInForce: Mutex<ServerLimits>
  /// As many as the process has sockets for.
  private let mostConnections: Int
  let services: ServiceTable
  let authorizer: any Authorizer
  let registry: ConnectionRegistry
  let input: InputBudget
  let feed: TaskFeed
  let metrics: CallMetrics
  let logger: Logger
  /// Counts up when rights may have changed.
  let rightsVersion = Atomic<Int>(0)

  /// - Parameter connections: the most that there may be, whatever the limits say.
  init(
    agent: String, limits: ServerLimits, connections: Int, services: ServiceTable, authorizer: any Authorizer, logger: Logger
  ) {
    let limits = Self.bounded(limits, by: connections, logger)
    self.agent = agent
    self.mostConnections = connections
    self.limitsInForce = Mutex(limits)
    self.services = services
    self.authorizer = authorizer
    self.registry = ConnectionRegistry(limits: limits)
    self.input = InputBudget(limits: limits)
    self.feed = TaskFeed(limit: limits.tasks)
    self.metrics = CallMetrics(methods: services)
    self.logger = logger
  }

  /// For connections that begin now.
  var limits: ServerLimits { self.limitsInForce.withLock { $0 } }

  func replace(limits: ServerLimits) {
    let limits = Self.bounded(limits, by: self.mostConnections, self.logger)
    self.limitsInForce.withLock { $0 = limits }
    self.registry.replace(limits: limits)
    self.input.replace(limits: limits)
  }

  private static func bounded(_ limits: ServerLimits, by connections: Int, _ logger: Logger) -> ServerLimits {
    guard limits.connections > connections else { return limits }
    logger.warning(
      "fewer connections than configured: the process may open too few files",
      metadata: ["connections": "\(connections)", "configured": "\(limits.connections)"])
    var limits = limits
    limits.connections = connections
    return limits
  }
}

/// Keys of the metadata that is logged.
enum LogKeys {
  static let uid = "peer.uid"
  static let pid = "peer.pid"
  static let listener = "listener"
  static let reason = "reason"
  static let session = "session"
  static let callID = "call.id"
  static let method = "method"
  static let milliseconds = "call.ms"
  static let code = "code"
}
