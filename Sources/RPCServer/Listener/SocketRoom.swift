// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import NIOCore
internal import Synchronization

/// Counts accepted sockets, over all listeners of a server, against what the process can open. Those count too that are being turned away.
final class SocketRoom: Sendable {
  private let capacity: Int
  private let taken = Atomic(0)

  init(capacity: Int) {
    self.capacity = capacity
  }

  /// Of as many sockets, how many may be connections. The rest is for who is told to come later.
  static func connections(of capacity: Int) -> Int {
    max(1, capacity - min(16, capacity / 4))
  }

  var isFull: Bool { self.taken.load(ordering: .relaxed) >= self.capacity }

  /// Counts a socket until it is closed.
  func hold(_ channel: any Channel) {
    self.taken.wrappingAdd(1, ordering: .relaxed)
    channel.closeFuture.whenComplete { _ in self.taken.wrappingSubtract(1, ordering: .relaxed) }
  }
}
