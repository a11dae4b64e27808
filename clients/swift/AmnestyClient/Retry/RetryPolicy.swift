// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire

/// How often, and how long apart, a unary call that was UNAVAILABLE is tried again.
///
/// Only methods that are declared free of side effects or idempotent are tried again, and calls that the daemon has said it never executed.
public struct RetryPolicy: Sendable, Equatable {
  /// Tries in all, the first included; 1 never retries. Default: 4.
  public var attempts: Int
  /// The wait before the second try. Default: 50 ms.
  public var initialDelay: Duration
  /// What the wait is multiplied by from try to try. Default: 2.
  public var multiplier: Double
  /// The longest wait. Default: 2 s.
  public var greatestDelay: Duration
  /// The share of a wait that chance may take away (0 to 1), so that many clients do not come back at once. Default: 0.5.
  public var jitter: Double

  /// The policy described; what is not named has its default.
  public init(
    attempts: Int = 4,
    initialDelay: Duration = .milliseconds(50),
    multiplier: Double = 2,
    greatestDelay: Duration = .seconds(2),
    jitter: Double = 0.5
  ) {
    self.attempts = attempts
    self.initialDelay = initialDelay
    self.multiplier = multiplier
    self.greatestDelay = greatestDelay
    self.jitter = jitter
  }

  /// 4 attempts, 50 ms doubling up to 2 s, half of it by chance.
  public static var defaults: RetryPolicy { RetryPolicy() }
  /// Every call is tried once.
  public static var never: RetryPolicy { RetryPolicy(attempts: 1) }
}

/// The retries of one call.
struct Backoff: Sendable {
  private let policy: RetryPolicy
  private let mayRepeat: Bool
  private var attempt = 1

  /// - Parameter idempotency: whether the method may be executed twice.
  init(_ policy: RetryPolicy, idempotency: Idempotency) {
    self.policy = policy
    self.mayRepeat = idempotency.mayRetry
  }

  /// How long to wait before the next try; nil where the failure stands.
  ///
  /// - Parameters:
  ///   - failure: how the last try failed.
  ///   - chance: a number from 0 up to 1.
  mutating func delay(after failure: CallFailure, chance: Double) -> Duration? {
    guard failure.status.code == .unavailable, self.mayRepeat || failure.neverExecuted else { return nil }
    guard self.attempt < self.policy.attempts else { return nil }
    var delay = self.policy.initialDelay
    for _ in 1..<self.attempt where delay < self.policy.greatestDelay { delay = delay * self.policy.multiplier }
    delay = min(delay, self.policy.greatestDelay)
    delay = delay * (1 - min(max(self.policy.jitter, 0), 1) * chance)
    self.attempt += 1
    guard let asked = failure.status.retryInfo?.retryDelayMilliseconds, asked > 0 else { return delay }
    return max(delay, .milliseconds(asked))
  }
}
