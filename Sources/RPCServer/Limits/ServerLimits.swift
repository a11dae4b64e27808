// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
package import NIOCore

/// What a server lets its peers use.
package struct ServerLimits: Sendable, Equatable {
  /// Bytes of a frame after its length. Default: 4 MiB; at most 16 MiB - 1.
  package var maxFrame = WireLimits.defaultMaxFrame
  /// Bytes of item bodies that each stream of requests may send before it is given credit. Default: 256 KiB, which is also the least.
  package var requestWindow = WireLimits.requestWindow
  /// Default: 128.
  package var callsPerConnection = 128
  /// Default: 1,024.
  package var connections = 1024
  /// Default: 128.
  package var connectionsPerUser = 128
  /// New connections of one user, a second in the long run; as many again may come at once. Default: 256.
  package var connectionRatePerUser = 256
  /// Default: 10 s.
  package var firstFrame = TimeAmount.seconds(10)
  /// How long a frame or line may take from its first byte to its last, while the server reads. Default: 30 s.
  package var frame = TimeAmount.seconds(30)
  /// Bytes kept, over all connections, for frames and calls that clients have begun and not finished. Default: 128 MiB.
  package var unfinishedBytes = 128 << 20
  /// The same of one user. Default: 32 MiB.
  package var unfinishedBytesPerUser = 32 << 20
  /// Of a unary call that names none. Default: 30 s.
  package var unaryTimeout = TimeAmount.seconds(30)
  /// How long a peer may take no byte while its queue is full. Default: 30 s.
  package var stall = TimeAmount.seconds(30)
  /// How long cancelled work may take to end before its call is ended without it. Default: 1 s.
  package var cancelGrace = TimeAmount.seconds(1)
  /// How long a connection that was shut down is read for the peer's end. Default: 1 s.
  package var linger = TimeAmount.seconds(1)
  /// Calls at work in tasks, over all connections. Default: 4,096.
  package var tasks = 4096
  /// Bytes of a body up to which an inline handler runs on the event loop. Default: 64 KiB.
  package var inlineBytes = 64 << 10
  /// How long a unary call in a task may take before the log tells of it. Default: 1 s.
  package var slowCall = TimeAmount.seconds(1)
  /// Frames after which a connection lets others have their turn. Default: 64.
  package var framesPerTurn = 64
  /// Time after which it does so too. Default: 1 ms.
  package var turn = TimeAmount.milliseconds(1)

  /// Limits that the services keep; only told, under these names.
  package var ofServices: [String: Int64] = [:]

  package init() {}

  /// The limits as a hello tells them.
  var announced: [String: Int64] {
    [
      "head": Int64(WireLimits.headBytes),
      "metadata": Int64(WireLimits.metadataEntries),
      "calls": Int64(self.callsPerConnection),
      "connections": Int64(self.connections),
      "connectionsPerUser": Int64(self.connectionsPerUser),
      "connectionRatePerUser": Int64(self.connectionRatePerUser),
      "firstFrameMs": self.firstFrame.milliseconds,
      "frameMs": self.frame.milliseconds,
      "unfinishedBytes": Int64(self.unfinishedBytes),
      "unfinishedBytesPerUser": Int64(self.unfinishedBytesPerUser),
      "unaryTimeoutMs": self.unaryTimeout.milliseconds,
    ].merging(self.ofServices) { own, _ in own }
  }
}

extension TimeAmount {
  var milliseconds: Int64 { self.nanoseconds / 1_000_000 }
}
