// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import GRPCCore
internal import GRPCNIOTransportHTTP2Posix

/// `serve SOCKET RESPONSE_BYTES`, or `call SOCKET REQUEST_BYTES CALLS DEPTH`: unary calls of raw bytes over a Unix socket by grpc-swift-2,
/// DEPTH in flight on one connection. `call` prints `{"p50":ns,"p99":ns,"perSecond":n}`.
@main
struct Echo {
  static let method = MethodDescriptor(service: ServiceDescriptor(fullyQualifiedService: "amnesty.Benchmark"), method: "Echo")

  static func main() async throws {
    let arguments = CommandLine.arguments
    if arguments.count == 4, arguments[1] == "serve", let bytes = Int(arguments[3]) {
      try await serve(path: arguments[2], responseBytes: bytes)
    } else if arguments.count == 6, arguments[1] == "call", let bytes = Int(arguments[3]), let calls = Int(arguments[4]),
      let depth = Int(arguments[5]), calls > 0, depth > 0
    {
      try await call(path: arguments[2], requestBytes: bytes, calls: calls, depth: depth)
    } else {
      print("usage: grpc-swift-echo serve SOCKET RESPONSE_BYTES | call SOCKET REQUEST_BYTES CALLS DEPTH")
    }
  }

  private static func serve(path: String, responseBytes: Int) async throws {
    let response = [UInt8](repeating: 0x78, count: responseBytes)
    var router = RPCRouter<HTTP2ServerTransport.Posix>()
    router.registerHandler(forMethod: method, deserializer: RawBytes(), serializer: RawBytes()) { request, _ in
      _ = try await ServerRequest(stream: request)
      return StreamingServerResponse(single: ServerResponse(message: response))
    }
    let transport = HTTP2ServerTransport.Posix(address: .unixDomainSocket(path: path), transportSecurity: .plaintext)
    try await GRPCServer(transport: transport, router: router).serve()
  }

  private static func call(path: String, requestBytes: Int, calls: Int, depth: Int) async throws {
    let request = [UInt8](repeating: 0x78, count: requestBytes)
    let transport = try HTTP2ClientTransport.Posix(target: .unixDomainSocket(path: path), transportSecurity: .plaintext)
    try await withGRPCClient(transport: transport) { client in
      _ = try await round(client, request: request, calls: calls / 10 + 1, depth: depth)
      let clock = ContinuousClock()
      let began = clock.now
      let times = try await round(client, request: request, calls: calls, depth: depth).sorted()
      let elapsed = clock.now - began
      let perSecond = Double(times.count) / (elapsed / .seconds(1))
      let (p50, p99) = (times[times.count / 2], times[times.count - times.count / 100 - 1])
      print("{\"p50\":\(nanoseconds(p50)),\"p99\":\(nanoseconds(p99)),\"perSecond\":\(Int(perSecond))}")
    }
  }

  /// `depth` callers, each with one call after another; how long each call took.
  private static func round(
    _ client: GRPCClient<HTTP2ClientTransport.Posix>, request: [UInt8], calls: Int, depth: Int
  ) async throws -> [Duration] {
    try await withThrowingTaskGroup(of: [Duration].self) { group in
      for caller in 0..<depth {
        let share = calls / depth + (caller < calls % depth ? 1 : 0)
        group.addTask {
          let clock = ContinuousClock()
          var times: [Duration] = []
          times.reserveCapacity(share)
          for _ in 0..<share {
            let began = clock.now
            let answer = try await client.unary(
              request: ClientRequest(message: request), descriptor: method, serializer: RawBytes(), deserializer: RawBytes(),
              options: .defaults
            ) { try $0.message }
            times.append(clock.now - began)
            if answer.isEmpty { throw RPCError(code: .internalError, message: "an empty answer") }
          }
          return times
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
  }

  private static func nanoseconds(_ duration: Duration) -> Int { Int(duration / .nanoseconds(1)) }
}

/// Bytes as they are: no message format is measured.
struct RawBytes: MessageSerializer, MessageDeserializer {
  func serialize<Bytes: GRPCContiguousBytes>(_ message: [UInt8]) throws -> Bytes { Bytes(message) }

  func deserialize<Bytes: GRPCContiguousBytes>(_ bytes: Bytes) throws -> [UInt8] {
    bytes.withUnsafeBytes { [UInt8]($0) }
  }
}
