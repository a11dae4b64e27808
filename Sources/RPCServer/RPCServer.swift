// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyWire
package import Logging
package import NIOCore
internal import NIOPosix
internal import Synchronization

/// How a server is set up.
package struct ServerConfiguration: Sendable {
  package var listeners: [ListenerConfiguration]
  package var limits = ServerLimits()
  /// Threads that serve sockets. Default: the number of cores, at most 2.
  package var eventLoops: Int
  /// What hello tells of the server.
  package var agent = "amnestyd"

  package init(listeners: [ListenerConfiguration]) {
    self.listeners = listeners
    self.eventLoops = max(1, min(2, System.coreCount))
  }
}

/// Serves registered methods on Unix sockets. It knows no service.
///
/// ```swift
/// let server = try RPCServer(configuration, services: [registration], authorizer: authorizer, logger: logger)
/// try await server.run { paths in … }
/// ```
package final class RPCServer: Sendable {
  private enum State {
    case idle
    /// The listening channels, once they are bound.
    case running([any Channel])
    /// No more connections are accepted.
    case draining(TimeAmount)
  }

  private let configuration: ServerConfiguration
  private let core: ServerCore
  private let state = Mutex(State.idle)
  private let hasRun = Atomic(false)

  package init(
    _ configuration: ServerConfiguration, services: [ServiceRegistration], authorizer: any Authorizer, logger: Logger
  ) throws(ServerError) {
    guard !configuration.listeners.isEmpty else {
      throw ServerError(.noListener, "The server has no socket to listen on. Name at least one path.")
    }
    self.configuration = configuration
    self.core = ServerCore(
      agent: configuration.agent, limits: configuration.limits, services: try ServiceTable(services), authorizer: authorizer, logger: logger
    )
  }

  /// Calls that have ended, by method and code.
  package var metrics: CallMetrics { self.core.metrics }

  /// Connections that are open now.
  package var connections: Int { self.core.registry.count }

  /// Serves until it has drained, after ``beginDrain(grace:)`` or when the task is cancelled.
  ///
  /// - Parameter onListening: called once every listener accepts connections.
  package func run(onListening: @Sendable () -> Void = {}) async throws(ServerError) {
    guard !self.hasRun.exchange(true, ordering: .acquiringAndReleasing) else {
      throw ServerError(.alreadyRun, "A server runs once. Make another one.")
    }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: self.configuration.eventLoops)
    var files: [SocketFile] = []
    let result: Result<Void, ServerError>
    do throws(ServerError) {
      let channels = try await self.listen(on: group, &files)
      result = .success(())
      await self.serve(channels, onListening)
    } catch {
      result = .failure(error)
    }
    for file in files { file.remove() }
    try? await group.shutdownGracefully()
    try result.get()
  }

  private func serve(_ channels: [any Channel], _ onListening: @Sendable () -> Void) async {
    let draining = self.state.withLock { state -> TimeAmount? in
      if case .draining(let grace) = state { return grace }
      state = .running(channels)
      return nil
    }
    if let draining {
      self.stop(channels, grace: draining)
    } else {
      self.core.logger.info("listening", metadata: [LogKeys.listener: "\(self.configuration.listeners.map(\.name).joined(separator: " "))"])
      onListening()
    }
    await withTaskCancellationHandler {
      await self.core.feed.run()
    } onCancel: {
      self.beginDrain(grace: .zero)
    }
  }

  /// Stops accepting, tells every client, and lets calls at work finish for as long as `grace`. Returns at once; ``run(onListening:)`` returns
  /// when the last connection has gone. Only the first call has an effect.
  package func beginDrain(grace: TimeAmount) {
    let channels = self.state.withLock { state -> [any Channel]? in
      switch state {
      case .idle:
        state = .draining(grace)
        return nil
      case .running(let channels):
        state = .draining(grace)
        return channels
      case .draining:
        return nil
      }
    }
    if let channels { self.stop(channels, grace: grace) }
  }

  private func stop(_ channels: [any Channel], grace: TimeAmount) {
    self.core.logger.info("draining", metadata: ["connections": "\(self.connections)", "graceMs": "\(grace.milliseconds)"])
    for channel in channels { channel.close(promise: nil) }
    self.core.registry.drain(grace: grace) { self.core.feed.finish() }
  }

  /// The rights that the authorizer gives may have changed: every connection asks anew before its next call.
  package func rightsChanged() {
    self.core.rightsVersion.wrappingAdd(1, ordering: .releasing)
  }

  /// New limits hold for connections that begin from now on; those there are keep what their hello told. ``ServerLimits/tasks`` is fixed at start.
  package func replace(limits: ServerLimits) { self.core.replace(limits: limits) }

  // MARK: - Listening

  private func listen(on group: MultiThreadedEventLoopGroup, _ files: inout [SocketFile]) async throws(ServerError) -> [any Channel] {
    var channels: [any Channel] = []
    for listener in self.configuration.listeners {
      let descriptor: CInt
      switch listener.address {
      case .path(let path, let mode):
        let file = try SocketFile(path: path, mode: mode)
        files.append(file)
        descriptor = file.descriptor
      case .descriptor(let inherited):
        descriptor = inherited
      }
      do {
        channels.append(try await self.bootstrap(listener, group).withBoundSocket(descriptor).get())
      } catch {
        throw ServerError(.cannotBind, "Cannot listen on \(listener.name): \(error). Check that it is a bound Unix stream socket.")
      }
    }
    return channels
  }

  private func bootstrap(_ listener: ListenerConfiguration, _ group: MultiThreadedEventLoopGroup) -> ServerBootstrap {
    let core = self.core
    let origin = ConnectionHandler.Origin(listener: listener.name, roles: listener.roles, identify: Self.identify)
    return ServerBootstrap(group: group)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelOption(.writeBufferWaterMark, value: .init(low: 64 << 10, high: 256 << 10))
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let handler = ConnectionHandler(core: core, origin: origin, now: channel.eventLoop.now)
          try channel.pipeline.syncOperations.addHandler(handler)
        }
      }
  }

  private static func identify(_ channel: any Channel) -> Result<PeerIdentity, PeerUnidentified> {
    let peer = try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { socket in
      Result { () throws(PeerUnidentified) in try PeerIdentity.ofPeer(of: socket) }
    }
    return peer.flatMap { $0 } ?? .failure(PeerUnidentified(reason: "the connection has no socket"))
  }
}
