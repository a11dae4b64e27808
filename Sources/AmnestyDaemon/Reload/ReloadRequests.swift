// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyServices
internal import Synchronization

/// Those who want a reload, by signal or by call. One reading answers all who came before it began.
final class ReloadRequests: Sendable {
  private struct State {
    var waiting: [CheckedContinuation<ReloadOutcome, Never>] = []
    var isClosed = false
  }

  private let state = Mutex(State())
  private let wakeups: AsyncStream<Void>
  private let wake: AsyncStream<Void>.Continuation

  init() { (wakeups, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

  /// How many wait for a reading that has not begun.
  var waitingCount: Int { state.withLock { $0.waiting.count } }

  /// Wants a reload and does not wait.
  func want() { wake.yield() }

  /// Wants a reload and returns what came of it.
  func wait() async -> ReloadOutcome {
    await withCheckedContinuation { continuation in
      let isClosed = state.withLock { state in
        if !state.isClosed { state.waiting.append(continuation) }
        return state.isClosed
      }
      if isClosed { continuation.resume(returning: .stopping) } else { wake.yield() }
    }
  }

  /// Reloads for those who ask, one at a time, until ``close()``.
  func serve(_ reload: () async -> ReloadOutcome) async {
    for await _ in wakeups {
      let waiting = take()
      let outcome = await reload()
      for continuation in waiting { continuation.resume(returning: outcome) }
    }
    for continuation in take() { continuation.resume(returning: .stopping) }
  }

  /// No more reloads.
  func close() {
    state.withLock { $0.isClosed = true }
    wake.finish()
  }

  private func take() -> [CheckedContinuation<ReloadOutcome, Never>] {
    state.withLock { state in
      defer { state.waiting = [] }
      return state.waiting
    }
  }
}
