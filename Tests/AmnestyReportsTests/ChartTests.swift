// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyTexts
internal import Testing

@testable internal import AmnestyReports

@Suite("Charts") struct ChartTests {
  private static let table = TableView(tableCaption: "", headingColumn: "", columns: [], tableRows: [])

  private static func number(_ percent: String) -> Double { Double(percent.dropLast()) ?? -1 }

  @Test("bars fill the width by their share, one after the other, and never beyond it")
  func bars() {
    let counts = [[1, 2, 3], [100, 0, 46], [0, 0, 0], [33, 33, 34]]
    let chart = BarChart(
      id: "x", title: "", description: "",
      rows: counts.map { row in
        BarChart.Row(label: "row", value: "", bars: [row.map { BarChart.Segment(kind: "k", count: $0, tip: "") }])
      }, table: Self.table)
    #expect(chart.drawnRows.count == counts.count)
    for (drawn, row) in zip(chart.drawnRows, counts) {
      #expect(drawn.marks.count == row.filter { $0 > 0 }.count)
      for mark in drawn.marks { #expect(Self.number(mark.x) + Self.number(mark.width) <= 100.01) }
    }
    #expect(chart.drawnRows[1].marks.map(\.x) == ["0.00%", "68.49%"])
    #expect(chart.drawnRows[1].marks.map(\.width) == ["68.49%", "31.50%"])
  }

  @Test("a long label takes lines, and the chart grows by them")
  func labels() {
    func chart(_ label: String) -> BarChart {
      BarChart(
        id: "x", title: "", description: "", rows: [BarChart.Row(label: label, value: "", bars: [[.init(kind: "k", count: 1, tip: "")]])],
        table: Self.table)
    }
    let (short, long) = (chart("short"), chart("a label that is much too long for one line of a narrow screen"))
    #expect(short.drawnRows[0].lines.count == 1 && long.drawnRows[0].lines.count == 2)
    #expect(long.height > short.height)
    #expect(long.drawnRows[0].lines.allSatisfy { $0.words.count <= 34 })
  }

  @Test(
    "an axis has at most five lines, and its top is no lower than the greatest", arguments: [1, 2, 3, 4, 5, 9, 10, 61, 99, 100, 101, 1_646])
  func axis(_ greatest: Int) {
    let (ceiling, unit) = ColumnChart.scale(greatest)
    #expect(ceiling >= greatest && ceiling.isMultiple(of: unit) && ceiling / unit <= 4)
  }

  @Test(
    "columns are days, weeks or months by the span, and hold every release",
    arguments: [
      (["2022-11-03", "2022-11-10"], ColumnChart.Step.day), (["2022-11-03", "2023-03-02", "2023-03-03"], .week),
      (["2022-11-03", "2024-11-04"], .month),
    ])
  func columns(_ days: [String], _ expected: ColumnChart.Step) {
    var found: ColumnChart.Step?
    let chart = ColumnChart(
      id: "x", title: "",
      description: { step in
        found = step
        return ""
      }, legend: [.init(kind: "a", name: "a"), .init(kind: "b", name: "b")],
      days: days.compactMap { CalendarDay($0).map { (day: $0, lower: 1, upper: 2) } }, language: .en, table: Self.table)
    #expect(chart.columns.count == 2 && found == expected)
    for column in chart.columns {
      #expect(Self.number(column.x) + Self.number(column.width) <= 100)
      #expect(column.upperY >= 0 && column.upperY + column.upperHeight == column.lowerY)
    }
    #expect(chart.ticks.first?.anchor == "start" && chart.ticks.last?.anchor == "end")
  }
}
