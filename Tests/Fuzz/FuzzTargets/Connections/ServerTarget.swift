// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import NIOCore
internal import RPCServer

/// The server's state machine of a connection beside a model of the protocol: frames of a client, the work of its calls, time, a drain, in any
/// order. Both must say the same of every step; a call has exactly one end (C-1); the timer never sleeps past what is due, nor fires for nothing.
enum ServerTarget {
  static let methods: [MethodShape] = [
    MethodShape(name: "t.S/Inline", kind: .unary, execution: .inline),
    MethodShape(name: "t.S/Task", kind: .unary, execution: .task),
    MethodShape(name: "t.S/Download", kind: .serverStreaming, execution: .stream),
    MethodShape(name: "t.S/Upload", kind: .clientStreaming, execution: .stream),
    MethodShape(name: "t.S/Talk", kind: .bidirectional, execution: .stream),
    MethodShape(name: "t.S/Inline talk", kind: .bidirectional, execution: .inlineStream),
  ]

  static let limits: ServerLimits = {
    var limits = ServerLimits()
    limits.callsPerConnection = 4
    limits.requestWindow = 1000
    limits.inlineBytes = 200
    limits.maxFrame = 5000
    return limits
  }()

  static func run(_ bytes: UnsafeRawBufferPointer) throws(Discrepancy) -> FuzzTarget.Verdict {
    var cursor = ByteCursor(bytes)
    var run = ServerRun()
    while !cursor.isAtEnd, !run.isOver {
      try run.step(&cursor)
      try run.checkTimer()
    }
    return .worthKeeping
  }
}

/// One connection's life.
struct ServerRun {
  private var machine: ConnectionStateMachine
  private var model: ServerModel
  private var milliseconds: Int64 = 1000
  private(set) var isOver = false

  init() {
    self.machine = ConnectionStateMachine(limits: ServerTarget.limits, methods: ServerTarget.methods, now: Self.moment(1000))
    self.model = ServerModel(now: 1000)
  }

  private static func moment(_ milliseconds: Int64) -> NIODeadline { .uptimeNanoseconds(UInt64(milliseconds) * 1_000_000) }

  private var now: NIODeadline { Self.moment(self.milliseconds) }

  mutating func step(_ cursor: inout ByteCursor) throws(Discrepancy) {
    switch cursor.number(below: 24) {
    case 0...4: try self.call(&cursor)
    case 5...7: try self.item(&cursor)
    case 8: try self.frame(.done(self.id(&cursor)))
    case 9: try self.frame(.cancel(self.id(&cursor)))
    case 10: try self.frame(.credit(self.id(&cursor), bytes: cursor.one(of: [1, 100, 1 << 52, (1 << 53) - 1])))
    case 11: try self.rareFrame(&cursor)
    case 12, 13: try self.startWork(self.id(&cursor))
    case 14, 15: try self.finishWork(self.id(&cursor), fails: cursor.isTrue())
    case 16, 17: try self.respond(self.id(&cursor), bytes: cursor.one(of: [0, 1, 500, 5000]))
    case 18, 19: try self.consume(self.id(&cursor), bytes: cursor.one(of: [0, 1, 499, 500, 1000]))
    case 20, 21: try self.pass(cursor.one(of: [1, 50, 100, 999, 1000, 5000, 10_000, 30_000]))
    case 22: try self.endFromWithin(self.id(&cursor))
    default:
      switch cursor.number(below: 4) {
      case 0: try self.closeInput()
      case 1: try self.drain(grace: cursor.one(of: [0, 50, 5000]))
      case 2: self.close()
      default: try self.pass(0)
      }
    }
    try requireEqual(self.machine.openCalls, self.model.calls.count, "the number of open calls")
    try requireEqual(self.machine.takenID, self.model.takenID, "the id of a goaway")
    try requireEqual(self.machine.isFinished, self.model.isFinished, "whether nothing is left to do")
  }

  // MARK: - Frames

  /// An id near the last one, so that all of used, skipped and unused ones come.
  private func id(_ cursor: inout ByteCursor) -> UInt64 {
    let offset = cursor.number(below: 12)
    let last = self.model.lastID
    return offset == 11 ? last + 1 : offset == 10 ? last + 700 : last > UInt64(offset) ? last - UInt64(offset) : 1
  }

  private mutating func call(_ cursor: inout ByteCursor) throws(Discrepancy) {
    let step = cursor.number(below: 16)
    let id = step == 0 ? max(1, self.model.lastID) : step > 12 ? self.model.lastID + UInt64(step) - 11 : self.model.lastID + 1
    let flags = cursor.byte()
    let index = cursor.number(below: ServerTarget.methods.count + 1)
    var call = CallHead(id: id, method: index < ServerTarget.methods.count ? .known(index) : .named("t.S/None"))
    call.open = flags & 1 != 0
    if flags & 2 != 0 { call.window = cursor.one(of: [0, 1, 1000, (1 << 53) - 1]) }
    if flags & 4 != 0 { call.timeoutMilliseconds = cursor.one(of: [0, 1, 100, 40_000, (1 << 53) - 1]) }
    if flags & 24 == 8 { call.actor = "denied" }
    if flags & 96 == 32 { call.violation = .invalidHead(member: "open", "it must be true or false") }
    let oversize = flags & 192 == 128 ? 6000 : nil
    let body: Int? = oversize != nil || flags & 48 == 48 ? nil : cursor.one(of: [0, 2, 201])
    try self.frame(.call(call), body: body, oversize: oversize)
  }

  private mutating func item(_ cursor: inout ByteCursor) throws(Discrepancy) {
    let size = cursor.number(below: 8)
    let body: Int? = [nil, 0, 1, 100, 500, 999, 1000, nil][size]
    try self.frame(.item(self.id(&cursor)), body: body, oversize: size == 7 ? 6000 : nil)
  }

  private mutating func rareFrame(_ cursor: inout ByteCursor) throws(Discrepancy) {
    let frames: [FrameHead] = [
      .hello(HelloHead()), .hello(HelloHead(maxFrame: 512, window: 100)), .hello(HelloHead(window: 0)), .ping(7), .pong(7), .ignorable,
      .end(EndHead(id: 1)), .goaway(GoawayHead(lastID: 1, reason: "DRAINING")),
    ]
    try self.frame(cursor.one(of: frames))
  }

  private mutating func frame(_ head: FrameHead, body: Int? = nil, oversize: Int? = nil) throws(Discrepancy) {
    let action = self.machine.receive(head, body: body, unread: oversize.map { .messageTooLarge(bytes: $0, limit: 4096) }, now: self.now) { _, actor in
      actor == "denied" ? Status(.permissionDenied, reason: "DELEGATE_MISSING", "no") : nil
    }
    let expected = self.model.receive(head, body: body, oversize: oversize, now: self.milliseconds)
    try self.compare([action], [expected].compactMap { $0 }, "\(head), body \(body ?? -1), oversize \(oversize ?? -1)")
  }

  // MARK: - Work and time

  private mutating func startWork(_ id: UInt64) throws(Discrepancy) {
    try requireEqual(self.machine.taskStarted(id), self.model.startWork(id), "whether a task may begin for \(id)")
  }

  private mutating func finishWork(_ id: UInt64, fails: Bool) throws(Discrepancy) {
    let failure = fails ? Status(.notFound, reason: "NOT_FOUND", "no") : nil
    let told: ServerModel.Effect? =
      switch self.machine.finished(id, failure: failure) {
      case .gone: nil
      case .end(let status, _): .end(id, status.map { ServerModel.Failure($0) })
      }
    try requireEqual(told, self.model.finishWork(id, failure: failure.map { ServerModel.Failure($0) }), "the end of \(id)")
  }

  private mutating func respond(_ id: UInt64, bytes: Int) throws(Discrepancy) {
    let permit = self.machine.mayRespond(id)
    try requireEqual(permit, self.model.mayRespond(id), "whether an item of \(id) may be sent")
    guard permit == .go else { return }
    self.machine.responded(id, bytes: bytes)
    self.model.responded(id, bytes: bytes)
  }

  /// Work consumes what has come to it, and no more.
  private mutating func consume(_ id: UInt64, bytes: Int) throws(Discrepancy) {
    let bytes = min(bytes, self.model.calls[id]?.unconsumed ?? 0)
    let credit = self.machine.consumed(id, bytes: bytes)
    try self.model.consumed(id, bytes: bytes, credit: credit)
  }

  private mutating func pass(_ milliseconds: Int64) throws(Discrepancy) {
    self.milliseconds += milliseconds
    try self.compare(self.machine.timerFired(now: self.now), self.model.timerFired(now: self.milliseconds), "the timer")
    if let next = self.machine.nextDeadline { try require(self.isOver || next > self.now, "the timer has fired and is due at once") }
  }

  private mutating func endFromWithin(_ id: UInt64) throws(Discrepancy) {
    let status = Status(.resourceExhausted, reason: "ANSWER_TOO_LARGE", "no")
    let expected = [self.model.end(id, ServerModel.Failure(status))].compactMap { $0 }
    try self.compare([self.machine.end(id, status)], expected, "an end from within")
  }

  private mutating func closeInput() throws(Discrepancy) {
    try self.compare(
      self.machine.inputClosed(now: self.now), self.model.closeInput(now: self.milliseconds), "the end of the client's input")
  }

  private mutating func drain(grace: Int64) throws(Discrepancy) {
    let drain = self.machine.beginDrain(grace: .milliseconds(grace), now: self.now)
    let expected = self.model.drain(grace: grace, now: self.milliseconds)
    try requireEqual(drain?.goaway.lastID, expected?.lastID, "the goaway of a drain")
    guard let drain, let expected else { return }
    try self.compare(drain.actions, expected.effects, "a drain")
  }

  private mutating func close() {
    self.machine.close()
    self.model.close()
    self.isOver = true
  }

  // MARK: - Comparison

  /// After a protocol error the owner closes the connection.
  private mutating func compare(
    _ actions: [ConnectionStateMachine.Action], _ expected: [ServerModel.Effect], _ input: @autoclosure () -> String
  ) throws(Discrepancy) {
    let told = actions.compactMap { ServerModel.Effect($0) }
    try requireEqual(told, expected, input())
    if told.contains(where: { [.protocolError, .refuse].contains($0) }) { self.close() }
  }

  func checkTimer() throws(Discrepancy) {
    guard let due = self.model.nextDue else { return }
    guard let next = self.machine.nextDeadline else { throw Discrepancy("something is due at \(due) ms, and no timer is set") }
    try require(next <= Self.moment(due), "something is due at \(due) ms, and the timer is set for \(next)")
  }
}
