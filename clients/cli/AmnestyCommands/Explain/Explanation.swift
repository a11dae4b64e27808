// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyClient
package import AmnestyTexts

/// An assessment in words: what was decided, and every provision that was tried, with its mark.
package struct Explanation {
  private let reference: String?
  private let record: CaseRecord?
  private let assessment: Assessment
  private let provisions: [String: ActProvision]
  private let title: LocalizedText?
  private let language: Language
  private let phrases: Phrases

  package init(reference: String?, record: CaseRecord?, assessment: Assessment, act: GetActResponse?, language: Language) {
    self.reference = reference
    self.record = record
    self.assessment = assessment
    self.provisions = Dictionary(act?.provisions.map { ($0.id, $0) } ?? []) { first, _ in first }
    self.title = act?.act.title
    self.language = language
    self.phrases = Phrases(language)
  }

  package func lines(on terminal: Terminal) -> [String] {
    var lines = self.heading(terminal)
    for offence in self.assessment.offences { lines += self.offence(offence, terminal) }
    if let sentence = self.assessment.sentence { lines += self.sentence(sentence, terminal) }
    lines += self.list(
      .missing, self.assessment.missing.map { "\($0.question.text(in: self.language)) (\($0.fact))\($0.decides ? " *" : "")" }, terminal)
    lines += self.list(.referrals, self.assessment.referrals.map { "\($0.note.text(in: self.language)) (\($0.code.word))" }, terminal)
    lines += self.list(
      .readings,
      self.assessment.readings.map { reading in
        let release = reading.releaseOn.map { ", \(self.phrases[.release]) \($0)" } ?? ""
        return "\(reading.question) = \(reading.answer): \(self.phrases.word(reading.outcome.word))\(release)"
      }, terminal)
    lines += self.list(.notes, self.assessment.notes.map { $0.note.text(in: self.language) }, terminal)
    return lines
  }

  // MARK: -

  private func heading(_ terminal: Terminal) -> [String] {
    let outcome = AssessmentTable.style(self.assessment.outcome).apply(self.phrases.word(self.assessment.outcome.word), on: terminal)
    let standing = self.phrases.word(self.assessment.standing.word)
    let basis = self.assessment.basis.map { ", \(self.phrases[.basis]): \(self.phrases.word($0.word))" } ?? ""
    let act = self.assessment.act
    return [
      Style.bold.apply(self.reference ?? "-", on: terminal) + "  \(outcome) (\(standing)\(basis))",
      "\(self.title?.text(in: self.language) ?? act.id), \(act.id) \(act.version), \(self.phrases[.asOf]) \(self.assessment.asOf)",
    ]
  }

  private func offence(_ offence: AssessedOffence, _ terminal: Terminal) -> [String] {
    let stated = self.record?.offences.first { $0.id == offence.id }
    var name = "\(self.phrases[.offence]) \(offence.id)"
    if let article = stated?.article {
      name += " (\(self.phrases[.article]) \(article)\(stated?.part.map { ", \(self.phrases[.part]) \($0)" } ?? ""))"
    }
    let measure = offence.measure.map(self.phrases.word) ?? self.phrases[.noMeasure]
    var lines = ["", Style.bold.apply("\(name): \(self.phrases.word(offence.outcome.word)), \(measure)", on: terminal)]
    for ground in offence.grounds ?? [] { lines += self.ground(ground, terminal) }
    return lines
  }

  private func ground(_ ground: Ground, _ terminal: Terminal) -> [String] {
    let provision = self.provisions[ground.provision]
    let (mark, style): (String, Style) =
      if ground.open == true { ("!", .warning) } else {
        switch ground.truth {
        case .true: ("+", .good)
        case .false: ("-", .dim)
        default: ("?", .warning)
        }
      }
    let facts = ground.facts.isEmpty ? "" : "  " + ground.facts.joined(separator: " ")
    let open = ground.open == true ? ", \(self.phrases[.open])" : ""
    var lines = [
      "  \(style.apply(mark, on: terminal)) \(ground.provision)  [\(self.phrases.word(ground.basis.word))\(open)]"
        + Style.dim.apply(facts, on: terminal)
    ]
    guard let provision else { return lines }
    let width = terminal.width.map { max(20, $0 - 6) }
    lines += provision.text.text(in: self.language).wrapped(to: width).map { "      " + $0 }
    lines += provision.citation.wrapped(to: width).map { Style.dim.apply("      " + $0, on: terminal) }
    return lines
  }

  private func sentence(_ sentence: AssessedSentence, _ terminal: Terminal) -> [String] {
    let parts: [(Phrases.Heading, String?)] = [
      (.imposed, sentence.imposed), (.reduced, sentence.reduced), (.originalEnd, sentence.originalEnd), (.newEnd, sentence.newEnd),
      (.release, sentence.releaseOn),
    ]
    let known = parts.compactMap { heading, value in value.map { "\(self.phrases[heading]) \($0)" } }
    return known.isEmpty ? [] : self.list(.sentence, [known.joined(separator: ", ")], terminal)
  }

  private func list(_ heading: Phrases.Heading, _ entries: [String], _ terminal: Terminal) -> [String] {
    guard !entries.isEmpty else { return [] }
    let width = terminal.width.map { max(20, $0 - 4) }
    let bodies = entries.flatMap { entry in
      entry.wrapped(to: width).enumerated().map { ($0.offset == 0 ? "  - " : "    ") + $0.element }
    }
    return ["", Style.bold.apply(self.phrases[heading] + ":", on: terminal)] + bodies
  }
}
