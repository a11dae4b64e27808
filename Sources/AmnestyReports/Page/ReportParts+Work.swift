// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyTexts

// What happens over time, what is left to do, and what was published.

extension ReportParts {
  private var language: Language { self.figures.language }

  func releases() -> ReleasesView {
    let legend = [
      BarChart.Legend(kind: "detained", name: Words.custody("detained", self.language) ?? "detained"),
      BarChart.Legend(kind: "others", name: Words.custody("at_large", self.language) ?? "at_large"),
    ]
    let sorted = self.figures.releases.sorted { $0.day < $1.day }
    let days = sorted.compactMap { release in
      CalendarDay(release.day).map { (day: $0, lower: release.detained, upper: release.others) }
    }
    let chart = ColumnChart(
      id: "chart-releases", title: Text.reportReleasesChart(self.language),
      description: { step in
        switch step {
        case .day: Text.reportReleasesByDay(self.language)
        case .week: Text.reportReleasesByWeek(self.language)
        case .month: Text.reportReleasesByMonth(self.language)
        }
      },
      legend: legend, days: days, language: self.language,
      table: TableView(
        tableCaption: Text.reportReleasesChart(self.language), headingColumn: Text.reportDay(self.language),
        columns: legend.map(\.name) + [Text.reportAll(self.language)],
        tableRows: sorted.map { release in
          TableView.Row(
            rowHeading: self.calendar.day(release.day),
            cells: [release.detained, release.others, release.detained + release.others].map(self.numbers.grouped))
        }))
    let first = sorted.first
    return ReleasesView(
      firstDay: Text.reportReleasesOnFirst(
        self.language, all: self.numbers.grouped(sorted.reduce(0) { $0 + $1.detained + $1.others }),
        day: self.calendar.day(first?.day ?? ""), count: self.numbers.grouped((first?.detained ?? 0) + (first?.others ?? 0))),
      columnChart: chart)
  }

  func missing() -> CountedList {
    let greatest = self.figures.missingFacts.map(\.cases).max() ?? 1
    return CountedList(
      caption: Text.reportMissing(self.language), nameColumn: Text.reportQuestion(self.language),
      placeColumn: Text.reportOffice(self.language),
      items: self.figures.missingFacts.map { fact in
        CountedList.Item(
          name: fact.label, mark: fact.fact, place: fact.office ?? Text.reportOfficeSeveral(self.language),
          number: self.numbers.grouped(fact.cases), barWidth: BarChart.percent(fact.cases, greatest))
      })
  }

  func referrals() -> CountedList {
    let greatest = self.figures.referrals.map(\.cases).max() ?? 1
    return CountedList(
      caption: Text.reportReferrals(self.language), nameColumn: Text.reportReason(self.language),
      placeColumn: Text.reportProvision(self.language),
      items: self.figures.referrals.map { referral in
        CountedList.Item(
          name: referral.label, mark: referral.code, place: referral.provision ?? "–", number: self.numbers.grouped(referral.cases),
          barWidth: BarChart.percent(referral.cases, greatest))
      })
  }

  func reading(_ reading: ReadingFigure) -> ReadingView {
    ReadingView(
      question: reading.question,
      concerned: Text.reportReadingCases(self.language, cases: self.numbers.grouped(reading.cases)),
      answerColumns: self.outcomeLegend.map(\.name) + [Text.reportFreedAtOnce(self.language)],
      answers: reading.answers.map { answer in
        ReadingView.Answer(
          answerName: answer.label, isDefault: answer.isDefault,
          cells: (answer.cases.byOutcome.map(\.count) + [answer.releases]).map(self.numbers.grouped))
      })
  }

  func clocks() -> BarChart {
    func name(_ clock: ClockFigure) -> String { Words.clockKind(clock.kind, self.language) ?? clock.kind }
    let (inTime, overdue) = (Text.reportInTime(self.language), Text.reportOverdue(self.language))
    return BarChart(
      id: "chart-clocks", title: Text.reportClocksChart(self.language), description: Text.reportClocksDescription(self.language),
      legend: [BarChart.Legend(kind: "intime", name: inTime), BarChart.Legend(kind: "overdue", name: overdue)],
      rows: self.figures.clocks.map { clock in
        let before = max(0, clock.open - clock.overdue)
        return BarChart.Row(
          label: name(clock),
          value: clock.overdue > 0
            ? "\(self.numbers.grouped(clock.open)) · \(overdue) \(self.numbers.grouped(clock.overdue))" : self.numbers.grouped(clock.open),
          bars: [
            [
              BarChart.Segment(kind: "intime", count: before, tip: "\(inTime): \(self.numbers.grouped(before))"),
              BarChart.Segment(kind: "overdue", count: clock.overdue, tip: "\(overdue): \(self.numbers.grouped(clock.overdue))"),
            ]
          ])
      },
      table: TableView(
        tableCaption: Text.reportClocksChart(self.language), headingColumn: Text.reportClock(self.language),
        columns: [inTime, overdue, Text.reportAll(self.language)],
        tableRows: self.figures.clocks.map { clock in
          TableView.Row(
            rowHeading: name(clock), cells: [max(0, clock.open - clock.overdue), clock.overdue, clock.open].map(self.numbers.grouped))
        }))
  }

  func decisions(_ decisions: DecisionFigures) -> [ReportView.Tile] {
    let figures = [
      (Text.reportDecided(self.language), decisions.decided), (Text.reportGranted(self.language), decisions.granted),
      (Text.reportRefused(self.language), decisions.refused), (Text.reportDepartures(self.language), decisions.departures),
      (Text.reportRevoked(self.language), decisions.revoked), (Text.reportAppealsPending(self.language), decisions.appealsPending),
      (Text.reportAppealsUpheld(self.language), decisions.appealsUpheld),
      (Text.reportAppealsDismissed(self.language), decisions.appealsDismissed),
      (Text.reportReassessmentDue(self.language), decisions.reassessmentDue),
    ]
    return figures.map { name, count in ReportView.Tile(kind: "plain", name: name, number: self.numbers.grouped(count), share: "") }
  }

  func published() -> PublishedView {
    let (before, here) = (Text.reportPublishedFigure(self.language), Text.reportComputedFigure(self.language))
    let figures = self.figures.published
    return PublishedView(
      chart: BarChart(
        id: "chart-published", title: Text.reportPublishedChart(self.language), description: Text.reportPublishedDescription(self.language),
        legend: [BarChart.Legend(kind: "published", name: before), BarChart.Legend(kind: "computed", name: here)],
        rows: figures.map { figure in
          let computed = figure.computed.map(self.numbers.grouped) ?? "–"
          return BarChart.Row(
            label: figure.label, value: "\(self.numbers.grouped(figure.published)) · \(computed)",
            bars: [
              [BarChart.Segment(kind: "published", count: figure.published, tip: "\(before): \(self.numbers.grouped(figure.published))")],
              [BarChart.Segment(kind: "computed", count: figure.computed ?? 0, tip: "\(here): \(computed)")],
            ])
        }),
      items: figures.map { figure in
        PublishedView.Item(
          date: figure.date.map { date in CalendarDay(date).map(self.calendar.shortDay) ?? date } ?? "–", figure: figure.label,
          remark: figure.note,
          publishedNumber: self.numbers.grouped(figure.published),
          computedNumber: figure.computed.map(self.numbers.grouped) ?? Text.reportNoneComputed(self.language),
          difference: figure.computed.map { self.numbers.signed($0 - figure.published) } ?? "–")
      })
  }
}
