// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyReports
internal import AmnestyTexts
internal import AmnestyWire
internal import Testing

@testable internal import AmnestyServices

/// Pages through the service: of the register a caller sees, and of a case on its way.
@Suite struct ReportsTests {
  private let fixture: RegisterFixture
  private let reports: Reports

  init() throws {
    fixture = try RegisterFixture()
    reports = Reports(fixture.access)
  }

  private func letter(_ form: String, _ language: String = "en", by clerk: String = "pavel") async throws(Status) -> String {
    try await reports.letter(
      fixture.request(#"{"reference":"SYN-1","form":"\#(form)","language":"\#(language)"}"#),
      context: fixture.by(clerk, ReportService.letter.descriptor)
    ).html
  }

  @Test(arguments: ["kk", "ru", "en"])
  func theReportHasTheFiguresAndNoPerson(_ language: String) async throws {
    for number in 1...3 { try await fixture.register("SYN-\(number)") }
    try await fixture.register("SYN-4", SampleRecord().with("recidivism", nil))
    let html = try await reports.render(
      fixture.request(#"{"asOf":"2022-11-03","language":"\#(language)"}"#), context: fixture.by("vera", ReportService.render.descriptor)
    ).html
    #expect(html.contains("<html lang=\"\(language)\""))
    #expect(html.contains("kz-2022-152-vii"))
    #expect(html.contains("1 112") || html.contains("1,112") || html.contains("1\u{202F}112") || html.contains("1\u{A0}112"))
    for secret in ["Synthetic", "123456789013", "SYN-1"] { #expect(!html.contains(secret)) }
  }

  /// Two points concern other cases each; the sum of both is nobody's figure.
  @Test func anOpenPointHasTheCasesInWhichItsOwnReadingsDiffer() {
    func reading(_ point: String, _ answer: String, eligible: Int, referred: Int) -> ReadingEstimate {
      ReadingEstimate(
        question: point, text: LocalizedText(en: point, ru: point, kk: point), answer: answer, isDefault: false,
        cases: GroupCounts(eligible: eligible, partial: 0, ineligible: 0, undetermined: 0, referred: referred), freed: 0, freedDetained: 0)
    }
    let figures = ReadingFigure.byPoint(
      [
        reading("b", "yes", eligible: 5, referred: 0), reading("a", "yes", eligible: 2, referred: 1),
        reading("b", "no", eligible: 0, referred: 5),
        reading("a", "no", eligible: 0, referred: 3),
      ], .en)
    #expect(figures.map(\.question) == ["a", "b"] && figures.map(\.cases) == [3, 5] && figures.map(\.answers.count) == [2, 2])
  }

  @Test(arguments: ["kk", "ru", "en"])
  func aCaseIsWrittenOfAtEachStep(_ language: String) async throws {
    try await fixture.register("SYN-1")
    // Nothing is decided yet: a sheet can be had, a letter not.
    #expect(await refusal { try await letter("letter", language) }?.reason == "NO_DECISION")
    #expect(try await letter("sheet", language).contains("SYN-1"))
    try await fixture.assess("SYN-1")
    try await fixture.propose("SYN-1")
    try await fixture.decide("SYN-1")
    let page = try await letter("letter", language)
    #expect(page.contains("Synthetic") && page.contains("2023"))
    #expect(try await letter("short", language).contains("Synthetic"))
    #expect(try await letter("order", language).contains("Synthetic"))
    let sheet = try await letter("sheet", language)
    #expect(sheet.contains("SYN-1") && sheet.contains("202"))
  }

  @Test func aPageShowsNoMoreThanTheCase() async throws {
    try await fixture.register("SYN-1")
    try await fixture.assess("SYN-1")
    #expect(try await letter("sheet", by: "pavel").contains("123456789013"))
    #expect(try await !letter("sheet", by: "vera").contains("123456789013"))
    #expect(await refusal { try await letter("sheet", by: "strange") }?.reason == "CASE_NOT_FOUND")
  }

  @Test func whatIsMissingOrOpenIsToldInALetter() async throws {
    try await fixture.register("SYN-1", SampleRecord().with("recidivism", nil))
    try await fixture.assess("SYN-1")
    let page = try await letter("letter")
    #expect(page.contains(FactQuestions.byTemplate["/recidivism"]?.en ?? "?"))
  }

  @Test func aRefusalNamesWhatRefusedAndNoOtherWayToBeInTheScope() async throws {
    try await fixture.register("SYN-1", SampleRecord().with("recidivism", #""recidivism""#))
    try await fixture.assess("SYN-1")
    let refused = #"{"reference":"SYN-1","verdict":"refuse"}"#
    _ = try await fixture.decisions.propose(
      fixture.request(refused), context: fixture.by("pavel", DecisionService.propose.descriptor))
    _ = try await fixture.decisions.decide(fixture.request(refused), context: fixture.by("askar", DecisionService.decide.descriptor))
    let page = try await letter("letter")
    #expect(page.contains("recidivism or dangerous recidivism"))
    #expect(!page.contains("article 207") && !page.contains("article 272"), "the offence is in the scope by another way")
  }

  private func refusal(_ body: () async throws -> String) async -> Status? {
    do {
      _ = try await body()
      return nil
    } catch {
      return error as? Status
    }
  }
}
