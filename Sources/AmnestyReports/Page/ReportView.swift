// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyTexts

/// The report as its template takes it: every number and word in the page's language, every length computed.
struct ReportView: PageView {
  struct Tile {
    var kind: String
    var name: String
    var number: String
    var share: String
  }

  struct Section {
    var id: String
    var heading: String
  }

  struct Headline {
    var range: String
    var now: String
    var explanation: String
    var inCases: String
    /// Of a bar that stands for everybody.
    var leastWidth: String
    var marginWidth: String
  }

  var language: String
  var text: TemplateTexts
  var documentTitle: String
  var actTitle: String
  var asOf: String
  var office: String
  var actVersion: String
  var actDigest: String
  var provisional: String?
  var headline: Headline
  var sections: [Section] = []

  var outcomeTiles: [Tile]
  var outcomes: BarChart
  var progress: BarChart?
  var breakdowns: [BarChart]
  /// Once for all of them.
  var outcomeLegend: [BarChart.Legend]
  var measures: BarChart?
  var termTaken: TermView?
  var releases: ReleasesView?
  var missing: CountedList?
  var referrals: CountedList?
  var readings: [ReadingView]
  var hasReadings: Bool
  var clocks: BarChart?
  var decisions: [Tile]
  var hasDecisions: Bool
  var published: PublishedView?

  init(_ figures: ReportFigures) {
    let parts = ReportParts(figures)
    let language = figures.language
    self.language = language.rawValue
    self.text = TemplateTexts(language: language)
    self.documentTitle = "\(Text.reportKind(language)): \(figures.act.title)"
    self.actTitle = figures.act.title
    self.asOf = Text.reportAsOf(language, day: parts.calendar.day(figures.asOf))
    self.office = figures.office ?? Text.reportAllOffices(language)
    self.actVersion = Text.reportActVersion(language, act: figures.act.id, version: figures.act.version)
    self.actDigest = figures.act.digest
    self.provisional = figures.act.provisional
    self.headline = parts.headline()
    self.outcomeTiles = parts.outcomeTiles()
    self.outcomes = parts.outcomes()
    self.progress = figures.progress.map(parts.progress)
    self.breakdowns = figures.breakdowns.filter { !$0.groups.isEmpty }.map(parts.breakdown)
    self.outcomeLegend = parts.outcomeLegend
    self.measures = figures.measures.isEmpty ? nil : parts.measures()
    self.termTaken = figures.termTakenOff.map(parts.termTakenOff)
    self.releases = figures.releases.isEmpty ? nil : parts.releases()
    self.missing = figures.missingFacts.isEmpty ? nil : parts.missing()
    self.referrals = figures.referrals.isEmpty ? nil : parts.referrals()
    self.readings = figures.readings.map(parts.reading)
    self.hasReadings = !figures.readings.isEmpty
    self.clocks = figures.clocks.isEmpty ? nil : parts.clocks()
    self.decisions = figures.decisions.map(parts.decisions) ?? []
    self.hasDecisions = figures.decisions != nil
    self.published = figures.published.isEmpty ? nil : parts.published()
    self.sections = self.contents(language)
  }

  /// What the page has, in its order, for the list at its head.
  private func contents(_ language: Language) -> [Section] {
    let all: [(there: Bool, id: String, heading: String)] = [
      (true, "outcomes", Text.reportOutcomes(language)),
      (self.progress != nil, "progress", Text.reportProgress(language)),
      (!self.breakdowns.isEmpty, "groups", Text.reportBreakdowns(language)),
      (self.measures != nil, "measures", Text.reportMeasures(language)),
      (self.releases != nil, "releases", Text.reportReleases(language)),
      (self.missing != nil, "missing", Text.reportMissing(language)),
      (self.referrals != nil, "referrals", Text.reportReferrals(language)),
      (self.hasReadings, "readings", Text.reportReadings(language)),
      (self.clocks != nil, "clocks", Text.reportClocks(language)),
      (self.hasDecisions, "decisions", Text.reportDecisions(language)),
      (self.published != nil, "published", Text.reportPublished(language)),
    ]
    return all.filter(\.there).map { Section(id: $0.id, heading: $0.heading) }
  }
}

struct TermView {
  var days: String
  var daysCaption: String
  var mean: String
  var groups: TableView?
}

struct ReleasesView {
  var firstDay: String
  var columnChart: ColumnChart
}

/// What is counted, with a bar for its number.
struct CountedList {
  struct Item {
    var name: String
    var mark: String?
    var place: String
    var number: String
    var barWidth: String
  }

  var caption: String
  var nameColumn: String
  var placeColumn: String
  var items: [Item]
}

struct ReadingView {
  struct Answer {
    var answerName: String
    var isDefault: Bool
    var cells: [String]
  }

  var question: String
  var concerned: String
  var answerColumns: [String]
  var answers: [Answer]
}

struct PublishedView {
  struct Item {
    var date: String
    var figure: String
    var remark: String?
    var publishedNumber: String
    var computedNumber: String
    var difference: String
  }

  var chart: BarChart
  var items: [Item]
}
