// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Synchronization

/// Where event loops hand work to the server's task group; bounded.
final class TaskFeed: Sendable {
  typealias Job = @Sendable () async -> Void

  private let limit: Int
  private let count = Atomic<Int>(0)
  private let jobs: AsyncStream<Job>
  private let continuation: AsyncStream<Job>.Continuation

  init(limit: Int) {
    self.limit = limit
    (self.jobs, self.continuation) = AsyncStream.makeStream()
  }

  /// Hands work over; false where there is too much already.
  func submit(_ job: @escaping Job) -> Bool {
    guard self.enter() else { return false }
    if case .enqueued = self.continuation.yield(job) { return true }
    self.leave()
    return false
  }

  /// Counts work that runs elsewhere; false where there is too much already.
  func enter() -> Bool {
    if self.count.wrappingAdd(1, ordering: .relaxed).newValue <= self.limit { return true }
    self.leave()
    return false
  }

  func leave() {
    self.count.wrappingSubtract(1, ordering: .relaxed)
  }

  /// No more work will come.
  func finish() {
    self.continuation.finish()
  }

  /// Runs all work, each piece in a task of its own, until ``finish()``; what is at work then is cancelled.
  func run() async {
    await withDiscardingTaskGroup { group in
      for await job in self.jobs {
        group.addTask {
          await job()
          self.leave()
        }
      }
      group.cancelAll()
    }
  }
}
