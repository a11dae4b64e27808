// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
internal import AmnestyWire
internal import NIOCore
internal import Synchronization

/// A call that the user of a client under test makes, as a vector's `start` describes it.
package struct ConformanceCall: Sendable {
  /// How it ended for the user.
  package struct Result: Sendable {
    package var response: JSONValue?
    package var items: [JSONValue] = []
    /// nil: it is OK.
    package var code: String?
    package var reason: String?

    package init() {}
  }

  /// What has come so far.
  private final class Progress: Sendable {
    let result = Mutex(Result())
  }

  private var method: MethodDescriptor
  private var requests: [RawMessage]
  private var options: CallOptions

  /// nil where method or kind are missing.
  package init?(_ call: JSONValue) {
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

  /// Makes it; cancelling the task gives it up.
  package func run(with client: AmnestyClient) async -> Result {
    let progress = Progress()
    do {
      try await self.perform(with: client, progress)
    } catch let status as Status {
      progress.result.withLock {
        $0.code = status.code.name
        $0.reason = status.reason
      }
    } catch {
      progress.result.withLock { $0.code = "no Status: \(error)" }
    }
    return progress.result.withLock { $0 }
  }

  private func perform(with client: AmnestyClient, _ progress: Progress) async throws {
    let method = RPCMethod<RawMessage, RawMessage>(self.method)
    let requests = AsyncStream { continuation in
      for request in self.requests { continuation.yield(request) }
      continuation.finish()
    }
    switch self.method.kind {
    case .unary where self.method.name == HealthService.check.descriptor.name:
      // The typed message: what it does not know must not trouble it.
      let typed = RPCMethod<HealthCheckRequest, HealthCheckResponse>(self.method)
      let response = try await client.unary(typed, HealthCheckRequest(), options: self.options)
      var body = ByteBuffer()
      response.encode(into: &body)
      try Self.respond(RawMessage(body), progress)
    case .unary:
      try Self.respond(try await client.unary(method, self.requests[0], options: self.options), progress)
    case .clientStreaming:
      try Self.respond(try await client.clientStreaming(method, requests, options: self.options), progress)
    case .serverStreaming:
      try await client.serverStreaming(method, self.requests[0], options: self.options) { try await Self.consume($0, progress) }
    case .bidirectional:
      try await client.bidirectional(method, requests, options: self.options) { try await Self.consume($0, progress) }
    }
  }

  private static func respond(_ message: RawMessage, _ progress: Progress) throws {
    let response = try JSONValue(parsing: Array(message.bytes.readableBytesView))
    progress.result.withLock { $0.response = response }
  }

  private static func consume(_ items: ResponseMessages<RawMessage>, _ progress: Progress) async throws {
    for try await item in items {
      let value = try JSONValue(parsing: Array(item.bytes.readableBytesView))
      progress.result.withLock { $0.items.append(value) }
    }
  }
}
