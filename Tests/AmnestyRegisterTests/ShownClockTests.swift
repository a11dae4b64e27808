// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyRules
internal import Testing

@Suite("The clock that stands beside a case") struct ShownClockTests {
  private let window = CaseClock(kind: .actWindow, startedOn: day("2022-11-03"), dueOn: day("2023-05-03"))
  private let propose = CaseClock(kind: .propose, startedOn: day("2023-05-01"), dueOn: day("2023-05-11"))

  private static func day(_ text: String) -> Day { Day(text) ?? Day(number: 0) }

  @Test("The first to run out, before the act's window is over; then the case's own") func theWindowGivesWay() {
    #expect(CaseClocks.shown([window, propose], asked: nil, on: Self.day("2023-05-03"))?.kind == .actWindow)
    #expect(CaseClocks.shown([window, propose], asked: nil, on: Self.day("2023-05-04"))?.kind == .propose)
    #expect(CaseClocks.shown([window], asked: nil, on: Self.day("2023-05-04"))?.kind == .actWindow)
  }

  @Test("The one that was asked for, paused or not") func asked() {
    var paused = propose
    paused.pausedOn = Self.day("2023-05-02")
    #expect(CaseClocks.shown([window, paused], asked: .propose, on: Self.day("2023-05-04"))?.kind == .propose)
    #expect(CaseClocks.shown([window, paused], asked: nil, on: Self.day("2023-05-04"))?.kind == .actWindow)
    #expect(CaseClocks.shown([window], asked: .propose, on: Self.day("2023-05-04")) == nil)
  }
}
