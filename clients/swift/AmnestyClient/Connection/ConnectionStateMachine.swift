// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import DequeModule
package import NIOCore

/// What the client knows of one connection: which calls are open, which wait for their turn, and which still owe an `end`.
///
/// A value without side effects: every input returns what the owner has to do. `Call` is the owner's handle on a call.
package struct ConnectionStateMachine<Call: Sendable>: Sendable {
  private enum Phase {
    /// Calls are started. Goes to `draining` or `closed`.
    case open
    /// The server takes no more calls; those it has accepted finish. Goes to `closed`.
    case draining
    /// Nothing is sent or received any more.
    case closed
  }

  private enum Stage {
    /// Waits for one of the open calls to end; nothing of it was sent.
    case queued
    /// Sent, and somebody waits for it.
    case open
    /// Sent, and nobody waits for it any more; it counts as open until its `end` comes.
    case abandoned
  }

  private struct Entry {
    var call: Call
    /// The owner's key, under which the call can be cancelled before anybody knows its id.
    var key: UInt64
    var deadline: NIODeadline?
    var stage: Stage
    /// `done` was sent, or there is no more to send.
    var isHalfClosed: Bool
    var receivesItems: Bool
  }

  /// Why a call could not be started on this connection.
  package enum Refusal: Equatable {
    /// Take another connection: nothing was sent.
    case connectionGone
    /// The ids of the connection are used up; so is the connection.
    case idsExhausted
  }

  package enum StartAction: Equatable {
    /// Send the call frame under this id now.
    case send(id: UInt64)
    /// As many calls as the server allows are open: the call frame is sent when ``ended(id:)`` says so.
    case wait(id: UInt64)
    case refuse(Refusal)
  }

  package enum CancelAction {
    /// Send `cancel`, and tell the caller.
    case sendCancel(id: UInt64, call: Call)
    /// Tell the caller; the server knows nothing of the call.
    case forget(call: Call)
    case none
  }

  package enum ItemAction {
    case deliver(call: Call)
    /// Nobody reads it, but the server waits for its credit.
    case discard(id: UInt64)
    case ignore
    case protocolError
  }

  package enum EndAction {
    /// Tell the caller, and send the calls that had waited for this one's place.
    case finish(call: Call, start: [Started])
    /// Nobody waits for it.
    case release(start: [Started])
    case protocolError
  }

  package enum CreditAction {
    case grant(call: Call)
    case ignore
    case protocolError
  }

  /// A call whose turn has come.
  package struct Started {
    package var id: UInt64
    package var call: Call
    package var deadline: NIODeadline?
  }

  /// A call that the passing of time has ended.
  package struct Expired {
    package var call: Call
    /// The id to send `cancel` for; nil where the server knows nothing of the call.
    package var cancel: UInt64?
  }

  private var phase = Phase.open
  private var calls: [UInt64: Entry] = [:]
  private var queue: Deque<UInt64> = []
  private var lastID: UInt64 = 0
  /// Calls that were sent and have not ended.
  package private(set) var openCalls = 0
  private var limit: Int

  /// The greatest id: 2^53 - 1, exact in every JSON reader.
  package static var greatestID: UInt64 { (1 << 53) - 1 }

  /// - Parameter limit: how many calls may be open until the server's hello names another number.
  package init(limit: Int, lastID: UInt64 = 0) {
    self.limit = limit
    self.lastID = lastID
  }

  /// Whether a new call may be started here.
  package var acceptsCalls: Bool {
    if case .open = self.phase { return self.lastID < Self.greatestID }
    return false
  }

  /// Whether no call is open or waits.
  package var isIdle: Bool { self.calls.isEmpty }

  // MARK: - The caller's inputs

  package mutating func start(_ call: Call, key: UInt64, deadline: NIODeadline?, isHalfClosed: Bool, receivesItems: Bool) -> StartAction {
    guard case .open = self.phase else { return .refuse(.connectionGone) }
    guard self.lastID < Self.greatestID else { return .refuse(.idsExhausted) }
    self.lastID += 1
    let id = self.lastID
    // Ids go up on the wire, so nobody overtakes those that wait.
    let waits = self.openCalls >= self.limit || !self.queue.isEmpty
    self.calls[id] = Entry(
      call: call, key: key, deadline: deadline, stage: waits ? .queued : .open, isHalfClosed: isHalfClosed, receivesItems: receivesItems)
    if waits {
      self.queue.append(id)
      return .wait(id: id)
    }
    self.openCalls += 1
    return .send(id: id)
  }

  /// Whether an item of the call may be sent: not after its end, its cancellation or its half-close.
  package func maySendItem(id: UInt64) -> Bool {
    guard let entry = self.calls[id] else { return false }
    return entry.stage == .open && !entry.isHalfClosed
  }

  /// True where `done` is to be sent.
  package mutating func halfClose(id: UInt64) -> Bool {
    guard self.maySendItem(id: id) else { return false }
    self.calls[id]?.isHalfClosed = true
    return true
  }

  /// The caller lost interest.
  package mutating func cancel(key: UInt64) -> CancelAction {
    guard let id = self.calls.first(where: { $0.value.key == key })?.key else { return .none }
    return self.abandon(id: id)
  }

  /// True where credit for the call still means something to the server.
  package func mayGiveCredit(id: UInt64) -> Bool {
    self.calls[id].map { $0.stage != .queued } ?? false
  }

  // MARK: - The server's inputs

  /// The server's hello.
  package mutating func limitAnnounced(_ limit: Int) -> [Started] {
    self.limit = max(1, limit)
    return self.startWaiting()
  }

  package func item(id: UInt64) -> ItemAction {
    guard let entry = self.calls[id] else { return self.isUsed(id) ? .ignore : .protocolError }
    switch entry.stage {
    case .queued: return .protocolError
    case .open: return entry.receivesItems ? .deliver(call: entry.call) : .protocolError
    case .abandoned: return .discard(id: id)
    }
  }

  package func credit(id: UInt64) -> CreditAction {
    guard let entry = self.calls[id] else { return self.isUsed(id) ? .ignore : .protocolError }
    switch entry.stage {
    case .queued: return .protocolError
    case .open: return .grant(call: entry.call)
    case .abandoned: return .ignore
    }
  }

  /// Exactly one `end` comes per call, so a second one breaks the protocol.
  package mutating func ended(id: UInt64) -> EndAction {
    guard let entry = self.calls[id], entry.stage != .queued else { return .protocolError }
    self.calls[id] = nil
    self.openCalls -= 1
    let started = self.startWaiting()
    return entry.stage == .open ? .finish(call: entry.call, start: started) : .release(start: started)
  }

  /// Calls above `lastID` are never executed; those that wait are not sent any more.
  ///
  /// - Returns: the calls that another connection may take, in the order they were made.
  package mutating func goaway(lastID: UInt64) -> [Call] {
    guard self.phase != .closed else { return [] }
    self.phase = .draining
    var moved: [Call] = []
    for id in self.calls.keys.sorted() {
      guard let entry = self.calls[id] else { continue }
      switch entry.stage {
      case .queued:
        self.calls[id] = nil
        moved.append(entry.call)
      case .open where id > lastID:
        self.calls[id]?.stage = .abandoned
        moved.append(entry.call)
      case .open, .abandoned: break
      }
    }
    self.queue.removeAll()
    return moved
  }

  // MARK: - Time and the end

  /// The calls whose time is up by `now`.
  package mutating func expire(now: NIODeadline) -> [Expired] {
    var expired: [Expired] = []
    for id in self.calls.keys.sorted() {
      guard let entry = self.calls[id], let deadline = entry.deadline, deadline <= now else { continue }
      switch self.abandon(id: id) {
      case .sendCancel(let id, let call): expired.append(Expired(call: call, cancel: id))
      case .forget(let call): expired.append(Expired(call: call, cancel: nil))
      case .none: break
      }
    }
    return expired
  }

  /// The next moment at which ``expire(now:)`` has something to do.
  package var nextDeadline: NIODeadline? {
    self.calls.values.lazy.filter { $0.stage != .abandoned }.compactMap(\.deadline).min()
  }

  /// The connection is gone.
  ///
  /// - Returns: the calls that were sent and got no `end`, and those of which nothing was sent, both in the order they were made.
  package mutating func closed() -> (cut: [Call], unsent: [Call]) {
    self.phase = .closed
    var cut: [Call] = []
    var unsent: [Call] = []
    for (_, entry) in self.calls.sorted(by: { $0.key < $1.key }) {
      switch entry.stage {
      case .queued: unsent.append(entry.call)
      case .open: cut.append(entry.call)
      case .abandoned: break
      }
    }
    self.calls.removeAll()
    self.queue.removeAll()
    self.openCalls = 0
    return (cut, unsent)
  }

  // MARK: -

  private func isUsed(_ id: UInt64) -> Bool { id >= 1 && id <= self.lastID }

  private mutating func abandon(id: UInt64) -> CancelAction {
    guard let entry = self.calls[id] else { return .none }
    switch entry.stage {
    case .queued:
      self.calls[id] = nil
      return .forget(call: entry.call)
    case .open:
      self.calls[id]?.stage = .abandoned
      return .sendCancel(id: id, call: entry.call)
    case .abandoned:
      return .none
    }
  }

  private mutating func startWaiting() -> [Started] {
    guard !self.queue.isEmpty else { return [] }
    var started: [Started] = []
    while self.openCalls < self.limit, let id = self.queue.popFirst() {
      guard var entry = self.calls[id] else { continue }
      entry.stage = .open
      self.calls[id] = entry
      self.openCalls += 1
      started.append(Started(id: id, call: entry.call, deadline: entry.deadline))
    }
    return started
  }
}
