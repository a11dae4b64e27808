// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyActs
internal import AmnestyRules
internal import AmnestyTexts
internal import AmnestyWire

/// One act in force, with what every answer repeats already in the words of the wire.
package final class ServedAct: Sendable {
  package let file: ActFile
  let act: CompiledAct
  let reference: ActReference
  /// Nil where the system does not know the act's time zone.
  let today: Today?
  /// Slot and kind of each fact that the act declares, by its name.
  let declared: [String: DeclaredSlot]
  let provisions: [ServedProvision]
  let notes: [Note]
  /// Questions for each fact: the record's own and declared ones, then an offence's.
  private let recordQuestions: [AmnestyWire.LocalizedText]
  private let offenceQuestions: [AmnestyWire.LocalizedText]
  let fragments: AnswerFragments

  struct DeclaredSlot: Sendable {
    var slot: Int
    var kind: DeclaredFact.Kind
  }

  struct ServedProvision: Sendable {
    var id: String
    var referralNote: AmnestyWire.LocalizedText
  }

  package init(_ file: ActFile, clock: WallClock) {
    self.file = file
    let act = file.compiled
    self.act = act
    reference = ActReference(id: act.definition.id, version: act.definition.version, digest: act.digest)
    today = ZoneRules.system(act.definition.timeZone).map { Today(zone: $0, clock: clock) }
    let own = FactVocabulary.record.count
    declared = Dictionary(
      act.layout.declared.enumerated().map { ($0.element.name, DeclaredSlot(slot: own + $0.offset, kind: $0.element.kind)) },
      uniquingKeysWith: { first, _ in first })
    provisions = act.provisions.map { ServedProvision(id: $0.id, referralNote: .init($0.referralNote)) }
    notes = (act.definition.notes + [act.definition.additionalPunishmentNote].compactMap(\.self)).map {
      Note(code: $0.code, note: .init($0.text))
    }
    recordQuestions =
      FactVocabulary.record.map { ServedAct.question($0.pointer) } + act.layout.declared.map { .init($0.question) }
    offenceQuestions = FactVocabulary.offence.map { ServedAct.question("/offences/*" + $0.pointer) }
    fragments = AnswerFragments(act, reference: reference, notes: notes)
  }

  /// A member without a question of its own is asked for by its pointer.
  private static func question(_ template: String) -> AmnestyWire.LocalizedText {
    FactQuestions.byTemplate[template]
      ?? .init { Text.questionOfFact($0, fact: template) }
  }

  /// The answer that a reading names; nil where the act has no such point or reading.
  func answer(_ reading: ChosenReading) -> Choice.Answer? {
    act.definition.choices.first { $0.id == reading.question }?.answers.first { $0.rawValue == reading.answer }
  }

  func question(_ slot: Int) -> AmnestyWire.LocalizedText { question(act.layout.locate(slot).ref) }

  func question(_ ref: FactRef) -> AmnestyWire.LocalizedText {
    ref.isOffence ? offenceQuestions[ref.slot] : recordQuestions[ref.slot]
  }
}

extension AmnestyWire.LocalizedText {
  init(_ text: AmnestyRules.LocalizedText) { self.init(en: text.en, ru: text.ru, kk: text.kk) }
}
