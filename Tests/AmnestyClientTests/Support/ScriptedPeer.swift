// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient
internal import AmnestyWire
internal import Foundation
internal import NIOCore
internal import Synchronization
internal import Testing

/// The server's end of real socket pairs, played by a script on a thread of its own; it reads and writes by blocking.
final class ScriptedPeer: Sendable {
  /// One accepted connection.
  final class Connection {
    private let socket: CInt
    private var decoder = FrameDecoder(maxFrame: WireLimits.largestFrame)

    init(socket: CInt) {
      self.socket = socket
    }

    /// The next frame; nil at the end of what the client sends.
    func next() throws -> (head: FrameHead, body: String?)? {
      while true {
        if let frame = try self.decoder.next() {
          let head = try frame.head.withUnsafeReadableBytes { try HeadDecoder.decode($0, methods: nil) }
          return (head, frame.body.map { String(buffer: $0) })
        }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = read(self.socket, &bytes, bytes.count)
        guard count > 0 else { return nil }
        self.decoder.append(ByteBuffer(bytes: bytes[..<count]))
      }
    }

    /// The next frame that is not a hello; a script that needs one and gets none fails.
    func expect() throws -> (head: FrameHead, body: String?) {
      while let frame = try self.next() {
        if case .hello = frame.head { continue }
        return frame
      }
      throw ScriptError("the client hung up")
    }

    func expectCall() throws -> CallHead {
      let frame = try self.expect()
      guard case .call(let call) = frame.head else { throw ScriptError("\(frame.head) instead of a call") }
      return call
    }

    func send(_ head: FrameHead, body: String? = nil) throws {
      var buffer = ByteBuffer()
      FrameEncoder().write(head, body: body.map { ByteBuffer(string: $0) }, into: &buffer)
      try self.write(Array(buffer.readableBytesView))
    }

    func write(_ bytes: [UInt8]) throws {
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Glibc.send(self.socket, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
        guard count > 0 else { throw ScriptError("the client does not read: \(errno)") }
        rest = rest.dropFirst(count)
      }
    }

    /// As the protocol asks: no more is written, what the client still sends is read, and then the socket is closed.
    func hangUp() {
      shutdown(self.socket, CInt(SHUT_WR))
      while (try? self.next()) != nil {}
      close(self.socket)
    }
  }

  private struct State {
    var scripts: [@Sendable (Connection) throws -> Void]
    var running = 0
    var failures: [String] = []
    var connections = 0
  }

  private let state: Mutex<State>
  private let idle = DispatchGroup()

  /// - Parameter scripts: what each connection in turn does; a connection is hung up when its script returns. One more is refused.
  init(_ scripts: (@Sendable (Connection) throws -> Void)...) {
    self.state = Mutex(State(scripts: scripts))
  }

  var endpoint: Endpoint {
    .inProcess { socket in
      let script = self.state.withLock { state -> (@Sendable (Connection) throws -> Void)? in
        state.connections += 1
        return state.scripts.isEmpty ? nil : state.scripts.removeFirst()
      }
      guard let script else { throw IOError(errnoCode: ECONNREFUSED, reason: "no script is left") }
      self.idle.enter()
      Thread.detachNewThread {
        let connection = Connection(socket: socket)
        do {
          try script(connection)
        } catch {
          self.state.withLock { $0.failures.append("\(error)") }
        }
        connection.hangUp()
        self.idle.leave()
      }
    }
  }

  var connections: Int { self.state.withLock { $0.connections } }

  /// Waits for the scripts to end, and tells what went wrong in them.
  func finished() async -> [String] {
    await withCheckedContinuation { continuation in
      self.idle.notify(queue: .global()) { continuation.resume() }
    }
    return self.state.withLock { $0.failures }
  }
}

struct ScriptError: Error, CustomStringConvertible {
  var description: String

  init(_ description: String) {
    self.description = description
  }
}

/// A method of each kind; the bodies are passed as they are.
enum TestMethod {
  static let unary = RPCMethod<RawMessage, RawMessage>(
    MethodDescriptor(name: "test.v1.Test/Read", kind: .unary, idempotency: .noSideEffects))
  static let command = RPCMethod<RawMessage, RawMessage>(MethodDescriptor(name: "test.v1.Test/Write", kind: .unary, idempotency: .none))
  static let upload = RPCMethod<RawMessage, RawMessage>(
    MethodDescriptor(name: "test.v1.Test/Upload", kind: .clientStreaming, idempotency: .none))
  static let watch = RPCMethod<RawMessage, RawMessage>(
    MethodDescriptor(name: "test.v1.Test/Watch", kind: .serverStreaming, idempotency: .noSideEffects))
  static let both = RPCMethod<RawMessage, RawMessage>(
    MethodDescriptor(name: "test.v1.Test/Both", kind: .bidirectional, idempotency: .noSideEffects))
}

extension RawMessage {
  init(_ json: String) {
    self.init(ByteBuffer(string: json))
  }

  var text: String { String(buffer: self.bytes) }
}

extension AmnestyClient.Configuration {
  /// No waiting between tries.
  static var test: Self {
    var configuration = Self(agent: "test")
    configuration.pause = { _ in }
    configuration.chance = { 0 }
    return configuration
  }
}
