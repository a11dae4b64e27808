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
  let services: ServiceTable
  let authorizer: any Authorizer
  let registry: ConnectionRegistry
  let input: InputBudget
  let feed: TaskFeed
  let metrics: CallMetrics
  let logger: Logger
  /// Counts up when rights may have changed.
  let rightsVersion = Atomic<Int>(0)

  init(agent: String, limits: ServerLimits, services: ServiceTable, authorizer: any Authorizer, logger: Logger) {
    self.agent = agent
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
    self.limitsInForce.withLock { $0 = limits }
    self.registry.replace(limits: limits)
    self.input.replace(limits: limits)
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
