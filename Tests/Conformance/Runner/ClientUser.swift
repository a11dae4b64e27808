// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient
internal import AmnestyWire
internal import Dispatch
internal import NIOCore
internal import Synchronization

/// The user of the client under test: each call runs in a task that can be given up by itself, as a user gives up one.
final class ClientUser: ClientVectorRunner.User {
  private final class PendingCall: Sendable {
    private let result = Mutex(ClientVectorRunner.CallResult())
    private let ended = DispatchSemaphore(value: 0)

    func change(_ body: (inout ClientVectorRunner.CallResult) -> Void) {
      self.result.withLock { body(&$0) }
    }

    func end() { self.ended.signal() }

    func wait() throws -> ClientVectorRunner.CallResult {
      guard self.ended.wait(timeout: .now() + .seconds(10)) == .success else { throw VectorError("the call did not end") }
      return self.result.withLock { $0 }
    }
  }

  private let client: AmnestyClient
  private let calls = Mutex<[String: (call: PendingCall, task: Task<Void, Never>)]>([:])

  init(client: AmnestyClient) {
    self.client = client
  }

  func start(_ call: JSONValue) throws {
    guard let name = call["call"]?.text, let script = Script(call) else { throw VectorError("start lacks call, method or kind") }
    let pending = PendingCall()
    let client = self.client
    let task = Task {
      do {
        try await Self.perform(script, with: client, pending)
      } catch let status as Status {
        pending.change {
          $0.code = status.code.name
          $0.reason = status.reason
        }
      } catch {
        pending.change { $0.code = "no Status: \(error)" }
      }
      pending.end()
    }
    self.calls.withLock { $0[name] = (pending, task) }
  }

  func cancel(_ name: String) {
    self.calls.withLock { $0[name]?.task }?.cancel()
  }

  func cancelAll() {
    for (_, task) in self.calls.withLock({ Array($0.values) }) { task.cancel() }
  }

  func outcome(of name: String) throws -> ClientVectorRunner.CallResult {
    guard let call = self.calls.withLock({ $0[name]?.call }) else { throw VectorError("no call \(name)") }
    return try call.wait()
  }

  // MARK: - Calls

  private struct Script: Sendable {
    var method: MethodDescriptor
    var requests: [RawMessage]
    var options: CallOptions

    init?(_ call: JSONValue) {
      let kinds: [String: CallKind] = [
        "unary": .unary, "client_streaming": .clientStreaming, "server_streaming": .serverStreaming, "bidirectional": .bidirectional,
      ]
      guard let name = call["method"]?.text, let kind = call["kind"]?.text.flatMap({ kinds[$0] }) else { return nil }
      let idempotency: Idempotency =
        switch call["idempotency"]?.text {
        case "no_side_effects": .noSideEffects
        case "idempotent": .idempotent
        default: .none
        }
      self.method = MethodDescriptor(name: name, kind: kind, idempotency: idempotency)
      let requests = call["requests"]?.elements ?? [call["request"] ?? .object([])]
      self.requests = requests.map { RawMessage(ByteBuffer(string: Self.text($0))) }
      self.options = CallOptions(timeout: call["timeoutMs"]?.integer.map { .milliseconds($0) })
    }

    private static func text(_ request: JSONValue) -> String {
      guard let bytes = request["$bytes"]?.integer else { return request.compact }
      return #"{"pad":""# + String(repeating: "a", count: Int(bytes) - 10) + #""}"#
    }
  }

  private static func perform(_ script: Script, with client: AmnestyClient, _ call: PendingCall) async throws {
    let method = RPCMethod<RawMessage, RawMessage>(script.method)
    let requests = AsyncStream { continuation in
      for request in script.requests { continuation.yield(request) }
      continuation.finish()
    }
    let options = script.options
    switch script.method.kind {
    case .unary where script.method.name == HealthService.check.descriptor.name:
      // The typed message: what it does not know must not trouble it.
      let typed = RPCMethod<HealthCheckRequest, HealthCheckResponse>(script.method)
      let response = try await client.unary(typed, HealthCheckRequest(), options: options)
      var body = ByteBuffer()
      response.encode(into: &body)
      try Self.respond(RawMessage(body), call)
    case .unary:
      try Self.respond(try await client.unary(method, script.requests[0], options: options), call)
    case .clientStreaming:
      try Self.respond(try await client.clientStreaming(method, requests, options: options), call)
    case .serverStreaming:
      try await client.serverStreaming(method, script.requests[0], options: options) { try await Self.consume($0, call) }
    case .bidirectional:
      try await client.bidirectional(method, requests, options: options) { try await Self.consume($0, call) }
    }
  }

  private static func respond(_ message: RawMessage, _ call: PendingCall) throws {
    let response = try JSONValue(parsing: Array(message.bytes.readableBytesView))
    call.change { $0.response = response }
  }

  private static func consume(_ items: ResponseMessages<RawMessage>, _ call: PendingCall) async throws {
    for try await item in items {
      let value = try JSONValue(parsing: Array(item.bytes.readableBytesView))
      call.change { $0.items.append(value) }
    }
  }
}
