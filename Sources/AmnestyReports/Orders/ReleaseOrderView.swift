// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyTexts

/// An order as its template takes it.
struct ReleaseOrderView: PageView {
  var language: String
  var text: TemplateTexts
  var documentTitle: String
  var subject: String
  var institution: String?
  var addressee: String
  var particulars: [LabelledValue]
  var order: String
  var grounds: [QuotedGround]
  var readings: [FollowedReading]
  var notes: [String]
  var issuer: String

  init(_ facts: ReleaseOrderFacts) {
    let language = facts.language
    let calendar = CalendarText(language: language)
    self.language = language.rawValue
    self.text = TemplateTexts(language: language)
    switch facts.order {
    case .release(let day):
      self.subject = Text.releaseOrderTitle(language)
      self.order = day.map { Text.orderRelease(language, day: calendar.day($0)) } ?? Text.orderReleaseAtOnce(language)
    case .newEnd(let day):
      self.subject = Text.newEndOrderTitle(language)
      self.order = day.map { Text.orderNewEnd(language, day: calendar.day($0)) } ?? Text.orderNewEndToCompute(language)
    case .recallRelease:
      self.subject = Text.recallOrderTitle(language)
      self.order = Text.orderRecallRelease(language)
    case .restoreTerm:
      self.subject = Text.restoreOrderTitle(language)
      self.order = Text.orderRestoreTerm(language)
    }
    self.documentTitle = "\(self.subject) · \(facts.reference)"
    self.institution = facts.institution
    self.addressee = facts.name
    self.issuer = facts.body
    self.grounds = facts.grounds.map { QuotedGround($0, language) }
    self.readings = facts.readings
    self.notes = facts.notes
    var rows = [LabelledValue(label: Text.releaseOrderPerson(language), value: facts.name)]
    if let born = facts.bornOn { rows.append(LabelledValue(label: Text.letterBorn(language), value: calendar.day(born))) }
    if let iin = facts.iin { rows.append(LabelledValue(label: Text.releaseOrderIIN(language), value: iin)) }
    rows.append(LabelledValue(label: Text.letterReference(language), value: facts.reference))
    rows.append(LabelledValue(label: Text.releaseOrderDecision(language), value: "\(facts.body), \(calendar.day(facts.decidedOn))"))
    rows.append(LabelledValue(label: Text.letterAct(language), value: facts.act.citation ?? facts.act.title))
    rows += facts.cut?.rows(language) ?? []
    self.particulars = rows
  }
}
