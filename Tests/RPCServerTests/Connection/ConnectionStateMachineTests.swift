// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyWire
internal import NIOCore
internal import Testing

@testable internal import RPCServer

/// Every input in every state of a connection and of a call on it. The table is the rule; a cell says what comes of it.
struct ConnectionStateMachineTests {
  static let methods = [
    MethodShape(name: "t.S/Inline", kind: .unary, execution: .inline),
    MethodShape(name: "t.S/Task", kind: .unary, execution: .task),
    MethodShape(name: "t.S/Stream", kind: .bidirectional, execution: .stream),
  ]
  static let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

  /// Call 5 is what the state is about; id 3 was skipped.
  enum State: String, CaseIterable {
    case fresh, open, ended, awaitingMessage, working, streaming, halfClosed, cancelling, draining, closing
  }

  enum Input: String, CaseIterable {
    case hello, call, callAgain, callUnknownMethod, callDenied, callOversize, callWithoutTime
    case item, itemOversize, itemUnused, itemSkipped, done, doneUnused, cancel, cancelUnused, credit, creditUnused
    case ping, pong, ignorable, end, goaway, inputClosed, drain, deadline
  }

  static func granted(_ method: Int, _ actor: String?) -> Status? { nil }

  static func machine(in state: State) -> ConnectionStateMachine {
    var limits = ServerLimits()
    limits.unaryTimeout = .seconds(30)
    var machine = ConnectionStateMachine(limits: limits, methods: methods, now: start)
    func receive(_ head: FrameHead, body: Int? = nil) {
      _ = machine.receive(head, body: body, now: start, access: Self.granted)
    }
    func call(_ method: Int, open: Bool, body: Int? = nil) {
      receive(.call(CallHead(id: 5, method: .known(method), open: open)), body: body)
    }
    switch state {
    case .fresh: break
    case .open: receive(.ping(1))
    case .ended: call(0, open: false, body: 2)
    case .awaitingMessage: call(1, open: true)
    case .working:
      call(1, open: false, body: 2)
      _ = machine.taskStarted(5)
    case .streaming: call(2, open: true)
    case .halfClosed:
      call(2, open: true)
      receive(.done(5))
    case .cancelling:
      call(2, open: true)
      receive(.cancel(5))
    case .draining:
      call(2, open: true)
      _ = machine.beginDrain(grace: .seconds(5), now: start)
    case .closing:
      call(2, open: true)
      machine.close()
    }
    return machine
  }

  static func apply(_ input: Input, to machine: inout ConnectionStateMachine) -> [String] {
    func frame(_ head: FrameHead, body: Int? = nil, unread: Status? = nil, denied: Status? = nil) -> [String] {
      [word(machine.receive(head, body: body, unread: unread, now: start, access: { _, _ in denied }))]
    }
    func call(_ id: UInt64, _ method: MethodReference = .known(0), timeout: Int64? = nil) -> FrameHead {
      .call(CallHead(id: id, method: method, timeoutMilliseconds: timeout))
    }
    switch input {
    case .hello: return frame(.hello(HelloHead()))
    case .call: return frame(call(9), body: 2)
    case .callAgain: return frame(call(1), body: 2)
    case .callUnknownMethod: return frame(call(9, .named("t.S/None")), body: 2)
    case .callDenied: return frame(call(9), body: 2, denied: Status(.permissionDenied, "no"))
    case .callOversize: return frame(call(9), unread: .messageTooLarge(bytes: 9_000_000, limit: 4_194_304))
    case .callWithoutTime: return frame(call(9, timeout: 0), body: 2)
    case .item: return frame(.item(5), body: 2)
    case .itemOversize: return frame(.item(5), unread: .messageTooLarge(bytes: 9_000_000, limit: 4_194_304))
    case .itemUnused: return frame(.item(99), body: 2)
    case .itemSkipped: return frame(.item(3), body: 2)
    case .done: return frame(.done(5))
    case .doneUnused: return frame(.done(99))
    case .cancel: return frame(.cancel(5))
    case .cancelUnused: return frame(.cancel(99))
    case .credit: return frame(.credit(5, bytes: 10))
    case .creditUnused: return frame(.credit(99, bytes: 10))
    case .ping: return frame(.ping(7))
    case .pong: return frame(.pong(7))
    case .ignorable: return frame(.ignorable)
    case .end: return frame(.end(EndHead(id: 5)))
    case .goaway: return frame(.goaway(GoawayHead(lastID: 0, reason: "X")))
    case .inputClosed: return machine.inputClosed(now: start).map(word)
    case .drain:
      guard let drain = machine.beginDrain(grace: .seconds(5), now: start) else { return ["over"] }
      return ["goaway \(drain.goaway.lastID)"] + drain.actions.map(word)
    case .deadline: return machine.timerFired(now: start + .seconds(31)).map(word)
    }
  }

  static func word(_ action: ConnectionStateMachine.Action) -> String {
    switch action {
    case .none: "-"
    case .hello: "hello"
    case .pong: "pong"
    case .answer: "answer"
    case .start: "start"
    case .message: "message"
    case .halfClose: "halfClose"
    case .cancel(_, let status): "cancel \(status.code.name)"
    case .end(_, let status, _): "end \(status.code.name)"
    case .creditAvailable: "credit"
    case .refuse: "refuse"
    case .protocolError: "error"
    }
  }

  /// What an input does in every state unless a state says otherwise. Closing throws everything away.
  static let usual: [Input: String] = [
    .hello: "error", .call: "answer", .callAgain: "error", .callUnknownMethod: "end UNIMPLEMENTED", .callDenied: "end PERMISSION_DENIED",
    .callOversize: "end RESOURCE_EXHAUSTED", .callWithoutTime: "end DEADLINE_EXCEEDED", .item: "-", .itemOversize: "-",
    .itemUnused: "error",
    .itemSkipped: "error", .done: "-", .doneUnused: "error", .cancel: "-", .cancelUnused: "error", .credit: "-", .creditUnused: "error",
    .ping: "pong", .pong: "-", .ignorable: "-", .end: "error", .goaway: "error", .inputClosed: "", .drain: "goaway 5", .deadline: "",
  ]

  static let particular: [State: [Input: String]] = [
    // No call was made: 5 is as unknown as any, and 1 is a first id like another.
    .fresh: [
      .hello: "hello", .callAgain: "answer", .item: "error", .itemOversize: "error", .done: "error", .cancel: "error", .credit: "error",
      .drain: "goaway 0", .deadline: "refuse",
    ],
    .open: [
      .callAgain: "answer", .item: "error", .itemOversize: "error", .done: "error", .cancel: "error", .credit: "error", .drain: "goaway 0",
    ],
    .ended: [:],
    .awaitingMessage: [
      .item: "message", .itemOversize: "end RESOURCE_EXHAUSTED", .done: "end INVALID_ARGUMENT", .cancel: "end CANCELLED",
      .inputClosed: "end CANCELLED", .deadline: "end DEADLINE_EXCEEDED",
    ],
    .working: [
      .item: "end INVALID_ARGUMENT", .itemOversize: "end RESOURCE_EXHAUSTED", .cancel: "cancel CANCELLED",
      .deadline: "cancel DEADLINE_EXCEEDED",
    ],
    .streaming: [
      .item: "message", .itemOversize: "end RESOURCE_EXHAUSTED", .done: "halfClose", .cancel: "cancel CANCELLED",
      .inputClosed: "cancel CANCELLED", .drain: "goaway 5 cancel UNAVAILABLE",
    ],
    .halfClosed: [
      .item: "end INVALID_ARGUMENT", .itemOversize: "end RESOURCE_EXHAUSTED", .cancel: "cancel CANCELLED",
      .drain: "goaway 5 cancel UNAVAILABLE",
    ],
    .cancelling: [.inputClosed: "-", .drain: "goaway 5 -", .deadline: "end CANCELLED"],
    .draining: [
      .call: "end UNAVAILABLE", .callUnknownMethod: "end UNAVAILABLE", .callDenied: "end UNAVAILABLE", .callOversize: "end UNAVAILABLE",
      .callWithoutTime: "end UNAVAILABLE", .inputClosed: "-", .drain: "over", .deadline: "end UNAVAILABLE",
    ],
  ]

  @Test(arguments: State.allCases)
  func everyInputInEveryState(_ state: State) {
    for input in Input.allCases {
      var machine = Self.machine(in: state)
      let told = Self.apply(input, to: &machine).joined(separator: " ")
      if state == .closing {
        // A close drops the calls: there is nothing left to cancel, and no time runs.
        #expect(told == (input == .drain ? "over" : input == .inputClosed || input == .deadline ? "" : "-"), "closing, \(input)")
        continue
      }
      let expected = Self.particular[state]?[input] ?? Self.usual[input]
      #expect(told == expected, "\(state), \(input)")
    }
  }

  @Test func everyCallHasOneEnd() {
    // Whatever comes after an end, no second one follows.
    for state in State.allCases {
      for first in Input.allCases {
        for second in Input.allCases {
          var machine = Self.machine(in: state)
          let ends = [first, second].flatMap { Self.apply($0, to: &machine) }.filter { $0.hasPrefix("end") }.count
          let calls = [first, second].filter { $0.rawValue.hasPrefix("call") }.count
          #expect(ends <= calls + 1, "\(state), \(first), \(second)")
        }
      }
    }
  }

  @Test func oneItemMayOverdrawTheCreditAndTheNextEndsTheCall() {
    var machine = Self.machine(in: .streaming)
    let window = Int(ServerLimits().requestWindow)
    func item(_ bytes: Int) -> String {
      Self.word(machine.receive(.item(5), body: bytes, now: Self.start, access: Self.granted))
    }
    #expect(item(window - 1) == "message")
    #expect(item(100_000) == "message")
    #expect(item(1) == "end RESOURCE_EXHAUSTED")
  }

  @Test func consumingGivesTheCreditBack() {
    var machine = Self.machine(in: .streaming)
    let window = Int(ServerLimits().requestWindow)
    _ = machine.receive(.item(5), body: window, now: Self.start, access: Self.granted)
    #expect(machine.consumed(5, bytes: window) == Int64(window))
    #expect(Self.word(machine.receive(.item(5), body: 1, now: Self.start, access: Self.granted)) == "message")
  }

  @Test func anAnswerWaitsForCreditWhereThereIsAWindow() {
    var machine = ConnectionStateMachine(limits: ServerLimits(), methods: Self.methods, now: Self.start)
    _ = machine.receive(
      .call(CallHead(id: 1, method: .known(2), window: 10, open: true)), body: nil, now: Self.start, access: Self.granted)
    #expect(machine.mayRespond(1) == .go)
    machine.responded(1, bytes: 11)
    #expect(machine.mayRespond(1) == .wait)
    #expect(Self.word(machine.receive(.credit(1, bytes: 2), body: nil, now: Self.start, access: Self.granted)) == "credit")
    #expect(machine.mayRespond(1) == .go)
    // Without a window the socket alone bounds it.
    #expect(Self.machine(in: .streaming).mayRespond(5) == .go)
  }

  @Test func theCallAboveTheLimitIsRefusedAlone() {
    var limits = ServerLimits()
    limits.callsPerConnection = 2
    var machine = ConnectionStateMachine(limits: limits, methods: Self.methods, now: Self.start)
    let told = (1...3).map { id in
      Self.word(
        machine.receive(.call(CallHead(id: UInt64(id), method: .known(2), open: true)), body: nil, now: Self.start, access: Self.granted)
      )
    }
    #expect(told == ["start", "start", "end RESOURCE_EXHAUSTED"])
  }

  @Test func skippedIdsAreRememberedUpToABound() {
    var machine = ConnectionStateMachine(limits: ServerLimits(), methods: Self.methods, now: Self.start)
    func receive(_ head: FrameHead) -> String { Self.word(machine.receive(head, body: 2, now: Self.start, access: Self.granted)) }
    for id in stride(from: 2, through: 2 * (ConnectionStateMachine.skippedLimit + 1), by: 2) {
      #expect(receive(.call(CallHead(id: UInt64(id), method: .known(0)))) == "answer")
    }
    #expect(receive(.cancel(1)) == "-")
    #expect(receive(.cancel(3)) == "error")
  }

  @Test func aResponseThatIsThereStandsWhateverWasCancelled() {
    var machine = Self.machine(in: .working)
    _ = machine.receive(.cancel(5), body: nil, now: Self.start, access: Self.granted)
    #expect(machine.finished(5, failure: nil) == .end(nil, method: 1))
    #expect(machine.finished(5, failure: nil) == .gone)
    var stream = Self.machine(in: .cancelling)
    guard case .end(let status?, _) = stream.finished(5, failure: nil) else {
      Issue.record("a cancelled stream is not complete")
      return
    }
    #expect(status.code == .cancelled)
  }
}
