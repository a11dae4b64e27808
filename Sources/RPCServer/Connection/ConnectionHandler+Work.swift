// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import DequeModule
internal import NIOCore

// Calls that stay open: streams on the event loop, and what tasks work for.

extension ConnectionHandler {
  // MARK: - Requests

  func start(_ context: ChannelHandlerContext, _ call: CallContext, method index: Int, message: ByteBuffer?, isComplete: Bool) {
    let method = self.core.services.methods[index]
    switch method.handler {
    case .inlineStream(let open):
      do throws(Status) {
        self.work[call.callID] = .inlineStream(InlineStream(try open(call), isComplete: isComplete))
      } catch {
        return self.finish(call.callID, .failure(error))
      }
      if let message { self.deliver(context, call.callID, message, isCredited: false) } else { self.pump(context, call.callID) }
    case .stream where method.descriptor.kind.streamsRequests:
      self.runTask(context, call, message: message, isComplete: isComplete)
    case .inline, .task, .submitted, .stream:
      if isComplete { return self.runTask(context, call, message: message, isComplete: true) }
      self.work[call.callID] = .collecting(call, nil)
      if let message { self.collect(context, call, message) }
    }
  }

  func deliver(_ context: ChannelHandlerContext, _ id: UInt64, _ body: ByteBuffer, isCredited: Bool) {
    let waiting: Int
    switch self.work[id] {
    case nil:
      return
    case .collecting(let call, _):
      return self.collect(context, call, body)
    case .inlineStream(let stream):
      stream.items.append(InlineStream.Item(body: body, isCredited: isCredited))
      self.pump(context, id)
      waiting = stream.items.count
      // What stays must not keep alive a read buffer that is far larger.
      if waiting > 0, !stream.items.isEmpty { stream.items[waiting - 1].body = Self.compact(body) }
    case .task(let task):
      waiting = task.conduit.deliver(Self.compact(body), isCredited: isCredited)
    }
    // Empty bodies cost no credit, but memory: more messages than a window holds of the shortest ones are too many.
    if waiting > Int(self.machine.limits.requestWindow / 2) {
      let advice = "Send messages as they are consumed."
      self.perform(
        context, self.machine.end(id, .limitReached("waitingMessages", value: waiting - 1, subject: "The call", advice)))
    }
  }

  /// A copy of its own where the buffer is a small part of a large one.
  private static func compact(_ body: ByteBuffer) -> ByteBuffer {
    body.storageCapacity > 4 * body.readableBytes + 256 ? ByteBuffer(bytes: body.readableBytesView) : body
  }

  func completeRequests(_ context: ChannelHandlerContext, _ id: UInt64) {
    switch self.work[id] {
    case nil: break
    case .collecting(let call, let message): self.runTask(context, call, message: message, isComplete: true)
    case .inlineStream(let stream):
      stream.isComplete = true
      self.pump(context, id)
    case .task(let task): task.conduit.completeRequests()
    }
  }

  /// Hands a call to a task of its own.
  private func runTask(_ context: ChannelHandlerContext, _ call: CallContext, message: ByteBuffer?, isComplete: Bool) {
    let id = call.callID
    guard self.machine.taskStarted(id), let index = self.index(of: call) else { return }
    let conduit = CallConduit(id: id, mailbox: self.mailbox)
    self.work[id] = .task(TaskCall(conduit, call, method: index, began: self.now))
    let body = message.map(Self.compact) ?? Self.emptyObject
    let work: @Sendable () async throws(Status) -> ByteBuffer?
    switch self.core.services.methods[index].handler {
    case .inline(let run):
      work = { () async throws(Status) -> ByteBuffer? in
        var response = ByteBuffer()
        try run(call, body, &response)
        return response
      }
    case .submitted(let run):
      guard self.core.feed.enter() else { return self.finish(id, .failure(.overloaded(retryAfterMilliseconds: 100))) }
      let (feed, mailbox) = (self.core.feed, self.mailbox)
      return run(call, body) { result in
        feed.leave()
        mailbox.post(.finished(id, result.map { $0 }))
      }
    case .task(let run):
      work = { () async throws(Status) -> ByteBuffer? in try await run(call, body) }
    case .stream(let run):
      if message != nil { conduit.deliver(body, isCredited: false) }
      if isComplete { conduit.completeRequests() }
      let returnsBody = call.method.kind == .clientStreaming
      work = { () async throws(Status) -> ByteBuffer? in
        let response = try await run(call, RequestStream(conduit), ResponseStream(conduit))
        return returnsBody ? response : nil
      }
    case .inlineStream:
      return
    }
    if !self.core.feed.submit({ await conduit.run(work) }) {
      self.finish(id, .failure(.overloaded(retryAfterMilliseconds: 100)))
    }
  }

  private func index(of call: CallContext) -> Int? {
    var name = call.method.name
    return name.withUTF8 { self.core.services.names.index(of: UnsafeRawBufferPointer($0)) }
  }

  // MARK: - Responses

  /// Sends what a call has to send and may.
  func pump(_ context: ChannelHandlerContext, _ id: UInt64) {
    if !self.waiting.isEmpty { self.waiting.remove(id) }
    switch self.work[id] {
    case .inlineStream(let stream): self.pump(context, id, stream)
    case .task(let task): self.pump(context, id, task)
    case .collecting, nil: break
    }
  }

  private func pump(_ context: ChannelHandlerContext, _ id: UInt64, _ stream: InlineStream) {
    while !stream.isBusy, !stream.items.isEmpty {
      guard self.mayRespond(context, id) else { return }
      guard let item = stream.items.popFirst() else { break }
      self.spend(context)
      if item.body.readableBytes > self.machine.limits.inlineBytes { return self.answerInTask(id, stream, item) }
      let frame = self.encoder.begin(.item, id: id, into: &self.out)
      let start = self.out.writerIndex
      do throws(Status) {
        try stream.answer(item.body, &self.out)
      } catch {
        self.encoder.abandon(frame, in: &self.out)
        return self.finish(id, .failure(error))
      }
      guard self.complete(context, frame, itemOf: id, bytes: self.out.writerIndex - start) else { return }
      if item.isCredited { self.giveCredit(id, bytes: item.body.readableBytes) }
    }
    if stream.isComplete, !stream.isBusy, stream.items.isEmpty { self.finish(id, .success(nil)) }
  }

  private func pump(_ context: ChannelHandlerContext, _ id: UInt64, _ task: TaskCall) {
    while task.conduit.hasResponses {
      guard self.mayRespond(context, id) else { return }
      guard let body = task.conduit.takeResponse() else { break }
      self.spend(context)
      let frame = self.encoder.begin(.item, id: id, into: &self.out)
      self.out.writeImmutableBuffer(body)
      guard self.complete(context, frame, itemOf: id, bytes: body.readableBytes) else { return }
    }
    if let result = task.result { self.finish(id, result) }
  }

  /// What tasks have handed over and have credit for goes out before the server's goaway, whatever the turn and the socket say: a watch of
  /// the health has told that the server stops. What waits is bounded by what a task may hand over.
  func sendHandedOver(_ context: ChannelHandlerContext) {
    for id in self.work.ids(where: { if case .task = $0 { true } else { false } }) {
      guard case .task(let task) = self.work[id] else { continue }
      while task.conduit.hasResponses, self.machine.mayRespond(id) == .go, let body = task.conduit.takeResponse() {
        let frame = self.encoder.begin(.item, id: id, into: &self.out)
        self.out.writeImmutableBuffer(body)
        guard self.complete(context, frame, itemOf: id, bytes: body.readableBytes) else { break }
      }
    }
  }

  /// Whether an item may be written now; where only the socket or the turn is against it, the call is noted as waiting.
  private func mayRespond(_ context: ChannelHandlerContext, _ id: UInt64) -> Bool {
    guard self.machine.mayRespond(id) == .go else { return false }
    if self.mayGoOn(context) { return true }
    self.waiting.insert(id)
    return false
  }

  /// Completes an item; false where it is longer than the client takes, which ends the call.
  private func complete(_ context: ChannelHandlerContext, _ frame: FrameEncoder.OpenFrame, itemOf id: UInt64, bytes: Int) -> Bool {
    let length = self.encoder.finish(frame, into: &self.out)
    guard length <= self.machine.clientMaxFrame else {
      self.encoder.abandon(frame, in: &self.out)
      self.perform(context, self.machine.end(id, .answerTooLarge(bytes: length, limit: self.machine.clientMaxFrame)))
      return false
    }
    self.machine.responded(id, bytes: bytes)
    return true
  }

  private func giveCredit(_ id: UInt64, bytes: Int) {
    guard let credit = self.machine.consumed(id, bytes: bytes) else { return }
    self.encoder.write(.credit(id, bytes: credit), into: &self.out)
  }

  /// A large item is answered off the event loop; the ones behind it wait.
  private func answerInTask(_ id: UInt64, _ stream: InlineStream, _ item: InlineStream.Item) {
    stream.isBusy = true
    let mailbox = self.mailbox
    let answer = stream.answer
    let consumed = item.isCredited ? item.body.readableBytes : 0
    let isAccepted = self.core.feed.submit {
      var response = ByteBuffer()
      do throws(Status) {
        try answer(item.body, &response)
        mailbox.post(.answered(id, consumed: consumed, .success(response)))
      } catch {
        mailbox.post(.answered(id, consumed: consumed, .failure(error)))
      }
    }
    if !isAccepted { self.finish(id, .failure(.overloaded(retryAfterMilliseconds: 100))) }
  }

  // MARK: - Ends

  /// Tells the work of a call to stop. The end comes when it returns; at once where only its responses are still to be sent.
  func cancel(_ id: UInt64, _ status: Status) {
    self.work[id]?.cancel(status)
    if case .task(let task) = self.work[id], task.result != nil { self.finish(id, .failure(status)) }
  }

  private func finish(_ id: UInt64, _ result: Result<ByteBuffer?, Status>) {
    self.work[id] = nil
    self.waiting.remove(id)
    var failure: Status?
    if case .failure(let status) = result { failure = status }
    guard case .end(let status, let method) = self.machine.finished(id, failure: failure) else { return }
    if let status { return self.writeEnd(id, status, method: method) }
    if case .success(let response) = result { self.writeEnd(id, response: response, method: method) }
  }

  /// Stops all work without ends: there is nobody to tell.
  func dropWork(_ status: Status) {
    let work = self.work
    self.work = CallTable()
    self.waiting = []
    for call in work.values { call.cancel(status) }
  }

  // MARK: - Mail

  func receiveMail(_ context: ChannelHandlerContext) {
    self.renewTurn(context)
    for letter in self.mailbox.collect() {
      switch letter {
      case .consumed(let id, let bytes):
        self.giveCredit(id, bytes: bytes)
      case .responses(let id):
        self.pump(context, id)
      case .finished(let id, let result):
        guard case .task(let task) = self.work[id] else { continue }
        task.result = result
        self.noteTime(task)
        self.pump(context, id)
      case .answered(let id, let consumed, let result):
        guard case .inlineStream(let stream) = self.work[id] else { continue }
        stream.isBusy = false
        self.receiveAnswer(context, id, consumed: consumed, result)
      }
    }
    self.settle(context)
  }

  private func receiveAnswer(_ context: ChannelHandlerContext, _ id: UInt64, consumed: Int, _ result: Result<ByteBuffer, Status>) {
    guard case .success(let body) = result else { return self.finish(id, result.map { Optional($0) }) }
    let frame = self.encoder.begin(.item, id: id, into: &self.out)
    self.out.writeImmutableBuffer(body)
    guard self.complete(context, frame, itemOf: id, bytes: body.readableBytes) else { return }
    self.giveCredit(id, bytes: consumed)
    self.pump(context, id)
  }
}
