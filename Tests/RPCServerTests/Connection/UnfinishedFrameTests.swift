// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import NIOCore
internal import NIOEmbedded
internal import Testing

@testable internal import RPCServer

/// What a server keeps of frames, lines and calls that are begun and not finished.
@Suite("Unfinished frames") struct UnfinishedFrameTests {
  private static let megabyte = 1 << 20

  /// The first part of a frame with this head and a body of so many bytes; the rest is `rest`.
  private static func beginning(_ head: String, body: Int, sent: Int) -> (bytes: ByteBuffer, rest: ByteBuffer) {
    var bytes = ByteBuffer(integer: UInt32(head.utf8.count + 1 + body))
    bytes.writeString(head + "\n")
    bytes.writeRepeatingByte(UInt8(ascii: " "), count: sent)
    return (bytes, ByteBuffer(repeating: UInt8(ascii: " "), count: body - sent))
  }

  private static func call(_ id: Int, _ method: String, _ rest: String = "") -> String { #"{"call":\#(id),"method":"t.S/\#(method)"\#(rest)}"# }

  // MARK: A-6, F-13

  @Test("A call for which the role is missing is refused once its head is here, and its body is never kept")
  func refusedWithoutTheBody() async throws {
    try await TestServer.run { server in
      let connection = try await server.connect(uid: 1)
      let (bytes, rest) = Self.beginning(Self.call(1, "Guarded"), body: Self.megabyte, sent: Self.megabyte / 2)
      try await connection.send(bytes)
      let refused = try await connection.next()
      #expect(refused.hasPrefix(#"{"end":1,"code":"PERMISSION_DENIED""#))
      #expect(server.core.input.total == 0)
      try await connection.send(rest)
      try await connection.send(#"{"ping":1}"#)
      #expect(try await connection.next() == #"{"pong":1}"#)
    }
  }

  @Test(
    "So is what is refused for any other reason, and what takes no body is done",
    arguments: [
      (call(5, "Nothing"), #"{"end":5,"code":"UNIMPLEMENTED""#), (call(5, "Echo", #","timeoutMs":0"#), #"{"end":5,"code":"DEADLINE_EXCEEDED""#),
      (call(5, "Echo", #","actor":"#), #"{"goaway":2,"reason":"PROTOCOL_ERROR""#), (#"{"ping":7}"#, #"{"pong":7}"#),
      (#"{"item":2}"#, #"{"end":2,"code":"INVALID_ARGUMENT","#), (call(2, "Echo"), #"{"goaway":2,"reason":"PROTOCOL_ERROR""#),
    ])
  func otherRefusals(head: String, answer: String) async throws {
    try await TestServer.run { server in
      let connection = try await server.connect()
      try await connection.send(Self.call(2, "Hang"))
      try await connection.send(Self.beginning(head, body: Self.megabyte, sent: 10).bytes)
      #expect(try await connection.next().hasPrefix(answer))
      #expect(server.core.input.total == 0)
    }
  }

  @Test("A call that may be made is answered once its body is here, byte by byte at the seams") func kept() async throws {
    try await TestServer.run { server in
      let connection = try await server.connect(uid: 0)
      let (bytes, rest) = Self.beginning(Self.call(1, "Guarded"), body: Self.megabyte, sent: 0)
      for byte in bytes.readableBytesView { try await connection.send(ByteBuffer(bytes: [byte])) }
      #expect(server.core.input.total > Self.megabyte)
      try await connection.send(ByteBuffer(bytes: rest.readableBytesView.dropLast()))
      #expect(try await connection.frames() == [])
      try await connection.send(ByteBuffer(bytes: rest.readableBytesView.suffix(1)))
      #expect(try await connection.next() == #"{"end":1}"# + "\n\(Self.megabyte)")
      #expect(server.core.input.total == 0)
    }
  }

  // MARK: The budget

  private static var narrow: ServerLimits {
    var limits = ServerLimits()
    limits.unfinishedBytesPerUser = 5 * megabyte
    limits.unfinishedBytes = 8 * megabyte
    return limits
  }

  @Test("A call for whose body its user, or the server, has no room is not executed; the connection goes on") func noRoom() async throws {
    try await TestServer.run(Self.narrow) { server in
      func begin(_ uid: UInt32) async throws -> TestConnection {
        let connection = try await server.connect(uid: uid)
        try await connection.send(Self.beginning(Self.call(1, "Echo"), body: 2 * Self.megabyte, sent: 1000).bytes)
        return connection
      }
      func isRefused(_ connection: TestConnection) async throws -> Bool {
        let end = try await connection.frames().first ?? ""
        return end.hasPrefix(#"{"end":1,"code":"UNAVAILABLE""#) && end.contains("OVERLOADED")
      }
      let first = try await begin(1)
      let second = try await begin(1)
      let third = try await begin(1)
      #expect(try await !isRefused(first))
      #expect(try await !isRefused(second))
      #expect(try await isRefused(third))
      // The rest of the body is thrown away as it comes.
      try await third.send(ByteBuffer(repeating: 32, count: 2 * Self.megabyte - 1000))
      try await third.send(#"{"ping":1}"#)
      #expect(try await third.next() == #"{"pong":1}"#)
      let other = try await begin(2)
      #expect(try await !isRefused(other))
      let late = try await begin(3)
      #expect(try await isRefused(late))
      // What is finished, or gone, makes room.
      try await first.channel.close().get()
      try await second.send(ByteBuffer(repeating: 32, count: 2 * Self.megabyte - 1000))
      #expect(try await second.next().hasPrefix(#"{"end":1}"#))
      let again = try await begin(3)
      #expect(try await !isRefused(again))
      try await other.channel.close().get()
      try await again.channel.close().get()
      #expect(server.core.input.total == 0)
    }
  }

  @Test("Messages of calls that are never half-closed count too") func heldMessages() async throws {
    try await TestServer.run(Self.narrow) { server in
      let connection = try await server.connect()
      var ends: [String] = []
      for id in 1...4 {
        let (bytes, rest) = Self.beginning(Self.call(id, "Echo", #","open":true"#), body: 2 * Self.megabyte, sent: 0)
        try await connection.send(bytes)
        try await connection.send(rest)
        ends += try await connection.frames()
      }
      #expect(ends.count == 2 && ends.allSatisfy { $0.contains("OVERLOADED") })
      #expect(server.core.input.total == 4 * Self.megabyte)
      try await connection.send(#"{"done":1}"#)
      #expect(try await connection.next().hasPrefix(#"{"end":1}"#))
      #expect(server.core.input.total == 2 * Self.megabyte)
      try await connection.send(#"{"cancel":2}"#)
      #expect(try await connection.next().hasPrefix(#"{"end":2,"code":"CANCELLED""#))
      #expect(server.core.input.total == 0)
    }
  }

  @Test("A line for which there is no room ends its connection, and no other") func lines() async throws {
    var limits = Self.narrow
    limits.maxFrame = Self.megabyte
    limits.unfinishedBytesPerUser = 2 * Self.megabyte
    let bounded = limits
    try await TestServer.run(bounded) { server in
      let connections = [try await server.connect(uid: 1), try await server.connect(uid: 1), try await server.connect(uid: 1)]
      for connection in connections { try await connection.send(ByteBuffer(string: #"{"call":1,"method":"t.S/Echo","body":""#)) }
      for connection in connections { try await connection.send(ByteBuffer(repeating: 32, count: Self.megabyte - 100)) }
      #expect(try await Self.words(to: connections[2]).hasPrefix(#"{"goaway":0,"reason":"LIMIT_REACHED""#))
      try await connections[0].send(ByteBuffer(string: "\"}\n"))
      #expect(try await Self.words(to: connections[0]).hasPrefix(#"{"end":1,"body":""#))
    }
  }

  /// What the server writes next, however long its tasks take.
  private static func words(to connection: TestConnection) async throws -> String {
    for _ in 0..<1_000_000 {
      if let bytes: ByteBuffer = try await connection.channel.readOutbound() { return String(buffer: bytes) }
      await Task.yield()
    }
    return ""
  }

  // MARK: X-8

  @Test("A frame that has not come whole within 30 s ends its connection", arguments: [1, 5, 100_000]) func late(bytes: Int) async throws {
    try await TestServer.run { server in
      let connection = try await server.connect()
      try await connection.send(#"{"ping":1}"#)
      await server.loop.advanceTime(by: .hours(1))
      let (begun, rest) = Self.beginning(Self.call(1, "Echo"), body: 200_000, sent: bytes == 100_000 ? 100_000 : 0)
      try await connection.send(bytes == 100_000 ? begun : ByteBuffer(bytes: begun.readableBytesView.prefix(bytes)))
      await server.loop.advanceTime(by: .milliseconds(29_999))
      #expect(try await connection.frames() == [#"{"pong":1}"#])
      if bytes == 100_000 {
        try await connection.send(ByteBuffer(bytes: rest.readableBytesView.dropLast()))
      }
      await server.loop.advanceTime(by: .milliseconds(1))
      #expect(try await connection.next().hasPrefix(#"{"goaway":0,"reason":"FRAME_TIMEOUT""#))
      await server.loop.advanceTime(by: .seconds(1))
      #expect(!connection.channel.isActive)
      #expect(server.core.input.total == 0)
    }
  }

  @Test("Each frame has its own 30 s") func inTime() async throws {
    try await TestServer.run { server in
      let connection = try await server.connect()
      try await connection.send(#"{"ping":0}"#)
      #expect(try await connection.next() == #"{"pong":0}"#)
      for number in 1...4 {
        let frame = TestConnection.frame(#"{"ping":\#(number)}"#)
        try await connection.send(ByteBuffer(bytes: frame.readableBytesView.prefix(6)))
        await server.loop.advanceTime(by: .seconds(20))
        try await connection.send(ByteBuffer(bytes: frame.readableBytesView.dropFirst(6)))
        #expect(try await connection.next() == #"{"pong":\#(number)}"#)
      }
      #expect(connection.channel.isActive)
    }
  }
}
