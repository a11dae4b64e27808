// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyTexts

/// Columns over time, in two kinds on one another; a column a day, a week or a month, as the span asks.
struct ColumnChart {
  struct Column {
    var x: String
    var width: String
    var lowerY: Int
    var lowerHeight: Int
    var upperY: Int
    var upperHeight: Int
    var hasLower: Bool
    var hasUpper: Bool
    var tip: String
  }

  struct Tick {
    var x: String
    var anchor: String
    var name: String
  }

  struct Grid {
    var y: Int
    var textY: Int
    var amount: String
  }

  enum Step { case day, week, month }

  var chartID: String
  var chartTitle: String
  var description: String
  var legend: [BarChart.Legend]
  var table: TableView
  var columns: [Column] = []
  var ticks: [Tick] = []
  var grid: [Grid] = []
  var baseY = 200
  var tickY = 220
  var height = 228

  private static let top = 20

  init(
    id: String, title: String, description: (Step) -> String, legend: [BarChart.Legend], days: [(day: CalendarDay, lower: Int, upper: Int)],
    language: Language, table: TableView
  ) {
    let numbers = NumberText(language: language)
    let calendar = CalendarText(language: language)
    let first = days.map(\.day).min()?.number ?? 0
    let last = days.map(\.day).max()?.number ?? 0
    let step: Step = last - first <= 45 ? .day : last - first <= 300 ? .week : .month
    self.chartID = id
    self.chartTitle = title
    self.description = description(step)
    self.legend = legend
    self.table = table

    func slot(_ day: CalendarDay) -> Int {
      switch step {
      case .day: day.number - first
      case .week: (day.number - first) / 7
      case .month: (day.year - CalendarDay(number: first).year) * 12 + day.month - CalendarDay(number: first).month
      }
    }
    var lower: [Int: Int] = [:]
    var upper: [Int: Int] = [:]
    var starts: [Int: CalendarDay] = [:]
    for entry in days {
      let at = slot(entry.day)
      lower[at, default: 0] += entry.lower
      upper[at, default: 0] += entry.upper
      starts[at] = min(starts[at] ?? entry.day, entry.day)
    }
    let slots = (starts.keys.max() ?? 0) + 1
    let greatest = max(1, starts.keys.map { (lower[$0] ?? 0) + (upper[$0] ?? 0) }.max() ?? 1)
    let (ceiling, unit) = Self.scale(greatest)
    let room = self.baseY - Self.top
    func pixels(_ count: Int) -> Int { (count * room + ceiling / 2) / ceiling }

    for amount in stride(from: unit, through: ceiling, by: unit) {
      let y = self.baseY - pixels(amount)
      self.grid.append(Grid(y: y, textY: y - 4, amount: numbers.grouped(amount)))
    }
    for at in starts.keys.sorted() {
      guard let start = starts[at] else { continue }
      let (below, above) = (lower[at] ?? 0, upper[at] ?? 0)
      // What is there is seen, however small it is beside the greatest.
      let belowHeight = below == 0 ? 0 : max(2, pixels(below))
      let aboveHeight = above == 0 ? 0 : max(2, pixels(above))
      let name = step == .month ? calendar.shortMonth(start) : calendar.shortDay(start)
      self.columns.append(
        Column(
          x: BarChart.percent(at * 20 + 2, slots * 20), width: BarChart.percent(16, slots * 20), lowerY: self.baseY - belowHeight,
          lowerHeight: belowHeight, upperY: self.baseY - belowHeight - aboveHeight, upperHeight: aboveHeight, hasLower: below > 0,
          hasUpper: above > 0,
          tip: "\(name): \(legend[0].name) \(numbers.grouped(below)), \(legend[1].name) \(numbers.grouped(above))"))
    }
    // Three names find room on a phone.
    let count = min(3, slots)
    for index in 0..<count {
      let at = count == 1 ? 0 : index * (slots - 1) / (count - 1)
      let start =
        switch step {
        case .day: CalendarDay(number: first + at)
        case .week: CalendarDay(number: first + at * 7)
        case .month: Self.month(CalendarDay(number: first), later: at)
        }
      let anchor = index == 0 ? "start" : index == count - 1 ? "end" : "middle"
      let x = index == 0 ? 0 : index == count - 1 ? slots * 2 : at * 2 + 1
      self.ticks.append(
        Tick(
          x: BarChart.percent(x, slots * 2), anchor: anchor, name: step == .month ? calendar.shortMonth(start) : calendar.shortDay(start)))
    }
  }

  private static func month(_ day: CalendarDay, later: Int) -> CalendarDay {
    var month = day
    let total = day.year * 12 + day.month - 1 + later
    month.year = total / 12
    month.month = total % 12 + 1
    return month
  }

  /// The top of the axis and the distance of its lines: a round number, and at most five lines.
  static func scale(_ greatest: Int) -> (ceiling: Int, unit: Int) {
    var power = 1
    while true {
      for factor in [1, 2, 5] where factor * power * 4 >= greatest {
        let unit = factor * power
        return ((greatest + unit - 1) / unit * unit, unit)
      }
      power *= 10
    }
  }
}
