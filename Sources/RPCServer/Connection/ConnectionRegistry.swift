// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import NIOCore
internal import Synchronization

/// The connections of a server: who may come in, and how to reach all of them.
final class ConnectionRegistry: Sendable {
  private struct State {
    var admission: ConnectionAdmission
    var nextID = 0
    var drains: [Int: @Sendable (TimeAmount) -> Void] = [:]
    var draining: TimeAmount?
    var onEmpty: (@Sendable () -> Void)?
    /// Users whose last connection was refused.
    var refused: Set<UInt32> = []
  }

  private let state: Mutex<State>

  init(limits: ServerLimits) {
    self.state = Mutex(State(admission: ConnectionAdmission(limits: limits)))
  }

  /// New limits: for who comes in from now on; nobody is sent away.
  func replace(limits: ServerLimits) { self.state.withLock { $0.admission.limits = limits } }

  var count: Int { self.state.withLock { $0.drains.count } }

  /// Takes a connection in, or says why not. `drain` is called, on any thread, when the server stops; at once where it does already.
  func enter(
    uid: UInt32, now: NIODeadline, drain: @escaping @Sendable (TimeAmount) -> Void
  ) throws(ConnectionAdmission.Refusal) -> Int {
    let result = self.state.withLock { state -> Result<(Int, TimeAmount?), ConnectionAdmission.Refusal> in
      do throws(ConnectionAdmission.Refusal) {
        try state.admission.admit(uid: uid, now: now)
      } catch {
        return .failure(error)
      }
      state.refused.remove(uid)
      state.nextID += 1
      state.drains[state.nextID] = drain
      return .success((state.nextID, state.draining))
    }
    let (id, draining) = try result.get()
    if let draining { drain(draining) }
    return id
  }

  /// Whether a refusal is news: the first since the user's last connection that came in. Who tries on must not fill the log.
  func isFirstRefusal(uid: UInt32) -> Bool {
    self.state.withLock { state in
      // More users than connections have been refused: forget them, and tell some again.
      if state.refused.count >= state.admission.limits.connections { state.refused = [] }
      return state.refused.insert(uid).inserted
    }
  }

  func leave(_ id: Int, uid: UInt32, now: NIODeadline) {
    let onEmpty = self.state.withLock { state -> (@Sendable () -> Void)? in
      guard state.drains.removeValue(forKey: id) != nil else { return nil }
      state.admission.leave(uid: uid, now: now)
      return state.draining != nil && state.drains.isEmpty ? state.onEmpty.take() : nil
    }
    onEmpty?()
  }

  /// Drains all connections and calls `onEmpty` when the last has gone. Only the first call has an effect.
  func drain(grace: TimeAmount, onEmpty: @escaping @Sendable () -> Void) {
    let (drains, isEmpty) = self.state.withLock { state -> ([@Sendable (TimeAmount) -> Void], Bool) in
      guard state.draining == nil else { return ([], false) }
      state.draining = grace
      if !state.drains.isEmpty { state.onEmpty = onEmpty }
      return (Array(state.drains.values), state.drains.isEmpty)
    }
    for drain in drains { drain(grace) }
    if isEmpty { onEmpty() }
  }
}
