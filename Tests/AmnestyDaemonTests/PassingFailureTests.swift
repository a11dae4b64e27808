// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Testing

@testable internal import AmnestyDaemon

@Suite("Failures that pass") struct PassingFailureTests {
  @Test("The first is told at once, what follows once a minute, and nothing twice") func cadence() {
    var failures = PassingFailures()
    #expect(failures.toTell(of: 0, at: 0) == nil)
    #expect(failures.toTell(of: 1, at: 1) == 1)
    #expect((2...60).allSatisfy { failures.toTell(of: Int64($0), at: $0) == nil })
    #expect(failures.toTell(of: 61, at: 61) == 60)
    #expect(failures.toTell(of: 61, at: 500) == nil)
    #expect(failures.toTell(of: 62, at: 501) == 1)
  }
}
