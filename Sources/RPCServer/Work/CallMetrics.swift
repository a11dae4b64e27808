// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyWire
internal import Synchronization

/// How many calls ended, by method and code. Counting costs one uncontended lock.
package final class CallMetrics: Sendable {
  private let names: [String]
  private let counts: Mutex<[UInt64]>

  package init(methods: ServiceTable) {
    self.names = methods.names.names
    self.counts = Mutex(Array(repeating: 0, count: (self.names.count + 1) * StatusCode.all.count))
  }

  /// Counts a call; `method` is nil for one that no service has.
  func count(method: Int?, code: StatusCode) {
    let index = (method.map { $0 + 1 } ?? 0) * StatusCode.all.count + code.number
    self.counts.withLock { $0[index] &+= 1 }
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
