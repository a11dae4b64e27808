// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import NIOCore
internal import RPCServer

/// A limit that the configuration may set; hello tells it under the same name where it is a client's concern.
struct LimitKey: Sendable {
  var name: String
  var range: ClosedRange<Int>
  var set: @Sendable (inout ServerLimits, Int) -> Void

  static let all: [LimitKey] = [
    LimitKey(name: "maxFrame", range: 65_536...16_777_215) { $0.maxFrame = $1 },
    LimitKey(name: "calls", range: 1...65_536) { $0.callsPerConnection = $1 },
    LimitKey(name: "connections", range: 1...65_536) { $0.connections = $1 },
    LimitKey(name: "connectionsPerUser", range: 1...65_536) { $0.connectionsPerUser = $1 },
    LimitKey(name: "connectionRatePerUser", range: 1...65_536) { $0.connectionRatePerUser = $1 },
    LimitKey(name: "firstFrameMs", range: 100...3_600_000) { $0.firstFrame = .milliseconds(Int64($1)) },
    LimitKey(name: "frameMs", range: 100...3_600_000) { $0.frame = .milliseconds(Int64($1)) },
    LimitKey(name: "unfinishedBytes", range: 1_048_576...1_099_511_627_776) { $0.unfinishedBytes = $1 },
    LimitKey(name: "unfinishedBytesPerUser", range: 1_048_576...1_099_511_627_776) { $0.unfinishedBytesPerUser = $1 },
    LimitKey(name: "unaryTimeoutMs", range: 100...3_600_000) { $0.unaryTimeout = .milliseconds(Int64($1)) },
    LimitKey(name: "slowCallMs", range: 1...3_600_000) { $0.slowCall = .milliseconds(Int64($1)) },
  ]
}
