// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyTexts

/// Figures to the parts of the page, one function a part.
struct ReportParts {
  var figures: ReportFigures
  var numbers: NumberText
  var calendar: CalendarText

  private var language: Language { self.figures.language }

  init(_ figures: ReportFigures) {
    self.figures = figures
    self.numbers = NumberText(language: figures.language)
    self.calendar = CalendarText(language: figures.language)
  }

  // MARK: The head, the outcomes

  func headline() -> ReportView.Headline {
    let people = self.figures.reliefPeople
    return ReportView.Headline(
      range: self.numbers.range(people),
      now: Text.reportHeadlineNow(
        self.language, now: self.numbers.grouped(self.figures.people.eligible + self.figures.people.partial),
        all: self.numbers.grouped(self.figures.people.all)),
      explanation: people.least == people.most
        ? Text.reportHeadlineSettled(self.language) : Text.reportHeadlineMargin(self.language),
      inCases: Text.reportHeadlineCases(self.language, range: self.numbers.range(self.figures.reliefCases)),
      leastWidth: BarChart.percent(people.least, self.figures.people.all),
      marginWidth: BarChart.percent(people.most - people.least, self.figures.people.all))
  }

  func outcomeTiles() -> [ReportView.Tile] {
    self.figures.people.byOutcome.map { word, count in
      ReportView.Tile(
        kind: word, name: self.outcome(word), number: self.numbers.grouped(count),
        share: self.numbers.share(count, of: self.figures.people.all))
    }
  }

  func outcomes() -> BarChart {
    let people = self.figures.people
    return BarChart(
      id: "chart-outcomes", title: Text.reportOutcomesChart(self.language), description: Text.reportOutcomesDescription(self.language),
      rows: [
        BarChart.Row(
          label: Text.reportAll(self.language), value: self.numbers.grouped(people.all), bars: [self.segments(people)])
      ], barHeight: 28,
      table: TableView(
        tableCaption: Text.reportOutcomesChart(self.language), headingColumn: Text.reportOutcome(self.language),
        columns: [Text.reportPeople(self.language), Text.reportShare(self.language), Text.reportCases(self.language)],
        tableRows: zip(people.byOutcome, self.figures.cases.byOutcome).map { people, cases in
          TableView.Row(
            rowHeading: self.outcome(people.word),
            cells: [
              self.numbers.grouped(people.count), self.numbers.share(people.count, of: self.figures.people.all),
              self.numbers.grouped(cases.count),
            ])
        }))
  }

  func outcome(_ word: String) -> String { Words.outcome(word, self.language) ?? word }

  var outcomeLegend: [BarChart.Legend] {
    OutcomeCounts().byOutcome.map { BarChart.Legend(kind: $0.word, name: self.outcome($0.word)) }
  }

  func segments(_ counts: OutcomeCounts) -> [BarChart.Segment] {
    counts.byOutcome.map { word, count in
      BarChart.Segment(kind: word, count: count, tip: "\(self.outcome(word)): \(self.numbers.grouped(count))")
    }
  }

  // MARK: Progress, groups, measures

  func progress(_ progress: Progress) -> BarChart {
    let steps = [
      (Text.reportProgressAll(self.language), progress.all), (Text.reportProgressAssessed(self.language), progress.assessed),
      (Text.reportProgressProposed(self.language), progress.proposed), (Text.reportProgressDecided(self.language), progress.decided),
      (Text.reportProgressExecuted(self.language), progress.executed),
      (Text.reportProgressAftercare(self.language), progress.aftercareDone),
    ]
    return BarChart(
      id: "chart-progress", title: Text.reportProgressChart(self.language), description: Text.reportProgressDescription(self.language),
      rows: steps.map { name, count in
        let share = self.numbers.share(count, of: progress.all)
        return BarChart.Row(
          label: name, value: "\(self.numbers.grouped(count)) · \(share)",
          bars: [[BarChart.Segment(kind: "step", count: count, tip: "\(name): \(self.numbers.grouped(count))")]])
      },
      scale: .count(progress.all),
      table: TableView(
        tableCaption: Text.reportProgressChart(self.language), headingColumn: Text.reportStep(self.language),
        columns: [Text.reportCases(self.language), Text.reportShare(self.language)],
        tableRows: steps.map { name, count in
          TableView.Row(rowHeading: name, cells: [self.numbers.grouped(count), self.numbers.share(count, of: progress.all)])
        }))
  }

  func breakdown(_ breakdown: Breakdown) -> BarChart {
    let title =
      switch breakdown.key {
      case .gravity: Text.reportByGravity(self.language)
      case .stage: Text.reportByStage(self.language)
      case .nexus: Text.reportByNexus(self.language)
      case .custody: Text.reportByCustody(self.language)
      case .sentenceKind: Text.reportBySentenceKind(self.language)
      }
    return BarChart(
      id: "chart-\(breakdown.key.rawValue)", title: title, description: Text.reportBreakdownDescription(self.language),
      rows: breakdown.groups.map { group in
        BarChart.Row(
          label: self.group(breakdown.key, group.word),
          value: "\(self.numbers.grouped(group.cases.all)) · \(self.numbers.share(group.cases.all, of: self.figures.cases.all))",
          bars: [self.segments(group.cases)])
      }, scale: .whole,
      table: TableView(
        tableCaption: title, headingColumn: Text.reportGroup(self.language),
        columns: self.outcomeLegend.map(\.name) + [Text.reportAll(self.language)],
        tableRows: breakdown.groups.map { group in
          TableView.Row(
            rowHeading: self.group(breakdown.key, group.word),
            cells: (group.cases.byOutcome.map(\.count) + [group.cases.all]).map(self.numbers.grouped))
        }))
  }

  func group(_ key: Breakdown.Key, _ word: String?) -> String {
    guard let word else { return Text.reportNotKnown(self.language) }
    let name =
      switch key {
      case .gravity: Words.gravity(word, self.language)
      case .stage: Words.stage(word, self.language)
      case .nexus: Words.nexus(word, self.language)
      case .custody: Words.custody(word, self.language)
      case .sentenceKind: Words.sentenceKind(word, self.language)
      }
    return name ?? word
  }

  func measures() -> BarChart {
    func name(_ measure: MeasureFigure) -> String { measure.label ?? Words.measure(measure.word, self.language) ?? measure.word }
    return BarChart(
      id: "chart-measures", title: Text.reportMeasuresChart(self.language), description: Text.reportMeasuresDescription(self.language),
      legend: [
        BarChart.Legend(kind: "least", name: Text.reportLeast(self.language)),
        BarChart.Legend(kind: "most", name: Text.reportMost(self.language)),
      ],
      rows: self.figures.measures.map { measure in
        BarChart.Row(
          label: name(measure), value: self.numbers.span(measure.margin),
          bars: [
            [
              BarChart.Segment(
                kind: "least", count: measure.margin.least,
                tip: "\(Text.reportLeast(self.language)): \(self.numbers.grouped(measure.margin.least))"),
              BarChart.Segment(
                kind: "most", count: measure.margin.most - measure.margin.least,
                tip: "\(Text.reportMost(self.language)): \(self.numbers.grouped(measure.margin.most))"),
            ]
          ])
      },
      table: TableView(
        tableCaption: Text.reportMeasuresChart(self.language), headingColumn: Text.reportMeasure(self.language),
        columns: [Text.reportNow(self.language), Text.reportLeast(self.language), Text.reportMost(self.language)],
        tableRows: self.figures.measures.map { measure in
          TableView.Row(
            rowHeading: name(measure), cells: [measure.now, measure.margin.least, measure.margin.most].map(self.numbers.grouped))
        }))
  }

  func termTakenOff(_ taken: TermTakenOff) -> TermView {
    TermView(
      days: self.numbers.grouped(taken.days),
      daysCaption: Text.reportTermTakenOffIn(self.language, cases: self.numbers.grouped(taken.cases)),
      mean: taken.cases == 0 ? "–" : self.numbers.grouped((taken.days + taken.cases / 2) / taken.cases),
      groups: taken.groups.isEmpty
        ? nil
        : TableView(
          tableCaption: Text.reportTermTakenOff(self.language), headingColumn: Text.reportGroup(self.language),
          columns: [Text.reportCases(self.language), Text.reportDays(self.language), Text.reportDaysMean(self.language)],
          tableRows: taken.groups.map { group in
            TableView.Row(
              rowHeading: self.group(group.key, group.word),
              cells: [
                self.numbers.grouped(group.cases), self.numbers.grouped(group.days),
                group.cases == 0 ? "–" : self.numbers.grouped((group.days + group.cases / 2) / group.cases),
              ])
          }))
  }
}
