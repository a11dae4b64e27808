// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyClient
internal import AmnestyTexts

/// A case at a glance: who, where it stands, what the act does, who decided, what is due.
struct CasePage: Renderable {
  var item: Case
  var language: Language

  func table(on terminal: Terminal) -> [String] {
    var sheet = Sheet(terminal: terminal.speaking(self.language))
    self.writeHead(&sheet)
    sheet.gap()
    self.writeFacts(&sheet)
    sheet.gap()
    self.writeAssessment(&sheet)
    sheet.gap()
    self.writeChain(&sheet)
    sheet.gap()
    self.writeDue(&sheet)
    if !self.item.masked.isEmpty { sheet.add("not shown", self.item.masked.joined(separator: " "), .dim) }
    return sheet.page
  }

  func values() -> [String] { [json(self.item)] }

  // MARK: -

  private func by(_ who: String) -> String { Text.caseBy(self.language, who: who) }

  private func writeHead(_ sheet: inout Sheet) {
    let item = self.item
    sheet.heading([item.reference, item.record.person?.title(in: self.language)].compactMap { $0 }.joined(separator: "  "))
    var state = [item.state.word]
    if item.record.detained == true { state.append(Text.caseInCustody(self.language)) }
    if item.record.detained == false { state.append(Text.caseAtLarge(self.language)) }
    if item.sealed { state.append(Text.caseSealed(self.language)) }
    if item.appeal != nil { state.append(Text.caseAppealPending(self.language)) }
    sheet.add("state", state.joined(separator: ", "), item.state.style)
    if item.reassessmentDue { sheet.add("state", Text.caseReassess(self.language), .warning) }
    sheet.add(
      "office",
      [item.office, item.assignedTo.map { Text.caseAssignedTo(self.language, person: $0) } ?? Text.caseAssignedToNobody(self.language)]
        .joined(separator: ", "))
    sheet.add("version", Text.caseVersion(self.language, etag: item.etag, facts: "\(item.recordVersion)", at: item.updatedAt.moment))
    if let linked = item.linked, !linked.isEmpty { sheet.add("also", linked.joined(separator: "  ")) }
  }

  private func writeFacts(_ sheet: inout Sheet) {
    let record = self.item.record
    let proceedings = [
      record.stage.map { Text.recordStage(self.language, word: $0.word) },
      record.recidivism.map { Text.recordRecidivism(self.language, word: $0.word) },
    ]
    sheet.add("facts", proceedings.compactMap { $0 }.joined(separator: ", "))
    for offence in record.offences { sheet.add("\(Text.caseOffence(self.language)) \(offence.id)", offence.line(in: self.language)) }
    if let sentence = record.sentence { sheet.add("sentence", sentence.line(in: self.language)) }
    if record.objectsToTermination == true { sheet.add("facts", Text.caseObjects(self.language), .warning) }
  }

  private func writeAssessment(_ sheet: inout Sheet) {
    guard let assessment = self.item.assessment else {
      sheet.add("assessment", Text.caseNotAssessed(self.language))
      return
    }
    let remarks = [
      self.item.assessmentNumber.map { Text.caseAssessmentNumber(self.language, number: "\($0)") }, assessment.standing.word,
      assessment.basis.map { Text.caseBasis(self.language, word: $0.word) },
    ]
    sheet.add(
      "assessment", "\(assessment.outcome.word) (\(remarks.compactMap { $0 }.joined(separator: ", ")))",
      AssessmentTable.style(assessment.outcome))
    sheet.add("assessment", Text.caseAsOf(self.language, act: assessment.act.id, version: assessment.act.version, day: assessment.asOf))
    for offence in assessment.offences {
      sheet.add(
        "\(Text.caseOffence(self.language)) \(offence.id)",
        offence.measure ?? Text.caseNoMeasure(self.language, outcome: offence.outcome.word))
    }
    if let sentence = assessment.sentence { sheet.add("sentence", sentence.line(in: self.language)) }
    if let chosen = assessment.chosenReadings { sheet.add("assessment", chosen.line(self.language)) }
    for missing in assessment.missing { sheet.add("ask", "\(missing.question.text(in: self.language)) (\(missing.fact))", .warning) }
    for referral in assessment.referrals {
      sheet.add("referred", "\(referral.code.word): \(referral.note.text(in: self.language))", .warning)
    }
    for reading in assessment.readings { sheet.add("readings", reading.line(self.language)) }
    if let resolution = self.item.resolution {
      sheet.add("resolved", "\(self.by(resolution.person)), \(resolution.at.moment)" + (resolution.reason.map { ": \($0)" } ?? ""))
    }
  }

  private func writeChain(_ sheet: inout Sheet) {
    if let objection = self.item.objection {
      sheet.add("objection", "\(self.by(objection.person)), \(objection.at.moment)" + (objection.note.map { ": \($0)" } ?? ""), .warning)
    }
    if let proposal = self.item.proposal {
      sheet.add("proposal", self.verdict(proposal.verdict, proposal.measures, departs: proposal.departs, reason: proposal.reason))
      if let chosen = proposal.readings { sheet.add("proposal", chosen.line(self.language)) }
      sheet.add("proposal", "\(self.by(proposal.person)), \(proposal.at.moment)", .dim)
    }
    if let decision = self.item.decision {
      sheet.add(
        "decision", self.verdict(decision.verdict, decision.measures, departs: decision.departs, reason: decision.reason),
        decision.verdict == .grant ? .good : .plain)
      if let chosen = decision.readings { sheet.add("decision", chosen.line(self.language)) }
      sheet.add("decision", "\(self.by(decision.person)), \(decision.body) (\(decision.office)), \(decision.on)", .dim)
    }
    if let appeal = self.item.appeal {
      sheet.add(
        "appeal",
        "\(self.by(Words.appealParty(appeal.party.word, self.language) ?? appeal.party.word)), \(appeal.at.moment)"
          + (appeal.grounds.map { ": \($0)" } ?? ""), .warning)
    }
    if let judgment = self.item.judgment {
      sheet.add(
        "judgment",
        "\(judgment.number), \(judgment.imposedOn)" + (judgment.term.map { ", " + Text.assessedTerm(self.language, term: $0) } ?? ""))
    }
    if let execution = self.item.execution {
      sheet.add("executed", "\(execution.on), \(self.by(execution.person))")
      self.write(execution.orders, to: &sheet)
    }
    if let revocation = self.item.revocation {
      let reason = revocation.reason.map { ": \($0)" } ?? ""
      sheet.add("revoked", "\(revocation.on), \(revocation.ground.word), \(self.by(revocation.person))\(reason)", .bad)
      self.write(revocation.orders, to: &sheet)
    }
    if let closure = self.item.closure {
      sheet.add("closed", closure.proceedingsContinue ? Text.caseProceedingsContinue(self.language) : Text.caseNothingLeft(self.language))
    }
  }

  private func writeDue(_ sheet: inout Sheet) {
    for clock in self.item.clocks { sheet.add("clocks", clock.line(in: self.language), clock.overdue ? .bad : .plain) }
    for need in self.item.needs ?? [] {
      let due = need.dueOn.map { ", " + Text.caseDue(self.language, day: $0) } ?? ""
      sheet.add("needs", "\(need.kind.word): \(need.state.word), \(need.responsible)\(due) [\(need.id)]", need.overdue ? .bad : .plain)
    }
    if let next = self.item.next?.line(for: self.item, self.language) { sheet.add("next", next, .dim) }
  }

  private func write(_ orders: [ExecutionOrder], to sheet: inout Sheet) {
    for order in orders {
      sheet.add("orders", "\(order.kind.word)\(order.on.map { " \($0)" } ?? ""): \(order.text.text(in: self.language))")
    }
  }

  private func verdict(_ verdict: Verdict, _ measures: [String], departs: Bool, reason: String?) -> String {
    let what = ([verdict.word] + measures).joined(separator: " ")
    return what + (departs ? " (\(Text.chainDeparts(self.language)))" : "") + (reason.map { ": \($0)" } ?? "")
  }
}

extension CaseClock {
  func line(in language: Language) -> String {
    var parts = [self.kind.word.replacing("_", with: " ")]
    if let dueOn {
      parts.append(Text.caseDue(language, day: dueOn))
    } else if self.pausedOn == nil {
      parts.append(Text.clockNoDay(language, day: self.startedOn))
    }
    if let daysLeft {
      parts.append(
        daysLeft >= 0 ? Text.clockDaysLeft(language, days: "\(daysLeft)") : Text.clockOverdueBy(language, days: "\(-daysLeft)"))
    } else if self.overdue {
      parts.append(Text.clockOverdue(language))
    }
    if let pausedOn { parts.append(Text.clockPausedSince(language, day: pausedOn) + (self.pauseReason.map { ": \($0)" } ?? "")) }
    if self.statutory { parts.append(Text.clockStatutory(language)) }
    return parts.joined(separator: ", ")
  }
}

extension String {
  /// An instant of the wire to the minute.
  var moment: String {
    self.count >= 17 && self.contains("T") ? self.prefix(16).replacing("T", with: " ") + "Z" : self
  }
}
