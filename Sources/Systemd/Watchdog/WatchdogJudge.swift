// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Decides whether the service may say that it is alive: while every probe has made progress lately.
///
/// A value without a clock; times are durations since any fixed moment.
package struct WatchdogJudge: Sendable {
  package enum Verdict: Sendable, Hashable {
    case alive
    /// These have not come back for longer than the patience.
    case wedged([String])
  }

  /// How long a probe may go without progress.
  package let patience: Duration
  private var progress: [String: Duration]

  /// All probes count as having made progress at `start`.
  package init(probes: [String], patience: Duration, start: Duration) {
    self.patience = patience
    self.progress = Dictionary(probes.map { ($0, start) }, uniquingKeysWith: { first, _ in first })
  }

  /// A probe has come back.
  package mutating func progressed(_ probe: String, at time: Duration) {
    guard let last = progress[probe] else { return }
    progress[probe] = max(last, time)
  }

  package func verdict(at time: Duration) -> Verdict {
    let late = progress.filter { time - $0.value > patience }.keys.sorted()
    return late.isEmpty ? .alive : .wedged(late)
  }
}
