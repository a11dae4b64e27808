// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import RPCServer

/// What a server owes a client, clause by clause of `protocol/SPEC.md`.
struct ServerModel {
  /// A failure by what a program can tell of it.
  struct Failure: Equatable {
    var code: StatusCode
    var reason: String?

    init(_ status: Status) { (self.code, self.reason) = (status.code, status.reason) }
    init(_ code: StatusCode, _ reason: String) { (self.code, self.reason) = (code, reason) }
  }

  enum Effect: Equatable {
    case hello
    case pong(Int64)
    case answer(method: Int)
    case start(method: Int, message: Bool, complete: Bool)
    case message(UInt64)
    case halfClose(UInt64)
    case cancel(UInt64, Failure)
    /// Nil: OK.
    case end(UInt64, Failure?)
    case creditAvailable(UInt64)
    case refuse
    case protocolError

    init?(_ action: ConnectionStateMachine.Action) {
      switch action {
      case .none: return nil
      case .hello: self = .hello
      case .pong(let number): self = .pong(number)
      case .answer(let method): self = .answer(method: method)
      case .start(let method, _, let message, let complete): self = .start(method: method, message: message, complete: complete)
      case .message(let id): self = .message(id)
      case .halfClose(let id): self = .halfClose(id)
      case .cancel(let id, let status): self = .cancel(id, Failure(status))
      case .end(let id, let status, _): self = .end(id, Failure(status))
      case .creditAvailable(let id): self = .creditAvailable(id)
      case .refuse: self = .refuse
      case .protocolError: self = .protocolError
      }
    }
  }

  struct Call {
    let method: Int
    let kind: CallKind
    var deadline: Int64?
    var isHalfClosed: Bool
    var messages: Int
    /// What the client may still send, by all the credit it was given; may be below 0.
    var requestCredit: Int64
    /// Bytes of items that the work has not consumed yet.
    var unconsumed = 0
    /// Bytes consumed and not given back.
    var owed: Int64 = 0
    var responseCredit: Int64?
    var hasWork = false
    var cancelled: Failure?
  }

  private enum Phase {
    case untouched, open, draining, closed
  }

  private var phase = Phase.untouched
  private(set) var calls: [UInt64: Call] = [:]
  private(set) var lastID: UInt64 = 0
  private var gaps: [ClosedRange<UInt64>] = []
  private var goawayID: UInt64?
  private var drainDue: Int64?
  private var firstFrameDue: Int64
  private var inputClosed = false
  private var clientWindow: Int64?

  private static let greatest: Int64 = (1 << 53) - 1
  private static let yearInMilliseconds: Int64 = 365 * 24 * 3600 * 1000
  private static let graceOfCancelling: Int64 = 1000

  init(now: Int64) { self.firstFrameDue = now + 10_000 }

  var takenID: UInt64 { self.goawayID ?? self.lastID }

  /// X-1, G-4.
  var isFinished: Bool { self.phase != .closed && self.calls.isEmpty && (self.inputClosed || self.phase == .draining) }

  /// The earliest moment at which something has to happen by itself.
  var nextDue: Int64? {
    guard self.phase != .closed else { return nil }
    var due = self.calls.values.compactMap(\.deadline)
    if self.phase == .untouched { due.append(self.firstFrameDue) }
    if let drainDue, !self.calls.isEmpty { due.append(drainDue) }
    return due.min()
  }

  private var ids: [UInt64] { self.calls.keys.sorted() }

  // MARK: - Frames

  mutating func receive(_ head: FrameHead, body: Int?, oversize: Int?, now: Int64) -> Effect? {
    guard self.phase != .closed else { return nil }
    let isFirst = self.phase == .untouched
    if isFirst { self.phase = .open }
    switch head {
    case .call(let call): return self.receive(call, body: body, oversize: oversize, now: now)
    case .item(let id): return self.receiveItem(id, bytes: body ?? 0, oversize: oversize)
    case .done(let id): return self.receiveDone(id)
    case .cancel(let id):
      guard self.wasMade(id) else { return .protocolError }  // C-10
      return self.cancel(id, Failure(.cancelled, "CANCELLED"), now: now)  // K-1
    case .credit(let id, let bytes):
      guard self.wasMade(id) else { return .protocolError }
      guard let call = self.calls[id], let credit = call.responseCredit else { return nil }  // C-9, W-8
      self.calls[id]?.responseCredit = min(credit + bytes, Self.greatest)  // W-7
      return .creditAvailable(id)
    case .hello(let hello):
      guard isFirst else { return .protocolError }  // N-2
      self.clientWindow = hello.window
      return .hello  // N-3
    case .ping(let number): return .pong(number)  // H-15
    case .pong, .ignorable: return nil  // H-16, H-5
    case .end, .goaway: return .protocolError  // H-11
    }
  }

  /// C-9: an id that was skipped was never used, as far as 256 gaps are remembered.
  private func wasMade(_ id: UInt64) -> Bool { id <= self.lastID && !self.gaps.contains { $0.contains(id) } }

  /// In the order of C-17.
  private mutating func receive(_ head: CallHead, body: Int?, oversize: Int?, now: Int64) -> Effect? {
    guard head.id > self.lastID else { return .protocolError }  // C-2
    if head.id - self.lastID > 1 { self.gaps = (self.gaps + [self.lastID + 1...head.id - 1]).suffix(256) }
    self.lastID = head.id
    if let violation = head.violation { return .end(head.id, Failure(violation)) }  // H-9
    if self.calls.count >= ServerTarget.limits.callsPerConnection {
      return .end(head.id, Failure(.resourceExhausted, "LIMIT_REACHED"))  // C-12
    }
    if self.goawayID != nil { return .end(head.id, Failure(.unavailable, "DRAINING")) }  // G-2
    if oversize != nil { return .end(head.id, Failure(.resourceExhausted, "MESSAGE_TOO_LARGE")) }  // F-7
    guard case .known(let method) = head.method else { return .end(head.id, Failure(.unimplemented, "UNKNOWN_METHOD")) }  // C-7
    if head.actor == "denied" { return .end(head.id, Failure(.permissionDenied, "DELEGATE_MISSING")) }
    if head.timeoutMilliseconds == 0 { return .end(head.id, Failure(.deadlineExceeded, "DEADLINE_EXCEEDED")) }  // K-3
    let shape = ServerTarget.methods[method]
    if shape.execution == .inline, !head.open, (body ?? 0) <= ServerTarget.limits.inlineBytes { return .answer(method: method) }
    let timeout = head.timeoutMilliseconds ?? (shape.kind == .unary ? 30_000 : nil)  // K-4
    let hasMessage = !head.open || body != nil  // C-4, C-5
    self.calls[head.id] = Call(
      method: method, kind: shape.kind, deadline: timeout.map { now + min($0, Self.yearInMilliseconds) }, isHalfClosed: !head.open,
      messages: hasMessage ? 1 : 0, requestCredit: ServerTarget.limits.requestWindow, responseCredit: head.window ?? self.clientWindow,
      hasWork: shape.execution == .stream && shape.kind.streamsRequests)
    return .start(method: method, message: hasMessage, complete: !head.open)
  }

  private mutating func receiveItem(_ id: UInt64, bytes: Int, oversize: Int?) -> Effect? {
    guard self.wasMade(id) else { return .protocolError }
    guard let call = self.calls[id], call.cancelled == nil else { return nil }
    if oversize != nil { return self.end(id, Failure(.resourceExhausted, "MESSAGE_TOO_LARGE")) }  // F-8
    if call.isHalfClosed { return self.end(id, Failure(.invalidArgument, "UNEXPECTED_MESSAGE")) }  // S-6
    if call.requestCredit <= 0 { return self.end(id, Failure(.resourceExhausted, "CREDIT_EXHAUSTED")) }  // W-5
    if call.messages == 1, !call.kind.streamsRequests { return self.end(id, Failure(.invalidArgument, "UNEXPECTED_MESSAGE")) }  // C-6
    self.calls[id]?.messages += 1
    self.calls[id]?.requestCredit -= Int64(bytes)
    self.calls[id]?.unconsumed += bytes
    return .message(id)
  }

  private mutating func receiveDone(_ id: UInt64) -> Effect? {
    guard self.wasMade(id) else { return .protocolError }
    guard let call = self.calls[id], call.cancelled == nil, !call.isHalfClosed else { return nil }  // S-7
    self.calls[id]?.isHalfClosed = true
    if call.messages == 0, !call.kind.streamsRequests { return self.end(id, Failure(.invalidArgument, "MISSING_MESSAGE")) }  // C-6
    return .halfClose(id)
  }

  // MARK: - Work

  mutating func startWork(_ id: UInt64) -> Bool {
    self.calls[id]?.hasWork = true
    return self.calls[id] != nil
  }

  /// Nil where the call has ended before (C-1).
  mutating func finishWork(_ id: UInt64, failure: Failure?) -> Effect? {
    guard let call = self.calls.removeValue(forKey: id) else { return nil }
    // K-6: a result that is there stands. K-5: an error does not show after a cancellation. S-10: a stream that was cut is not complete.
    let isWhole = failure == nil && !(call.kind.streamsResponses && call.cancelled != nil)
    return .end(id, isWhole ? nil : call.cancelled ?? failure)
  }

  func mayRespond(_ id: UInt64) -> ConnectionStateMachine.Permit {
    guard let call = self.calls[id], call.cancelled == nil else { return .gone }
    guard let credit = call.responseCredit else { return .go }  // W-3
    return credit > 0 ? .go : .wait  // W-4
  }

  mutating func responded(_ id: UInt64, bytes: Int) {
    if let credit = self.calls[id]?.responseCredit { self.calls[id]?.responseCredit = credit - Int64(bytes) }
  }

  /// W-6: as many bytes as the bodies had, in the long run; and never so little that a client which waits for credit waits for ever.
  mutating func consumed(_ id: UInt64, bytes: Int, credit: Int64?) throws(Discrepancy) {
    guard var call = self.calls[id] else { return try requireEqual(credit, nil, "credit for a call that has ended") }
    call.unconsumed -= bytes
    guard !call.isHalfClosed else {
      self.calls[id] = call
      return try requireEqual(credit, nil, "credit for a call that sends no more")
    }
    call.owed += Int64(bytes)
    if let credit {
      try requireEqual(credit, call.owed, "the credit given")
      call.requestCredit += credit
      call.owed = 0
    }
    try require(call.requestCredit > 0 || call.unconsumed > 0, "everything is consumed, and the client has no credit")
    try requireEqual(
      call.requestCredit + call.owed + Int64(call.unconsumed), ServerTarget.limits.requestWindow, "credit, owed and unconsumed bytes")
    self.calls[id] = call
  }

  // MARK: - Ends and time

  mutating func end(_ id: UInt64, _ failure: Failure) -> Effect? {
    self.calls.removeValue(forKey: id) == nil ? nil : .end(id, failure)
  }

  /// A call that nobody works for ends at once, another when its work returns.
  private mutating func cancel(_ id: UInt64, _ failure: Failure, now: Int64) -> Effect? {
    guard let call = self.calls[id], call.cancelled == nil else { return nil }
    guard call.hasWork else { return self.end(id, failure) }
    self.calls[id]?.cancelled = failure
    self.calls[id]?.deadline = now + Self.graceOfCancelling
    return .cancel(id, failure)
  }

  ///
  mutating func closeInput(now: Int64) -> [Effect] {
    self.inputClosed = true
    let sending = self.ids.filter { self.calls[$0]?.isHalfClosed == false }
    return sending.compactMap { self.cancel($0, Failure(.cancelled, "CANCELLED"), now: now) }
  }

  /// G-1, G-3.
  mutating func drain(grace: Int64, now: Int64) -> (lastID: UInt64, effects: [Effect])? {
    guard self.phase == .untouched || self.phase == .open else { return nil }
    self.phase = .draining
    self.goawayID = self.lastID
    self.drainDue = now + grace
    let streams = self.ids.filter { self.calls[$0]?.kind != .unary }
    return (self.lastID, streams.compactMap { self.cancel($0, Failure(.unavailable, "DRAINING"), now: now) })
  }

  mutating func close() {
    self.phase = .closed
    self.calls = [:]
  }

  mutating func timerFired(now: Int64) -> [Effect] {
    guard self.phase != .closed else { return [] }
    if self.phase == .untouched, now >= self.firstFrameDue { return [.refuse] }
    var effects: [Effect] = []
    if let due = self.drainDue, now >= due {
      self.drainDue = nil
      effects += self.ids.compactMap { self.cancel($0, Failure(.unavailable, "DRAINING"), now: now) }
    }
    for id in self.ids {
      guard let call = self.calls[id], let deadline = call.deadline, deadline <= now else { continue }
      // K-2; and a second time where the work did not return.
      let late = Failure(.deadlineExceeded, "DEADLINE_EXCEEDED")
      let effect = call.cancelled.map { self.end(id, $0) } ?? self.cancel(id, late, now: now)
      if let effect { effects.append(effect) }
    }
    return effects
  }
}
