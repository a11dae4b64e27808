// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import Synchronization
internal import Testing

@testable internal import AmnestyClient

@Suite struct RetryTests {
  private static let unavailable = Status(.unavailable, reason: "OVERLOADED", "Later.")

  private func call(_ peer: ScriptedPeer, _ method: RPCMethod<RawMessage, RawMessage>) async -> Result<String, Status> {
    do {
      let answer = try await AmnestyClient.withConnection(to: peer.endpoint, configuration: .test) { client in
        try await client.unary(method, RawMessage("{}"), options: .defaults)
      }
      return .success(answer.text)
    } catch {
      return .failure(error as? Status ?? Status(.unknown, "\(error)"))
    }
  }

  @Test func whatIsSafeIsTriedAgainOnAnotherConnectionWhenTheFirstIsLost() async {
    let peer = ScriptedPeer(
      { connection in _ = try connection.expectCall() },
      { connection in try connection.send(.end(EndHead(id: connection.expectCall().id)), body: "2") })
    #expect(await self.call(peer, TestMethod.unary) == .success("2"))
    #expect(peer.connections == 2)
  }

  @Test func whatIsSafeIsTriedAgainOnUnavailable() async {
    let peer = ScriptedPeer { connection in
      try connection.send(.end(EndHead(id: connection.expectCall().id, status: Self.unavailable)))
      try connection.send(.end(EndHead(id: connection.expectCall().id)), body: "2")
    }
    #expect(await self.call(peer, TestMethod.unary) == .success("2"))
    #expect(peer.connections == 1)
  }

  @Test func whatIsNotSafeIsNotTriedAgain() async {
    let peer = ScriptedPeer { connection in
      try connection.send(.end(EndHead(id: connection.expectCall().id, status: Self.unavailable)))
      guard try connection.next() == nil else { throw ScriptError("tried again") }
    }
    #expect(await self.call(peer, TestMethod.command) == .failure(Self.unavailable))
    #expect(await peer.finished() == [])
  }

  @Test func whatTheGoawayLeavesOutIsSentElsewhereWhateverItIs() async {
    let peer = ScriptedPeer(
      { connection in
        _ = try connection.expectCall()
        try connection.send(.goaway(GoawayHead(lastID: 0, reason: "DRAINING")))
        guard try connection.next() == nil else { throw ScriptError("more came") }
      },
      { connection in try connection.send(.end(EndHead(id: connection.expectCall().id)), body: "2") })
    #expect(await self.call(peer, TestMethod.command) == .success("2"))
  }

  @Test func whatTheGoawayKeepsIsAnswered() async {
    let peer = ScriptedPeer { connection in
      let call = try connection.expectCall()
      try connection.send(.goaway(GoawayHead(lastID: call.id, reason: "DRAINING")))
      try connection.send(.end(EndHead(id: call.id)), body: "1")
    }
    #expect(await self.call(peer, TestMethod.command) == .success("1"))
    #expect(peer.connections == 1)
  }

  @Test func triesEnd() async {
    let peer = ScriptedPeer { connection in
      for _ in 0..<4 { try connection.send(.end(EndHead(id: connection.expectCall().id, status: Self.unavailable))) }
      guard try connection.next() == nil else { throw ScriptError("a fifth try") }
    }
    #expect(await self.call(peer, TestMethod.unary) == .failure(Self.unavailable))
    #expect(await peer.finished() == [])
  }

  @Test(arguments: StatusCode.all.filter { $0 != .unavailable && $0 != .ok })
  func noOtherCodeIsTriedAgain(_ code: StatusCode) {
    var backoff = Backoff(.defaults, idempotency: .idempotent)
    #expect(backoff.delay(after: CallFailure(Status(code, ""), neverExecuted: true), chance: 0) == nil)
  }

  @Test func waitsDoubleUpToTheCapAndChanceTakesAShare() {
    let policy = RetryPolicy(attempts: 5, initialDelay: .milliseconds(100), greatestDelay: .milliseconds(300), jitter: 0.5)
    let failure = CallFailure(Self.unavailable)
    func delays(chance: Double) -> [Duration?] {
      var backoff = Backoff(policy, idempotency: .noSideEffects)
      return (0..<5).map { _ in backoff.delay(after: failure, chance: chance) }
    }
    #expect(delays(chance: 0) == [.milliseconds(100), .milliseconds(200), .milliseconds(300), .milliseconds(300), nil])
    #expect(delays(chance: 0.5) == [.milliseconds(75), .milliseconds(150), .milliseconds(225), .milliseconds(225), nil])
  }

  @Test func theDaemonMayAskForMoreTime() {
    var backoff = Backoff(.defaults, idempotency: .noSideEffects)
    #expect(backoff.delay(after: CallFailure(.overloaded(retryAfterMilliseconds: 700)), chance: 0.5) == .milliseconds(700))
  }
}
