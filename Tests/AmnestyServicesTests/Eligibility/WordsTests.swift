// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules
internal import AmnestyWire
internal import Testing

@testable internal import AmnestyServices

@Suite("Words of the wire and of the rules") struct WordsTests {
  @Test("Each word has the index that the rules give it")
  func indices() {
    #expect(AmnestyWire.Stage.known.map(\.word) == Words.stage)
    #expect(AmnestyWire.Stage.known.map(\.slot) == Words.stage.indices.map(Int64.init))
    #expect(Recidivism.known.map(\.word) == Words.recidivism)
    #expect(Recidivism.known.map(\.slot) == Words.recidivism.indices.map(Int64.init))
    #expect(Gravity.known.map(\.word) == Words.gravity)
    #expect(Gravity.known.map(\.slot) == Words.gravity.indices.map(Int64.init))
    #expect(Nexus.known.map(\.word) == Words.nexus)
    #expect(Nexus.known.map(\.slot) == Words.nexus.indices.map(Int64.init))
    #expect(SentenceKind.known.map(\.word) == Words.punishment)
    #expect(SentenceKind.known.map(\.slot) == Words.punishment.indices.map(Int64.init))
    #expect(AmnestyWire.Aggregation.known.map(\.word) == Words.aggregation)
    #expect(AmnestyWire.Aggregation.known.map(\.slot) == Words.aggregation.indices.map(Int64.init))
    #expect(OffenceClass.known.map(\.word) == Words.classes)
    #expect(OffenceClass.known.map(\.bit) == Words.classes.indices.map { 1 << Int64($0) })
  }

  @Test("Every fact of the rules has a pointer that names it, and every question its fact")
  func pointers() {
    for (slot, fact) in FactVocabulary.record.enumerated() { #expect(RecordPointer(fact.pointer) == .record([slot])) }
    for (slot, fact) in FactVocabulary.offence.enumerated() {
      #expect(RecordPointer("/offences/3" + fact.pointer) == .offence(3, [slot]))
      #expect(FactQuestions.byTemplate["/offences/*" + fact.pointer] != nil)
    }
    for fact in FactVocabulary.record { #expect(FactQuestions.byTemplate[fact.pointer] != nil) }
  }
}
