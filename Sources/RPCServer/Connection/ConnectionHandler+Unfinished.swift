// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import NIOCore

// What a client has begun and not finished: how much of it is kept, and for how long.

extension ConnectionHandler {
  /// What has come holds no further whole frame.
  func seeToUnfinished(_ context: ChannelHandlerContext, _ access: ConnectionAccess) {
    guard !self.isClosing, self.input.isUnfinished else { return self.frameDeadline = nil }
    do throws(FrameError) {
      if let beginning = try self.input.beginning() { try self.receive(context, beginning, access) }
    } catch {
      return self.fail(context, error)
    }
    guard !self.isClosing else { return }
    if self.eofSeen {
      self.frameDeadline = nil
    } else if self.frameDeadline == nil {
      self.frameDeadline = self.now + self.machine.limits.frame
    }
    // A frame had its room or was refused before; a line grows.
    if !self.recount() {
      self.refuse(
        context,
        GoawayHead(
          lastID: self.machine.takenID, reason: "LIMIT_REACHED",
          message: "The server keeps as many bytes of unfinished lines as it may. Send shorter lines, or try again later."))
    }
  }

  /// The head of a large frame is here, and not yet its body. What would be refused without it is refused now, and the body is never kept.
  private func receive(_ context: ChannelHandlerContext, _ beginning: FrameBeginning, _ access: ConnectionAccess) throws(FrameError) {
    let head = try Self.decode(beginning.head, self.core.services.names)
    var (machine, action) = self.tried(head, beginning, access, unread: nil)
    if action.takesBody {
      if self.recount() { return }
      (machine, action) = self.tried(head, beginning, access, unread: .overloaded(retryAfterMilliseconds: 100))
    }
    self.machine = machine
    self.input.discardBegun()
    self.spend(context)
    if case .hello = action { self.writeHello(access) } else { self.perform(context, action) }
  }

  /// What the machine would do with the whole frame, and how it would be then.
  private func tried(
    _ head: FrameHead, _ beginning: FrameBeginning, _ access: ConnectionAccess, unread: Status?
  ) -> (ConnectionStateMachine, ConnectionStateMachine.Action) {
    var machine = self.machine
    let action = machine.receive(head, body: beginning.bodyBytes, unread: unread, now: self.now) { method, actor in
      let denial = access.denial(method: method, actor: actor)
      if let denial { self.logDenial(denial, head, method: method) }
      return denial
    }
    return (machine, action)
  }

  /// Keeps a message until its call is half-closed; a copy, so that nothing else of what was received stays with it.
  func collect(_ context: ChannelHandlerContext, _ call: CallContext, _ message: ByteBuffer) {
    self.work[call.callID] = .collecting(call, ByteBuffer(bytes: message.readableBytesView))
    if !self.recount() { self.perform(context, self.machine.end(call.callID, .overloaded(retryAfterMilliseconds: 100))) }
  }

  /// Counts anew what is kept; false where there is no room for it.
  @discardableResult
  func recount() -> Bool {
    var bytes = self.input.begunBytes
    for case .collecting(_, let message?) in self.work.values { bytes += message.readableBytes }
    if bytes <= WireLimits.smallFrame { bytes = 0 }
    guard bytes != self.keptBytes else { return true }
    guard let uid = self.registration?.uid, self.core.input.change(of: uid, from: self.keptBytes, to: bytes) else { return false }
    self.keptBytes = bytes
    return true
  }

  /// Nothing more is taken of what was received.
  func dropInput() {
    self.input = .undecided(maxFrame: self.machine.limits.maxFrame)
    self.frameDeadline = nil
    self.recount()
  }

  /// The time of a frame is over. Where the server itself does not read, the client is not to blame.
  func frameIsLate(_ context: ChannelHandlerContext) {
    guard !self.isClosing else { return }
    guard self.mayRead(context) else { return self.frameDeadline = self.now + self.machine.limits.frame }
    self.refuse(
      context,
      GoawayHead(
        lastID: self.machine.takenID, reason: "FRAME_TIMEOUT",
        message: "A frame did not come whole within \(self.machine.limits.frame.milliseconds) ms. Send a frame once all of it is there."))
  }
}
