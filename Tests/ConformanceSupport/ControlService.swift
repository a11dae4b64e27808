// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import NIOCore

/// The service of `protocol/vectors/README.md` that shows what the services of the daemon cannot.
enum ControlService {
  static var registration: ServiceRegistration {
    ServiceRegistration(methods: [
      self.method("Sized", .unary, .inline { _, body, out throws(Status) in try Self.sized(body, &out) }),
      self.method("Fail", .unary, .inline { _, body, _ throws(Status) in throw try Self.failure(Self.parse(body)) }),
      self.method("Hang", .unary, .task { _, body throws(Status) in try await Self.hang(body) }),
      self.method("Sum", .clientStreaming, .stream { _, requests, _ throws(Status) in try await Self.sum(requests) }),
      self.method("Drop", .clientStreaming, .stream { _, requests, _ throws(Status) in try await Self.drop(requests) }),
      self.method("Hold", .clientStreaming, .stream { _, _, _ throws(Status) in try await Self.hang(ByteBuffer()) }),
      self.method("Count", .serverStreaming, .stream { _, requests, out throws(Status) in try await Self.count(requests, out) }),
      self.method("Chat", .bidirectional, .stream { _, requests, out throws(Status) in try await Self.chat(requests, out) }),
      self.method("Early", .bidirectional, .stream { _, requests, _ throws(Status) in try await Self.early(requests) }),
    ])
  }

  private static func method(_ name: String, _ kind: CallKind, _ handler: MethodHandler) -> (MethodDescriptor, MethodHandler) {
    (MethodDescriptor(name: "amnesty.conformance.v1.Control/" + name, kind: kind, idempotency: .noSideEffects), handler)
  }

  // MARK: - Unary

  private static func sized(_ body: ByteBuffer, _ out: inout ByteBuffer) throws(Status) {
    let frame = #"{"data":""}"#.utf8.count
    guard let bytes = try Self.parse(body)["bytes"]?.integer, bytes >= frame, bytes <= 64 << 20 else { throw Self.invalid("/bytes") }
    out.writeString(#"{"data":""#)
    out.writeRepeatingByte(UInt8(ascii: "a"), count: Int(bytes) - frame)
    out.writeString(#""}"#)
  }

  private static func failure(_ request: JSONValue) throws(Status) -> Status {
    guard let code = request["code"]?.text else { throw Self.invalid("/code") }
    var details: [StatusDetail] = []
    if let count = request["violations"]?.integer {
      let description = String(repeating: "d", count: Int(request["descriptionBytes"]?.integer ?? 1))
      details.append(
        .badRequest(BadRequest(fieldViolations: (0..<count).map { FieldViolation(field: "/\($0)", description: description) })))
    }
    return Status(
      StatusCode(name: code), reason: request["reason"]?.text ?? "CONFORMANCE", "The call asked for this error. Ask for none.",
      details: details)
  }

  private static func hang(_ body: ByteBuffer) async throws(Status) -> ByteBuffer {
    // Ends when the task is cancelled.
    let (never, _) = AsyncStream<Never>.makeStream()
    for await _ in never {}
    throw try Self.failure(.object([.init("code", Self.parse(body)["code"] ?? .string("CANCELLED"))]))
  }

  // MARK: - Streams

  private static func sum(_ requests: RequestStream) async throws(Status) -> ByteBuffer {
    var sum: Int64 = 0
    var count = 0
    for try await request in requests {
      guard let value = try Self.parse(request)["value"]?.integer else { throw Self.invalid("/value") }
      sum &+= value
      count += 1
    }
    return ByteBuffer(string: #"{"sum":\#(sum),"count":\#(count)}"#)
  }

  private static func drop(_ requests: RequestStream) async throws(Status) -> ByteBuffer {
    var count = 0
    for try await _ in requests { count += 1 }
    return ByteBuffer(string: #"{"count":\#(count)}"#)
  }

  private static func count(_ requests: RequestStream, _ out: ResponseStream) async throws(Status) -> ByteBuffer? {
    for try await request in requests {
      let message = try Self.parse(request)
      guard let items = message["items"]?.integer, let bytes = message["bytes"]?.integer, bytes >= 32 else { throw Self.invalid("/bytes") }
      for index in 0..<items {
        let start = #"{"index":\#(index),"data":""#
        let padding = String(repeating: "a", count: Int(bytes) - start.utf8.count - 2)
        try await out.send(ByteBuffer(string: start + padding + #""}"#))
      }
    }
    return nil
  }

  private static func chat(_ requests: RequestStream, _ out: ResponseStream) async throws(Status) -> ByteBuffer? {
    for try await request in requests { try await out.send(request) }
    return nil
  }

  private static func early(_ requests: RequestStream) async throws(Status) -> ByteBuffer? {
    for try await request in requests {
      let message = try Self.parse(request)
      guard message["code"] == nil else { throw try Self.failure(message) }
      return nil
    }
    return nil
  }

  // MARK: - Messages

  private static func parse(_ body: ByteBuffer) throws(Status) -> JSONValue {
    guard body.readableBytes > 0 else { return .object([]) }
    do {
      return try JSONValue(parsing: Array(body.readableBytesView))
    } catch let error as JSONTextError {
      throw .malformedJSON(offset: error.offset)
    } catch {
      throw .internalError(id: 0)
    }
  }

  private static func invalid(_ field: String) -> Status {
    .invalidField([FieldViolation(field: field, description: "it is missing or out of range")])
  }
}
