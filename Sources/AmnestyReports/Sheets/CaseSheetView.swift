// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyTexts

/// A case sheet as its template takes it.
struct CaseSheetView: PageView {
  struct Offence {
    var article: String
    var result: String
    var circumstances: [LabelledValue]
    var tried: [Ground]
    var hasTried: Bool
  }

  struct Ground {
    var provisionID: String
    var provisionText: String
    var truthName: String
    var truthWord: String
    var basisName: String
  }

  struct Asked {
    var question: String
    var isDecisive: Bool
  }

  struct Reading {
    var question: String
    var answer: String
    var result: String
    var free: String
  }

  struct Clock {
    var clockName: String
    var due: String
    var left: String
    var isOverdue: Bool
    var pause: String?
  }

  struct Step {
    var at: String
    var command: String
    var who: String
    var stateAfter: String
    var byReading: String?
    var why: String?
  }

  var language: String
  var text: TemplateTexts
  var documentTitle: String
  var reference: String
  var personName: String
  var hasName: Bool
  var particulars: [LabelledValue]
  var outcomeKind: String
  var outcome: String
  var resultRows: [LabelledValue]
  var offences: [Offence]
  var facts: [CaseSheetFacts.Fact]
  var missing: [Asked]
  var referrals: [String]
  var readings: [Reading]
  var followed: [FollowedReading]
  var clocks: [Clock]
  var chain: [Step]
  var asOf: String
  var actVersion: String

  init(_ facts: CaseSheetFacts) {
    let language = facts.language
    let calendar = CalendarText(language: language)
    self.language = language.rawValue
    self.text = TemplateTexts(language: language)
    self.documentTitle = "\(Text.sheetTitle(language)) \(facts.reference)"
    self.reference = facts.reference
    self.hasName = facts.name != nil
    self.personName = facts.name ?? Text.sheetNameHidden(language)
    self.particulars = Self.particulars(facts)
    self.outcomeKind = facts.outcome ?? "none"
    self.outcome = facts.outcome.map { Words.outcome($0, language) ?? $0 } ?? Text.sheetNotAssessed(language)
    self.resultRows = facts.measures.map {
      LabelledValue(label: Text.reportMeasure(language), value: Words.measure($0, language) ?? $0)
    }
    self.resultRows += facts.cut?.rows(language) ?? []
    if let day = facts.releaseOn {
      self.resultRows.append(LabelledValue(label: Text.letterFreeOn(language), value: calendar.day(day)))
    }
    self.offences = facts.offences.map { Self.offence($0, language) }
    self.facts = facts.facts
    self.missing = facts.missing.map { Asked(question: $0.question, isDecisive: $0.decides) }
    self.referrals = facts.referrals
    self.readings = facts.readings.map { reading in
      Reading(
        question: reading.question, answer: reading.answer, result: Words.outcome(reading.outcome, language) ?? reading.outcome,
        free: reading.releaseOn.map(calendar.day) ?? "–")
    }
    self.followed = facts.followed
    self.clocks = facts.clocks.map { clock in
      Clock(
        clockName: Words.clockKind(clock.kind, language) ?? clock.kind, due: clock.dueOn.map(calendar.day) ?? "–",
        left: clock.daysLeft.map { NumberText(language: language).grouped($0) } ?? "–", isOverdue: clock.overdue,
        pause: clock.pauseReason.map { Text.sheetPaused(language, reason: $0) })
    }
    self.chain = facts.chain.map { step in
      Step(
        at: "\(step.at.prefix(10)) \(step.at.dropFirst(11).prefix(5))", command: Words.commandKind(step.command, language) ?? step.command,
        who: step.role.map { "\(step.person) (\($0))" } ?? step.person, stateAfter: Words.caseState(step.state, language) ?? step.state,
        byReading: step.readings.isEmpty
          ? nil : Text.sheetByReading(language, reading: step.readings.map(\.answer).joined(separator: "; ")),
        why: step.reason)
    }
    self.asOf = Text.reportAsOf(language, day: calendar.day(facts.asOf))
    self.actVersion = Text.reportActVersion(language, act: facts.act.id, version: facts.act.version)
  }

  private static func particulars(_ facts: CaseSheetFacts) -> [LabelledValue] {
    let language = facts.language
    let rows: [(String, String?)] = [
      (Text.letterBorn(language), facts.bornOn.map { CalendarText(language: language).day($0) }),
      (Text.releaseOrderIIN(language), facts.iin),
      (Text.sheetState(language), Words.caseState(facts.state, language) ?? facts.state),
      (Text.sheetStage(language), facts.stage.map { Words.stage($0, language) ?? $0 } ?? Text.reportNotKnown(language)),
      (
        Text.sheetCustody(language),
        facts.detained.flatMap { Words.custody($0 ? "detained" : "at_large", language) } ?? Text.reportNotKnown(language)
      ),
      (Text.reportOffice(language), facts.office),
      (Text.sheetAssignedTo(language), facts.assignedTo ?? Text.sheetNobody(language)),
    ]
    return rows.compactMap { label, value in value.map { LabelledValue(label: label, value: $0) } }
  }

  private static func offence(_ offence: CaseSheetFacts.Offence, _ language: Language) -> Offence {
    let calendar = CalendarText(language: language)
    let article =
      switch (offence.article, offence.part) {
      case (let article?, let part?): Text.sheetArticlePart(language, article: article, part: "\(part)")
      case (let article?, nil): Text.sheetArticle(language, article: article)
      case (nil, _): Text.sheetArticleUnknown(language)
      }
    let days: String? =
      switch (offence.committedFrom, offence.committedThrough) {
      case (let first?, let last?) where first != last:
        Text.sheetCommittedBetween(language, first: calendar.day(first), last: calendar.day(last))
      case (let day?, _), (nil, let day?): calendar.day(day)
      case (nil, nil): nil
      }
    let unknown = Text.reportNotKnown(language)
    let outcome = offence.outcome.map { Words.outcome($0, language) ?? $0 } ?? Text.sheetNotAssessed(language)
    let measure = offence.measure.map { Words.measure($0, language) ?? $0 }
    return Offence(
      article: article, result: measure.map { "\(outcome): \($0)" } ?? outcome,
      circumstances: [
        LabelledValue(label: Text.sheetGravity(language), value: offence.gravity.map { Words.gravity($0, language) ?? $0 } ?? unknown),
        LabelledValue(label: Text.sheetCommitted(language), value: days ?? unknown),
        LabelledValue(label: Text.sheetNexus(language), value: offence.nexus.map { Words.nexus($0, language) ?? $0 } ?? unknown),
      ],
      tried: offence.grounds.map { ground in
        Ground(
          provisionID: ground.provision, provisionText: ground.text, truthName: Words.truth(ground.truth, language) ?? ground.truth,
          truthWord: ground.truth, basisName: ground.basis.map { Words.basis($0, language) ?? $0 } ?? "–")
      },
      hasTried: !offence.grounds.isEmpty)
  }
}
