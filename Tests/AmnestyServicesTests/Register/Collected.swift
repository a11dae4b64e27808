// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import NIOCore
internal import Synchronization

/// What a streaming method sends; `sent` is called with each message's number, from 1, and can end the call.
struct Collected<Message: WireMessage>: Sendable {
  private let bodies = Store()
  private let sent: @Sendable (Int) async throws(Status) -> Void

  private final class Store: Sendable {
    let bodies = Mutex<[ByteBuffer]>([])
  }

  init(_ sent: @escaping @Sendable (Int) async throws(Status) -> Void = { _ in }) { self.sent = sent }

  func sender() -> ResponseSender<Message> { ResponseSender(ResponseStream(Streams(store: bodies, sent: sent))) }

  var messages: [Message] { get throws { try bodies.bodies.withLock { $0 }.map { try Message.decode($0) } } }

  private struct Streams: CallStreams {
    let store: Store
    let sent: @Sendable (Int) async throws(Status) -> Void
    var isRequestWaiting: Bool { false }

    func nextRequest() async throws(Status) -> ByteBuffer? { nil }

    func send(_ body: ByteBuffer) async throws(Status) {
      let count = store.bodies.withLock { bodies in
        bodies.append(body)
        return bodies.count
      }
      try await sent(count)
    }
  }
}
