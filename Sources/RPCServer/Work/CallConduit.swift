// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import DequeModule
internal import NIOCore
internal import Synchronization

/// Joins the task of a call to its connection: request messages one way, responses the other, and the order to stop.
///
/// The task's side suspends; the connection's side never does. Requests are bounded by the credit that the client was given,
/// responses by `responseBytes`.
final class CallConduit: CallStreams, Sendable {
  /// Responses that may wait for credit or for the socket before `send` waits too.
  private static let responseBytes = 64 << 10

  /// Lets another thread cancel the task while its work runs; it is taken away before the work returns.
  private struct RunningTask: @unchecked Sendable {
    var task: UnsafeCurrentTask
  }

  private struct Request {
    var body: ByteBuffer
    /// Whether the client is owed credit for it.
    var isCredited: Bool
  }

  private struct State {
    var requests: Deque<Request> = []
    var requestsComplete = false
    var responses: Deque<ByteBuffer> = []
    var responseBytes = 0
    var failure: Status?
    /// Who waits; mostly nobody or one.
    var readers: [CheckedContinuation<Void, Never>] = []
    var writers: [CheckedContinuation<Void, Never>] = []
  }

  private let id: UInt64
  private let mailbox: Mailbox
  private let state = Mutex(State())
  /// A lock of its own, held while the task is cancelled: handlers of that cancellation run at once and take the other one.
  private let running = Mutex<RunningTask?>(nil)

  init(id: UInt64, mailbox: Mailbox) {
    self.id = id
    self.mailbox = mailbox
  }

  // MARK: - The task's side

  /// Runs the work of the call in the present task and posts what it returns.
  func run(_ work: @Sendable () async throws(Status) -> ByteBuffer?) async {
    let result: Result<ByteBuffer?, Status> = await withUnsafeCurrentTask { task in
      let failure = self.running.withLock { running -> Status? in
        let failure = self.state.withLock { $0.failure }
        if failure == nil { running = task.map { RunningTask(task: $0) } }
        return failure
      }
      // The reference must not outlive this closure.
      defer { self.running.withLock { $0 = nil } }
      if let failure { return .failure(failure) }
      do throws(Status) {
        return .success(try await work())
      } catch {
        return .failure(error)
      }
    }
    self.mailbox.post(.finished(self.id, result))
  }

  func nextRequest() async throws(Status) -> ByteBuffer? {
    while true {
      let (failure, request, isOver) = self.state.withLock { state in
        (state.failure, state.failure == nil ? state.requests.popFirst() : nil, state.requestsComplete)
      }
      if let failure { throw failure }
      if let request {
        if request.isCredited { self.mailbox.post(.consumed(self.id, bytes: request.body.readableBytes)) }
        return request.body
      }
      if isOver { return nil }
      try await self.suspend(.readers)
    }
  }

  var isRequestWaiting: Bool {
    self.state.withLock { !$0.requests.isEmpty || $0.requestsComplete || $0.failure != nil }
  }

  func send(_ body: ByteBuffer) async throws(Status) {
    while true {
      let (failure, isQueued) = self.state.withLock { state -> (Status?, Bool) in
        if let failure = state.failure { return (failure, false) }
        guard state.responseBytes < Self.responseBytes else { return (nil, false) }
        state.responses.append(body)
        state.responseBytes += body.readableBytes + 1
        return (nil, true)
      }
      if let failure { throw failure }
      if isQueued { return self.mailbox.post(.responses(self.id)) }
      try await self.suspend(.writers)
    }
  }

  private enum Side {
    case readers, writers
  }

  /// Waits until the connection's side has changed something or the task is cancelled.
  private func suspend(_ side: Side) async throws(Status) {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let mustWait = self.state.withLock { state in
          guard !Task.isCancelled, state.failure == nil else { return false }
          switch side {
          case .readers:
            guard state.requests.isEmpty, !state.requestsComplete else { return false }
            state.readers.append(continuation)
          case .writers:
            guard state.responseBytes >= Self.responseBytes else { return false }
            state.writers.append(continuation)
          }
          return true
        }
        if !mustWait { continuation.resume() }
      }
    } onCancel: {
      self.wake(side)
    }
    if Task.isCancelled { throw self.state.withLock { $0.failure } ?? .cancelled("The work of the call was cancelled") }
  }

  private func wake(_ side: Side) {
    let waiting = self.state.withLock { state in
      switch side {
      case .readers:
        defer { state.readers = [] }
        return state.readers
      case .writers:
        defer { state.writers = [] }
        return state.writers
      }
    }
    for continuation in waiting { continuation.resume() }
  }

  // MARK: - The connection's side

  /// Returns the number of messages that wait.
  @discardableResult
  func deliver(_ body: ByteBuffer, isCredited: Bool) -> Int {
    let count = self.state.withLock { state in
      state.requests.append(Request(body: body, isCredited: isCredited))
      return state.requests.count
    }
    self.wake(.readers)
    return count
  }

  func completeRequests() {
    self.state.withLock { $0.requestsComplete = true }
    self.wake(.readers)
  }

  /// The next response; taking it makes room for another.
  func takeResponse() -> ByteBuffer? {
    let (body, isRoomy) = self.state.withLock { state -> (ByteBuffer?, Bool) in
      guard let body = state.responses.popFirst() else { return (nil, false) }
      state.responseBytes -= body.readableBytes + 1
      return (body, state.responseBytes < Self.responseBytes / 2 && !state.writers.isEmpty)
    }
    if isRoomy { self.wake(.writers) }
    return body
  }

  var hasResponses: Bool { self.state.withLock { !$0.responses.isEmpty } }

  /// Stops the task: its streams throw `status` from now on.
  func cancel(_ status: Status) {
    self.state.withLock { state in
      if state.failure == nil { state.failure = status }
      state.requests = []
      state.responses = []
    }
    self.running.withLock { $0?.task.cancel() }
    self.wake(.readers)
    self.wake(.writers)
  }
}
