// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import Testing

@testable internal import AmnestyActs
@testable internal import AmnestyRules

struct ReviewOfShippedActsTests {
  @Test(arguments: ShippedActTests.ids)
  func noRuleOfAShippedActIsDead(_ id: String) throws {
    let act = try #require(ActFile.load(contentsOf: ShippedActTests.folder + "/\(id).yaml").act)
    #expect(act.compiled.review().filter { $0.severity == .error } == [])
  }
}
