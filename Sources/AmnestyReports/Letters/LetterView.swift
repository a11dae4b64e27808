// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyTexts

/// A label and what stands beside it.
struct LabelledValue {
  var label: String
  var value: String
}

/// A provision as paper quotes it.
struct QuotedGround {
  var provisionText: String
  var citation: String
  var basisName: String?

  init(_ ground: LetterGround, _ language: Language) {
    self.provisionText = ground.text
    self.citation = ground.citation
    self.basisName = ground.basis.flatMap { Words.basis($0, language) }
  }
}

/// A letter as its templates take it.
struct LetterView: PageView {
  struct Remedy {
    var heading: String
    var sentences: [String]
  }

  var language: String
  var text: TemplateTexts
  var documentTitle: String
  var subject: String
  var sender: String?
  var addressee: String
  var particulars: [LabelledValue]
  var lead: String
  var grounds: [QuotedGround]
  var readings: [FollowedReading]
  var notCovered: [QuotedGround]
  var questions: [String]
  var openPoints: [String]
  var reason: String?
  var next: String
  var remedy: Remedy?
  var notes: [String]
  var contact: String?
  var greeting: String

  init(_ facts: LetterFacts) {
    let language = facts.language
    let wording = LetterWording(facts.situation, language)
    self.language = language.rawValue
    self.text = TemplateTexts(language: language)
    self.documentTitle = "\(wording.title) · \(facts.reference)"
    self.subject = wording.title
    self.sender = facts.body
    self.addressee = facts.name
    self.particulars = Self.particulars(facts)
    self.lead = wording.lead
    self.grounds = facts.grounds.map { QuotedGround($0, language) }
    self.readings = facts.readings
    self.notCovered = facts.notCovered.map { QuotedGround($0, language) }
    self.questions = facts.questions
    self.openPoints = facts.openPoints
    self.reason = facts.reason
    self.next = wording.next
    self.remedy = Self.remedy(wording.remedy, facts)
    self.notes = facts.notes
    self.contact = facts.contact
    self.greeting = Text.aloudGreeting(language, name: facts.name)
  }

  private static func particulars(_ facts: LetterFacts) -> [LabelledValue] {
    let language = facts.language
    let calendar = CalendarText(language: language)
    var rows = [LabelledValue(label: Text.letterReference(language), value: facts.reference)]
    if let born = facts.bornOn { rows.append(LabelledValue(label: Text.letterBorn(language), value: calendar.day(born))) }
    rows.append(LabelledValue(label: Text.letterDay(language), value: calendar.day(facts.on)))
    rows.append(LabelledValue(label: Text.letterAct(language), value: facts.act.citation ?? facts.act.title))
    switch facts.situation {
    case .releasedFromCustody(let day), .releasedFromPunishment(let day):
      rows.append(LabelledValue(label: Text.letterFreeOn(language), value: calendar.day(day)))
    case .termCutFreeFromCustody(let day, let cut), .termCutFreeAtLarge(let day, let cut):
      rows += cut.rows(language)
      rows.append(LabelledValue(label: Text.letterFreeOn(language), value: calendar.day(day)))
    case .termCutInCustody(let cut), .termCutAtLarge(let cut):
      rows += cut.rows(language)
    case .cutAppliedInSentence(let term?, _):
      rows.append(LabelledValue(label: Text.letterTermImposed(language), value: calendar.term(term)))
    default: break
    }
    return rows
  }

  private static func remedy(_ remedy: LetterWording.Remedy, _ facts: LetterFacts) -> Remedy? {
    let language = facts.language
    var sentences: [String]
    switch remedy {
    case .none: return nil
    case .objection: return Remedy(heading: Text.letterIfObject(language), sentences: [Text.letterObject(language)])
    case .appealAfterObjection: sentences = [Text.letterAppealAfterObjectionTime(language)]
    case .appealWithoutDelay: sentences = [Text.letterAppealDoesNotDelay(language)]
    case .appeal: sentences = [Text.letterAppeal(language)]
    }
    if let body = facts.appealTo { sentences.append(Text.letterAppealTo(language, body: body)) }
    if let day = facts.appealThrough {
      sentences.append(Text.letterAppealThrough(language, day: CalendarText(language: language).day(day)))
    }
    return Remedy(heading: Text.letterIfDisagree(language), sentences: sentences)
  }
}

extension LetterSituation.Cut {
  /// What is known of the term before and after.
  func rows(_ language: Language) -> [LabelledValue] {
    let calendar = CalendarText(language: language)
    let rows: [(String, String?)] = [
      (Text.letterTermImposed(language), self.imposed.map(calendar.term)), (Text.letterTermLeft(language), self.left.map(calendar.term)),
      (Text.letterEndBefore(language), self.originalEnd.map(calendar.day)), (Text.letterEndNow(language), self.newEnd.map(calendar.day)),
    ]
    return rows.compactMap { label, value in value.map { LabelledValue(label: label, value: $0) } }
  }
}
