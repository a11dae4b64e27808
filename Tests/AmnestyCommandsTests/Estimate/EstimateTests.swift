// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyCommands
internal import AmnestyWire
internal import Testing

@Suite struct EstimateTests {
  private func record(_ stage: Stage?, detained: Bool = false, _ gravity: Gravity? = .grave) -> CaseRecord {
    CaseRecord(reference: "SYN-1", stage: stage, offences: [Offence(id: "1", gravity: gravity)], detained: detained)
  }

  private func assessment(_ outcome: Outcome, _ measures: [String?], releaseOn: String? = nil, readings: [Reading] = []) -> Assessment {
    Assessment(
      act: ActReference(id: "kz-2022-152-vii", version: "1.0.0", digest: "sha256:0"),
      recordDigest: "sha256:0",
      asOf: "2022-11-03",
      standing: .final,
      outcome: outcome,
      offences: measures.map { AssessedOffence(id: "1", outcome: $0 == nil ? .ineligible : .eligible, measure: $0) },
      sentence: AssessedSentence(releaseOn: releaseOn),
      readings: readings,
      missing: [],
      referrals: [],
      notes: []
    )
  }

  @Test func groupsAreWhatTheFiguresTellApart() {
    #expect(EstimateTally.Group(record(.sentenced, detained: true)) == .convictedInCustody)
    #expect(EstimateTally.Group(record(.served)) == .convictedAtLarge)
    #expect(EstimateTally.Group(record(.trial)) == .pendingGrave)
    #expect(EstimateTally.Group(record(.appeal, .especiallyGrave)) == .pendingGrave)
    #expect(EstimateTally.Group(record(.investigation, .medium)) == .pendingLighter)
    #expect(EstimateTally.Group(record(.investigation, nil)) == .pendingLighter)
    #expect(EstimateTally.Group(record(nil)) == .unknown)
  }

  @Test func theMeasureThatLeavesMostToServeNamesThePerson() {
    #expect(EstimateTally.Result(assessment(.eligible, ["release_from_punishment"])) == .released)
    #expect(EstimateTally.Result(assessment(.eligible, ["release_from_punishment", "reduce_term"])) == .cut)
    #expect(EstimateTally.Result(assessment(.eligible, ["reduce_term"], releaseOn: "2022-11-03")) == .cutAndFree)
    #expect(EstimateTally.Result(assessment(.partial, ["terminate_proceedings", nil])) == .terminated)
    #expect(EstimateTally.Result(assessment(.eligible, ["terminate_proceedings", "reduce_at_sentencing"])) == .cutAtSentencing)
    #expect(EstimateTally.Result(assessment(.eligible, ["remove_conviction"])) == .removed)
    #expect(EstimateTally.Result(assessment(.eligible, ["pardon"])) == .otherRelief)
    #expect(EstimateTally.Result(assessment(.referred, ["reduce_term"])) == .referred)
    #expect(EstimateTally.Result(assessment(.undetermined, [nil])) == .undetermined)
    #expect(EstimateTally.Result(assessment(.ineligible, [nil])) == .notCovered)
  }

  @Test func sumsAgreeAcrossAndDown() {
    var tally = EstimateTally()
    tally.add(record(.sentenced, detained: true), assessment(.eligible, ["reduce_term"]))
    tally.add(record(.sentenced), assessment(.partial, ["reduce_term", nil]))
    tally.add(record(.trial, .minor), assessment(.eligible, ["terminate_proceedings"]))
    tally.addRefused(record(.sentenced))
    tally.addRefused(nil)
    #expect(tally.total == 5)
    #expect(tally.total(of: .cut) == 2)
    #expect(tally.total(of: .convictedAtLarge) == 2)
    #expect(tally[.refused, .unknown] == 1)
    #expect(tally.partial == 1)
  }

  @Test func theTableNamesThePublishedFigureOrSaysNone() {
    var tally = EstimateTally()
    for _ in 0..<1200 { tally.add(record(.sentenced), assessment(.eligible, ["reduce_term"])) }
    tally.add(
      record(.sentenced, detained: true),
      assessment(
        .eligible, ["reduce_term"],
        readings: [Reading(question: "one_year_test", answer: "after_reduction", outcome: .eligible, releaseOn: "2022-11-03")]))
    let text = EstimateTable(tally).text()
    let lines = text.split(separator: "\n")
    #expect(lines.first == "kz-2022-152-vii 1.0.0, as of 2022-11-03 (final): 1,201 records")
    #expect(lines.contains { $0.hasPrefix("term cut, ends later") && $0.hasSuffix("1,201  1,001 cut, both rows [d]") })
    #expect(lines.contains { $0.hasPrefix("conviction removed") && $0.hasSuffix("none") })
    #expect(lines.contains { $0.hasPrefix("published") && $0.contains("128 [b]") && $0.contains("363 [b]") })
    #expect(text.contains("1 more would be free at once under another reading"))
    #expect(lines.allSatisfy { $0.last != " " && $0.count <= 140 })
  }
}
