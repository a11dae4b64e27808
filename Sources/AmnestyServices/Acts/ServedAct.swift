// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

package import AmnestyActs
internal import AmnestyRules
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
  /// Pointers of the facts of each provision, for the first offences of a record.
  private let pointers: [[[String]]]

  struct DeclaredSlot: Sendable {
    var slot: Int
    var kind: DeclaredFact.Kind
  }

  struct ServedProvision: Sendable {
    var id: String
    var referralNote: AmnestyWire.LocalizedText
  }

  /// Most records have no more offences; pointers of later ones are written when they are needed.
  private static let cachedOffences = 4

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
    pointers = (0..<ServedAct.cachedOffences).map { position in
      act.provisions.map { provision in provision.facts.map { ServedAct.pointer($0, position, act.layout, hasOwn: { _ in false }) } }
    }
  }

  /// A member without a question of its own is asked for by its pointer.
  private static func question(_ template: String) -> AmnestyWire.LocalizedText {
    FactQuestions.byTemplate[template]
      ?? LocalizedText(en: "What is \(template)?", ru: "Чему равно \(template)?", kk: "\(template) мәні қандай?")
  }

  func question(_ slot: Int) -> AmnestyWire.LocalizedText {
    let ref = act.layout.locate(slot).ref
    return ref.isOffence ? offenceQuestions[ref.slot] : recordQuestions[ref.slot]
  }

  /// Pointers of the facts that a provision reads, for one offence of a record.
  func pointers(_ provision: Int, offence: Int, of facts: CaseFacts) -> [String] {
    let position = facts.offences[offence].position
    let statesOwn = facts[offence, OffenceSlot.stage] != CaseFacts.absent || facts[offence, OffenceSlot.kind] != CaseFacts.absent
    if position < pointers.count, !statesOwn { return pointers[position][provision] }
    return act.provisions[provision].facts.map { ref in
      ServedAct.pointer(ref, position, act.layout) { facts[offence, $0] != CaseFacts.absent }
    }
  }

  /// Where the offence says nothing of its own, the record's member was read.
  private static func pointer(_ ref: FactRef, _ position: Int, _ layout: FactLayout, hasOwn: (Int) -> Bool) -> String {
    if let fallback = ref.fallback, !hasOwn(ref.slot) { return layout.fact(fallback).pointer }
    let own = layout.fact(ref).pointer
    return ref.isOffence ? "/offences/\(position)\(own)" : own
  }
}

extension AmnestyWire.LocalizedText {
  init(_ text: AmnestyRules.LocalizedText) { self.init(en: text.en, ru: text.ru, kk: text.kk) }
}
