// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import NIOCore

/// One try of a call: what its call frame says, and who waits for its end.
final class OutgoingCall: Sendable {
  /// Who is told what becomes of the call.
  enum Sink: Sendable {
    case unary(CheckedContinuation<CallOutcome, Never>)
    case stream(StreamingCall)
  }

  /// Known before the id is, so that a call can be cancelled at any moment.
  let key: UInt64
  let method: String
  let body: ByteBuffer?
  let isOpen: Bool
  let receivesItems: Bool
  let actor: String?
  let metadata: [String: [String]]
  let deadline: NIODeadline?
  let sink: Sink

  init(
    key: UInt64,
    method: MethodDescriptor,
    body: ByteBuffer?,
    options: CallOptions,
    deadline: NIODeadline?,
    sink: Sink
  ) {
    self.key = key
    self.method = method.name
    self.body = body
    self.isOpen = method.kind.streamsRequests
    self.receivesItems = method.kind.streamsResponses
    self.actor = options.actor
    self.metadata = options.metadata
    self.deadline = deadline
    self.sink = sink
  }

  /// Appends the call frame and returns its length.
  @discardableResult
  func write(id: UInt64, now: NIODeadline, to buffer: inout ByteBuffer) -> Int {
    // Rounded up: the daemon is not to give up before the caller does, and 0 would be no time at all.
    let timeout = self.deadline.map { max(1, (($0 - now).nanoseconds + 999_999) / 1_000_000) }
    let head = CallHead(
      id: id, method: .named(self.method), timeoutMilliseconds: timeout, open: self.isOpen, actor: self.actor, metadata: self.metadata)
    return FrameEncoder().write(.call(head), body: self.body, into: &buffer)
  }

  func finish(_ outcome: CallOutcome) {
    switch self.sink {
    case .unary(let continuation): continuation.resume(returning: outcome)
    case .stream(let call): call.finished(outcome)
    }
  }
}
