// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import NIOCore

// Frames in, the machine's decisions carried out, frames out.

extension ConnectionHandler {
  func receive(_ context: ChannelHandlerContext, _ frame: RawFrame) {
    guard let access = self.access else { return }
    self.spend(context)
    let head: FrameHead
    do throws(FrameError) {
      head = try Self.decode(frame.head, self.core.services.names)
    } catch {
      return self.fail(context, error)
    }
    let unread = frame.oversize.map { Status.messageTooLarge(bytes: $0, limit: self.machine.limits.maxFrame) }
    let action = self.machine.receive(head, body: frame.body?.readableBytes, unread: unread, now: self.now) { method, actor in
      let denial = access.denial(method: method, actor: actor)
      if let denial { self.logDenial(denial, head, method: method) }
      return denial
    }
    switch (action, head) {
    case (.answer(let method), .call(let call)):
      self.answer(call, method: method, body: frame.body, access: access)
    case (.start(let method, let deadline, let hasMessage, let isComplete), .call(let call)):
      let callContext = self.makeContext(call, method: method, deadline: deadline, access: access)
      self.start(context, callContext, method: method, message: hasMessage ? Self.message(frame.body) : nil, isComplete: isComplete)
    case (.message(let id), _):
      self.deliver(context, id, Self.message(frame.body), isCredited: true)
    case (.hello, _):
      self.writeHello(access)
    default:
      self.perform(context, action)
    }
  }

  static func decode(_ head: ByteBuffer, _ methods: MethodTable) throws(FrameError) -> FrameHead {
    let result = head.withUnsafeReadableBytes { bytes -> Result<FrameHead, FrameError> in
      do throws(FrameError) {
        return .success(try HeadDecoder.decode(bytes, methods: methods))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// A missing or empty body is an empty object.
  private static func message(_ body: ByteBuffer?) -> ByteBuffer {
    body.flatMap { $0.readableBytes > 0 ? $0 : nil } ?? Self.emptyObject
  }

  private func makeContext(_ call: CallHead, method: Int, deadline: NIODeadline?, access: ConnectionAccess) -> CallContext {
    CallContext(
      method: self.core.services.methods[method].descriptor, peer: access.peer, roles: access.roles(actor: call.actor), actor: call.actor,
      metadata: call.metadata, deadline: deadline, callID: call.id)
  }

  /// Actions that need nothing of the frame.
  func perform(_ context: ChannelHandlerContext, _ action: ConnectionStateMachine.Action) {
    switch action {
    case .none, .hello, .answer, .start, .message: break
    case .pong(let number): self.encoder.write(.pong(number), into: &self.out)
    case .halfClose(let id): self.completeRequests(context, id)
    case .cancel(let id, let status): self.cancel(id, status)
    case .end(let id, let status, let method):
      self.work.removeValue(forKey: id)?.cancel(status)
      self.waiting.remove(id)
      self.writeEnd(id, status, method: method)
    case .creditAvailable(let id): self.pump(context, id)
    case .refuse(let goaway): self.refuse(context, goaway)
    case .protocolError(let error): self.fail(context, error)
    }
  }

  // MARK: - Answers

  /// Runs an inline handler; what it appends is the answer's body where it stands.
  private func answer(_ call: CallHead, method index: Int, body: ByteBuffer?, access: ConnectionAccess) {
    guard case .inline(let run) = self.core.services.methods[index].handler else { return }
    let deadline = call.timeoutMilliseconds.map { self.now + .milliseconds(min($0, 1 << 40)) }
    let context = self.makeContext(call, method: index, deadline: deadline, access: access)
    let frame = self.encoder.begin(.end, id: call.id, into: &self.out)
    let began = NIODeadline.now()
    defer { self.core.metrics.took(method: index, nanoseconds: (NIODeadline.now() - began).nanoseconds) }
    do throws(Status) {
      try run(context, Self.message(body), &self.out)
    } catch {
      self.encoder.abandon(frame, in: &self.out)
      return self.writeEnd(call.id, error, method: index)
    }
    self.finish(frame, endOf: call.id, method: index)
  }

  private func finish(_ frame: FrameEncoder.OpenFrame, endOf id: UInt64, method: Int) {
    let length = self.encoder.finish(frame, into: &self.out)
    if length > self.machine.clientMaxFrame {
      self.encoder.abandon(frame, in: &self.out)
      return self.writeEnd(id, .answerTooLarge(bytes: length, limit: self.machine.clientMaxFrame), method: method)
    }
    self.core.metrics.count(method: method, code: .ok)
  }

  /// Writes the end of a call that is OK, with its response if it has one.
  func writeEnd(_ id: UInt64, response: ByteBuffer?, method: Int) {
    let frame = self.encoder.begin(.end, id: id, into: &self.out)
    if let response { self.out.writeImmutableBuffer(response) }
    self.finish(frame, endOf: id, method: method)
  }

  func writeEnd(_ id: UInt64, _ status: Status, method: Int?) {
    var status = status.code == .ok ? Status.internalError(id: id) : status.fitted()
    let start = self.out.writerIndex
    if self.encoder.write(.end(EndHead(id: id, status: status)), into: &self.out) > self.machine.clientMaxFrame {
      self.out.moveWriterIndex(to: start)
      status.details = []
      status.metadata = [:]
      self.encoder.write(.end(EndHead(id: id, status: status)), into: &self.out)
    }
    self.core.metrics.count(method: method, code: status.code)
  }

  func writeHello(_ access: ConnectionAccess) {
    let hello = HelloHead(
      agent: self.core.agent, maxFrame: Int64(self.machine.limits.maxFrame), window: self.machine.limits.requestWindow,
      session: self.session,
      principal: access.principal, roles: access.roles.sorted(), limits: self.machine.limits.announced)
    self.encoder.write(.hello(hello), into: &self.out)
  }
}
