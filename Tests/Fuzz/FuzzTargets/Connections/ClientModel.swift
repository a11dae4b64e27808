// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient

/// What a client owes its user and the server, clause by clause of `protocol/SPEC.md`.
struct ClientModel {
  enum Reaction: Equatable {
    case deliver(Int)
    /// Nobody reads it; its credit goes back (C-15, W-11).
    case giveBack
    case ignore
    case protocolError
  }

  enum Cancellation: Equatable {
    case send(UInt64)
    case forget
    case nothing
  }

  struct Call {
    var number: Int
    var deadline: UInt64?
    var isSent: Bool
    var isHalfClosed: Bool
    var receivesItems: Bool
    /// Its user was told an end.
    var isForgotten = false
  }

  private enum Phase {
    case open, away, closed
  }

  private var phase = Phase.open
  private(set) var calls: [UInt64: Call] = [:]
  private(set) var lastID: UInt64
  private var limit: Int

  init(limit: Int, lastID: UInt64) {
    self.limit = limit
    self.lastID = lastID
  }

  var acceptsCalls: Bool { self.phase == .open && self.lastID < (1 << 53) - 1 }
  /// Those that the server counts.
  var openCalls: Int { self.calls.values.count(where: \.isSent) }
  var nextDeadline: UInt64? { self.calls.values.filter { !$0.isForgotten }.compactMap(\.deadline).min() }

  private var ids: [UInt64] { self.calls.keys.sorted() }
  private var waiting: [UInt64] { self.ids.filter { self.calls[$0]?.isSent == false } }

  // MARK: - The user

  /// C-13, C-12, G-7.
  mutating func start(
    _ number: Int, deadline: UInt64?, isHalfClosed: Bool, receivesItems: Bool
  ) -> ConnectionStateMachine<Int>.StartAction {
    guard self.phase == .open else { return .refuse(.connectionGone) }
    guard self.acceptsCalls else { return .refuse(.idsExhausted) }
    self.lastID += 1
    let isSent = self.openCalls < self.limit && self.waiting.isEmpty
    self.calls[self.lastID] = Call(
      number: number, deadline: deadline, isSent: isSent, isHalfClosed: isHalfClosed, receivesItems: receivesItems)
    return isSent ? .send(id: self.lastID) : .wait(id: self.lastID)
  }

  /// K-8.
  mutating func cancel(_ number: Int) -> Cancellation {
    guard let id = self.ids.first(where: { self.calls[$0]?.number == number }) else { return .nothing }
    return self.giveUp(id)
  }

  private mutating func giveUp(_ id: UInt64) -> Cancellation {
    guard let call = self.calls[id], !call.isForgotten else { return .nothing }
    if !call.isSent {
      self.calls[id] = nil
      return .forget
    }
    self.calls[id]?.isForgotten = true
    return .send(id)
  }

  func maySend(_ id: UInt64) -> Bool { self.calls[id].map { $0.isSent && !$0.isForgotten && !$0.isHalfClosed } ?? false }

  func mayGiveCredit(_ id: UInt64) -> Bool { self.calls[id]?.isSent ?? false }

  mutating func halfClose(_ id: UInt64) { if self.maySend(id) { self.calls[id]?.isHalfClosed = true } }

  // MARK: - The server

  /// C-15: nothing may come for what was never sent.
  private func wasUsed(_ id: UInt64) -> Bool { id >= 1 && id <= self.lastID && self.calls[id]?.isSent != false }

  func item(_ id: UInt64) -> Reaction {
    guard self.wasUsed(id) else { return .protocolError }
    guard let call = self.calls[id] else { return .ignore }
    if call.isForgotten { return .giveBack }
    return call.receivesItems ? .deliver(call.number) : .protocolError
  }

  func credit(_ id: UInt64) -> Reaction {
    guard self.wasUsed(id) else { return .protocolError }
    guard let call = self.calls[id], !call.isForgotten else { return .ignore }
    return .deliver(call.number)
  }

  /// C-1: a second end breaks the protocol.
  mutating func ended(_ id: UInt64) -> (reaction: Reaction, started: [UInt64]) {
    guard let call = self.calls[id], call.isSent else { return (.protocolError, []) }
    self.calls[id] = nil
    let started = self.startWaiting()
    return (call.isForgotten ? .ignore : .deliver(call.number), started)
  }

  mutating func announce(_ limit: Int) -> [UInt64] {
    self.limit = max(1, limit)
    return self.startWaiting()
  }

  private mutating func startWaiting() -> [UInt64] {
    let started = Array(self.waiting.prefix(max(0, self.limit - self.openCalls)))
    for id in started { self.calls[id]?.isSent = true }
    return started
  }

  /// G-2, G-7.
  mutating func goaway(_ lastID: UInt64) -> [Int] {
    guard self.phase != .closed else { return [] }
    self.phase = .away
    var told: [Int] = []
    for id in self.ids {
      guard let call = self.calls[id] else { continue }
      if !call.isSent {
        self.calls[id] = nil
        told.append(call.number)
      } else if id > lastID, !call.isForgotten {
        self.calls[id]?.isForgotten = true
        told.append(call.number)
      }
    }
    return told
  }

  // MARK: - Time and the end

  /// K-7.
  mutating func expire(now: UInt64) -> [(call: Int, cancel: UInt64?)] {
    self.ids.compactMap { id in
      guard let call = self.calls[id], let deadline = call.deadline, deadline <= now else { return nil }
      switch self.giveUp(id) {
      case .send(let id): return (call.number, id)
      case .forget: return (call.number, nil)
      case .nothing: return nil
      }
    }
  }

  ///
  mutating func close() -> (cut: [Int], unsent: [Int]) {
    let left = self.ids.compactMap { self.calls[$0] }.filter { !$0.isForgotten }
    self.phase = .closed
    self.calls = [:]
    return (left.filter(\.isSent).map(\.number), left.filter { !$0.isSent }.map(\.number))
  }
}
