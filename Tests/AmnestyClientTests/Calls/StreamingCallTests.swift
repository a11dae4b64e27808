// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient
internal import AmnestyWire
internal import NIOCore
internal import Synchronization
internal import Testing

/// `count` messages, made when they are asked for; tells how many were.
private final class Source: AsyncSequence, Sendable {
  let count: Int
  let bytes: Int
  let failure: ScriptError?
  let made = Atomic<Int>(0)

  init(count: Int, bytes: Int = 10, failure: ScriptError? = nil) {
    self.count = count
    self.bytes = bytes
    self.failure = failure
  }

  struct Iterator: AsyncIteratorProtocol {
    var source: Source
    mutating func next() async throws -> RawMessage? {
      guard self.source.made.load(ordering: .relaxed) < self.source.count else {
        if let failure = self.source.failure { throw failure }
        return nil
      }
      self.source.made.add(1, ordering: .relaxed)
      return RawMessage("\"" + String(repeating: "x", count: self.source.bytes - 2) + "\"")
    }
  }

  func makeAsyncIterator() -> Iterator { Iterator(source: self) }
}

@Suite struct StreamingCallTests {
  @Test func bothSidesStream() async throws {
    let peer = ScriptedPeer { connection in
      let call = try connection.expectCall()
      guard call.open else { throw ScriptError("not open") }
      while true {
        let frame = try connection.expect()
        switch frame.head {
        case .item(call.id): try connection.send(.item(call.id), body: frame.body)
        case .done(call.id): return try connection.send(.end(EndHead(id: call.id)))
        default: throw ScriptError("\(frame.head)")
        }
      }
    }
    let answers = try await AmnestyClient.withConnection(to: peer.endpoint, configuration: .test) { client in
      try await client.bidirectional(TestMethod.both, Source(count: 1000), options: .defaults) { responses in
        try await responses.reduce(into: [String]()) { $0.append($1.text) }
      }
    }
    #expect(answers == Array(repeating: "\"xxxxxxxx\"", count: 1000))
    #expect(await peer.finished() == [])
  }

  @Test func requestsWaitForCredit() async throws {
    let source = Source(count: 10, bytes: 100_000)
    let peer = ScriptedPeer { connection in
      let call = try connection.expectCall()
      // 256 KiB: the third item overdraws, the fourth waits for its credit.
      for _ in 0..<3 { _ = try connection.expect() }
      guard source.made.load(ordering: .relaxed) == 3 else { throw ScriptError("taken without credit") }
      for _ in 3..<10 {
        try connection.send(.credit(call.id, bytes: 100_000))
        guard case .item = try connection.expect().head else { throw ScriptError("no item") }
      }
      guard source.made.load(ordering: .relaxed) == 10 else { throw ScriptError("taken without credit") }
      try connection.send(.credit(call.id, bytes: 100_000))
      guard case .done = try connection.expect().head else { throw ScriptError("no done") }
      try connection.send(.end(EndHead(id: call.id)), body: #"{"count":10}"#)
    }
    let answer = try await AmnestyClient.withConnection(to: peer.endpoint, configuration: .test) { client in
      try await client.clientStreaming(TestMethod.upload, source, options: .defaults)
    }
    #expect(answer.text == #"{"count":10}"#)
    #expect(await peer.finished() == [])
  }

  @Test func creditIsGivenAsItemsAreConsumed() async throws {
    var configuration = AmnestyClient.Configuration.test
    configuration.window = 4000
    let peer = ScriptedPeer { connection in
      guard case .hello(let hello)? = try connection.next()?.head, hello.window == 4000 else { throw ScriptError("no window") }
      let call = try connection.expectCall()
      let item = "\"" + String(repeating: "y", count: 998) + "\""
      var credit: Int64 = 4000
      for _ in 0..<100 {
        while credit <= 0 {
          guard case .credit(call.id, let bytes) = try connection.expect().head else { throw ScriptError("no credit") }
          credit += bytes
        }
        try connection.send(.item(call.id), body: item)
        credit -= 1000
      }
      try connection.send(.end(EndHead(id: call.id)))
    }
    let count = try await AmnestyClient.withConnection(to: peer.endpoint, configuration: configuration) { client in
      try await client.serverStreaming(TestMethod.watch, RawMessage("{}"), options: .defaults) { responses in
        try await responses.reduce(into: 0) { count, _ in count += 1 }
      }
    }
    #expect(count == 100)
    #expect(await peer.finished() == [])
  }

  @Test func aStreamCutShortIsNotACompleteOne() async throws {
    let peer = ScriptedPeer { connection in
      let call = try connection.expectCall()
      try connection.send(.item(call.id), body: "1")
    }
    let seen = Mutex<[String]>([])
    let status = await #expect(throws: Status.self) {
      try await AmnestyClient.withConnection(to: peer.endpoint, configuration: .test) { client in
        try await client.serverStreaming(TestMethod.watch, RawMessage("{}"), options: .defaults) { responses in
          for try await response in responses { seen.withLock { $0.append(response.text) } }
        }
      }
    }
    #expect(status?.code == .unavailable)
    #expect(seen.withLock { $0 } == ["1"])
  }

  @Test func leavingAStreamEarlyCancelsItAndStillGivesCreditForWhatComes() async throws {
    let peer = ScriptedPeer { connection in
      let call = try connection.expectCall()
      try connection.send(.item(call.id), body: "1")
      guard case .cancel(call.id) = try connection.expect().head else { throw ScriptError("no cancel") }
      try connection.send(.item(call.id), body: "22")
      // The next call may overtake the credit.
      let next = try [connection.expect().head, connection.expect().head]
      guard next.contains(.credit(call.id, bytes: 2)), next.contains(where: { if case .call = $0 { true } else { false } }) else {
        throw ScriptError("\(next)")
      }
      try connection.send(.end(EndHead(id: call.id, status: .cancelled("As asked"))))
      try connection.send(.end(EndHead(id: call.id + 1)))
    }
    try await AmnestyClient.withConnection(to: peer.endpoint, configuration: .test) { client in
      let first = try await client.serverStreaming(TestMethod.watch, RawMessage("{}"), options: .defaults) { responses in
        for try await response in responses { return response.text }
        return ""
      }
      #expect(first == "1")
      let next = try? await client.unary(TestMethod.unary, RawMessage("{}"), options: .defaults)
      #expect(next != nil)
    }
    #expect(await peer.finished() == [])
  }

  @Test func anErrorOfTheSourceIsWhatTheCallerSees() async throws {
    let peer = ScriptedPeer { connection in
      let call = try connection.expectCall()
      while true {
        switch try connection.expect().head {
        case .item: continue
        case .cancel(call.id): return try connection.send(.end(EndHead(id: call.id, status: .cancelled("As asked"))))
        case let head: throw ScriptError("\(head)")
        }
      }
    }
    let error = await #expect(throws: ScriptError.self) {
      try await AmnestyClient.withConnection(to: peer.endpoint, configuration: .test) { client in
        try await client.bidirectional(TestMethod.both, Source(count: 3, failure: ScriptError("the disk is gone")), options: .defaults) {
          for try await _ in $0 {}
        }
      }
    }
    #expect(error?.description == "the disk is gone")
    #expect(await peer.finished() == [])
  }

  @Test func aServerThatEndsBeforeDoneStopsTheRequests() async throws {
    let peer = ScriptedPeer { connection in
      let call = try connection.expectCall()
      try connection.send(.end(EndHead(id: call.id, status: Status(.invalidArgument, "Enough."))))
      while try connection.next() != nil {}
    }
    let status = await #expect(throws: Status.self) {
      try await AmnestyClient.withConnection(to: peer.endpoint, configuration: .test) { client in
        try await client.clientStreaming(TestMethod.upload, Source(count: .max), options: .defaults)
      }
    }
    #expect(status?.code == .invalidArgument)
  }

  @Test func aDeadlineEndsAStream() async throws {
    let peer = ScriptedPeer { connection in
      let call = try connection.expectCall()
      guard case .cancel(call.id) = try connection.expect().head else { throw ScriptError("no cancel") }
    }
    let status = await #expect(throws: Status.self) {
      try await AmnestyClient.withConnection(to: peer.endpoint, configuration: .test) { client in
        try await client.serverStreaming(TestMethod.watch, RawMessage("{}"), options: CallOptions(timeout: .milliseconds(1))) {
          for try await _ in $0 {}
        }
      }
    }
    #expect(status?.code == .deadlineExceeded)
    #expect(await peer.finished() == [])
  }
}
