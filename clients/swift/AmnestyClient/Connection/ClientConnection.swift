// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import NIOCore
internal import Synchronization

/// One connection to the daemon, shared by all callers.
///
/// Callers append their frames to one outgoing buffer under a lock, and the event loop writes what has gathered in one go: so many concurrent
/// calls cost one system call, and a call costs its caller one suspension.
final class ClientConnection: Sendable {
  private struct State {
    var machine: ConnectionStateMachine<OutgoingCall>
    var outgoing = ByteBuffer()
    var flushIsScheduled = false
    /// The moment for which the timer is set.
    var timer: NIODeadline?
    /// What the daemon accepts; known from its hello.
    var maxFrame = WireLimits.defaultMaxFrame
    /// Credit with which a stream of requests starts.
    var requestWindow = WireLimits.requestWindow
    var session: Session?
  }

  private let channel: any Channel
  private let nextKey = Atomic<UInt64>(1)
  private let state: Mutex<State>
  /// What this side said it accepts.
  let maxFrame: Int

  init(channel: any Channel, configuration: AmnestyClient.Configuration) {
    self.channel = channel
    self.maxFrame = configuration.maxFrame
    var state = State(machine: ConnectionStateMachine(limit: AmnestyClient.Configuration.openCalls))
    let hello = HelloHead(agent: configuration.agent, maxFrame: Int64(configuration.maxFrame), window: Int64(configuration.window))
    FrameEncoder().write(.hello(hello), into: &state.outgoing)
    self.state = Mutex(state)
  }

  /// Whether a new call may be started here.
  var acceptsCalls: Bool { self.state.withLock { $0.machine.acceptsCalls } }

  /// What the daemon's hello said; nil until it has come.
  var session: Session? { self.state.withLock { $0.session } }

  func makeKey() -> UInt64 { self.nextKey.wrappingAdd(1, ordering: .relaxed).oldValue }

  func close() -> EventLoopFuture<Void> {
    let promise = self.channel.eventLoop.makePromise(of: Void.self)
    self.channel.close(promise: promise)
    return promise.futureResult.flatMapErrorThrowing { error in
      guard case ChannelError.alreadyClosed = error else { throw error }
    }
  }

  // MARK: - Callers

  /// One try of a unary call.
  func unary(_ method: MethodDescriptor, body: ByteBuffer, options: CallOptions, deadline: NIODeadline?) async -> CallOutcome {
    let key = self.makeKey()
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        self.start(
          OutgoingCall(key: key, method: method, body: body, options: options, deadline: deadline, sink: .unary(continuation)))
      }
    } onCancel: {
      self.cancel(key: key)
    }
  }

  /// Sends the call, or lets it wait for its turn, or ends it at once. May be called from a task that was cancelled.
  ///
  /// - Returns: false where the connection takes no more calls, and another one might.
  @discardableResult
  func start(_ call: OutgoingCall) -> Bool {
    let now = self.channel.eventLoop.now
    var isGone = false
    let (refusal, work) = self.state.withLock { state -> (CallFailure?, Work) in
      // Under the lock: a cancellation comes before this or finds the call.
      if Task.isCancelled { return (CallFailure(.cancelled("The caller gave up before the call was sent"), neverExecuted: true), .none) }
      if let failure = Self.failure(of: call, maxFrame: state.maxFrame, now: now) { return (failure, .none) }
      let action = state.machine.start(
        call, key: call.key, deadline: call.deadline, isHalfClosed: !call.isOpen, receivesItems: call.receivesItems)
      switch action {
      case .send(let id):
        self.send(call, id: id, now: now, &state)
        return (nil, self.schedule(deadline: call.deadline, &state))
      case .wait:
        return (nil, self.schedule(deadline: call.deadline, &state))
      case .refuse:
        isGone = true
        return (CallFailure(.connectionLost("The connection went away"), neverExecuted: true), .none)
      }
    }
    if let refusal { call.finish(.failed(refusal)) }
    self.perform(work)
    return !isGone
  }

  /// Ends the call for its caller and tells the daemon; does nothing if it has ended or was never started.
  func cancel(key: UInt64) {
    let (call, work) = self.state.withLock { state -> (OutgoingCall?, Work) in
      switch state.machine.cancel(key: key) {
      case .sendCancel(let id, let call):
        FrameEncoder().write(.cancel(id), into: &state.outgoing)
        return (call, self.schedule(deadline: nil, &state))
      case .forget(let call): return (call, .none)
      case .none: return (nil, .none)
      }
    }
    call?.finish(.failed(CallFailure(.cancelled("The caller gave up"))))
    self.perform(work)
  }

  /// Sends an item's frame; false once the call takes none.
  func sendItem(id: UInt64, frame: ByteBuffer, length: Int) throws(Status) -> Bool {
    let (isSent, work, limit) = self.state.withLock { state -> (Bool, Work, Int?) in
      guard state.machine.maySendItem(id: id) else { return (false, .none, nil) }
      guard length <= state.maxFrame else { return (false, .none, state.maxFrame) }
      state.outgoing.writeImmutableBuffer(frame)
      return (true, self.schedule(deadline: nil, &state), nil)
    }
    if let limit { throw .messageTooLarge(bytes: length, limit: limit) }
    self.perform(work)
    return isSent
  }

  func halfClose(id: UInt64) {
    self.write { state in
      if state.machine.halfClose(id: id) { FrameEncoder().write(.done(id), into: &state.outgoing) }
    }
  }

  func giveCredit(id: UInt64, bytes: Int) {
    self.write { state in
      if state.machine.mayGiveCredit(id: id) { FrameEncoder().write(.credit(id, bytes: Int64(bytes)), into: &state.outgoing) }
    }
  }

  // MARK: - The event loop

  /// What the outgoing buffer holds; nil if nothing.
  func takeOutgoing() -> ByteBuffer? {
    self.state.withLock { state in
      state.flushIsScheduled = false
      guard state.outgoing.readableBytes > 0 else { return nil }
      let outgoing = state.outgoing
      // A fresh buffer of the same size as the last batch: the old one belongs to the channel now.
      state.outgoing = self.channel.allocator.buffer(capacity: min(outgoing.readableBytes, 1 << 16))
      return outgoing
    }
  }

  /// Takes all whole frames out of `decoder`.
  ///
  /// - Throws: why the connection cannot go on.
  func received(_ decoder: inout FrameDecoder) throws(FrameError) {
    var effects = Effects()
    let now = self.channel.eventLoop.now
    let failure = self.state.withLock { state -> FrameError? in
      do throws(FrameError) {
        while let frame = try decoder.next() { try self.handle(frame, now: now, &state, &effects) }
        return nil
      } catch {
        return error
      }
    }
    effects.perform()
    if let failure { throw failure }
  }

  /// The connection is gone, and with it every call.
  func closed(_ why: String) {
    let ended = self.state.withLock { state in
      state.outgoing.clear()
      return state.machine.closed()
    }
    for call in ended.cut { call.finish(.failed(CallFailure(.connectionLost(why)))) }
    for call in ended.unsent { call.finish(.failed(CallFailure(.connectionLost(why), neverExecuted: true))) }
  }

  private func handle(_ frame: RawFrame, now: NIODeadline, _ state: inout State, _ effects: inout Effects) throws(FrameError) {
    if let length = frame.oversize { throw FrameError("a frame of \(length) bytes, where at most \(self.maxFrame) were agreed") }
    switch try Self.head(of: frame) {
    case .item(let id):
      switch state.machine.item(id: id) {
      case .deliver(let call): effects.item(.message(frame.body), to: call)
      case .discard(let id):
        if let bytes = frame.body?.readableBytes, bytes > 0 {
          FrameEncoder().write(.credit(id, bytes: Int64(bytes)), into: &state.outgoing)
        }
      case .ignore: break
      case .protocolError: throw FrameError("item \(id) belongs to no stream")
      }
    case .end(let end):
      switch state.machine.ended(id: end.id) {
      case .finish(let call, let started):
        effects.finish(call, end.status.map { .failed(CallFailure($0)) } ?? .ended(frame.body))
        self.send(started, now: now, &state)
      case .release(let started): self.send(started, now: now, &state)
      case .protocolError: throw FrameError("end \(end.id) belongs to no open call")
      }
    case .credit(let id, let bytes):
      switch state.machine.credit(id: id) {
      case .grant(let call): effects.grant(bytes, to: call)
      case .ignore: break
      case .protocolError: throw FrameError("credit \(id) belongs to no call")
      }
    case .hello(let hello):
      if let maxFrame = hello.maxFrame { state.maxFrame = min(Int(maxFrame), WireLimits.largestFrame) }
      if let window = hello.window { state.requestWindow = max(WireLimits.requestWindow, window) }
      state.session = Session(hello)
      if let limit = hello.limits?["calls"] { self.send(state.machine.limitAnnounced(Int(limit)), now: now, &state) }
    case .ping(let number): FrameEncoder().write(.pong(number), into: &state.outgoing)
    case .goaway(let goaway):
      let status = Status.wentAway(goaway.reason, goaway.message)
      for call in state.machine.goaway(lastID: goaway.lastID) {
        effects.finish(call, .failed(CallFailure(status, neverExecuted: status.code == .unavailable)))
      }
    case .pong, .ignorable: break
    case .call, .done, .cancel: throw FrameError("a server does not send this kind of frame")
    }
  }

  private static func head(of frame: RawFrame) throws(FrameError) -> FrameHead {
    try frame.head.withUnsafeReadableBytes { bytes -> Result<FrameHead, FrameError> in
      Result { () throws(FrameError) in try HeadDecoder.decode(bytes, methods: nil) }
    }.get()
  }

  // MARK: -

  /// What is to be done once the lock is released.
  private struct Work {
    var flush = false
    var timer: NIODeadline?

    static var none: Work { Work() }
  }

  private static func failure(of call: OutgoingCall, maxFrame: Int, now: NIODeadline) -> CallFailure? {
    if let deadline = call.deadline, deadline <= now { return CallFailure(.deadlineExceeded(milliseconds: 0), neverExecuted: true) }
    let bytes = call.body?.readableBytes ?? 0
    // Without metadata the head is small.
    guard bytes > maxFrame - 512 || !call.metadata.isEmpty else { return nil }
    var frame = ByteBuffer()
    let length = call.write(id: ConnectionStateMachine<OutgoingCall>.greatestID, now: now, to: &frame)
    // A longer one would break the protocol, and cost the other calls of the connection.
    let head = length - bytes - 1
    if head > WireLimits.headBytes {
      let why = "the head has \(head) bytes, and at most \(WireLimits.headBytes) are taken; what is long belongs in the body"
      return CallFailure(.invalidHead(member: "metadata", why), neverExecuted: true)
    }
    return length <= maxFrame ? nil : CallFailure(.messageTooLarge(bytes: length, limit: maxFrame), neverExecuted: true)
  }

  private func send(_ call: OutgoingCall, id: UInt64, now: NIODeadline, _ state: inout State) {
    call.write(id: id, now: now, to: &state.outgoing)
    if case .stream(let stream) = call.sink { stream.started(id: id, credit: state.requestWindow) }
  }

  private func send(_ started: [ConnectionStateMachine<OutgoingCall>.Started], now: NIODeadline, _ state: inout State) {
    for next in started { self.send(next.call, id: next.id, now: now, &state) }
  }

  private func write(_ body: (inout State) -> Void) {
    let work = self.state.withLock { state -> Work in
      body(&state)
      return self.schedule(deadline: nil, &state)
    }
    self.perform(work)
  }

  private func schedule(deadline: NIODeadline?, _ state: inout State) -> Work {
    var work = Work()
    if !state.flushIsScheduled, state.outgoing.readableBytes > 0 {
      state.flushIsScheduled = true
      work.flush = true
    }
    if let deadline, state.timer.map({ deadline < $0 }) ?? true {
      state.timer = deadline
      work.timer = deadline
    }
    return work
  }

  private func perform(_ work: Work) {
    if work.flush {
      self.channel.eventLoop.execute { self.flush() }
    }
    if let deadline = work.timer {
      self.channel.eventLoop.scheduleTask(deadline: deadline) { self.timeIsUp(deadline) }
    }
  }

  private func flush() {
    guard let outgoing = self.takeOutgoing() else { return }
    self.channel.writeAndFlush(outgoing, promise: nil)
  }

  /// One timer serves all calls: it is set for the earliest deadline, and finds out then whose time is up.
  private func timeIsUp(_ moment: NIODeadline) {
    let now = self.channel.eventLoop.now
    let (expired, work) = self.state.withLock { state in
      // An earlier deadline came after this timer was set: its own timer does the rest.
      guard state.timer == moment else { return ([ConnectionStateMachine<OutgoingCall>.Expired](), Work.none) }
      state.timer = nil
      let expired = state.machine.expire(now: now)
      for call in expired {
        if let id = call.cancel { FrameEncoder().write(.cancel(id), into: &state.outgoing) }
      }
      return (expired, self.schedule(deadline: state.machine.nextDeadline, &state))
    }
    for one in expired {
      one.call.finish(.failed(CallFailure(.deadlinePassed, neverExecuted: one.cancel == nil)))
    }
    self.perform(work)
  }
}

extension ByteBuffer {
  /// A missing or empty body is an empty object.
  static func message(_ body: ByteBuffer?) -> ByteBuffer {
    body.flatMap { $0.readableBytes > 0 ? $0 : nil } ?? ByteBuffer(staticString: "{}")
  }
}
