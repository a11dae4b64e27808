// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules
internal import AmnestyWire

/// What answers under one act say over and over, as the JSON that it is.
///
/// An explained answer names some thirty provisions with the pointers of their facts; copying them is ten times faster than writing them.
struct AnswerFragments: Sendable {
  private(set) var bytes: [UInt8] = []
  /// The act's id, version and digest.
  private(set) var reference = 0..<0
  /// The act's notes, without and with the one on additional punishments.
  private(set) var notes: [Range<Int>] = []
  /// `,{"provision":…,"facts":` by provision, truth and basis.
  private var heads: [Range<Int>] = []
  /// `[…]}` by position of the offence, what it states of its own, and provision.
  private var pointers: [Range<Int>] = []
  private let provisions: Int
  /// `{"code":…,"provision":` by code.
  private var referralCodes: [Range<Int>] = []
  /// The note of a code, with `,"note":` before it and `}` behind; nil where it is the provision's.
  private var referralNotes: [Range<Int>?] = []
  /// Each provision's id, and its own note in the same way; those of no provision come last.
  private var referralProvisions: [(id: Range<Int>, note: Range<Int>)] = []

  /// Most records have no more offences; pointers of later ones are written when they are needed.
  private static let cachedOffences = 4
  private static let bases = AmnestyRules.Basis.allCases.count
  private static let truths = 4

  init(_ act: CompiledAct, reference: ActReference, notes: [Note]) {
    provisions = act.provisions.count
    self.reference = append { reference.write(&$0) }
    self.notes = (0...notes.count).map { count in append { AnswerFragments.write(notes[..<count], &$0) } }
    addReferrals(act)
    for provision in act.provisions {
      for truth in 0..<AnswerFragments.truths {
        for basis in AmnestyRules.Basis.allCases {
          heads.append(append { AnswerFragments.writeHead(provision.id, Truth(rawValue: UInt8(truth)) ?? .unknown, basis, &$0) })
        }
      }
    }
    for position in 0..<AnswerFragments.cachedOffences {
      for own in OwnFacts.all {
        for provision in act.provisions {
          pointers.append(append { AnswerFragments.writeFacts(provision.facts, position, own, act.layout, &$0) })
        }
      }
    }
  }

  /// The parts of a referral, in their order.
  func referral(_ referral: AmnestyRules.Referral) -> (code: Range<Int>, provision: Range<Int>, note: Range<Int>) {
    let provision = referralProvisions[min(referral.provision ?? provisions, provisions)]
    let code = referral.code.index
    return (referralCodes[code], provision.id, referralNotes[code] ?? provision.note)
  }

  private mutating func addReferrals(_ act: CompiledAct) {
    func writeNote(_ note: AmnestyRules.LocalizedText, _ writer: inout JSONWriter) {
      writer.raw(",\"note\":")
      AmnestyWire.LocalizedText(note).write(&writer)
      writer.raw("}")
    }
    for code in AmnestyRules.ReferralCode.allCases {
      referralCodes.append(
        append {
          $0.raw("{\"code\":")
          $0.string(AmnestyWire.ReferralCode(code).word)
          $0.raw(",\"provision\":")
        })
      referralNotes.append(ReferralTexts.text(code).map { note in append { writeNote(note, &$0) } })
    }
    for provision in act.provisions {
      referralProvisions.append((append { $0.string(provision.id) }, append { writeNote(provision.referralNote, &$0) }))
    }
    referralProvisions.append((append { $0.null() }, append { writeNote(ReferralTexts.openElsewhere, &$0) }))
  }

  private mutating func append(_ body: (inout JSONWriter) -> Void) -> Range<Int> {
    let start = bytes.count
    JSONWriter.withBytes(body) { bytes.append(contentsOf: $0) }
    return start..<bytes.count
  }

  func head(_ ground: AmnestyRules.Ground) -> Range<Int> {
    heads[(ground.provision * AnswerFragments.truths + Int(ground.truth.rawValue)) * AnswerFragments.bases + Int(ground.basis.rawValue)]
  }

  /// Nil for an offence whose pointers are not kept.
  func facts(_ provision: Int, position: Int, own: OwnFacts) -> Range<Int>? {
    guard position < AnswerFragments.cachedOffences else { return nil }
    return pointers[(position * OwnFacts.all.count + own.index) * provisions + provision]
  }

  private static func write(_ notes: ArraySlice<Note>, _ writer: inout JSONWriter) {
    let start = writer.position
    for note in notes {
      writer.comma()
      note.write(&writer)
    }
    writer.closeArray(since: start)
  }

  private static func writeHead(_ id: String, _ truth: AmnestyRules.Truth, _ basis: AmnestyRules.Basis, _ writer: inout JSONWriter) {
    writer.raw(",{\"provision\":")
    writer.string(id)
    writer.raw(",\"truth\":")
    writer.string(AmnestyWire.Truth(truth).word)
    writer.raw(",\"basis\":")
    writer.string(AmnestyWire.Basis(basis).word)
    writer.raw(",\"facts\":")
  }

  static func writeFacts(_ facts: [FactRef], _ position: Int, _ own: OwnFacts, _ layout: FactLayout, _ writer: inout JSONWriter) {
    let start = writer.position
    for fact in facts {
      writer.comma()
      writer.string(own.pointer(fact, position, layout))
    }
    writer.closeArray(since: start)
  }
}

/// Which of the facts that may fall back to the record's an offence states itself.
struct OwnFacts: Sendable, Equatable {
  var stage: Bool
  var kind: Bool

  static let all = [false, true].flatMap { stage in [false, true].map { OwnFacts(stage: stage, kind: $0) } }

  var index: Int { (stage ? 2 : 0) + (kind ? 1 : 0) }

  init(stage: Bool, kind: Bool) {
    self.stage = stage
    self.kind = kind
  }

  init(_ facts: CaseFacts, offence: Int) {
    stage = facts[offence, OffenceSlot.stage] != CaseFacts.absent
    kind = facts.hasOwnKinds && facts[offence, OffenceSlot.kind] != CaseFacts.absent
  }

  /// Pointer of a fact that a provision read: where the offence says nothing of its own, the record's member was read.
  func pointer(_ fact: FactRef, _ position: Int, _ layout: FactLayout) -> String {
    let isOwn = fact.slot == OffenceSlot.stage ? stage : kind
    if let fallback = fact.fallback, !isOwn { return layout.fact(fallback).pointer }
    let pointer = layout.fact(fact).pointer
    return fact.isOffence ? "/offences/\(position)\(pointer)" : pointer
  }
}

extension AmnestyRules.ReferralCode {
  /// The position among all codes.
  fileprivate var index: Int {
    switch self {
    case .openProvision: 0
    case .jointSentence: 1
    case .disputedFact: 2
    case .readingsConflict: 3
    case .objection: 4
    case .alreadyApplied: 5
    case .alreadyChanged: 6
    case .draftingConflict: 7
    }
  }
}
