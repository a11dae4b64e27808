// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import NIOCore
internal import Testing

@testable internal import AmnestyClient

private typealias Machine = ConnectionStateMachine<String>

/// Every state that a call with the id 2 can be in. The call with the id 1 is open throughout, unless the connection is gone.
private enum Situation: String, CaseIterable {
  case unused, open, halfClosed, streaming, queued, abandoned, ended, spared, leftOut, closed

  func make() -> Machine {
    var machine = Machine(limit: self == .queued ? 1 : 4)
    _ = machine.start("one", key: 1, deadline: nil, isHalfClosed: true, receivesItems: false)
    guard self != .unused else { return machine }
    let receives = self == .streaming
    _ = machine.start("two", key: 2, deadline: .uptimeNanoseconds(5), isHalfClosed: self == .halfClosed, receivesItems: receives)
    switch self {
    case .abandoned: _ = machine.cancel(key: 2)
    case .ended: _ = machine.ended(id: 2)
    case .spared: _ = machine.goaway(lastID: 2)
    case .leftOut: _ = machine.goaway(lastID: 1)
    case .closed: _ = machine.closed()
    case .unused, .open, .halfClosed, .streaming, .queued: break
    }
    return machine
  }
}

/// Every input, about the call with the id 2 where it is about one.
private enum Input: String, CaseIterable {
  case start, maySendItem, halfClose, cancel, mayGiveCredit, item, credit, end, endOfOne, limit, goawayAbove, goawayBelow, early, late,
    closed

  func apply(_ machine: inout Machine) -> String {
    switch self {
    case .start:
      switch machine.start("three", key: 3, deadline: nil, isHalfClosed: true, receivesItems: false) {
      case .send(let id): return "send \(id)"
      case .wait(let id): return "wait \(id)"
      case .refuse(let refusal): return "refuse \(refusal)"
      }
    case .maySendItem: return "\(machine.maySendItem(id: 2))"
    case .halfClose: return machine.halfClose(id: 2) ? "done" : "-"
    case .cancel:
      switch machine.cancel(key: 2) {
      case .sendCancel(let id, let call): return "cancel \(id), tell \(call)"
      case .forget(let call): return "tell \(call)"
      case .none: return "-"
      }
    case .mayGiveCredit: return "\(machine.mayGiveCredit(id: 2))"
    case .item:
      switch machine.item(id: 2) {
      case .deliver(let call): return "deliver \(call)"
      case .discard(let id): return "discard \(id)"
      case .ignore: return "ignore"
      case .protocolError: return "error"
      }
    case .credit:
      switch machine.credit(id: 2) {
      case .grant(let call): return "grant \(call)"
      case .ignore: return "ignore"
      case .protocolError: return "error"
      }
    case .end, .endOfOne:
      switch machine.ended(id: self == .end ? 2 : 1) {
      case .finish(let call, let start): return "finish \(call), start \(start.map(\.call))"
      case .release(let start): return "release, start \(start.map(\.call))"
      case .protocolError: return "error"
      }
    case .limit: return "start \(machine.limitAnnounced(2).map(\.call))"
    case .goawayAbove: return "move \(machine.goaway(lastID: 1))"
    case .goawayBelow: return "move \(machine.goaway(lastID: 2))"
    case .early: return "expire \(machine.expire(now: .uptimeNanoseconds(4)).map(\.call))"
    case .late: return "expire \(machine.expire(now: .uptimeNanoseconds(5)).map { "\($0.call) \($0.cancel.map(String.init) ?? "-")" })"
    case .closed:
      let ended = machine.closed()
      return "cut \(ended.cut), unsent \(ended.unsent)"
    }
  }
}

@Suite struct ConnectionStateMachineTests {
  @Test func everyInputInEveryState() {
    var table = ""
    for situation in Situation.allCases {
      for input in Input.allCases {
        var machine = situation.make()
        table += "\(situation.rawValue) + \(input.rawValue): \(input.apply(&machine))\n"
      }
    }
    #expect(table == Self.expected)
  }

  /// Whatever happens: a call is ended for its caller once at most, ids go up, and the limit holds.
  @Test func longHistoriesKeepTheirPromises() {
    for seed in 0..<300 {
      var random = LinearCongruential(state: UInt64(seed))
      var machine = Machine(limit: 3)
      var told: Set<String> = []
      var sent: [UInt64] = []
      var made = 0
      func tell(_ call: String) {
        #expect(told.insert(call).inserted, "\(call) was told twice, seed \(seed)")
      }
      for _ in 0..<60 {
        let id = UInt64.random(in: 1...UInt64(max(1, made)), using: &random)
        switch Int.random(in: 0..<8, using: &random) {
        case 0...2:
          made += 1
          let deadline = Bool.random(using: &random) ? NIODeadline.uptimeNanoseconds(UInt64(made)) : nil
          if case .send(let id) = machine.start("\(made)", key: UInt64(made), deadline: deadline, isHalfClosed: true, receivesItems: true) {
            sent.append(id)
          }
        case 3, 4:
          switch machine.ended(id: id) {
          case .finish(let call, let started):
            tell(call)
            sent += started.map(\.id)
          case .release(let started): sent += started.map(\.id)
          case .protocolError: break
          }
        case 5:
          switch machine.cancel(key: id) {
          case .sendCancel(_, let call), .forget(let call): tell(call)
          case .none: break
          }
        case 6: machine.expire(now: .uptimeNanoseconds(id)).forEach { tell($0.call) }
        default: if Int.random(in: 0..<20, using: &random) == 0 { machine.goaway(lastID: id).forEach(tell) }
        }
        #expect(machine.openCalls <= 3)
        #expect(sent == sent.sorted())
      }
      let ended = machine.closed()
      (ended.cut + ended.unsent).forEach(tell)
      #expect(machine.isIdle)
    }
  }

  @Test func idsDoNotRunPastWhatEveryReaderHoldsExactly() {
    var machine = Machine(limit: 4, lastID: Machine.greatestID - 1)
    #expect(machine.start("a", key: 1, deadline: nil, isHalfClosed: true, receivesItems: false) == .send(id: 9_007_199_254_740_991))
    #expect(!machine.acceptsCalls)
    #expect(machine.start("b", key: 2, deadline: nil, isHalfClosed: true, receivesItems: false) == .refuse(.idsExhausted))
  }
}

private struct LinearCongruential: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    self.state = self.state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (self.state >> 32) ^ (self.state << 21)
  }
}

extension ConnectionStateMachineTests {
  fileprivate static let expected = """
    unused + start: send 2
    unused + maySendItem: false
    unused + halfClose: -
    unused + cancel: -
    unused + mayGiveCredit: false
    unused + item: error
    unused + credit: error
    unused + end: error
    unused + endOfOne: finish one, start []
    unused + limit: start []
    unused + goawayAbove: move []
    unused + goawayBelow: move []
    unused + early: expire []
    unused + late: expire []
    unused + closed: cut ["one"], unsent []
    open + start: send 3
    open + maySendItem: true
    open + halfClose: done
    open + cancel: cancel 2, tell two
    open + mayGiveCredit: true
    open + item: error
    open + credit: grant two
    open + end: finish two, start []
    open + endOfOne: finish one, start []
    open + limit: start []
    open + goawayAbove: move ["two"]
    open + goawayBelow: move []
    open + early: expire []
    open + late: expire ["two 2"]
    open + closed: cut ["one", "two"], unsent []
    halfClosed + start: send 3
    halfClosed + maySendItem: false
    halfClosed + halfClose: -
    halfClosed + cancel: cancel 2, tell two
    halfClosed + mayGiveCredit: true
    halfClosed + item: error
    halfClosed + credit: grant two
    halfClosed + end: finish two, start []
    halfClosed + endOfOne: finish one, start []
    halfClosed + limit: start []
    halfClosed + goawayAbove: move ["two"]
    halfClosed + goawayBelow: move []
    halfClosed + early: expire []
    halfClosed + late: expire ["two 2"]
    halfClosed + closed: cut ["one", "two"], unsent []
    streaming + start: send 3
    streaming + maySendItem: true
    streaming + halfClose: done
    streaming + cancel: cancel 2, tell two
    streaming + mayGiveCredit: true
    streaming + item: deliver two
    streaming + credit: grant two
    streaming + end: finish two, start []
    streaming + endOfOne: finish one, start []
    streaming + limit: start []
    streaming + goawayAbove: move ["two"]
    streaming + goawayBelow: move []
    streaming + early: expire []
    streaming + late: expire ["two 2"]
    streaming + closed: cut ["one", "two"], unsent []
    queued + start: wait 3
    queued + maySendItem: false
    queued + halfClose: -
    queued + cancel: tell two
    queued + mayGiveCredit: false
    queued + item: error
    queued + credit: error
    queued + end: error
    queued + endOfOne: finish one, start ["two"]
    queued + limit: start ["two"]
    queued + goawayAbove: move ["two"]
    queued + goawayBelow: move ["two"]
    queued + early: expire []
    queued + late: expire ["two -"]
    queued + closed: cut ["one"], unsent ["two"]
    abandoned + start: send 3
    abandoned + maySendItem: false
    abandoned + halfClose: -
    abandoned + cancel: -
    abandoned + mayGiveCredit: true
    abandoned + item: discard 2
    abandoned + credit: ignore
    abandoned + end: release, start []
    abandoned + endOfOne: finish one, start []
    abandoned + limit: start []
    abandoned + goawayAbove: move []
    abandoned + goawayBelow: move []
    abandoned + early: expire []
    abandoned + late: expire []
    abandoned + closed: cut ["one"], unsent []
    ended + start: send 3
    ended + maySendItem: false
    ended + halfClose: -
    ended + cancel: -
    ended + mayGiveCredit: false
    ended + item: ignore
    ended + credit: ignore
    ended + end: error
    ended + endOfOne: finish one, start []
    ended + limit: start []
    ended + goawayAbove: move []
    ended + goawayBelow: move []
    ended + early: expire []
    ended + late: expire []
    ended + closed: cut ["one"], unsent []
    spared + start: refuse connectionGone
    spared + maySendItem: true
    spared + halfClose: done
    spared + cancel: cancel 2, tell two
    spared + mayGiveCredit: true
    spared + item: error
    spared + credit: grant two
    spared + end: finish two, start []
    spared + endOfOne: finish one, start []
    spared + limit: start []
    spared + goawayAbove: move ["two"]
    spared + goawayBelow: move []
    spared + early: expire []
    spared + late: expire ["two 2"]
    spared + closed: cut ["one", "two"], unsent []
    leftOut + start: refuse connectionGone
    leftOut + maySendItem: false
    leftOut + halfClose: -
    leftOut + cancel: -
    leftOut + mayGiveCredit: true
    leftOut + item: discard 2
    leftOut + credit: ignore
    leftOut + end: release, start []
    leftOut + endOfOne: finish one, start []
    leftOut + limit: start []
    leftOut + goawayAbove: move []
    leftOut + goawayBelow: move []
    leftOut + early: expire []
    leftOut + late: expire []
    leftOut + closed: cut ["one"], unsent []
    closed + start: refuse connectionGone
    closed + maySendItem: false
    closed + halfClose: -
    closed + cancel: -
    closed + mayGiveCredit: false
    closed + item: ignore
    closed + credit: ignore
    closed + end: error
    closed + endOfOne: error
    closed + limit: start []
    closed + goawayAbove: move []
    closed + goawayBelow: move []
    closed + early: expire []
    closed + late: expire []
    closed + closed: cut [], unsent []

    """
}
