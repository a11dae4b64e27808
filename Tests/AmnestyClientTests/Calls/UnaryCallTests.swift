// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient
internal import AmnestyWire
internal import NIOCore
internal import Synchronization
internal import Testing

@Suite struct UnaryCallTests {
  private func status(_ body: () async throws -> Void) async -> Status? {
    do {
      try await body()
      return nil
    } catch {
      return error as? Status
    }
  }

  @Test func aCallSaysWhatItsOptionsSay() async throws {
    let peer = ScriptedPeer { connection in
      guard case .hello(let hello)? = try connection.next()?.head else { throw ScriptError("no hello first") }
      guard hello.agent == "test", hello.version == 1, hello.maxFrame == 4 << 20 else { throw ScriptError("\(hello)") }
      let frame = try connection.expect()
      guard case .call(let call) = frame.head else { throw ScriptError("\(frame)") }
      guard call.id == 1, call.method == .named("test.v1.Test/Read"), call.actor == "clerk", call.metadata == ["trace": ["a", "b"]],
        !call.open, let timeout = call.timeoutMilliseconds, (1...5000).contains(timeout), frame.body == #"{"x":1}"#
      else { throw ScriptError("\(call) \(frame.body ?? "")") }
      try connection.send(.end(EndHead(id: 1)), body: #"{"y":2}"#)
    }
    let answer = try await AmnestyClient.withConnection(to: peer.endpoint, configuration: .test) { client in
      try await client.unary(
        TestMethod.unary, RawMessage(#"{"x":1}"#),
        options: CallOptions(timeout: .seconds(5), actor: "clerk", metadata: ["trace": ["a", "b"]]))
    }
    #expect(answer.text == #"{"y":2}"#)
    #expect(await peer.finished() == [])
  }

  @Test func anEndWithoutABodyIsAnEmptyObject() async throws {
    let peer = ScriptedPeer { connection in try connection.send(.end(EndHead(id: connection.expectCall().id))) }
    let answer = try await AmnestyClient.withConnection(to: peer.endpoint, configuration: .test) { client in
      try await client.unary(TestMethod.unary, RawMessage("{}"), options: .defaults)
    }
    #expect(answer.text == "{}")
  }

  @Test func aHeadThatWouldBreakTheProtocolIsNotSent() async throws {
    let peer = ScriptedPeer { connection in
      // The first call that comes is the second one made.
      let call = try connection.expectCall()
      try connection.send(.end(EndHead(id: call.id)), body: "{}")
    }
    let status = try await AmnestyClient.withConnection(to: peer.endpoint, configuration: .test) { client in
      let long = CallOptions(metadata: ["trace": [String(repeating: "x", count: 17_000)]])
      let status = await self.status { _ = try await client.unary(TestMethod.unary, RawMessage("{}"), options: long) }
      _ = try await client.unary(TestMethod.unary, RawMessage("{}"), options: .defaults)
      return status
    }
    #expect(status?.code == .invalidArgument && status?.reason == "INVALID_HEAD")
    #expect(await peer.finished() == [])
  }

  @Test func aStatusArrivesWhole() async throws {
    let sent = Status.invalidField([FieldViolation(field: "/record/offences/0/part", description: "must be an integer")])
    let peer = ScriptedPeer { connection in
      _ = try connection.expectCall()
      try connection.send(.end(EndHead(id: 1, status: sent)))
    }
    let status = await self.status {
      try await AmnestyClient.withConnection(to: peer.endpoint, configuration: .test) { client in
        _ = try await client.unary(TestMethod.unary, RawMessage("{}"), options: .defaults)
      }
    }
    #expect(status == sent)
  }

  @Test func anUnknownCodeReadsAsUnknown() async throws {
    let peer = ScriptedPeer { connection in
      _ = try connection.expectCall()
      let frame = Array(#"{"end":1,"code":"SLEEPY","message":"later"}"#.utf8)
      try connection.write([0, 0, 0, UInt8(frame.count)] + frame)
    }
    let status = await self.status {
      try await AmnestyClient.withConnection(to: peer.endpoint, configuration: .test) { client in
        _ = try await client.unary(TestMethod.unary, RawMessage("{}"), options: .defaults)
      }
    }
    #expect(status?.code == .unknown)
    #expect(status?.message == "later")
  }

  @Test func anEndOfTheConnectionIsNeverSuccess() async throws {
    let peer = ScriptedPeer { connection in _ = try connection.expectCall() }
    let status = await self.status {
      try await AmnestyClient.withConnection(to: peer.endpoint, configuration: .test) { client in
        _ = try await client.unary(TestMethod.command, RawMessage("{}"), options: .defaults)
      }
    }
    #expect(status?.code == .unavailable)
    #expect(status?.reason == "CONNECTION_LOST")
    #expect(peer.connections == 1)
  }

  @Test func aCancelledTaskSendsCancelAndItsEndIsStillTaken() async throws {
    let (arrived, arrival) = AsyncStream.makeStream(of: Void.self)
    let peer = ScriptedPeer { connection in
      let call = try connection.expectCall()
      arrival.finish()
      guard case .cancel(call.id) = try connection.expect().head else { throw ScriptError("no cancel") }
      // The owed end comes late, with a result, in the midst of the next call.
      let next = try connection.expectCall()
      try connection.send(.end(EndHead(id: call.id)), body: #"{"late":true}"#)
      try connection.send(.end(EndHead(id: next.id)), body: #"{"next":true}"#)
    }
    try await AmnestyClient.withConnection(to: peer.endpoint, configuration: .test) { client in
      let status = await withTaskGroup(of: Status?.self) { group in
        group.addTask {
          await self.status { _ = try await client.unary(TestMethod.unary, RawMessage("{}"), options: .defaults) }
        }
        for await _ in arrived {}
        group.cancelAll()
        return await group.next() ?? nil
      }
      #expect(status?.code == .cancelled)
      let answer = try await client.unary(TestMethod.unary, RawMessage("{}"), options: .defaults)
      #expect(answer.text == #"{"next":true}"#)
    }
    #expect(await peer.finished() == [])
  }

  @Test func theClientsOwnTimerEndsACallAndCancelsIt() async throws {
    let peer = ScriptedPeer { connection in
      let first = try connection.expectCall()
      try connection.send(.end(EndHead(id: first.id)), body: "{}")
      let call = try connection.expectCall()
      guard case .cancel(call.id) = try connection.expect().head else { throw ScriptError("no cancel") }
    }
    let status = await self.status {
      try await AmnestyClient.withConnection(to: peer.endpoint, configuration: .test) { client in
        // Connected first: a call whose time is over before there is a connection is never sent.
        _ = try await client.unary(TestMethod.unary, RawMessage("{}"), options: .defaults)
        _ = try await client.unary(TestMethod.unary, RawMessage("{}"), options: CallOptions(timeout: .milliseconds(100)))
      }
    }
    #expect(status?.code == .deadlineExceeded)
    #expect(await peer.finished() == [])
  }

  @Test func aMessageTooLargeForTheServerIsNotSent() async throws {
    let peer = ScriptedPeer { connection in
      try connection.send(.hello(HelloHead(maxFrame: 5000)))
      let first = try connection.expectCall()
      try connection.send(.end(EndHead(id: first.id)))
      guard try connection.next() == nil else { throw ScriptError("the long message was sent") }
    }
    try await AmnestyClient.withConnection(to: peer.endpoint, configuration: .test) { client in
      // The answer comes after the hello.
      _ = try await client.unary(TestMethod.unary, RawMessage("{}"), options: .defaults)
      let status = await self.status {
        let long = RawMessage("\"" + String(repeating: "x", count: 5000) + "\"")
        _ = try await client.unary(TestMethod.unary, long, options: .defaults)
      }
      #expect(status?.code == .resourceExhausted)
      #expect(status?.reason == "MESSAGE_TOO_LARGE")
    }
    #expect(await peer.finished() == [])
  }

  @Test func noMoreCallsAreOpenThanTheServerAllows() async throws {
    let peer = ScriptedPeer { connection in
      try connection.send(.hello(HelloHead(limits: ["calls": 3])))
      let first = try connection.expectCall()
      try connection.send(.end(EndHead(id: first.id)))
      var open: [UInt64] = []
      for _ in 0..<3 { open.append(try connection.expectCall().id) }
      var answered = 0
      while answered < 20 {
        // Whoever is open is answered, and only then comes another.
        let id = open.removeFirst()
        try connection.send(.end(EndHead(id: id)), body: "\(id)")
        answered += 1
        if answered + open.count < 20 {
          open.append(try connection.expectCall().id)
        }
      }
      guard open.isEmpty else { throw ScriptError("\(open.count) calls too many") }
    }
    try await AmnestyClient.withConnection(to: peer.endpoint, configuration: .test) { client in
      _ = try await client.unary(TestMethod.unary, RawMessage("{}"), options: .defaults)
      let answers = try await withThrowingTaskGroup(of: String.self) { group in
        for _ in 0..<20 {
          group.addTask { try await client.unary(TestMethod.unary, RawMessage("{}"), options: .defaults).text }
        }
        return try await group.reduce(into: Set()) { $0.insert($1) }
      }
      #expect(answers.count == 20)
    }
    #expect(await peer.finished() == [])
  }

  @Test(arguments: [
    FrameHead.item(1), .end(EndHead(id: 7)), .credit(7, bytes: 1), .call(CallHead(id: 1, method: .named("a"))), .done(1), .cancel(1),
  ])
  func aServerThatBreaksTheProtocolIsLeft(_ head: FrameHead) async throws {
    let peer = ScriptedPeer { connection in
      _ = try connection.expectCall()
      try connection.send(head)
      guard try connection.next() == nil else { throw ScriptError("the client stayed") }
    }
    let status = await self.status {
      try await AmnestyClient.withConnection(to: peer.endpoint, configuration: .test) { client in
        _ = try await client.unary(TestMethod.command, RawMessage("{}"), options: .defaults)
      }
    }
    #expect(status?.code == .unavailable)
    #expect(status?.message.contains("broke the protocol") == true)
    #expect(await peer.finished() == [])
  }

  @Test func aPingIsAnswered() async throws {
    let peer = ScriptedPeer { connection in
      let call = try connection.expectCall()
      try connection.send(.ping(42))
      guard case .pong(42) = try connection.expect().head else { throw ScriptError("no pong") }
      try connection.send(.end(EndHead(id: call.id)))
    }
    _ = try await AmnestyClient.withConnection(to: peer.endpoint, configuration: .test) { client in
      try await client.unary(TestMethod.unary, RawMessage("{}"), options: .defaults)
    }
    #expect(await peer.finished() == [])
  }

  @Test func framesMayComeInPieces() async throws {
    let peer = ScriptedPeer { connection in
      let call = try connection.expectCall()
      var buffer = ByteBuffer()
      FrameEncoder().write(.end(EndHead(id: call.id)), body: ByteBuffer(string: #"{"y":"Ұ"}"#), into: &buffer)
      for byte in buffer.readableBytesView { try connection.write([byte]) }
    }
    let answer = try await AmnestyClient.withConnection(to: peer.endpoint, configuration: .test) { client in
      try await client.unary(TestMethod.unary, RawMessage("{}"), options: .defaults)
    }
    #expect(answer.text == #"{"y":"Ұ"}"#)
  }

  @Test func aMissingSocketSaysWhatToDo() async throws {
    let status = await self.status {
      try await AmnestyClient.withConnection(to: .unix(path: "/nonexistent/amnesty.sock")) { _ in }
    }
    #expect(status?.code == .unavailable)
    #expect(status?.reason == "CANNOT_CONNECT")
    #expect(status?.message.contains("/nonexistent/amnesty.sock") == true)
    #expect(status?.message.contains("Start the daemon") == true)
  }

  @Test func aPathTooLongForASocketSaysSo() async throws {
    let status = await self.status {
      try await AmnestyClient.withConnection(to: .unix(path: "/" + String(repeating: "x", count: 200))) { _ in }
    }
    #expect(status?.message.contains("107 bytes") == true)
  }

  @Test func aClientIsOfNoUseAfterItsScope() async throws {
    let peer = ScriptedPeer { connection in while try connection.next() != nil {} }
    let client = try await AmnestyClient.withConnection(to: peer.endpoint, configuration: .test) { $0 }
    let status = await self.status { _ = try await client.unary(TestMethod.unary, RawMessage("{}"), options: .defaults) }
    #expect(status?.reason == "CLIENT_CLOSED")
  }
}
