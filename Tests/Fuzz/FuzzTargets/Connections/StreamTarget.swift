// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient
internal import AmnestyWire
internal import NIOCore

/// Both directions of a streaming call of the client beside a model: no item is lost, doubled or out of its place (S-1); none is sent without
/// credit (W-10); who waits is woken once, and nobody waits for ever.
enum StreamTarget {
  static func run(_ bytes: UnsafeRawBufferPointer) throws(Discrepancy) -> FuzzTarget.Verdict {
    var cursor = ByteCursor(bytes)
    var run = StreamRun()
    while !cursor.isAtEnd { try run.step(&cursor) }
    return .worthKeeping
  }
}

private struct StreamRun {
  private enum Outcome: Equatable {
    case ended, cancelled, failed
  }

  private var machine = StreamStateMachine<Int, Int>()
  private var arrived: [UInt8] = []
  private var outcome: Outcome?
  /// Nil until the call was sent.
  private var credit: Int64?
  private var reader: Int?
  private var sender: Int?
  private var isStarted = false
  private var count = 0

  private static let greatest: Int64 = (1 << 53) - 1

  mutating func step(_ cursor: inout ByteCursor) throws(Discrepancy) {
    self.count += 1
    switch cursor.number(below: 8) {
    case 0: try self.start(cursor.one(of: [0, 1, 1000, Self.greatest]))
    case 1: try self.grant(cursor.one(of: [1, 1000, Self.greatest]))
    case 2, 3: try self.receive(1 + cursor.number(below: 3))
    case 4: try self.finish(cursor.one(of: [.ended, .cancelled, .failed]))
    case 5: try self.read(waits: cursor.isTrue())
    default: try self.send(bytes: cursor.one(of: [0, 1, 600, 100_000]), waits: cursor.isTrue())
    }
  }

  private mutating func start(_ credit: Int64) throws(Discrepancy) {
    guard !self.isStarted else { return }
    self.isStarted = true
    self.credit = credit
    try requireEqual(self.machine.started(id: 9, credit: credit), self.wakeSender(), "who may send at the start")
  }

  /// As the server counts it: a sum beyond the greatest number stays there (W-7).
  private mutating func grant(_ bytes: Int64) throws(Discrepancy) {
    guard let credit = self.credit else { return }
    self.credit = min(credit + bytes, Self.greatest)
    try requireEqual(self.machine.granted(bytes), self.wakeSender(), "who may send with \(self.credit ?? 0) bytes of credit")
  }

  private mutating func wakeSender() -> Int? {
    guard self.outcome == nil, let credit = self.credit, credit > 0 else { return nil }
    defer { self.sender = nil }
    return self.sender
  }

  private mutating func receive(_ items: Int) throws(Discrepancy) {
    let items = (0..<items).map { UInt8(truncatingIfNeeded: self.count &* 4 &+ $0) }
    let woken = self.machine.received(items.map { ByteBuffer(bytes: [$0]) })
    guard self.outcome == nil else { return try requireEqual(woken, nil, "who reads after the end") }
    try requireEqual(woken, self.reader, "who reads what has come")
    if self.reader == nil { self.arrived += items }
    self.reader = nil
  }

  private mutating func finish(_ outcome: Outcome) throws(Discrepancy) {
    let end: CallOutcome =
      switch outcome {
      case .ended: .ended(nil)
      case .cancelled: .failed(CallFailure(.cancelled("no")))
      case .failed: .failed(CallFailure(.connectionLost("no")))
      }
    let woken = self.machine.finished(end)
    let isFirst = self.outcome == nil
    try requireEqual(woken.reader, isFirst ? self.reader : nil, "the reader at the end")
    try requireEqual(woken.sender, isFirst ? self.sender : nil, "the sender at the end")
    guard isFirst else { return }
    self.outcome = outcome
    (self.reader, self.sender) = (nil, nil)
    if outcome == .cancelled { self.arrived = [] }
  }

  /// One reader at a time.
  private mutating func read(waits: Bool) throws(Discrepancy) {
    guard self.reader == nil else { return }
    switch self.machine.read(waits ? self.count : nil) {
    case .deliver(let items):
      try require(!items.isEmpty, "nothing is delivered")
      try requireEqual(items.flatMap { Array($0.readableBytesView) }, self.arrived, "what has arrived")
      self.arrived = []
    case .finish(let end):
      try require(self.arrived.isEmpty, "the end comes before what had arrived")
      try requireEqual(Self.outcome(of: end), self.outcome, "the end")
    case .wait:
      try require(self.arrived.isEmpty && self.outcome == nil, "the reader waits for what is there")
      if waits { self.reader = self.count }
    }
  }

  private static func outcome(of end: CallOutcome) -> Outcome {
    switch end {
    case .ended: .ended
    case .failed(let failure): failure.status.code == .cancelled ? .cancelled : .failed
    }
  }

  /// One sender at a time; it sends what it asked for.
  private mutating func send(bytes: Int, waits: Bool) throws(Discrepancy) {
    guard self.sender == nil else { return }
    switch self.machine.requestSend(waits ? self.count : nil) {
    case .send(let id):
      try requireEqual(id, 9, "the id")
      try require(self.outcome == nil && (self.credit ?? 0) > 0, "an item is sent with \(self.credit ?? 0) bytes of credit")
      self.machine.charge(bytes)
      self.credit = (self.credit ?? 0) - Int64(bytes)
    case .stop: try require(self.outcome != nil, "no more is sent before the end")
    case .wait:
      try require(self.outcome == nil && (self.credit ?? 0) <= 0, "the sender waits with \(self.credit ?? 0) bytes of credit")
      if waits { self.sender = self.count }
    }
  }
}
