// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient
internal import NIOCore

/// The client's state machine of a connection beside a model of the protocol: calls of its user, frames of a server, time, a goaway, the end of
/// the connection, in any order. Each call is told its end exactly once, whatever the server does; ids go up on the wire.
enum ClientTarget {
  static func run(_ bytes: UnsafeRawBufferPointer) throws(Discrepancy) -> FuzzTarget.Verdict {
    var cursor = ByteCursor(bytes)
    var run = ClientRun(limit: 1 + cursor.number(below: 3), isLate: cursor.byte() == 255)
    while !cursor.isAtEnd, !run.isOver { try run.step(&cursor) }
    try run.end()
    return .worthKeeping
  }
}

/// One connection's life; a call is its number.
private struct ClientRun {
  private var machine: ConnectionStateMachine<Int>
  private var model: ClientModel
  private var now: UInt64 = 1000
  private var started = 0
  /// The calls that were told their end.
  private var told: Set<Int> = []
  private(set) var isOver = false

  init(limit: Int, isLate: Bool) {
    let lastID = isLate ? ConnectionStateMachine<Int>.greatestID - 3 : 0
    self.machine = ConnectionStateMachine(limit: limit, lastID: lastID)
    self.model = ClientModel(limit: limit, lastID: lastID)
  }

  mutating func step(_ cursor: inout ByteCursor) throws(Discrepancy) {
    switch cursor.number(below: 16) {
    case 0...3: try self.start(&cursor)
    case 4: try self.cancel(cursor.number(below: self.started + 1))
    case 5: try self.halfClose(self.id(&cursor))
    case 6, 7: try self.item(self.id(&cursor))
    case 8: try self.credit(self.id(&cursor))
    case 9...11: try self.ended(self.id(&cursor))
    case 12: try self.announce(cursor.one(of: [0, 1, 2, 5]))
    case 13: try self.pass(cursor.one(of: [0, 1, 100, 10_000]))
    case 14: try self.goaway(self.id(&cursor))
    default: if cursor.byte() > 200 { try self.end() }
    }
    try requireEqual(self.machine.openCalls, self.model.openCalls, "the number of open calls")
    try requireEqual(self.machine.acceptsCalls, self.model.acceptsCalls, "whether a call may be started")
    try requireEqual(self.machine.isIdle, self.model.calls.isEmpty, "whether nothing is open")
    try requireEqual(self.machine.nextDeadline, self.model.nextDeadline.map { .uptimeNanoseconds($0) }, "the next deadline")
  }

  private func id(_ cursor: inout ByteCursor) -> UInt64 {
    let offset = UInt64(cursor.number(below: 8))
    return offset == 7 ? self.model.lastID + 1 : self.model.lastID > offset ? self.model.lastID - offset : 1
  }

  private mutating func tell(_ call: Int) throws(Discrepancy) {
    try require(self.told.insert(call).inserted, "call \(call) is told a second end")
  }

  /// At most one call answers for each that was started.
  private mutating func tell(_ calls: [Int], _ expected: [Int], _ claim: String) throws(Discrepancy) {
    try requireEqual(calls, expected, claim)
    for call in calls { try self.tell(call) }
  }

  // MARK: - The user

  private mutating func start(_ cursor: inout ByteCursor) throws(Discrepancy) {
    let flags = cursor.byte()
    let deadline = flags & 4 != 0 ? self.now + UInt64(cursor.byte()) : nil
    let call = self.started
    let (isHalfClosed, receivesItems) = (flags & 1 != 0, flags & 2 != 0)
    let action = self.machine.start(
      call, key: UInt64(call), deadline: deadline.map { .uptimeNanoseconds($0) }, isHalfClosed: isHalfClosed, receivesItems: receivesItems)
    let expected = self.model.start(call, deadline: deadline, isHalfClosed: isHalfClosed, receivesItems: receivesItems)
    try requireEqual(action, expected, "the start of call \(call)")
    // A call that is refused is not of this connection.
    if case .refuse = action { return }
    self.started += 1
  }

  private mutating func cancel(_ call: Int) throws(Discrepancy) {
    let expected = self.model.cancel(call)
    switch self.machine.cancel(key: UInt64(call)) {
    case .sendCancel(let id, let told):
      try requireEqual(.send(id), expected, "the cancellation of \(call)")
      try requireEqual(told, call, "who is told")
      try self.tell(told)
    case .forget(let told):
      try requireEqual(.forget, expected, "the cancellation of \(call)")
      try requireEqual(told, call, "who is told")
      try self.tell(told)
    case .none: try requireEqual(.nothing, expected, "the cancellation of \(call)")
    }
  }

  private mutating func halfClose(_ id: UInt64) throws(Discrepancy) {
    try requireEqual(self.machine.maySendItem(id: id), self.model.maySend(id), "whether an item of \(id) may be sent")
    try requireEqual(self.machine.mayGiveCredit(id: id), self.model.mayGiveCredit(id), "whether credit for \(id) means anything")
    try requireEqual(self.machine.halfClose(id: id), self.model.maySend(id), "whether done is sent for \(id)")
    self.model.halfClose(id)
  }

  // MARK: - The server

  private mutating func item(_ id: UInt64) throws(Discrepancy) {
    let told: ClientModel.Reaction =
      switch self.machine.item(id: id) {
      case .deliver(let call): .deliver(call)
      case .discard: .giveBack
      case .ignore: .ignore
      case .protocolError: .protocolError
      }
    try self.check(told, self.model.item(id), "an item for \(id)")
  }

  private mutating func credit(_ id: UInt64) throws(Discrepancy) {
    let told: ClientModel.Reaction =
      switch self.machine.credit(id: id) {
      case .grant(let call): .deliver(call)
      case .ignore: .ignore
      case .protocolError: .protocolError
      }
    try self.check(told, self.model.credit(id), "credit for \(id)")
  }

  private mutating func ended(_ id: UInt64) throws(Discrepancy) {
    let expected = self.model.ended(id)
    switch self.machine.ended(id: id) {
    case .finish(let call, let start):
      try self.check(.deliver(call), expected.reaction, "the end of \(id)")
      try self.tell(call)
      try requireEqual(start.map(\.id), expected.started, "who starts after the end of \(id)")
    case .release(let start):
      try self.check(.ignore, expected.reaction, "the end of \(id)")
      try requireEqual(start.map(\.id), expected.started, "who starts after the end of \(id)")
    case .protocolError: try self.check(.protocolError, expected.reaction, "the end of \(id)")
    }
  }

  private mutating func check(_ told: ClientModel.Reaction, _ expected: ClientModel.Reaction, _ input: String) throws(Discrepancy) {
    try requireEqual(told, expected, input)
    if told == .protocolError { try self.end() }
  }

  private mutating func announce(_ limit: Int) throws(Discrepancy) {
    try requireEqual(self.machine.limitAnnounced(limit).map(\.id), self.model.announce(limit), "who starts at a limit of \(limit)")
  }

  private mutating func goaway(_ lastID: UInt64) throws(Discrepancy) {
    try self.tell(self.machine.goaway(lastID: lastID), self.model.goaway(lastID), "who is told of a goaway of \(lastID)")
  }

  // MARK: - Time and the end

  private mutating func pass(_ time: UInt64) throws(Discrepancy) {
    self.now += time
    let expired = self.machine.expire(now: .uptimeNanoseconds(self.now))
    let expected = self.model.expire(now: self.now)
    try requireEqual(expired.map(\.cancel), expected.map(\.cancel), "the cancels of a deadline")
    try self.tell(expired.map(\.call), expected.map(\.call), "whose time is up")
    if let next = self.machine.nextDeadline { try require(next > .uptimeNanoseconds(self.now), "the timer has fired and is due at once") }
  }

  mutating func end() throws(Discrepancy) {
    guard !self.isOver else { return }
    self.isOver = true
    let closed = self.machine.closed()
    let expected = self.model.close()
    try self.tell(closed.cut, expected.cut, "who was cut")
    try self.tell(closed.unsent, expected.unsent, "of whom nothing was sent")
    try requireEqual(self.told, Set(0..<self.started), "who was told an end")
  }
}
