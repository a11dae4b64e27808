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
    writer.string(asOf.text)
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
    if let sentence = assessment.sentence { AssessedSentence(sentence).write(&writer) } else { writer.null() }
    writer.raw(",\"readings\":")
    writer.list(assessment.readings) { Reading($0).write(&$1) }
    writer.raw(",\"missing\":")
    writer.list(assessment.missing) { MissingFact($0, of: facts, under: act).write(&$1) }
    writer.raw(",\"referrals\":")
    writer.list(assessment.referrals) { Referral($0, under: act).write(&$1) }
    writer.raw(",\"notes\":")
    writer.copy(act.fragments.notes[min(assessment.notes.count, act.notes.count)], of: bytes)
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
