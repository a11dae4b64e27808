// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// Holds the one connection of a client, and makes a new one only when a new call needs it.
final class ConnectionSource: Sendable {
  private enum State {
    /// Nothing is connected. Goes to `connecting`.
    case idle
    /// Callers wait for one attempt together. Goes to `connected` or `idle`.
    case connecting(EventLoopFuture<ClientConnection>)
    /// Goes to `connecting` when a call comes and the connection takes none.
    case connected(ClientConnection)
    /// The client's scope has ended.
    case closed
  }

  private enum Action {
    case use(ClientConnection)
    case wait(EventLoopFuture<ClientConnection>)
    case connect(EventLoopPromise<ClientConnection>)
    case refuse
  }

  private let endpoint: Endpoint
  private let configuration: AmnestyClient.Configuration
  private let group: any EventLoopGroup
  private let state = Mutex(State.idle)

  init(endpoint: Endpoint, configuration: AmnestyClient.Configuration, group: any EventLoopGroup) {
    self.endpoint = endpoint
    self.configuration = configuration
    self.group = group
  }

  /// The connection for a new call.
  func connection() async throws(Status) -> ClientConnection {
    let action = self.state.withLock { state -> Action in
      switch state {
      case .connected(let connection) where connection.acceptsCalls: return .use(connection)
      case .connecting(let attempt): return .wait(attempt)
      case .closed: return .refuse
      case .idle, .connected:
        let promise = self.group.next().makePromise(of: ClientConnection.self)
        state = .connecting(promise.futureResult)
        return .connect(promise)
      }
    }
    switch action {
    case .use(let connection): return connection
    case .wait(let attempt): return try await self.wait(for: attempt)
    case .connect(let promise):
      self.connect().cascade(to: promise)
      promise.futureResult.whenComplete { self.attemptEnded($0) }
      return try await self.wait(for: promise.futureResult)
    case .refuse: throw .clientClosed
    }
  }

  /// Closes the connection; calls made afterwards are refused.
  func close() async {
    let connection = self.state.withLock { state -> ClientConnection? in
      defer { state = .closed }
      if case .connected(let connection) = state { return connection }
      return nil
    }
    // It is closed either way; an error of closing tells nobody anything.
    try? await connection?.close().get()
  }

  private func attemptEnded(_ result: Result<ClientConnection, any Error>) {
    let unwanted = self.state.withLock { state -> ClientConnection? in
      if case .closed = state { return try? result.get() }
      switch result {
      case .success(let connection): state = .connected(connection)
      case .failure: state = .idle
      }
      return nil
    }
    _ = unwanted?.close()
  }

  private func wait(for attempt: EventLoopFuture<ClientConnection>) async throws(Status) -> ClientConnection {
    do {
      return try await attempt.get()
    } catch {
      throw .cannotConnect(to: self.endpoint.description, error)
    }
  }

  private func connect() -> EventLoopFuture<ClientConnection> {
    let configuration = self.configuration
    let bootstrap = ClientBootstrap(group: self.group)
      // Large reads: one wake-up for many answers.
      .channelOption(.recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 4096, initial: 16384, maximum: 1 << 18))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let connection = ClientConnection(channel: channel, configuration: configuration)
          try channel.pipeline.syncOperations.addHandler(ClientHandler(connection: connection))
        }
      }
    let channel: EventLoopFuture<any Channel>
    switch self.endpoint.place {
    case .unix(let path): channel = bootstrap.connect(unixDomainSocketPath: path)
    case .inProcess(let accept):
      do {
        channel = bootstrap.withConnectedSocket(try Self.socketPair(accept))
      } catch {
        return self.group.next().makeFailedFuture(error)
      }
    }
    return channel.flatMapThrowing { channel in
      try channel.pipeline.syncOperations.handler(type: ClientHandler.self).connection
    }
  }

  private static func socketPair(_ accept: @Sendable (CInt) throws -> Void) throws -> CInt {
    var pair: [CInt] = [-1, -1]
    guard socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0, &pair) == 0 else {
      throw IOError(errnoCode: errno, reason: "socketpair")
    }
    do {
      try accept(pair[1])
    } catch {
      Glibc.close(pair[0])
      throw error
    }
    return pair[0]
  }
}
