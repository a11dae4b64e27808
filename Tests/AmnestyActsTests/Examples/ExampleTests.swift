// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyActs
internal import AmnestyRules
internal import Foundation
internal import Testing

@Suite struct ExampleTests {
  static let table = """
    example,asOf,stage,article,part,gravity,committedFrom,committedThrough,territory,conduct,sentence.kind,sentence.imposedOn,sentence.term,sentence.startsOn,sentence.creditDays,sentence.aggregation,outcome,measure,newEnd,missing,referrals,shows
    # Cuts
    cut,2021-01-01,sentenced,188,1,grave,2018-05-05,2018-05-05,KZ,good,imprisonment,2019-01-01,P8Y,2019-01-01,0,single,eligible,reduce_term,2021-01-01,,readings_conflict,"A cut, with a ""quoted"" word"
    abroad,2021-01-01,sentenced,188,1,grave,2018-05-05,2018-05-05,RU,good,imprisonment,2019-01-01,P8Y,2019-01-01,0,single,ineligible,,,,,Abroad

    two,2021-01-01,sentenced,188,1,grave,2018-05-05,2018-05-05,KZ,,imprisonment,2019-01-01,P8Y,2019-01-01,0,absorption,undetermined,,,conduct person.bornOn,,The conduct decides
    ,,,131,1,minor,2018-05-05,2018-05-05,RU,,,,,,,,,,,,,
    """

  private func run(_ table: String) throws -> ActExamples.Result {
    let act = try #require(SmallAct.parse(SmallAct.text).act)
    return ActExamples.run(Array(table.utf8), name: "small.examples.csv", on: act)
  }

  @Test func theTableIsBorneOut() throws {
    let result = try run(ExampleTests.table)
    #expect(result.problems == [])
    #expect(result.count == 3)
  }

  @Test func semicolonsByteOrderMarksAndCarriageReturnsAreRead() throws {
    let table =
      "\u{FEFF}" + ExampleTests.table.replacing("A cut, with", with: "A cut with").replacing(",", with: ";").replacing("\n", with: "\r\n")
    let result = try run(table)
    #expect(result.problems == [])
    #expect(result.count == 3)
  }

  @Test(arguments: [
    ("188,1,grave,2018-05-05,2018-05-05,KZ,good", "188,1,grave,2018-05-05,2018-05-05,¦KAZ,good", "KAZ is no value of territory"),
    ("eligible,reduce_term", "¦ineligible,reduce_term", "outcome is eligible, the table says ineligible"),
    ("eligible,reduce_term", "eligible,¦release_from_punishment", "measure is reduce_term, the table says release_from_punishment"),
    ("2021-01-01,,readings_conflict", "¦2021-01-02,,readings_conflict", "newEnd is 2021-01-01, the table says 2021-01-02"),
    ("2021-01-01,,readings_conflict", "2021-01-01,¦gravity,readings_conflict", "missing is empty, the table says gravity"),
    (
      "2021-01-01,,readings_conflict", "2021-01-01,,¦already_applied",
      "referrals is readings_conflict:relief.rest, the table says already_applied"
    ),
    ("cut,2021-01-01", "cut,¦2021-13-01", "is no day"),
    ("abroad,2021", "¦cut,2021", "stands twice, first at line 3"),
    ("example,asOf", "example,¦asof", "unknown column asof"),
    ("example,asOf,stage,article", "example,asOf,stage,¦stage", "stands twice"),
    (",,,131", ",,¦trial,131", "is a fact of the case"),
    ("cut,2021", "cut, ¦\"with\",2021", "a quote inside a cell"),
    ("Abroad", "¦\"Abroad", "the quote is never closed"),
    ("Abroad", "Abroad,¦and more", "23 cells in a row, 22 columns"),
    (
      "cut,2021-01-01,sentenced,188,1,grave,2018-05-05,2018-05-05", "¦cut,2021-01-01,sentenced,188,1,grave,2018-05-05,2018-05-04",
      "contradict themselves"
    ),
  ]) func aMistakeIsToldWithItsPlace(_ old: String, _ new: String, _ message: String) throws {
    let range = try #require(ExampleTests.table.range(of: old))
    let marked = ExampleTests.table.replacingCharacters(in: range, with: new)
    let mark = try #require(marked.firstIndex(of: "¦"))
    let line = marked[..<mark].count { $0 == "\n" } + 1
    let start = marked[..<mark].lastIndex(of: "\n").map { marked.index(after: $0) } ?? marked.startIndex
    let place = Place(line: line, column: marked.distance(from: start, to: mark) + 1)
    let problems = try run(marked.replacing("¦", with: "")).problems
    #expect(problems.contains { $0.place == place && $0.message.contains(message) }, "\(place) \(problems)")
  }

  @Test func anEmptyTableShowsNothing() throws {
    #expect(try run("").problems.map(\.message) == ["the table is empty"])
    #expect(try run("example,asOf,outcome,measure,shows\n").problems.map(\.message) == ["no example"])
    #expect(try run("example,asOf,outcome,measure\n").problems.map(\.message) == ["the column shows is missing"])
  }
}
