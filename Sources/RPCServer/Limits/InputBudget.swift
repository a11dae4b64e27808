// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import Synchronization

/// Counts what connections keep of frames and calls that their clients have begun and not finished, in all and by user. Only what is large is
/// counted, so the usual frame takes no lock.
final class InputBudget: Sendable {
  private struct State {
    var limits: ServerLimits
    var total = 0
    var users: [UInt32: Int] = [:]
  }

  private let state: Mutex<State>

  init(limits: ServerLimits) {
    self.state = Mutex(State(limits: limits))
  }

  func replace(limits: ServerLimits) { self.state.withLock { $0.limits = limits } }

  var total: Int { self.state.withLock { $0.total } }

  /// A connection keeps `new` bytes instead of `old`. False where there is no room for more; then nothing has changed.
  func change(of uid: UInt32, from old: Int, to new: Int) -> Bool {
    self.state.withLock { state in
      let difference = new - old
      let user = state.users[uid, default: 0] + difference
      if difference > 0 {
        // One frame of the greatest length always has room.
        let least = state.limits.maxFrame + WireLimits.smallFrame
        guard user <= max(state.limits.unfinishedBytesPerUser, least), state.total + difference <= max(state.limits.unfinishedBytes, least)
        else { return false }
      }
      state.total += difference
      state.users[uid] = user > 0 ? user : nil
      return true
    }
  }
}
