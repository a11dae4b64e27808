// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import NIOCore
internal import NIOEmbedded
internal import Testing

@testable internal import RPCServer

/// What a connection does when time passes, and when the peer does not do its part.
@Suite("Time on a connection") struct ConnectionTimeTests {
  static let health = #"{"call":1,"method":"t.S/Echo"}"#

  // MARK: X-6

  @Test("A peer that takes no byte for 30 s with a full queue is disconnected; its user's other connections stay")
  func stalledReader() async throws {
    try await TestServer.run { server in
      let (stalled, other) = (try await server.connect(), try await server.connect())
      try await stalled.send(#"{"call":1,"method":"t.S/Chat","open":true}"#)
      try await other.send(#"{"call":1,"method":"t.S/Chat","open":true}"#)
      try await stalled.setWritable(false)
      await server.loop.advanceTime(by: .milliseconds(29_999))
      #expect(stalled.channel.isActive)
      await server.loop.advanceTime(by: .milliseconds(1))
      #expect(!stalled.channel.isActive)
      try await server.until { server.probe.cancelled == 1 }
      #expect(server.core.registry.count == 1)
      try await other.send(#"{"item":1}"# + "\n{}", #"{"ping":7}"#)
      #expect(Set([try await other.next(), try await other.next()]) == [#"{"item":1}"# + "\n{}", #"{"pong":7}"#])
    }
  }

  @Test("A slow reader that takes something in each 30 s stays")
  func slowReader() async throws {
    try await TestServer.run { server in
      let slow = try await server.connect()
      let channel = slow.channel
      try await slow.send(#"{"ping":1}"#)
      // Bytes that the queue holds back, as a full socket does.
      try await channel.testingEventLoop.submit { channel.pipeline.write(ByteBuffer(repeating: 0, count: 1000), promise: nil) }.get()
      try await slow.setWritable(false)
      await server.loop.advanceTime(by: .seconds(20))
      try await channel.testingEventLoop.submit { channel.pipeline.flush() }.get()
      await server.loop.advanceTime(by: .seconds(20))
      #expect(channel.isActive)
      await server.loop.advanceTime(by: .seconds(30))
      #expect(!channel.isActive)
    }
  }

  // MARK: X-7

  @Test("A connection that has sent no frame within 10 s is told so and closed, half a frame is none", arguments: [0, 1, 3, 4, 12])
  func firstFrame(bytes: Int) async throws {
    try await TestServer.run { server in
      let connection = try await server.connect()
      if bytes > 0 {
        await server.loop.advanceTime(by: .seconds(9))
        try await connection.send(ByteBuffer(bytes: TestConnection.frame(Self.health).readableBytesView.prefix(bytes)))
        await server.loop.advanceTime(by: .milliseconds(999))
      } else {
        await server.loop.advanceTime(by: .milliseconds(9_999))
      }
      #expect(try await connection.frames() == [])
      #expect(connection.channel.isActive)
      await server.loop.advanceTime(by: .milliseconds(1))
      #expect(try await connection.next().hasPrefix(#"{"goaway":0,"reason":"FIRST_FRAME_TIMEOUT""#))
      await server.loop.advanceTime(by: .seconds(1))
      #expect(!connection.channel.isActive)
      #expect(server.core.registry.count == 0)
    }
  }

  @Test("One frame is enough: a connection may then be silent")
  func silentAfterwards() async throws {
    try await TestServer.run { server in
      let connection = try await server.connect()
      try await connection.send(#"{"ping":1}"#)
      await server.loop.advanceTime(by: .hours(24))
      #expect(connection.channel.isActive)
      #expect(try await connection.frames() == [#"{"pong":1}"#])
    }
  }

  // MARK: K-4

  @Test("Without timeoutMs a unary call has 30 s")
  func unaryDefault() async throws {
    try await TestServer.run { server in
      let connection = try await server.connect()
      try await connection.send(#"{"call":1,"method":"t.S/Hang"}"#)
      try await server.until { server.probe.started == 1 }
      await server.loop.advanceTime(by: .milliseconds(29_999))
      #expect(try await connection.frames() == [])
      await server.loop.advanceTime(by: .milliseconds(1))
      #expect(try await connection.next().hasPrefix(#"{"end":1,"code":"DEADLINE_EXCEEDED""#))
      #expect(server.probe.cancelled == 1)
      #expect(connection.channel.isActive)
    }
  }

  @Test("Without timeoutMs a streaming call has no deadline")
  func streamDefault() async throws {
    try await TestServer.run { server in
      let connection = try await server.connect()
      try await connection.send(#"{"call":1,"method":"t.S/Chat","open":true}"#)
      await server.loop.advanceTime(by: .hours(24 * 365))
      try await connection.send(#"{"item":1}"# + "\n{}")
      #expect(try await connection.next() == #"{"item":1}"# + "\n{}")
    }
  }

  @Test("A timeoutMs of its own counts from receipt, of a stream too")
  func ownTimeout() async throws {
    try await TestServer.run { server in
      let connection = try await server.connect()
      try await connection.send(#"{"call":1,"method":"t.S/Chat","open":true,"timeoutMs":60000}"#)
      await server.loop.advanceTime(by: .milliseconds(59_999))
      #expect(try await connection.frames() == [])
      await server.loop.advanceTime(by: .milliseconds(1))
      #expect(try await connection.next().hasPrefix(#"{"end":1,"code":"DEADLINE_EXCEEDED""#))
    }
  }

  // MARK: Peers that go

  @Test("A client that vanishes in the middle of a call or a stream takes its work with it, and nobody else's")
  func vanishing() async throws {
    try await TestServer.run { server in
      let (gone, other) = (try await server.connect(), try await server.connect())
      try await gone.send(#"{"call":1,"method":"t.S/Hang"}"#, #"{"call":2,"method":"t.S/Chat","open":true}"#)
      try await other.send(#"{"call":1,"method":"t.S/Hang"}"#)
      try await server.until { server.probe.started == 3 }
      try await gone.channel.close().get()
      try await server.until { server.probe.cancelled == 2 }
      #expect(server.core.registry.count == 1)
      try await other.send(#"{"ping":1}"#)
      #expect(try await other.next() == #"{"pong":1}"#)
      #expect(server.probe.cancelled == 2)
    }
  }

  @Test("A storm of calls cancelled at once: one end each, and the connection goes on")
  func cancelStorm() async throws {
    try await TestServer.run { server in
      let connection = try await server.connect()
      var ends: [String: Int] = [:]
      for round in 0..<20 {
        var bytes = ByteBuffer()
        for index in 1...100 {
          let id = round * 100 + index
          let call = index % 2 == 0 ? #""method":"t.S/Hang""# : #""method":"t.S/Chat","open":true"#
          bytes.writeImmutableBuffer(TestConnection.frame("{\"call\":\(id),\(call)}"))
          bytes.writeImmutableBuffer(TestConnection.frame("{\"cancel\":\(id)}"))
          bytes.writeImmutableBuffer(TestConnection.frame("{\"cancel\":\(id)}"))
        }
        try await connection.send(bytes)
        for _ in 1...100 {
          let end = try await connection.next()
          #expect(end.contains(#""code":"CANCELLED""#))
          ends[String(end.prefix { $0 != "," }), default: 0] += 1
        }
      }
      #expect(ends.count == 2000)
      #expect(ends.values.allSatisfy { $0 == 1 })
      try await connection.send(#"{"ping":1}"#)
      #expect(try await connection.next() == #"{"pong":1}"#)
    }
  }

  // MARK: Drain

  @Test("A goaway names the last call; streams end, unary calls have the grace, later calls are not executed")
  func drain() async throws {
    try await TestServer.run { server in
      let connection = try await server.connect()
      try await connection.send(#"{"call":1,"method":"t.S/Chat","open":true}"#, #"{"call":2,"method":"t.S/Hang"}"#)
      try await server.until { server.probe.started == 2 }
      server.core.registry.drain(grace: .seconds(5)) {}
      #expect(try await connection.next().hasPrefix(#"{"goaway":2,"reason":"DRAINING","graceMs":5000"#))
      #expect(try await connection.next().hasPrefix(#"{"end":1,"code":"UNAVAILABLE""#))
      try await connection.send(#"{"call":3,"method":"t.S/Echo"}"#)
      let refused = try await connection.next()
      #expect(refused.hasPrefix(#"{"end":3,"code":"UNAVAILABLE""#))
      #expect(refused.contains(#""reason":"DRAINING""#))
      // The unary call has the grace, and no longer.
      await server.loop.advanceTime(by: .milliseconds(4_999))
      #expect(try await connection.frames() == [])
      await server.loop.advanceTime(by: .milliseconds(1))
      #expect(try await connection.next().hasPrefix(#"{"end":2,"code":"UNAVAILABLE""#))
    }
  }

  @Test("A full queue does not let a goaway pass by the items handed over before it")
  func drainBehindFullQueue() async throws {
    try await TestServer.run { server in
      let connection = try await server.connect()
      try await connection.send(#"{"call":1,"method":"t.S/Chat","open":true}"#)
      try await server.until { server.probe.started == 1 }
      try await connection.send(#"{"item":1}"# + "\n1")
      #expect(try await connection.next() == #"{"item":1}"# + "\n1")
      // The item comes with the frame that fills the queue.
      let channel = connection.channel
      try await channel.testingEventLoop.submit {
        channel.pipeline.fireChannelRead(TestConnection.frame(#"{"item":1}"# + "\n2"))
        channel.isWritable = false
      }.get()
      try await server.handedOver(2)
      server.core.registry.drain(grace: .seconds(5)) {}
      #expect(try await connection.next() == #"{"item":1}"# + "\n2")
      #expect(try await connection.next().hasPrefix(#"{"goaway":1"#))
    }
  }
}

/// M-2, and the rate that the contract asks for.
@Suite("Connections above a limit") struct ConnectionLimitTests {
  private func refusal(_ connection: TestConnection) async throws -> String {
    let goaway = try await connection.next()
    return goaway.hasPrefix(#"{"goaway":0,"reason":"LIMIT_REACHED""#) ? "refused" : goaway
  }

  private func works(_ connection: TestConnection) async throws {
    try await connection.send(#"{"ping":1}"#)
    #expect(try await connection.next() == #"{"pong":1}"#)
  }

  @Test("A connection above the limit of the server is told so; the others stay, and a place that is left is free")
  func ofServer() async throws {
    var limits = ServerLimits()
    limits.connections = 2
    try await TestServer.run(limits) { server in
      let (first, second) = (try await server.connect(uid: 1), try await server.connect(uid: 2))
      #expect(try await refusal(server.connect(uid: 3)) == "refused")
      try await works(first)
      try await works(second)
      try await first.channel.close().get()
      try await works(server.connect(uid: 3))
    }
  }

  @Test("A user above its limit is refused, another is not")
  func ofUser() async throws {
    var limits = ServerLimits()
    limits.connectionsPerUser = 2
    try await TestServer.run(limits) { server in
      let first = try await server.connect(uid: 1)
      try await works(server.connect(uid: 1))
      #expect(try await refusal(server.connect(uid: 1)) == "refused")
      try await works(server.connect(uid: 2))
      try await works(first)
    }
  }

  @Test("A user that connects too often is refused until its bucket fills again, another is not")
  func rate() async throws {
    var limits = ServerLimits()
    limits.connectionRatePerUser = 3
    try await TestServer.run(limits) { server in
      func connectAndLeave() async throws -> Bool {
        let connection = try await server.connect(uid: 1)
        try await connection.send(#"{"ping":1}"#)
        let isIn = try await connection.next() == #"{"pong":1}"#
        try? await connection.channel.close().get()
        return isIn
      }
      // The rate, and as many again at once.
      for _ in 0..<6 { #expect(try await connectAndLeave()) }
      #expect(try await !connectAndLeave())
      try await works(server.connect(uid: 2))
      await server.loop.advanceTime(by: .milliseconds(334))
      #expect(try await connectAndLeave())
      #expect(try await !connectAndLeave())
      await server.loop.advanceTime(by: .seconds(3600))
      for _ in 0..<6 { #expect(try await connectAndLeave()) }
      #expect(try await !connectAndLeave())
    }
  }
}
