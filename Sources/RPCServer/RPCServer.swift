// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyWire
internal import Glibc
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
  /// Sockets that the server may have accepted and not closed. Beyond it, who connects waits. It bounds ``ServerLimits/connections``, too.
  package var sockets = Int.max
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
    case running([any Channel], any EventLoopGroup)
    /// No more connections are accepted.
    case draining(TimeAmount)
  }

  private let configuration: ServerConfiguration
  private let core: ServerCore
  private let room: SocketRoom
  private let state = Mutex(State.idle)
  private let hasRun = Atomic(false)

  package init(
    _ configuration: ServerConfiguration, services: [ServiceRegistration], authorizer: any Authorizer, logger: Logger
  ) throws(ServerError) {
    guard !configuration.listeners.isEmpty else {
      throw ServerError(.noListener, "The server has no socket to listen on. Name at least one path.")
    }
    self.configuration = configuration
    self.room = SocketRoom(capacity: configuration.sockets)
    self.core = ServerCore(
      agent: configuration.agent, limits: configuration.limits, connections: SocketRoom.connections(of: configuration.sockets),
      services: try ServiceTable(services), authorizer: authorizer, logger: logger)
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
      await self.serve(channels, on: group, onListening)
    } catch {
      result = .failure(error)
    }
    for file in files { file.remove() }
    try? await group.shutdownGracefully()
    try result.get()
  }

  private func serve(_ channels: [any Channel], on group: any EventLoopGroup, _ onListening: @Sendable () -> Void) async {
    let draining = self.state.withLock { state -> TimeAmount? in
      if case .draining(let grace) = state { return grace }
      state = .running(channels, group)
      return nil
    }
    if let draining {
      self.stop(channels, on: group, grace: draining)
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
    let running = self.state.withLock { state -> ([any Channel], any EventLoopGroup)? in
      switch state {
      case .idle:
        state = .draining(grace)
        return nil
      case .running(let channels, let group):
        state = .draining(grace)
        return (channels, group)
      case .draining:
        return nil
      }
    }
    if let (channels, group) = running { self.stop(channels, on: group, grace: grace) }
  }

  private func stop(_ channels: [any Channel], on group: any EventLoopGroup, grace: TimeAmount) {
    self.core.logger.info("draining", metadata: ["connections": "\(self.connections)", "graceMs": "\(grace.milliseconds)"])
    EventLoopFuture.andAllComplete(channels.map { Self.stopAccepting($0, group) }, on: group.any()).whenComplete { _ in
      self.core.registry.drain(grace: grace) { self.core.feed.finish() }
    }
  }

  /// Closes a listener such that each connection it has accepted reaches its handler, and so gets a goaway.
  ///
  /// NIO drops without a word what is still on its way from the listener's loop to the connection's when the listener closes. So nothing more is
  /// accepted, what is on its way arrives, the listener is closed, and what has arrived becomes active: each step is once round the loops.
  private static func stopAccepting(_ listener: any Channel, _ group: any EventLoopGroup) -> EventLoopFuture<Void> {
    listener.eventLoop.flatSubmit {
      listener.setOption(.autoRead, value: false)
        .flatMap { Self.roundOfLoops(group, on: listener.eventLoop) }
        .flatMap { listener.close() }
        .flatMapError { _ in listener.eventLoop.makeSucceededVoidFuture() }
        .flatMap { Self.roundOfLoops(group, on: listener.eventLoop) }
    }
  }

  /// Done when every loop has done what it was given before.
  private static func roundOfLoops(_ group: any EventLoopGroup, on loop: any EventLoop) -> EventLoopFuture<Void> {
    EventLoopFuture.andAllComplete(group.makeIterator().map { $0.submit {} }, on: loop)
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
        // NIO has set it to 128. Who finds no place in it is turned away without a word.
        Glibc.listen(descriptor, SocketFile.backlog)
      } catch {
        throw ServerError(.cannotBind, "Cannot listen on \(listener.name): \(error). Check that it is a bound Unix stream socket.")
      }
    }
    return channels
  }

  private func bootstrap(_ listener: ListenerConfiguration, _ group: MultiThreadedEventLoopGroup) -> ServerBootstrap {
    let core = self.core
    let room = self.room
    let origin = ConnectionHandler.Origin(listener: listener.name, roles: listener.roles, identify: Self.identify)
    return ServerBootstrap(group: group)
      .serverChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(AcceptPause(listener: listener.name, room: room, logger: core.logger))
        }
      }
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
