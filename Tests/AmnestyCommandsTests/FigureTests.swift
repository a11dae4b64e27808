// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient
internal import AmnestyCommands
internal import Testing

@Suite struct FigureTests {
  private let before = FigureText(
    """
    # TYPE amnesty_calls counter
    amnesty_calls_total{method="a.S/M",code="OK"} 100
    amnesty_connections 3
    amnesty_register_up 1
    amnesty_register_commands_total 10
    amnesty_call_seconds_bucket{method="a.S/M",le="0.001"} 90
    amnesty_call_seconds_bucket{method="a.S/M",le="0.01"} 100
    amnesty_call_seconds_bucket{method="a.S/M",le="+Inf"} 100
    # EOF
    """)
  private let after = FigureText(
    """
    amnesty_calls_total{method="a.S/M",code="OK"} 290
    amnesty_calls_total{method="a.S/M",code="NOT_FOUND"} 10
    amnesty_calls_total{method="a.S/Rare",code="OK"} 1
    amnesty_connections 4
    amnesty_register_up 0
    amnesty_register_commands_total 30
    amnesty_register_overdue{clock="act_window"} 7
    amnesty_register_overdue_detained 2
    amnesty_call_seconds_bucket{method="a.S/M",le="0.001"} 190
    amnesty_call_seconds_bucket{method="a.S/M",le="0.01"} 290
    amnesty_call_seconds_bucket{method="a.S/M",le="+Inf"} 300
    nonsense
    broken{ 5
    """)

  @Test func betweenTwoLooksThereAreRatesAndTimes() throws {
    let change = FigureChange(before: before, after: after, seconds: 2)
    let method = try #require(change.methods.first)
    #expect(change.methods.map(\.name) == ["a.S/M", "a.S/Rare"])
    #expect(method.calls == 100 && method.failed == 5)
    #expect(change.rate("amnesty_register_commands_total") == 10)
    #expect(change.rate("amnesty_no_such_total") == 0)
    // Of 200 calls, 100 within 1 ms, 90 more within 10 ms: half lies at the bound, nine tenths within the second bucket.
    #expect(method.half == 0.001)
    #expect(method.most.map { abs($0 - 0.009) < 0.000_1 } == true)
    #expect(method.nearlyAll == 0.01, "beyond the last bound nothing is known but the bound")
    #expect(change.methods[1].half == nil)
  }

  @Test func aLookFitsTheScreenAndSaysWhatIsWrong() {
    let page = TopPage(change: FigureChange(before: before, after: after, seconds: 2))
    let lines = page.lines(on: Terminal(width: 80, hasColour: false))
    #expect(lines.allSatisfy { $0.columns <= 80 })
    let text = lines.joined(separator: "\n")
    for words in ["101 calls/s", "5 failed/s", "does not serve", "act window 7; 2 people detained", "a.S/M", "1.0 ms"] {
      #expect(text.contains(words), "\(words) in \(text)")
    }
    let quiet = TopPage(change: FigureChange(before: before, after: before, seconds: 1)).lines(on: Terminal(width: nil, hasColour: false))
    #expect(quiet.contains("no calls") && quiet.contains("no deadline is over"))
  }

  @Test func statusIsOneScreenAndSaysWhatItMayNotShow() {
    var page = StatusPage(health: .serving)
    page.register = .success(.notServing)
    page.counts = .success(
      SummarizeCasesResponse(
        cases: 1200, byState: [Count(word: "registered", count: 1000), Count(word: "awaiting_judgment", count: 1)], byOutcome: [],
        byMeasure: [], detained: 12, departures: 3, reassessmentDue: 2))
    page.late = .failure(Status(.permissionDenied, reason: "ROLE_MISSING", "no"))
    let lines = page.table(on: Terminal(width: 80, hasColour: false))
    #expect(lines.count <= 24 && lines.allSatisfy { $0.columns <= 80 })
    let text = lines.joined(separator: "\n")
    for words in ["daemon    serves", "register  does not serve", "1,200, 12 in custody", "awaiting judgment", "not shown to your roles"] {
      #expect(text.contains(words), "\(words) in \(text)")
    }
    #expect(page.values() == [#"{"status":"SERVING","register":"NOT_SERVING","counts":\#(page.countsJSON)}"#])
  }
}

extension StatusPage {
  fileprivate var countsJSON: String { (try? counts?.get()).map { json($0) } ?? "" }
}
