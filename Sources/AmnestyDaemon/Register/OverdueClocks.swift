// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyRules

/// How many cases wait past a deadline, the act's or the deployment's own. Nothing closes them; somebody has to be told.
struct OverdueClocks: Sendable, Equatable {
  /// Cases by the clock that is over; one case may have several.
  var cases: [ClockKind: Int] = [:]
  /// Of all those cases, whose person is in detention.
  var detained = 0

  private static let page = 500

  /// Counts them in the register.
  static func count(in register: any CaseRegister, on day: Day) async throws(RegisterError) -> OverdueClocks {
    var counts = OverdueClocks()
    var after: String?
    while true {
      let from = after
      let found = try await register.read { reading throws(RegisterError) in
        try reading.overdue(on: day, after: from, limit: OverdueClocks.page)
      }
      for stored in found {
        for clock in stored.clocks where clock.isOverdue(on: day) { counts.cases[clock.kind, default: 0] += 1 }
        if stored.columns.detained == true { counts.detained += 1 }
      }
      guard found.count == OverdueClocks.page else { return counts }
      after = found.last?.reference
    }
  }
}
