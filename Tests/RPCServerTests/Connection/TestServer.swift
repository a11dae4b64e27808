// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import Logging
internal import NIOCore
internal import NIOEmbedded
internal import Synchronization
internal import Testing

@testable internal import RPCServer

/// Connections of one server on a loop whose time stands still until a test moves it.
struct TestServer {
  let core: ServerCore
  let loop = NIOAsyncTestingEventLoop()
  let probe: Probe

  /// What the services saw.
  final class Probe: Sendable {
    struct Counts {
      var started = 0
      var cancelled = 0
      /// Items that streams have handed over.
      var sent = 0
    }

    private let counts = Mutex(Counts())

    func count(_ what: WritableKeyPath<Counts, Int>) { counts.withLock { $0[keyPath: what] += 1 } }
    var started: Int { counts.withLock { $0.started } }
    var cancelled: Int { counts.withLock { $0.cancelled } }
    var sent: Int { counts.withLock { $0.sent } }
  }

  /// Runs a server for as long as `body` takes.
  static func run(_ limits: ServerLimits = ServerLimits(), _ body: (TestServer) async throws -> Void) async throws {
    let probe = Probe()
    let core = ServerCore(
      agent: "test", limits: limits, connections: .max, services: try ServiceTable([services(probe)]),
      authorizer: OwnerAuthorizer(owner: 0, roles: ["clerk"]),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    let server = TestServer(core: core, probe: probe)
    try await withThrowingTaskGroup { group in
      group.addTask { await core.feed.run() }
      defer { core.feed.finish() }
      try await body(server)
    }
  }

  private static func services(_ probe: Probe) -> ServiceRegistration {
    func method(_ name: String, _ kind: CallKind, _ handler: MethodHandler) -> (MethodDescriptor, MethodHandler) {
      (MethodDescriptor(name: "t.S/" + name, kind: kind, idempotency: .noSideEffects), handler)
    }
    return ServiceRegistration(methods: [
      method("Echo", .unary, .inline { _, body, out throws(Status) in out.writeImmutableBuffer(body) }),
      (
        MethodDescriptor(name: "t.S/Guarded", kind: .unary, idempotency: .noSideEffects, role: "clerk"),
        .inline { _, body, out throws(Status) in out.writeString("\(body.readableBytes)") }
      ),
      method("Hang", .unary, .task { _, _ throws(Status) in throw await Self.hang(probe) }),
      method(
        "Chat", .bidirectional,
        .stream { _, requests, out throws(Status) in
          probe.count(\.started)
          do throws(Status) {
            for try await request in requests {
              try await out.send(request)
              probe.count(\.sent)
            }
          } catch {
            probe.count(\.cancelled)
            throw error
          }
          return nil
        }),
    ])
  }

  private static func hang(_ probe: Probe) async -> Status {
    probe.count(\.started)
    let (never, _) = AsyncStream<Never>.makeStream()
    for await _ in never {}
    probe.count(\.cancelled)
    return Status(.aborted, "Cancelled.")
  }

  /// Lets tasks run until `condition` holds; time does not pass.
  func until(_ condition: () -> Bool, _ location: SourceLocation = #_sourceLocation) async throws {
    for _ in 0..<1_000_000 {
      if condition() { return }
      await Task.yield()
    }
    Issue.record("it never came to that", sourceLocation: location)
    throw CancellationError()
  }

  /// Waits until streams have handed over so many items in all, and the loop has seen them.
  func handedOver(_ items: Int) async throws {
    try await until { probe.sent >= items }
    await loop.run()
  }

  func connect(uid: UInt32 = 0) async throws -> TestConnection {
    let (core, loop) = (self.core, self.loop)
    let channel = try await NIOAsyncTestingChannel(loop: loop) { channel in
      let origin = ConnectionHandler.Origin(
        listener: "test", roles: nil, identify: { _ in .success(PeerIdentity(uid: uid, gid: 0, pid: 1)) })
      try channel.pipeline.syncOperations.addHandler(ConnectionHandler(core: core, origin: origin, now: loop.now))
    }
    try await channel.connect(to: SocketAddress(unixDomainSocketPath: "/test")).get()
    return TestConnection(channel: channel)
  }
}

/// The client's side of a connection.
final class TestConnection {
  let channel: NIOAsyncTestingChannel
  private var bytes = ByteBuffer()

  init(channel: NIOAsyncTestingChannel) { self.channel = channel }

  static func frame(_ text: String) -> ByteBuffer {
    var frame = ByteBuffer(integer: UInt32(text.utf8.count))
    frame.writeString(text)
    return frame
  }

  /// Sends frames, each a head or a head, a line feed and a body, in one read.
  func send(_ frames: String...) async throws {
    var bytes = ByteBuffer()
    for frame in frames { bytes.writeImmutableBuffer(Self.frame(frame)) }
    try await send(bytes)
  }

  func send(_ bytes: ByteBuffer) async throws { try await channel.writeInbound(bytes) }

  /// The next frame; waits for tasks, but not for time.
  func next(_ location: SourceLocation = #_sourceLocation) async throws -> String {
    for _ in 0..<1_000_000 {
      if let frame = takeFrame() { return frame }
      guard let more: ByteBuffer = try await channel.readOutbound() else {
        await Task.yield()
        continue
      }
      bytes.writeImmutableBuffer(more)
    }
    Issue.record("no frame came", sourceLocation: location)
    throw CancellationError()
  }

  /// What has come so far.
  func frames() async throws -> [String] {
    while let more: ByteBuffer = try await channel.readOutbound() { bytes.writeImmutableBuffer(more) }
    var result: [String] = []
    while let frame = takeFrame() { result.append(frame) }
    return result
  }

  private func takeFrame() -> String? {
    guard let length: UInt32 = bytes.getInteger(at: bytes.readerIndex), bytes.readableBytes >= 4 + Int(length) else { return nil }
    bytes.moveReaderIndex(forwardBy: 4)
    return bytes.readString(length: Int(length))
  }

  /// The socket's queue is full, or has room again.
  func setWritable(_ isWritable: Bool) async throws {
    let channel = channel
    try await channel.testingEventLoop.submit {
      channel.isWritable = isWritable
      channel.pipeline.fireChannelWritabilityChanged()
    }.get()
  }
}
