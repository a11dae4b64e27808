// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyWire
internal import Synchronization

/// How many calls ended, by method and code, and how long unary ones took. Counting costs an uncontended lock, or two.
package final class CallMetrics: Sendable {
  private let names: [String]
  private let counts: Mutex<[UInt64]>
  /// By method: calls by the bound of their time, then nanoseconds in all.
  private let times: Mutex<[UInt64]>

  /// Upper bounds of the times that are told apart, in microseconds; the last is open.
  package static let bounds: [UInt64] = [
    10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 10_000_000,
  ]
  private static let width = bounds.count + 2

  package init(methods: ServiceTable) {
    self.names = methods.names.names
    self.counts = Mutex(Array(repeating: 0, count: (self.names.count + 1) * StatusCode.all.count))
    self.times = Mutex(Array(repeating: 0, count: self.names.count * Self.width))
  }

  /// Counts a call; `method` is nil for one that no service has.
  func count(method: Int?, code: StatusCode) {
    let index = (method.map { $0 + 1 } ?? 0) * StatusCode.all.count + code.number
    self.counts.withLock { $0[index] &+= 1 }
  }

  /// Counts the time of a unary call, from when the call was begun on until its answer was there.
  func took(method: Int, nanoseconds: Int64) {
    let time = UInt64(max(nanoseconds, 0))
    let bucket = Self.bounds.firstIndex { time <= $0 &* 1_000 } ?? Self.bounds.count
    self.times.withLock { times in
      times[method &* Self.width &+ bucket] &+= 1
      times[method &* Self.width &+ Self.width &- 1] &+= time
    }
  }

  /// The times of one method's calls.
  package struct Times: Sendable, Equatable {
    package var method: String
    /// One for each of `bounds`, and one for what took longer.
    package var calls: [UInt64]
    package var nanoseconds: UInt64
  }

  /// What was measured so far, of methods that were called.
  package func measured() -> [Times] {
    let all = self.times.withLock { $0 }
    return self.names.indices.compactMap { method in
      let row = all[method * Self.width..<(method + 1) * Self.width]
      let calls = Array(row.dropLast())
      return calls.contains { $0 > 0 } ? Times(method: self.names[method], calls: calls, nanoseconds: row.last ?? 0) : nil
    }
  }

  package struct Count: Sendable, Equatable {
    /// nil: no service has it.
    package var method: String?
    package var code: StatusCode
    package var calls: UInt64
  }

  /// What was counted so far, without zeros.
  package func snapshot() -> [Count] {
    let width = StatusCode.all.count
    return self.counts.withLock { $0 }.enumerated().compactMap { index, calls in
      guard calls > 0 else { return nil }
      let method = index / width
      return Count(method: method == 0 ? nil : self.names[method - 1], code: StatusCode.all[index % width], calls: calls)
    }
  }
}
