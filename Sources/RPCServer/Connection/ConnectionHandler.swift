// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import Logging
internal import NIOCore
internal import Synchronization

/// Carries out what the state machine of a connection decides: reads frames, runs inline work, hands other work to tasks, and
/// answers each read with one write.
///
/// Everything here runs on the connection's event loop; tasks write to the mailbox.
final class ConnectionHandler: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// What the listener says of its connections.
  struct Origin: Sendable {
    var listener: String
    /// The roles that the listener lets through; nil: all.
    var roles: Set<String>?
    /// Who connected, or why that cannot be said.
    var identify: @Sendable (any Channel) -> Result<PeerIdentity, PeerUnidentified>
  }

  /// Bytes that are produced before they are handed to the socket, and the capacity that is kept.
  static let batchBytes = 128 << 10
  /// Bytes that are read ahead while the peer takes no answers.
  static let inputBytes = 256 << 10
  static let emptyObject = ByteBuffer(string: "{}")

  let core: ServerCore
  private let origin: Origin
  var machine: ConnectionStateMachine
  var access: ConnectionAccess?
  private var rightsVersion = 0
  private var hasLoggedDenial = false
  private(set) var registration: (id: Int, uid: UInt32)?

  var input: InputDecoder
  var encoder = FrameEncoder()
  var out = ByteBuffer()
  var work = CallTable<CallWork>()
  let mailbox = Mailbox()
  /// Calls whose items wait for the socket or for a turn.
  var waiting: Set<UInt64> = []
  private(set) lazy var session = String(UInt64.random(in: .min ... .max), radix: 16)

  /// When the frame or line that has begun must have ended.
  var frameDeadline: NIODeadline?
  /// What is counted of this connection in the server's budget.
  var keptBytes = 0

  private enum Closing {
    case no
    /// The last bytes are on their way.
    case flushing
    /// The writing side is shut down, the peer's end is awaited.
    case lingering
    case closed
  }

  private var closing = Closing.no
  var isClosing: Bool { self.closing != .no }
  private(set) var eofSeen = false
  private var eofProcessed = false
  private var isReadHeld = false
  private var isTurnScheduled = false
  private var isInTurn = false
  private var framesLeft = 0
  private var turnEnd = NIODeadline.distantFuture
  private(set) var now: NIODeadline

  private var timer: (at: NIODeadline, task: Scheduled<Void>)?
  private var stall: (deadline: NIODeadline, buffered: Int)?
  private var lingerDeadline: NIODeadline?
  private var writtenSinceStall = 0

  init(core: ServerCore, origin: Origin, now: NIODeadline) {
    self.core = core
    self.origin = origin
    self.now = now
    // A connection keeps the limits that its hello tells.
    let limits = core.limits
    self.machine = ConnectionStateMachine(limits: limits, methods: core.services.shapes, now: now)
    self.input = .undecided(maxFrame: limits.maxFrame)
  }

  // MARK: - Beginning and end

  func channelActive(context: ChannelHandlerContext) {
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    let loop = context.eventLoop
    self.now = loop.now
    let peer: PeerIdentity
    switch self.origin.identify(context.channel) {
    case .success(let identified): peer = identified
    case .failure(let failure):
      self.core.logger.notice(
        "refused a peer that the kernel does not identify",
        metadata: [
          LogKeys.listener: "\(self.origin.listener)", LogKeys.uid: "\(failure.uid.map { String($0) } ?? "unknown")",
          LogKeys.reason: "\(failure.reason)",
        ])
      let message = "The kernel does not say who you are. Connect as a user of this host, from its own namespaces."
      return self.refuse(context, GoawayHead(lastID: 0, reason: "UNIDENTIFIED_PEER", message: message))
    }
    self.mailbox.open { loop.execute { bound.value.0.receiveMail(bound.value.1) } }
    do throws(ConnectionAdmission.Refusal) {
      let id = try self.core.registry.enter(uid: peer.uid, now: self.now) { grace in
        loop.execute { bound.value.0.drain(bound.value.1, grace: grace) }
      }
      self.registration = (id, peer.uid)
    } catch {
      if self.core.registry.isFirstRefusal(uid: peer.uid) {
        self.core.logger.notice(
          "refused a connection above a limit",
          metadata: [LogKeys.listener: "\(self.origin.listener)", LogKeys.uid: "\(peer.uid)", LogKeys.reason: "\(error)"])
      }
      return self.refuse(context, GoawayHead(lastID: 0, reason: "LIMIT_REACHED", message: error.message))
    }
    self.rightsVersion = self.core.rightsVersion.load(ordering: .acquiring)
    self.access = self.makeAccess(peer)
    self.settle(context)
  }

  /// Logs what a caller lacked a role for, once a connection: a caller that asks on must not fill the log.
  func logDenial(_ denial: Status, _ head: FrameHead, method: Int) {
    guard !self.hasLoggedDenial, case .call(let call) = head else { return }
    self.hasLoggedDenial = true
    self.core.logger.notice(
      "refused a call for want of a role",
      metadata: [
        LogKeys.listener: "\(self.origin.listener)", LogKeys.uid: "\(self.registration?.uid ?? 0)", LogKeys.session: "\(self.session)",
        LogKeys.callID: "\(call.id)", LogKeys.method: "\(self.core.services.methods[method].descriptor.name)",
        LogKeys.reason: "\(denial.reason ?? "PERMISSION_DENIED")",
      ])
  }

  /// Counts the time of a unary call's work, and tells where it took long. Streams last as long as their client likes, and what runs on the event
  /// loop is bounded.
  func noteTime(_ task: TaskCall) {
    let took = self.now - task.began
    guard task.call.method.kind == .unary else { return }
    self.core.metrics.took(method: task.method, nanoseconds: took.nanoseconds)
    guard took >= self.machine.limits.slowCall else { return }
    var code = StatusCode.ok
    if case .failure(let status) = task.result { code = status.code }
    self.core.logger.notice(
      "a call was slow",
      metadata: [
        LogKeys.listener: "\(self.origin.listener)", LogKeys.uid: "\(self.registration?.uid ?? 0)", LogKeys.session: "\(self.session)",
        LogKeys.callID: "\(task.call.callID)", LogKeys.method: "\(task.call.method.name)", LogKeys.milliseconds: "\(took.milliseconds)",
        LogKeys.code: "\(code.name)",
      ])
  }

  private func makeAccess(_ peer: PeerIdentity) -> ConnectionAccess {
    ConnectionAccess(peer: peer, ceiling: self.origin.roles, authorizer: self.core.authorizer, methods: self.core.services)
  }

  func channelInactive(context: ChannelHandlerContext) {
    self.closing = .closed
    self.timer?.task.cancel()
    self.timer = nil
    self.dropWork(.cancelled("The connection was closed"))
    self.dropInput()
    self.mailbox.close()
    if let registration = self.registration {
      self.registration = nil
      self.core.registry.leave(registration.id, uid: registration.uid, now: context.eventLoop.now)
    }
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  // MARK: - Reading

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard self.closing == .no else { return }
    if case .undecided = self.input {
      self.input.append(self.unwrapInboundIn(data))
      self.encoder = FrameEncoder(mode: self.input.mode)
    } else {
      self.input.append(self.unwrapInboundIn(data))
    }
    if !self.isTurnScheduled { self.takeTurn(context) }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    self.settle(context)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard case ChannelEvent.inputClosed = event else { return context.fireUserInboundEventTriggered(event) }
    self.eofSeen = true
    switch self.closing {
    case .no:
      if !self.isTurnScheduled { self.takeTurn(context) }
      self.settle(context)
    case .lingering:
      context.close(promise: nil)
    case .flushing, .closed:
      break
    }
  }

  func read(context: ChannelHandlerContext) {
    if self.mayRead(context) {
      context.read()
    } else {
      self.isReadHeld = true
    }
  }

  func mayRead(_ context: ChannelHandlerContext) -> Bool {
    if self.closing != .no { return true }
    // A client that writes many calls before it reads an answer must not be met by a server that waits for it to read.
    return !self.isTurnScheduled && (context.channel.isWritable || self.input.bufferedBytes < Self.inputBytes)
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable {
      self.stall = nil
      if self.closing == .no, !self.isTurnScheduled { self.takeTurn(context) }
    }
    self.settle(context)
    context.fireChannelWritabilityChanged()
  }

  // MARK: - Turns

  /// Processes what has come, for as long as a turn may last.
  private func takeTurn(_ context: ChannelHandlerContext) {
    guard !self.isInTurn, self.closing == .no, let access = self.access else { return }
    self.isInTurn = true
    defer { self.isInTurn = false }
    self.renewTurn(context)
    let version = self.core.rightsVersion.load(ordering: .acquiring)
    if version != self.rightsVersion {
      self.rightsVersion = version
      self.access = self.makeAccess(access.peer)
    }
    for id in self.waiting { self.pump(context, id) }
    var hasFinished = false
    var isExhausted = false
    while self.mayGoOn(context) {
      guard let frame = self.nextFrame(context) else {
        isExhausted = true
        break
      }
      hasFinished = true
      self.receive(context, frame)
    }
    if hasFinished { self.frameDeadline = nil }
    if isExhausted { self.seeToUnfinished(context, access) }
    if self.eofSeen, !self.eofProcessed, self.framesLeft > 0, self.closing == .no, context.channel.isWritable {
      self.eofProcessed = true
      for action in self.machine.inputClosed(now: self.now) { self.perform(context, action) }
    }
  }

  func renewTurn(_ context: ChannelHandlerContext) {
    self.now = context.eventLoop.now
    self.turnEnd = self.now + self.machine.limits.turn
    self.framesLeft = self.machine.limits.framesPerTurn
  }

  /// Whether there is time and room for another frame or item.
  func mayGoOn(_ context: ChannelHandlerContext) -> Bool {
    guard self.framesLeft > 0, self.closing == .no else { return false }
    if self.out.readableBytes >= Self.batchBytes { self.flush(context) }
    return context.channel.isWritable
  }

  /// One frame or item was processed. Time is read for every eighth: reading it costs about as much as a small frame.
  func spend(_ context: ChannelHandlerContext) {
    self.framesLeft -= 1
    if self.framesLeft & 7 == 0, context.eventLoop.now >= self.turnEnd { self.framesLeft = 0 }
  }

  private func nextFrame(_ context: ChannelHandlerContext) -> RawFrame? {
    do throws(FrameError) {
      return try self.input.next(atEnd: self.eofSeen)
    } catch {
      self.fail(context, error)
      return nil
    }
  }

  /// After anything has happened: writes what was produced, closes what is finished, sees to the next turn and the timer.
  func settle(_ context: ChannelHandlerContext) {
    if self.closing == .no {
      if self.keptBytes > 0 { self.recount() }
      self.flush(context)
      if self.machine.isFinished {
        self.beginClosing(context)
      } else if self.framesLeft <= 0, self.hasMore, context.channel.isWritable {
        self.scheduleTurn(context)
      }
    }
    if self.isReadHeld, self.mayRead(context) {
      self.isReadHeld = false
      context.read()
    }
    self.watchForStall(context)
    self.armTimer(context)
  }

  private var hasMore: Bool {
    self.input.bufferedBytes > 0 || !self.waiting.isEmpty || (self.eofSeen && !self.eofProcessed)
  }

  private func scheduleTurn(_ context: ChannelHandlerContext) {
    guard !self.isTurnScheduled else { return }
    self.isTurnScheduled = true
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    context.eventLoop.execute {
      let (handler, context) = bound.value
      handler.isTurnScheduled = false
      handler.takeTurn(context)
      handler.settle(context)
    }
  }

  // MARK: - Writing

  func flush(_ context: ChannelHandlerContext) {
    guard self.out.readableBytes > 0 else { return }
    // Writing may call back into this handler, which must find the buffer empty.
    var bytes = ByteBuffer()
    swap(&bytes, &self.out)
    self.writtenSinceStall += bytes.readableBytes
    context.writeAndFlush(self.wrapOutboundOut(bytes), promise: nil)
    guard self.out.storageCapacity == 0, bytes.storageCapacity <= 2 * Self.batchBytes else { return }
    bytes.clear()
    self.out = bytes
  }

  // MARK: - Closing

  /// The peer has broken the protocol.
  func fail(_ context: ChannelHandlerContext, _ error: FrameError) {
    self.core.logger.info(
      "closed a connection for a protocol error",
      metadata: [
        LogKeys.listener: "\(self.origin.listener)", LogKeys.session: "\(self.session)", LogKeys.reason: "\(error.message)",
        LogKeys.uid: "\(self.registration?.uid ?? 0)",
      ])
    self.refuse(
      context, GoawayHead(lastID: self.machine.takenID, reason: "PROTOCOL_ERROR", message: "This is not amnesty/1: \(error.message)."))
  }

  /// Says why, and closes.
  func refuse(_ context: ChannelHandlerContext, _ goaway: GoawayHead) {
    self.encoder.write(.goaway(goaway), into: &self.out)
    self.machine.close()
    self.dropWork(.cancelled("The connection was closed"))
    self.beginClosing(context)
    self.armTimer(context)
  }

  /// Shuts the writing side down behind the last byte; then the peer's end is awaited, so that it can read what was sent.
  private func beginClosing(_ context: ChannelHandlerContext) {
    guard self.closing == .no else { return }
    self.closing = .flushing
    self.machine.close()
    self.dropInput()
    self.lingerDeadline = self.now + self.machine.limits.stall
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    let promise = context.eventLoop.makePromise(of: Void.self)
    promise.futureResult.whenComplete { result in bound.value.0.lastByteWritten(bound.value.1, result) }
    context.writeAndFlush(self.wrapOutboundOut(self.out), promise: promise)
    self.out = ByteBuffer()
  }

  private func lastByteWritten(_ context: ChannelHandlerContext, _ result: Result<Void, any Error>) {
    guard self.closing == .flushing else { return }
    if case .failure = result { return context.close(promise: nil) }
    if self.eofSeen { return context.close(promise: nil) }
    self.closing = .lingering
    self.lingerDeadline = context.eventLoop.now + self.machine.limits.linger
    context.close(mode: .output, promise: nil)
    self.armTimer(context)
  }

  /// The server stops.
  private func drain(_ context: ChannelHandlerContext, grace: TimeAmount) {
    guard self.closing == .no else { return }
    self.now = context.eventLoop.now
    self.sendHandedOver(context)
    guard let (goaway, actions) = self.machine.beginDrain(grace: grace, now: self.now) else { return }
    self.encoder.write(.goaway(goaway), into: &self.out)
    for action in actions { self.perform(context, action) }
    self.settle(context)
  }

  // MARK: - Time

  /// While the queue is full, looks from time to time whether the peer has taken anything.
  private func watchForStall(_ context: ChannelHandlerContext) {
    guard self.closing != .closed, !context.channel.isWritable, self.stall == nil else { return }
    self.stall = (context.eventLoop.now + self.machine.limits.stall, self.bufferedBytes(context))
    self.writtenSinceStall = 0
  }

  private func bufferedBytes(_ context: ChannelHandlerContext) -> Int {
    (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
  }

  private func armTimer(_ context: ChannelHandlerContext) {
    guard self.closing != .closed else { return }
    let next = [self.machine.nextDeadline, self.stall?.deadline, self.lingerDeadline, self.frameDeadline].compactMap { $0 }.min()
    guard let next else { return }
    if let timer = self.timer {
      if timer.at <= next { return }
      timer.task.cancel()
    }
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    let task = context.eventLoop.scheduleTask(deadline: next) { bound.value.0.timerFired(bound.value.1) }
    self.timer = (next, task)
  }

  private func timerFired(_ context: ChannelHandlerContext) {
    self.timer = nil
    guard self.closing != .closed else { return }
    self.now = context.eventLoop.now
    if let deadline = self.lingerDeadline, self.now >= deadline { return context.close(promise: nil) }
    if let stall = self.stall, self.now >= stall.deadline {
      let taken = stall.buffered + self.writtenSinceStall - self.bufferedBytes(context)
      guard taken > 0 else {
        self.core.logger.info(
          "closed a connection whose peer takes nothing",
          metadata: [LogKeys.listener: "\(self.origin.listener)", LogKeys.uid: "\(self.registration?.uid ?? 0)"])
        return context.close(promise: nil)
      }
      self.stall = nil
    }
    for action in self.machine.timerFired(now: self.now) { self.perform(context, action) }
    if let deadline = self.frameDeadline, self.now >= deadline { self.frameIsLate(context) }
    self.settle(context)
  }
}
