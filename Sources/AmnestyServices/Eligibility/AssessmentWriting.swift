// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules
internal import AmnestyWire
internal import NIOCore

/// One answer, before it is put into words.
struct Answer {
  var assessment: AmnestyRules.Assessment
  var facts: CaseFacts
  var act: ServedAct
  var asOf: Day
  var recordDigest: SHA256Sum
  var explain: Bool
  /// Those that a person chose and that it follows; nil where nobody did.
  var chosenReadings: [ChosenReading]?
}

extension Answer {
  /// Appends `{"assessment":…}`: the very bytes that the message of the contract would write, from the parts that the act keeps ready.
  func write(into output: inout ByteBuffer) {
    act.fragments.bytes.withUnsafeBytes { bytes in
      JSONWriter.append(to: &output, reserving: explain ? 8192 : 4096) { write(&$0, bytes) }
    }
  }

  private func write(_ writer: inout JSONWriter, _ bytes: UnsafeRawBufferPointer) {
    writer.raw("{\"assessment\":{\"act\":")
    writer.copy(act.fragments.reference, of: bytes)
    writer.raw(",\"recordDigest\":")
    recordDigest.write(&writer)
    writer.raw(",\"asOf\":")
    writer.day(asOf)
    if assessment.isFinal { writer.raw(",\"standing\":\"final\"") } else { writer.raw(",\"standing\":\"provisional\"") }
    writer.raw(",\"outcome\":")
    writer.string(assessment.outcome.rawValue)
    writer.raw(",\"basis\":")
    writer.word(assessment.basis?.word)
    writer.raw(",\"offences\":")
    let start = writer.position
    for offence in assessment.offences {
      writer.comma()
      write(offence, &writer, bytes)
    }
    writer.closeArray(since: start)
    writer.raw(",\"sentence\":")
    if let sentence = assessment.sentence { write(sentence, &writer) } else { writer.null() }
    writer.raw(",\"readings\":")
    writer.list(assessment.readings) { write($0, &$1) }
    writer.raw(",\"missing\":")
    writer.list(assessment.missing) { MissingFact($0, of: facts, under: act).write(&$1) }
    writer.raw(",\"referrals\":")
    writer.list(assessment.referrals) { referral, writer in
      let parts = act.fragments.referral(referral)
      writer.copy(parts.code, of: bytes)
      writer.copy(parts.provision, of: bytes)
      writer.copy(parts.note, of: bytes)
    }
    writer.raw(",\"notes\":")
    writer.copy(act.fragments.notes[min(assessment.notes.count, act.notes.count)], of: bytes)
    if let chosenReadings {
      writer.raw(",\"chosenReadings\":")
      writer.list(chosenReadings) { $0.write(&$1) }
    }
    writer.raw("}}")
  }

  private func write(_ offence: OffenceAssessment, _ writer: inout JSONWriter, _ bytes: UnsafeRawBufferPointer) {
    writer.raw("{\"id\":")
    writer.string(offence.id)
    writer.raw(",\"outcome\":")
    writer.string(offence.outcome.rawValue)
    writer.raw(",\"measure\":")
    writer.word(offence.measure)
    writer.raw(",\"basis\":")
    writer.word(offence.basis?.word)
    if explain { write(offence.grounds, &writer, bytes) }
    writer.raw("}")
  }

  private func write(_ sentence: SentenceAssessment, _ writer: inout JSONWriter) {
    writer.raw("{\"imposed\":")
    writer.term(sentence.imposed)
    writer.raw(",\"reduced\":")
    writer.term(sentence.reduced)
    writer.raw(",\"originalEnd\":")
    writer.day(sentence.originalEnd)
    writer.raw(",\"newEnd\":")
    writer.day(sentence.newEnd)
    writer.raw(",\"releaseOn\":")
    writer.day(sentence.releaseOn)
    if let imposed = sentence.imposedAmount {
      writer.raw(",\"amount\":")
      AmountChange(imposed: Int(imposed), reduced: sentence.reducedAmount.map { Int($0) }).write(&writer)
    }
    writer.raw("}")
  }

  private func write(_ reading: AmnestyRules.Reading, _ writer: inout JSONWriter) {
    writer.raw("{\"question\":")
    writer.string(reading.question)
    writer.raw(",\"answer\":")
    writer.string(reading.answer.rawValue)
    writer.raw(",\"outcome\":")
    writer.string(reading.outcome.rawValue)
    writer.raw(",\"releaseOn\":")
    writer.day(reading.releaseOn)
    writer.raw("}")
  }

  private func write(_ grounds: [AmnestyRules.Ground], _ writer: inout JSONWriter, _ bytes: UnsafeRawBufferPointer) {
    writer.raw(",\"grounds\":")
    let start = writer.position
    var offence = -1
    var position = 0
    var own = OwnFacts(stage: false, kind: false)
    for ground in grounds {
      if ground.offence != offence {
        offence = ground.offence
        position = facts.offences[offence].position
        own = OwnFacts(facts, offence: offence)
      }
      writer.copy(act.fragments.head(ground), of: bytes)
      if let kept = act.fragments.facts(ground.provision, position: position, own: own) {
        writer.copy(kept, of: bytes)
      } else {
        AnswerFragments.writeFacts(act.act.provisions[ground.provision].facts, position, own, act.act.layout, &writer)
      }
      if ground.truth == .open { writer.raw(",\"open\":true}") } else { writer.raw("}") }
    }
    writer.closeArray(since: start)
  }
}

extension JSONWriter {
  fileprivate mutating func copy(_ range: Range<Int>, of bytes: UnsafeRawBufferPointer) {
    raw(UnsafeRawBufferPointer(rebasing: bytes[range]))
  }

  /// `Day.text`, quoted, without making the text; null where there is no day.
  fileprivate mutating func day(_ day: Day?) {
    guard let day else { return null() }
    let (year, month, dayOfMonth) = day.civil
    guard 0...9999 ~= year else { return string(day.text) }
    byte(UInt8(ascii: "\""))
    digits(year, 4)
    byte(UInt8(ascii: "-"))
    digits(month, 2)
    byte(UInt8(ascii: "-"))
    digits(dayOfMonth, 2)
    byte(UInt8(ascii: "\""))
  }

  private mutating func digits(_ number: Int, _ count: Int) {
    var scale = 1
    for _ in 1..<count { scale *= 10 }
    while scale > 0 {
      byte(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / scale % 10))
      scale /= 10
    }
  }

  /// `Term.text`, quoted, without making the text; null where there is no term.
  fileprivate mutating func term(_ term: Term?) {
    guard let term else { return null() }
    raw("\"P")
    if term.months >= 12 {
      integer(term.months / 12)
      raw("Y")
    }
    if term.months % 12 != 0 {
      integer(term.months % 12)
      raw("M")
    }
    if term.days != 0 || term.months == 0 {
      integer(term.days)
      raw("D")
    }
    raw("\"")
  }

  /// A word, or null.
  fileprivate mutating func word(_ word: String?) {
    if let word { string(word) } else { null() }
  }

  fileprivate mutating func list<Element>(_ elements: [Element], _ body: (Element, inout JSONWriter) -> Void) {
    let start = position
    for element in elements {
      comma()
      body(element, &self)
    }
    closeArray(since: start)
  }
}
