// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

@_exported public import AmnestyWire
internal import NIOCore
internal import NIOPosix

/// A client of the amnesty daemon, alive as long as the scope that made it.
///
/// Many tasks may share one client: their calls share one connection, and calls made at the same time are written together. A lost connection is
/// made anew when the next call comes.
///
/// ```swift
/// try await AmnestyClient.withConnection(to: .unix(path: "/run/amnesty/amnesty.sock")) { client in
///   let answer = try await client.eligibility.assess(AssessRequest(record: record))
///   print(answer.assessment.outcome)
/// }
/// ```
///
/// Every call throws ``Status``: its code is one of gRPC's, its `reason` is stable and for programs, its message says what to do next.
public struct AmnestyClient: Sendable {
  private let source: ConnectionSource
  private let configuration: Configuration

  /// Connects, lends the client to `body`, and disconnects when it returns or throws.
  ///
  /// - Parameters:
  ///   - endpoint: where the daemon is.
  ///   - configuration: what holds for all calls.
  ///   - body: makes the calls; the client is of no use after it.
  /// - Throws: UNAVAILABLE, reason `CANNOT_CONNECT`, or PERMISSION_DENIED, reason `SOCKET_NOT_PERMITTED`, where the socket does not open; else
  ///   what `body` throws.
  public static func withConnection<Result>(
    to endpoint: Endpoint,
    configuration: Configuration = .defaults,
    _ body: (AmnestyClient) async throws -> Result
  ) async throws -> Result {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let source = ConnectionSource(endpoint: endpoint, configuration: configuration, group: group)
    let client = AmnestyClient(source: source, configuration: configuration)
    do {
      _ = try await source.connection()
      let result = try await body(client)
      await client.shutDown(group)
      return result
    } catch {
      await client.shutDown(group)
      throw error
    }
  }

  /// What the daemon said of this connection; nil before its hello has come, or while there is no connection.
  public var session: Session? {
    get async { try? await self.source.connection().session }
  }

  private func shutDown(_ group: MultiThreadedEventLoopGroup) async {
    await self.source.close()
    // Fails only where it was done before.
    try? await group.shutdownGracefully()
  }

  /// A connection with the call started on it; a connection that went away in between is replaced.
  private func open(_ method: MethodDescriptor, body: ByteBuffer?, options: CallOptions) async throws(Status) -> StreamingCall {
    let deadline = Self.deadline(options.timeout)
    var isReplaced = false
    while true {
      let connection = try await self.source.connection()
      let key = connection.makeKey()
      let call = StreamingCall(key: key, connection: connection)
      let isStarted = connection.start(
        OutgoingCall(key: key, method: method, body: body, options: options, deadline: deadline, sink: .stream(call)))
      // A call that was not started ends with the reason.
      if isStarted || isReplaced { return call }
      isReplaced = true
    }
  }

  private static func deadline(_ timeout: Duration?) -> NIODeadline? {
    timeout.map { NIODeadline.now() + TimeAmount($0) }
  }

  private var creditStep: Int { max(1, self.configuration.window / 4) }
}

extension AmnestyClient: RPCCaller {
  public func unary<Request: WireMessage, Response: WireMessage>(
    _ method: RPCMethod<Request, Response>,
    _ request: Request,
    options: CallOptions
  ) async throws(Status) -> Response {
    let deadline = Self.deadline(options.timeout ?? self.configuration.unaryTimeout)
    var body = ByteBuffer()
    request.encode(into: &body)
    var backoff = Backoff(self.configuration.retries, idempotency: method.descriptor.idempotency)
    while true {
      switch await self.attempt(method.descriptor, body: body, options: options, deadline: deadline) {
      case .ended(let body): return try Response.decode(.message(body))
      case .failed(let failure):
        guard let delay = backoff.delay(after: failure, chance: self.configuration.chance()) else { throw failure.status }
        if let deadline, NIODeadline.now() + TimeAmount(delay) >= deadline { throw failure.status }
        do {
          try await self.configuration.pause(delay)
        } catch {
          throw .cancelled("The caller gave up while it waited to try again")
        }
      }
    }
  }

  private func attempt(_ method: MethodDescriptor, body: ByteBuffer, options: CallOptions, deadline: NIODeadline?) async -> CallOutcome {
    let connection: ClientConnection
    do throws(Status) {
      connection = try await self.source.connection()
    } catch {
      return .failed(CallFailure(error))
    }
    return await connection.unary(method, body: body, options: options, deadline: deadline)
  }

  public func clientStreaming<Request: WireMessage, Response: WireMessage, Requests: AsyncSequence & Sendable>(
    _ method: RPCMethod<Request, Response>,
    _ requests: Requests,
    options: CallOptions
  ) async throws -> Response where Requests.Element == Request {
    let call = try await self.open(method.descriptor, body: nil, options: options)
    return try await self.sending(requests, on: call) {
      try Response.decode(.message(try await call.response()))
    }
  }

  public func serverStreaming<Request: WireMessage, Response: WireMessage, Result>(
    _ method: RPCMethod<Request, Response>,
    _ request: Request,
    options: CallOptions,
    _ body: (ResponseMessages<Response>) async throws -> Result
  ) async throws -> Result {
    var message = ByteBuffer()
    request.encode(into: &message)
    let call = try await self.open(method.descriptor, body: message, options: options)
    defer { call.leave() }
    return try await body(ResponseMessages(source: call, creditStep: self.creditStep))
  }

  public func bidirectional<Request: WireMessage, Response: WireMessage, Requests: AsyncSequence & Sendable, Result>(
    _ method: RPCMethod<Request, Response>,
    _ requests: Requests,
    options: CallOptions,
    _ body: (ResponseMessages<Response>) async throws -> Result
  ) async throws -> Result where Requests.Element == Request {
    let call = try await self.open(method.descriptor, body: nil, options: options)
    return try await self.sending(requests, on: call) {
      try await body(ResponseMessages(source: call, creditStep: self.creditStep))
    }
  }

  /// Sends `requests` in a child task while `body` runs; neither outlives the other.
  private func sending<Requests: AsyncSequence & Sendable, Result>(
    _ requests: Requests,
    on call: StreamingCall,
    _ body: () async throws -> Result
  ) async throws -> Result where Requests.Element: WireMessage {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await call.send(requests) }
      defer {
        call.leave()
        group.cancelAll()
      }
      do {
        return try await body()
      } catch {
        // Where the source of the requests failed, that is why the call ended.
        throw call.failureOfRequests ?? error
      }
    }
  }
}
