// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Systemd
internal import Testing

@Suite("Watchdog") struct WatchdogJudgeTests {
  @Test("Alive while every probe has come back lately; whoever is late is named; who comes back is forgiven")
  func verdicts() {
    var judge = WatchdogJudge(probes: ["loop", "store"], patience: .seconds(10), start: .zero)
    #expect(judge.verdict(at: .seconds(10)) == .alive)
    #expect(judge.verdict(at: .milliseconds(10_001)) == .wedged(["loop", "store"]))
    judge.progressed("loop", at: .seconds(9))
    #expect(judge.verdict(at: .seconds(19)) == .wedged(["store"]))
    judge.progressed("store", at: .seconds(19))
    #expect(judge.verdict(at: .seconds(19)) == .alive)
    // A clock that is read in two threads can come in the wrong order.
    judge.progressed("store", at: .seconds(1))
    #expect(judge.verdict(at: .seconds(19)) == .alive)
    judge.progressed("nobody", at: .seconds(1000))
    #expect(judge.verdict(at: .seconds(1000)) == .wedged(["loop", "store"]))
  }

  @Test("With nothing to probe, being asked is progress enough")
  func none() { #expect(WatchdogJudge(probes: [], patience: .zero, start: .zero).verdict(at: .seconds(9)) == .alive) }
}
