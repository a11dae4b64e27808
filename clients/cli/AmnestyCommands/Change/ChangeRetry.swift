// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient

/// When a command that was UNAVAILABLE is sent again with the same key: long enough to outlast a daemon that starts anew.
package struct ChangeRetry: Sendable {
  private let attempts: Int
  private var attempt = 1
  private var wait: Duration

  package init(attempts: Int = 7, firstWait: Duration = .milliseconds(50)) {
    self.attempts = attempts
    self.wait = firstWait
  }

  /// How long to wait before the next try; nil where the failure stands.
  package mutating func delay(after status: Status) -> Duration? {
    guard status.code == .unavailable, self.attempt < self.attempts else { return nil }
    defer {
      self.attempt += 1
      self.wait = min(self.wait * 2, .seconds(2))
    }
    guard let asked = status.retryInfo?.retryDelayMilliseconds, asked > 0 else { return self.wait }
    return max(self.wait, .milliseconds(min(asked, 10_000)))
  }

  /// Whether the command may have been carried out although it failed here.
  package static func mayHaveHappened(_ status: Status) -> Bool {
    switch status.code {
    case .unavailable, .deadlineExceeded, .cancelled, .internal, .unknown, .dataLoss: true
    default: false
    }
  }

  /// Calls `body` until it succeeds, or fails in a way that another try cannot mend.
  package static func run<Result>(
    _ retry: ChangeRetry = ChangeRetry(),
    pause: (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
    _ body: () async throws(Status) -> Result
  ) async throws -> Result {
    var retry = retry
    while true {
      do throws(Status) {
        return try await body()
      } catch {
        guard let delay = retry.delay(after: error) else { throw error }
        try await pause(delay)
      }
    }
  }
}
