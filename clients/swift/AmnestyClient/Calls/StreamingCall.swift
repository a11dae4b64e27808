// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import NIOCore
internal import Synchronization

/// The caller's end of one streaming call.
final class StreamingCall: ResponseItemSource {
  private typealias Machine = StreamStateMachine<
    CheckedContinuation<StreamRead, Never>, CheckedContinuation<Void, Never>
  >

  /// What a reader is resumed with.
  enum StreamRead: Sendable {
    case items([ByteBuffer])
    case finished(CallOutcome)
  }

  let key: UInt64
  private let connection: ClientConnection
  private let machine = Mutex(Machine())
  /// Why the request side gave up, where that is what ended the call.
  private let requestFailure = Mutex<(any Error)?>(nil)

  init(key: UInt64, connection: ClientConnection) {
    self.key = key
    self.connection = connection
  }

  // MARK: - The connection's side

  func started(id: UInt64, credit: Int64) {
    self.machine.withLock { $0.started(id: id, credit: credit) }?.resume()
  }

  func granted(_ bytes: Int64) {
    self.machine.withLock { $0.granted(bytes) }?.resume()
  }

  func received(_ items: [ByteBuffer]) {
    self.machine.withLock { $0.received(items) }?.resume(returning: .items(items))
  }

  func finished(_ outcome: CallOutcome) {
    let waiting = self.machine.withLock { $0.finished(outcome) }
    waiting.reader?.resume(returning: .finished(outcome))
    waiting.sender?.resume()
  }

  // MARK: - Responses

  func nextBatch() async throws(Status) -> [ByteBuffer]? {
    switch await self.read() {
    case .items(let items): return items
    case .finished(.ended): return nil
    case .finished(.failed(let failure)): throw failure.status
    }
  }

  func consumed(bytes: Int) {
    guard let id = self.machine.withLock({ $0.id }) else { return }
    self.connection.giveCredit(id: id, bytes: bytes)
  }

  /// The single response of a client-streaming call.
  func response() async throws(Status) -> ByteBuffer? {
    switch await self.read() {
    case .finished(.ended(let body)): return body
    case .finished(.failed(let failure)): throw failure.status
    case .items: throw Status(.internal, reason: "UNREADABLE_RESPONSE", "The daemon streamed the answer of a call that has only one.")
    }
  }

  private func read() async -> StreamRead {
    let key = self.key
    let connection = self.connection
    return await withTaskCancellationHandler {
      switch self.machine.withLock({ $0.read(nil) }) {
      case .deliver(let items): return .items(items)
      case .finish(let outcome): return .finished(outcome)
      case .wait: break
      }
      return await withCheckedContinuation { continuation in
        switch self.machine.withLock({ $0.read(continuation) }) {
        case .deliver(let items): continuation.resume(returning: .items(items))
        case .finish(let outcome): continuation.resume(returning: .finished(outcome))
        case .wait: break
        }
      }
    } onCancel: {
      connection.cancel(key: key)
    }
  }

  // MARK: - Requests

  /// Sends `requests` as credit allows, then says that there are no more. Ends early, without an error, once the call has ended.
  func send<Requests: AsyncSequence>(_ requests: Requests) async where Requests.Element: WireMessage {
    let key = self.key
    let connection = self.connection
    await withTaskCancellationHandler {
      do {
        var frame = ByteBuffer()
        var iterator = requests.makeAsyncIterator()
        while let id = await self.credit() {
          guard let request = try await iterator.next() else { return connection.halfClose(id: id) }
          frame.clear()
          let item = FrameEncoder().begin(.item, id: id, into: &frame)
          let start = frame.writerIndex
          request.encode(into: &frame)
          let bytes = frame.writerIndex - start
          let length = FrameEncoder().finish(item, into: &frame)
          self.machine.withLock { $0.charge(bytes) }
          guard try connection.sendItem(id: id, frame: frame, length: length) else { return }
        }
      } catch {
        self.requestFailure.withLock { $0 = $0 ?? error }
        connection.cancel(key: key)
      }
    } onCancel: {
      connection.cancel(key: key)
    }
  }

  /// The error of the request side, if it had one before the call ended otherwise.
  var failureOfRequests: (any Error)? { self.requestFailure.withLock { $0 } }

  /// Ends the call if it has not ended: nobody is interested any more.
  func leave() {
    self.connection.cancel(key: self.key)
  }

  /// Waits until an item may be sent; nil once the call has ended.
  private func credit() async -> UInt64? {
    while true {
      switch self.machine.withLock({ $0.requestSend(nil) }) {
      case .send(let id): return id
      case .stop: return nil
      case .wait: break
      }
      await withCheckedContinuation { continuation in
        switch self.machine.withLock({ $0.requestSend(continuation) }) {
        case .send, .stop: continuation.resume()
        case .wait: break
        }
      }
    }
  }
}
