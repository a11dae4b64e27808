// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRegister
internal import AmnestyReports
internal import AmnestyRules
internal import AmnestyTexts
internal import AmnestyWire

/// What is put on paper of one case, in one language: masked as its reader sees it.
struct CasePaper {
  let `case`: Case
  let act: ServedAct
  let language: Language
  let links: [Link]
  let today: Day

  private var person: Person? { `case`.record.person }
  private var isDetained: Bool { `case`.record.detained == true }

  private var name: String {
    let name = [person?.familyName, person?.givenName, person?.patronymic].compactMap(\.self).joined(separator: " ")
    return name.isEmpty ? `case`.reference : name
  }

  private func text(_ text: AmnestyWire.LocalizedText) -> String { text.text(language) }

  // MARK: Letter

  /// The letter of what was decided last, or of where the case stands.
  var letter: LetterFacts {
    get throws(Status) {
      var facts = LetterFacts(
        language: language, reference: `case`.reference, name: name, bornOn: person?.bornOn, body: `case`.decision?.office ?? `case`.office,
        on: `case`.revocation?.on ?? `case`.decision?.on ?? today.text, act: ActOnPaper(act, language), situation: try situation)
      facts.grounds = grounds(deciding: true)
      if case .refused = facts.situation { facts.grounds = grounds(deciding: false) }
      if `case`.assessment?.outcome == .partial { facts.notCovered = grounds(deciding: false) }
      if `case`.assessment?.outcome == .undetermined { facts.questions = `case`.assessment?.missing.map { text($0.question) } ?? [] }
      if `case`.assessment?.outcome == .referred { facts.openPoints = `case`.assessment?.referrals.map { text($0.note) } ?? [] }
      facts.readings = followed
      facts.reason = `case`.decision?.reason
      facts.notes = `case`.assessment?.notes.map { text($0.note) } ?? []
      return facts
    }
  }

  private var situation: LetterSituation {
    get throws(Status) {
      if let revocation = `case`.revocation, `case`.decision == nil {
        switch revocation.ground.word {
        case "forged_papers": return .revokedForForgery
        case "appeal_upheld": return .revokedOnAppeal
        default: return .revoked
        }
      }
      if `case`.closure?.proceedingsContinue == true { return .proceedingsContinue }
      if let decision = `case`.decision {
        switch decision.verdict {
        case .grant: return granted(decision)
        case .refuse, .unrecognized: return .refused
        case .continueProceedings: return .proceedingsContinue
        }
      }
      if `case`.proposal?.measures.contains("terminate_proceedings") == true { return .terminationProposed }
      switch `case`.assessment?.outcome {
      case .undetermined: return .factsMissing
      case .referred: return .referred
      default: throw noDecision
      }
    }
  }

  private func granted(_ decision: CaseDecision) -> LetterSituation {
    let measures = decision.measures
    if measures.contains("reduce_at_sentencing") {
      guard let judgment = `case`.judgment else { return .cutAtSentencing }
      return .cutAppliedInSentence(term: judgment.term, imposedOn: judgment.imposedOn)
    }
    let release = ordered(.release) ?? `case`.assessment?.sentence?.releaseOn
    if measures.contains("reduce_term") {
      let cut = cut
      guard let release else { return isDetained ? .termCutInCustody(cut) : .termCutAtLarge(cut) }
      return isDetained ? .termCutFreeFromCustody(on: release, cut) : .termCutFreeAtLarge(on: release, cut)
    }
    if measures.contains("release_from_punishment") {
      let day = release ?? decision.on
      return isDetained ? .releasedFromCustody(on: day) : .releasedFromPunishment(on: day)
    }
    if measures.contains("terminate_proceedings") { return .proceedingsTerminated }
    if measures.contains("remove_conviction") { return .convictionRemoved }
    return .otherMeasure(measures.joined(separator: ", "))
  }

  private func ordered(_ kind: OrderKind) -> String? { `case`.execution?.orders.first { $0.kind == kind }?.on }

  private var cut: LetterSituation.Cut {
    let sentence = `case`.assessment?.sentence
    return .init(
      imposed: sentence?.imposed, left: sentence?.reduced, originalEnd: sentence?.originalEnd,
      newEnd: ordered(.newEnd) ?? sentence?.newEnd)
  }

  /// What decided: the reliefs that hold, or the reasons against.
  private func grounds(deciding isFor: Bool) -> [LetterGround] {
    var seen: Set<String> = []
    var grounds: [LetterGround] = []
    for offence in `case`.assessment?.offences ?? [] {
      let tried = offence.grounds ?? []
      for ground in tried where seen.insert(ground.provision).inserted {
        guard let provision = act.act.provisions.first(where: { $0.id == ground.provision }) else { continue }
        let decides =
          switch provision.kind {
          case .relief, .rule: isFor && ground.truth == .true
          // One of several ways to be in a scope decides nothing beside the scope, with whose id its own begins.
          case .scope:
            !isFor && ground.truth == .false && !tried.contains { ground.provision.hasPrefix($0.provision + ".") }
          case .exclusion: !isFor && ground.truth == .true
          case .exception: false
          }
        guard decides else { continue }
        grounds.append(LetterGround(text: text(.init(provision.text)), citation: provision.citation, basis: ground.basis.word))
      }
    }
    return grounds
  }

  private var noDecision: Status {
    Status(
      .failedPrecondition, reason: ErrorReason.noDecision,
      "Case \(`case`.reference) is \(`case`.state.word): there is no decision to write of. Ask for the sheet, or decide first.",
      info: ["state": `case`.state.word])
  }

  // MARK: Order

  /// The order that the institution holding the person carries out.
  var order: ReleaseOrderFacts {
    get throws(Status) {
      guard let decision = `case`.decision, decision.verdict == .grant, let order = releaseOrder else { throw noDecision }
      var facts = ReleaseOrderFacts(
        language: language, reference: `case`.reference, name: name, bornOn: person?.bornOn, iin: person?.iin, body: decision.office,
        decidedOn: decision.on, act: ActOnPaper(act, language), order: order)
      facts.cut = decision.measures.contains("reduce_term") ? cut : nil
      facts.grounds = grounds(deciding: true)
      facts.readings = followed
      facts.notes = `case`.assessment?.notes.map { text($0.note) } ?? []
      return facts
    }
  }

  /// The readings that the decision follows.
  private var followed: [FollowedReading] {
    (`case`.decision?.readings ?? []).map { chosen($0.question, $0.answer) }
  }

  private func chosen(_ point: String, _ answer: String) -> FollowedReading {
    .init(question: question(point), answer: AmnestyTexts.Words.readingAnswer(answer, language) ?? answer)
  }

  /// As it was executed; before that, as it is to be.
  private var releaseOrder: ReleaseOrderFacts.Order? {
    for order in `case`.execution?.orders ?? [] {
      switch order.kind {
      case .release: return .release(on: order.on)
      case .newEnd: return .newEnd(on: order.on)
      case .recallRelease: return .recallRelease
      case .restoreTerm: return .restoreTerm
      default: continue
      }
    }
    guard `case`.execution == nil, let measures = `case`.decision?.measures else { return nil }
    if let day = `case`.assessment?.sentence?.releaseOn { return .release(on: day) }
    if measures.contains("reduce_term") { return .newEnd(on: `case`.assessment?.sentence?.newEnd) }
    return measures.contains("release_from_punishment") ? .release(on: nil) : nil
  }

  // MARK: Sheet

  var sheet: CaseSheetFacts {
    let record = `case`.record
    let assessment = `case`.assessment
    var facts = CaseSheetFacts(
      language: language, reference: `case`.reference, name: person == nil ? nil : name, bornOn: person?.bornOn, iin: person?.iin,
      state: `case`.state.word, office: `case`.office, assignedTo: `case`.assignedTo, stage: record.stage?.word, detained: record.detained,
      asOf: assessment?.asOf ?? today.text, act: ActOnPaper(act, language))
    facts.outcome = assessment?.outcome.word
    facts.measures = Set(assessment?.offences.compactMap(\.measure) ?? []).sorted()
    facts.cut = assessment?.sentence == nil ? nil : cut
    facts.releaseOn = assessment?.sentence?.releaseOn
    facts.offences = record.offences.map { offence in sheetOffence(offence, assessment?.offences.first { $0.id == offence.id }) }
    facts.facts = [
      fact("/recidivism", record.recidivism.map { AmnestyTexts.Words.recidivism($0.word, language) ?? $0.word }),
      fact("/sentence/kind", record.sentence?.kind.map { AmnestyTexts.Words.sentenceKind($0.word, language) ?? $0.word }),
      fact("/sentence/term", record.sentence?.term), fact("/sentence/imposedOn", record.sentence?.imposedOn),
      fact("/sentence/startsOn", record.sentence?.startsOn), fact("/sentence/creditDays", record.sentence?.creditDays.map { "\($0)" }),
    ].compactMap(\.self)
    facts.missing = assessment?.missing.map { .init(question: text($0.question), decides: $0.decides) } ?? []
    facts.referrals = assessment?.referrals.map { text($0.note) } ?? []
    facts.readings =
      assessment?.readings.map { reading in
        .init(
          question: question(reading.question), answer: AmnestyTexts.Words.readingAnswer(reading.answer, language) ?? reading.answer,
          outcome: reading.outcome.word, releaseOn: reading.releaseOn)
      } ?? []
    facts.followed =
      `case`.decision == nil ? (`case`.proposal?.readings ?? []).map { chosen($0.question, $0.answer) } : followed
    facts.clocks = `case`.clocks.map {
      .init(kind: $0.kind.word, dueOn: $0.dueOn, daysLeft: $0.daysLeft, overdue: $0.overdue, pauseReason: $0.pauseReason)
    }
    facts.chain = links.map { link in
      .init(
        at: link.at.text, command: link.kind.rawValue, person: link.author.person, role: link.author.role.rawValue,
        state: link.to.rawValue, reason: `case`.masked.isEmpty ? link.reason : nil,
        readings: link.readings.map { chosen($0.question, $0.answer) })
    }
    return facts
  }

  private func question(_ id: String) -> String {
    act.act.definition.choices.first { $0.id == id }.map { text(.init($0.question)) } ?? id
  }

  /// Nil where nobody said.
  private func fact(_ pointer: String, _ value: String?) -> CaseSheetFacts.Fact? {
    guard let value else { return nil }
    return .init(label: FactQuestions.byTemplate[pointer].map(text) ?? pointer, value: value)
  }

  private func sheetOffence(_ offence: Offence, _ assessed: AssessedOffence?) -> CaseSheetFacts.Offence {
    .init(
      article: offence.article, part: offence.part.map { Int($0) }, gravity: offence.gravity?.word, committedFrom: offence.committedFrom,
      committedThrough: offence.committedThrough, nexus: offence.nexus?.word, outcome: assessed?.outcome.word, measure: assessed?.measure,
      grounds: (assessed?.grounds ?? []).map { ground in
        let provision = act.act.provisions.first { $0.id == ground.provision }
        return .init(
          provision: ground.provision, text: provision.map { text(.init($0.text)) } ?? "", truth: ground.truth.word,
          basis: ground.basis.word)
      })
  }
}
