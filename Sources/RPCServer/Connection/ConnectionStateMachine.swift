// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyWire
internal import DequeModule
package import NIOCore

/// The rules of one connection: a value that is told what happened and answers what to do. It does no IO and has no clock.
///
/// Three kinds of inputs are not as they should be, and each has its own way:
/// - What the peer may not send is a ``Action/protocolError(_:)``, or the end of the one call it belongs to.
/// - What crosses the end of a call on its way, such as an item or a cancel, is ignored.
/// - What this program may not do (to end a call twice, to answer without credit) is answered by `gone` or `wait`, and so has no effect.
package struct ConnectionStateMachine {
  package enum Phase: Hashable, CaseIterable {
    /// Nothing was received: a hello may still come.
    case awaitingFirstFrame
    case open
    /// A goaway was sent; calls up to it are finished, others refused.
    case draining
    /// What is received is thrown away.
    case closing
  }

  package enum Action: Equatable {
    case none
    /// Answer the client's hello.
    case hello
    case pong(Int64)
    /// Run an inline handler and write its answer: the call is over with that and was never open.
    case answer(method: Int)
    /// The call is open; `message`: the frame's body is its first message; `complete`: there will be no other.
    case start(method: Int, deadline: NIODeadline?, message: Bool, complete: Bool)
    /// The frame's body is the next message of a call.
    case message(UInt64)
    /// There will be no other message.
    case halfClose(UInt64)
    /// Stop the work of a call; its end is owed until the work returns.
    case cancel(UInt64, Status)
    /// The call is over: write its end, and stop its work if it has some.
    case end(UInt64, Status, method: Int?)
    /// Items that waited may be sent.
    case creditAvailable(UInt64)
    /// Send a goaway and close.
    case refuse(GoawayHead)
    case protocolError(FrameError)

    /// Whether it is for the body that the frame came.
    var takesBody: Bool {
      switch self {
      case .answer, .message: true
      case .start(_, _, let message, _): message
      default: false
      }
    }
  }

  struct Call {
    let method: Int
    let kind: CallKind
    let timeoutMilliseconds: Int64
    var deadline: NIODeadline?
    var requestsComplete: Bool
    var messages: Int
    var requestCredit: Int64
    /// Bytes that were consumed and for which no credit was given yet.
    var owedCredit: Int64 = 0
    /// nil: uncredited.
    var responseCredit: Int64?
    /// A task works for the call.
    var isRunning = false
    /// Why its work was told to stop.
    var cancelling: Status?
  }

  package let limits: ServerLimits
  private let methods: [MethodShape]
  package private(set) var phase = Phase.awaitingFirstFrame
  package private(set) var inputIsClosed = false
  /// The highest id that the client has used.
  package private(set) var lastID: UInt64 = 0
  /// Ids that the client skipped over, and so never used; the oldest are forgotten beyond the limit.
  private var skipped: Deque<ClosedRange<UInt64>> = []
  package static let skippedLimit = 256
  /// The highest id that was taken on before the goaway.
  private var drainedID: UInt64?
  private var calls = CallTable<Call>()
  /// The longest frame that the client takes.
  package private(set) var clientMaxFrame = WireLimits.defaultMaxFrame
  private var clientWindow: Int64?

  private var firstFrameDeadline: NIODeadline
  private var drainDeadline: NIODeadline?
  /// No later than the first deadline of a call.
  private var callDeadline: NIODeadline?

  package init(limits: ServerLimits, methods: [MethodShape], now: NIODeadline) {
    self.limits = limits
    self.methods = methods
    self.firstFrameDeadline = now + limits.firstFrame
  }

  package var openCalls: Int { self.calls.count }

  /// The highest id that was taken on: what a goaway tells.
  package var takenID: UInt64 { self.drainedID ?? self.lastID }

  /// Nothing is left to do: the connection is to be closed once all is written.
  package var isFinished: Bool { self.phase != .closing && self.calls.isEmpty && (self.inputIsClosed || self.phase == .draining) }

  // MARK: - Frames

  /// A frame came. `body`: its length in bytes, nil where it has none; `unread`: why the body is not kept, where it is not.
  package mutating func receive(
    _ head: FrameHead, body: Int?, unread: Status? = nil, now: NIODeadline, access: (_ method: Int, _ actor: String?) -> Status?
  ) -> Action {
    let isFirst = self.phase == .awaitingFirstFrame
    if isFirst { self.phase = .open }
    if self.phase == .closing { return .none }
    switch head {
    case .call(let call): return self.receiveCall(call, body: body, unread: unread, now: now, access: access)
    case .item(let id): return self.receiveItem(id, bytes: body ?? 0, unread: unread)
    case .done(let id): return self.receiveDone(id)
    case .cancel(let id):
      guard self.wasUsed(id) else { return .protocolError(Self.unused(id, "cancel")) }
      return self.cancel(id, .cancelled("The client cancelled the call"), now: now)
    case .credit(let id, let bytes): return self.receiveCredit(id, bytes: bytes)
    case .hello(let hello):
      guard isFirst else { return .protocolError(FrameError("a hello must be the first frame")) }
      if let maxFrame = hello.maxFrame { self.clientMaxFrame = Int(min(maxFrame, Int64(WireLimits.largestFrame))) }
      self.clientWindow = hello.window
      return .hello
    case .ping(let number): return .pong(number)
    case .pong, .ignorable: return .none
    case .end: return .protocolError(FrameError("end is sent by servers only"))
    case .goaway: return .protocolError(FrameError("goaway is sent by servers only"))
    }
  }

  private func wasUsed(_ id: UInt64) -> Bool {
    id <= self.lastID && (self.calls[id] != nil || !self.skipped.contains { $0.contains(id) })
  }

  private mutating func receiveCall(
    _ head: CallHead, body: Int?, unread: Status?, now: NIODeadline, access: (Int, String?) -> Status?
  ) -> Action {
    guard head.id > self.lastID else {
      return .protocolError(FrameError("call \(head.id) is not above \(self.lastID), the last one; ids increase"))
    }
    if head.id > self.lastID + 1 {
      self.skipped.append(self.lastID + 1...head.id - 1)
      if self.skipped.count > Self.skippedLimit { self.skipped.removeFirst() }
    }
    self.lastID = head.id
    if let violation = head.violation { return .end(head.id, violation, method: nil) }
    guard self.calls.count < self.limits.callsPerConnection else {
      return .end(head.id, self.tooManyCalls, method: nil)
    }
    if self.drainedID != nil { return .end(head.id, .draining(), method: nil) }
    if let unread { return .end(head.id, unread, method: nil) }
    let index: Int
    switch head.method {
    case .known(let known): index = known
    case .named(let name): return .end(head.id, .unimplemented(method: name), method: nil)
    }
    if let denial = access(index, head.actor) { return .end(head.id, denial, method: index) }
    if head.timeoutMilliseconds == 0 { return .end(head.id, .deadlineExceeded(milliseconds: 0), method: index) }
    let shape = self.methods[index]
    if !head.open, shape.execution == .inline, (body ?? 0) <= self.limits.inlineBytes { return .answer(method: index) }
    return self.open(head, method: index, shape: shape, hasMessage: body != nil || !head.open, now: now)
  }

  private mutating func open(_ head: CallHead, method: Int, shape: MethodShape, hasMessage: Bool, now: NIODeadline) -> Action {
    let timeout = head.timeoutMilliseconds ?? (shape.kind == .unary ? self.limits.unaryTimeout.milliseconds : nil)
    let deadline = timeout.map { now + .milliseconds(min($0, Self.longestTimeout)) }
    var call = Call(
      method: method, kind: shape.kind, timeoutMilliseconds: timeout ?? 0, deadline: deadline, requestsComplete: !head.open,
      messages: hasMessage ? 1 : 0, requestCredit: self.limits.requestWindow, responseCredit: head.window ?? self.clientWindow)
    call.isRunning = shape.execution == .stream && shape.kind.streamsRequests
    self.calls[head.id] = call
    self.note(deadline)
    return .start(method: method, deadline: deadline, message: hasMessage, complete: !head.open)
  }

  private mutating func receiveItem(_ id: UInt64, bytes: Int, unread: Status?) -> Action {
    guard self.wasUsed(id) else { return .protocolError(Self.unused(id, "item")) }
    guard let call = self.calls[id], call.cancelling == nil else { return .none }
    if let unread { return self.end(id, unread) }
    if call.requestsComplete { return self.end(id, .unexpectedMessage("An item came after the last message of call \(id)")) }
    if call.requestCredit <= 0 { return self.end(id, .creditExhausted(id: id)) }
    if !call.kind.streamsRequests, call.messages > 0 {
      return self.end(id, .unexpectedMessage("Call \(id) is of a method that takes one message, and a second came"))
    }
    self.calls[id]?.requestCredit -= Int64(bytes)
    self.calls[id]?.messages += 1
    return .message(id)
  }

  private mutating func receiveDone(_ id: UInt64) -> Action {
    guard self.wasUsed(id) else { return .protocolError(Self.unused(id, "done")) }
    guard let call = self.calls[id], call.cancelling == nil, !call.requestsComplete else { return .none }
    self.calls[id]?.requestsComplete = true
    if !call.kind.streamsRequests, call.messages == 0 { return self.end(id, .missingMessage(method: self.methods[call.method].name)) }
    return .halfClose(id)
  }

  private mutating func receiveCredit(_ id: UInt64, bytes: Int64) -> Action {
    guard self.wasUsed(id) else { return .protocolError(Self.unused(id, "credit")) }
    guard let credit = self.calls[id]?.responseCredit else { return .none }
    let (sum, overflows) = credit.addingReportingOverflow(bytes)
    self.calls[id]?.responseCredit = overflows ? WireLimits.largestInteger : min(sum, WireLimits.largestInteger)
    return .creditAvailable(id)
  }

  // MARK: - Work

  /// A task has begun to work for the call; false where the call is over.
  package mutating func taskStarted(_ id: UInt64) -> Bool {
    guard self.calls[id] != nil else { return false }
    self.calls[id]?.isRunning = true
    return true
  }

  package enum Finish: Equatable {
    /// The call was ended before.
    case gone
    case end(Status?, method: Int)
  }

  /// The work of a call has returned. A response that is there stands, whatever was cancelled meanwhile, since it may tell of a commit;
  /// an error does not show then, and a stream of responses is not complete.
  package mutating func finished(_ id: UInt64, failure: Status?) -> Finish {
    guard let call = self.calls.removeValue(forKey: id) else { return .gone }
    guard let failure = failure ?? (call.kind.streamsResponses ? call.cancelling : nil) else { return .end(nil, method: call.method) }
    return .end(call.cancelling ?? failure, method: call.method)
  }

  package enum Permit: Equatable {
    case go
    /// The client has given no credit.
    case wait
    case gone
  }

  /// Whether an item of the call may be sent now.
  package func mayRespond(_ id: UInt64) -> Permit {
    guard let call = self.calls[id], call.cancelling == nil else { return .gone }
    return call.responseCredit.map { $0 > 0 } ?? true ? .go : .wait
  }

  /// An item with a body of `bytes` was written.
  package mutating func responded(_ id: UInt64, bytes: Int) {
    if let credit = self.calls[id]?.responseCredit { self.calls[id]?.responseCredit = credit - Int64(bytes) }
  }

  /// Items of `bytes` in all were consumed. Returns the credit to give now: small amounts are saved up.
  package mutating func consumed(_ id: UInt64, bytes: Int) -> Int64? {
    guard let call = self.calls[id], !call.requestsComplete else { return nil }
    let owed = call.owedCredit + Int64(bytes)
    guard owed > 0, owed >= self.limits.requestWindow / 2 || call.requestCredit <= 0 else {
      self.calls[id]?.owedCredit = owed
      return nil
    }
    self.calls[id]?.owedCredit = 0
    self.calls[id]?.requestCredit += owed
    return owed
  }

  // MARK: - Ends

  /// Ends a call at once, whatever its work does.
  package mutating func end(_ id: UInt64, _ status: Status) -> Action {
    guard let call = self.calls.removeValue(forKey: id) else { return .none }
    return .end(id, status, method: call.method)
  }

  /// Ends a call that has no work; where a task works for it, the task is told to stop and the end is owed.
  private mutating func cancel(_ id: UInt64, _ status: Status, now: NIODeadline) -> Action {
    guard let call = self.calls[id], call.cancelling == nil else { return .none }
    guard call.isRunning else { return self.end(id, status) }
    let deadline = now + self.limits.cancelGrace
    self.calls[id]?.cancelling = status
    self.calls[id]?.deadline = deadline
    self.note(deadline)
    return .cancel(id, status)
  }

  /// The client has closed its writing side.
  package mutating func inputClosed(now: NIODeadline) -> [Action] {
    self.inputIsClosed = true
    return self.sortedIDs { !$0.requestsComplete }.map {
      self.cancel($0, .cancelled("The client closed its writing side before done"), now: now)
    }
  }

  /// The server stops. Returns nothing where the connection is ending already.
  package mutating func beginDrain(grace: TimeAmount, now: NIODeadline) -> (goaway: GoawayHead, actions: [Action])? {
    guard self.phase == .awaitingFirstFrame || self.phase == .open else { return nil }
    self.phase = .draining
    self.drainedID = self.lastID
    self.drainDeadline = now + grace
    let goaway = GoawayHead(
      lastID: self.lastID, reason: "DRAINING", graceMilliseconds: grace.milliseconds,
      message: "The server is shutting down. Send further calls on a new connection.")
    let streams = self.sortedIDs { $0.kind != .unary }
    return (goaway, streams.map { self.cancel($0, .streamDrained(), now: now) })
  }

  /// The connection cannot go on: what still comes is thrown away, what is at work is dropped without an end.
  package mutating func close() {
    self.phase = .closing
    self.calls = CallTable()
  }

  // MARK: - Time

  /// When ``timerFired(now:)`` is to be called next.
  package var nextDeadline: NIODeadline? {
    guard self.phase != .closing else { return nil }
    let first = self.phase == .awaitingFirstFrame ? self.firstFrameDeadline : nil
    return [first, self.calls.isEmpty ? nil : self.drainDeadline, self.callDeadline].compactMap { $0 }.min()
  }

  package mutating func timerFired(now: NIODeadline) -> [Action] {
    guard self.phase != .closing else { return [] }
    if self.phase == .awaitingFirstFrame, now >= self.firstFrameDeadline {
      let seconds = self.limits.firstFrame.milliseconds
      return [
        .refuse(
          GoawayHead(
            lastID: 0, reason: "FIRST_FRAME_TIMEOUT",
            message: "Nothing was sent for \(seconds) ms. Connect when there is something to send."))
      ]
    }
    var actions: [Action] = []
    if let deadline = self.drainDeadline, now >= deadline {
      self.drainDeadline = nil
      actions += self.sortedIDs { $0.cancelling == nil }.map { self.cancel($0, .drainedAtWork(), now: now) }
    }
    for id in self.sortedIDs({ $0.deadline.map { $0 <= now } ?? false }) {
      guard let call = self.calls[id] else { continue }
      if let status = call.cancelling {
        actions.append(self.end(id, status))
      } else {
        actions.append(self.cancel(id, .deadlineExceeded(milliseconds: call.timeoutMilliseconds), now: now))
      }
    }
    self.callDeadline = self.calls.values.compactMap(\.deadline).min()
    return actions
  }

  /// A year: so that a deadline cannot overflow the clock.
  private static let longestTimeout: Int64 = 365 * 24 * 3600 * 1000

  private mutating func note(_ deadline: NIODeadline?) {
    guard let deadline else { return }
    self.callDeadline = self.callDeadline.map { min($0, deadline) } ?? deadline
  }

  // MARK: - Words

  private func sortedIDs(_ isWanted: (Call) -> Bool) -> [UInt64] {
    self.calls.ids(where: isWanted)
  }

  private static func unused(_ id: UInt64, _ kind: String) -> FrameError {
    FrameError("\(kind) names call \(id), which was never made")
  }

  private var tooManyCalls: Status {
    .limitReached(
      "calls", value: self.limits.callsPerConnection, subject: "The connection",
      "Wait until one of its open calls has ended, or open another connection.")
  }
}
