// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

/// Horizontal bars, one below the other, each with its label and value above it.
///
/// Lengths are per cent of the width and texts keep their size, so one drawing serves a phone and a sheet of paper.
struct BarChart {
  struct Segment {
    /// The style class that gives it its colour.
    var kind: String
    var count: Int
    var tip: String
  }

  struct Row {
    var label: String
    var value: String
    /// Bars drawn below one another under the label; each is a list of segments side by side.
    var bars: [[Segment]]
  }

  struct Mark {
    var kind: String
    var x: String
    var y: Int
    var width: String
    var height: Int
    var tip: String
  }

  struct Line {
    var y: Int
    var words: String
  }

  struct DrawnRow {
    var lines: [Line]
    var valueY: Int
    var value: String
    var trackY: Int
    var trackHeight: Int
    var marks: [Mark]
  }

  struct Legend {
    var kind: String
    var name: String
  }

  var chartID: String
  var chartTitle: String
  var description: String
  var legend: [Legend]
  /// The same figures as a table; nil where the page has one beside the chart.
  var table: TableView?
  var drawnRows: [DrawnRow] = []
  var height = 0

  /// What the full width stands for.
  enum Scale {
    case greatest
    case count(Int)
    /// Each bar by itself.
    case whole
  }

  init(
    id: String, title: String, description: String, legend: [Legend] = [], rows: [Row], scale: Scale = .greatest, barHeight: Int = 14,
    table: TableView? = nil
  ) {
    self.chartID = id
    self.chartTitle = title
    self.description = description
    self.legend = legend
    self.table = table
    let greatest = rows.flatMap(\.bars).map(Self.count).max() ?? 1
    for row in rows {
      self.draw(row, barHeight: barHeight) { bar in
        switch scale {
        case .greatest: greatest
        case .count(let count): count
        case .whole: Self.count(bar)
        }
      }
    }
  }

  private static let lineHeight = 18
  private static let rowGap = 14
  /// What a phone shows of a line.
  private static let lineLength = 36

  private static func count(_ bar: [Segment]) -> Int { bar.reduce(0) { $0 + $1.count } }

  private mutating func draw(_ row: Row, barHeight: Int, full: ([Segment]) -> Int) {
    var y = self.height
    // The value stands at the end of the first line.
    let lines = row.label.lines(of: Self.lineLength, first: Self.lineLength - row.value.count - 1)
    var drawn = DrawnRow(lines: [], valueY: y + 13, value: row.value, trackY: 0, trackHeight: 0, marks: [])
    for line in lines {
      drawn.lines.append(Line(y: y + 13, words: line))
      y += Self.lineHeight
    }
    y += 3
    drawn.trackY = y
    let height = row.bars.count > 1 ? barHeight - 5 : barHeight
    for bar in row.bars {
      var before = 0
      for segment in bar where segment.count > 0 {
        drawn.marks.append(
          Mark(
            kind: segment.kind, x: Self.percent(before, full(bar)), y: y, width: Self.percent(segment.count, full(bar)), height: height,
            tip: segment.tip))
        before += segment.count
      }
      y += height + (row.bars.count > 1 ? 2 : 0)
    }
    drawn.trackHeight = y - drawn.trackY
    self.drawnRows.append(drawn)
    self.height = y + Self.rowGap
  }

  /// Per cent with two places, a point before them in every language: it is for the browser.
  static func percent(_ part: Int, _ whole: Int) -> String {
    let hundredths = part * 10_000 / max(1, whole)
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)%"
  }
}

extension String {
  /// Its words in lines of at most so many characters; a longer word has a line for itself.
  func lines(of width: Int, first: Int) -> [String] {
    var lines: [String] = []
    for word in self.split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= (lines.count == 1 ? first : width) {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines.isEmpty ? [""] : lines
  }
}
