// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules
internal import GRDB

extension WriteSession {
  func openNeedsAsPolicySays(_ id: Int64, from: Day, _ now: Instant) throws {
    for need in policy.needs { _ = try insert(need, of: id, from: from, notes: [], now) }
  }

  /// - Returns: its name, of which nothing of the case can be read off.
  private func insert(_ need: NeedPolicy, of id: Int64, from: Day, notes: [NeedNote], _ now: Instant) throws -> String {
    let name = hex((0..<16).map { _ in UInt8.random(in: 0...255) })
    try db.run(
      """
      INSERT INTO needs (id, case_id, version, kind, state, responsible, due_on, notes, created_at, updated_at)
      VALUES (?, ?, 1, ?, 'open', ?, ?, ?, ?, ?)
      """, .text(name), .int(id), .text(need.kind.rawValue), .text(need.responsible), .of(from.adding(days: Int64(need.days))),
      .text(StoredJSON.array(notes.map(\.stored)).text), .of(now), .of(now))
    return name
  }

  /// A need beyond those that the policy opens, of somebody in aftercare.
  mutating func add(
    need kind: NeedKind, to reference: String, _ responsible: String?, _ note: String?, _ request: CommandRequest
  ) throws -> (Need, Link) {
    guard request.author.role == .executor else {
      throw RegisterError.wrongRole(request.author.role, command: .need, needed: [.executor])
    }
    guard let row = try row(reference), request.scope.admits(office: row.stored.office, sealed: row.stored.chain.sealed) else {
      throw RegisterError.notFound
    }
    let stored = row.stored
    if let etag = request.etag, etag != stored.etag { throw RegisterError.staleEtag(current: stored.etag) }
    guard stored.state == .aftercare else { throw RegisterError.wrongState(stored.state, command: .need, allowed: [.aftercare]) }
    let isOpen = try db.first(
      "SELECT 1 FROM needs WHERE case_id = ? AND kind = ? AND state IN ('open', 'in_progress')", [.int(row.id), .text(kind.rawValue)]
    ) { _ in true }
    if isOpen == true { throw RegisterError.needOpen(kind) }
    let standard = policy.needs.first { $0.kind == kind }
    guard let responsible = responsible ?? standard?.responsible, !responsible.isEmpty else {
      throw RegisterError.invalid(field: "responsible", problem: "is needed: the deployment names nobody for \(kind.rawValue)")
    }
    let now = clock.now()
    let notes = CaseChain.stated(note).map { [NeedNote(at: now, person: request.author.person, text: $0)] } ?? []
    let days = standard?.days ?? policy.needs.map(\.days).max() ?? 30
    let name = try insert(NeedPolicy(kind: kind, responsible: responsible, days: days), of: row.id, from: request.day, notes: notes, now)
    guard let need = try db.first(NeedRow.select + " WHERE n.id = ?", [.text(name)], { try NeedRow.need($0) }) else {
      throw RegisterError.notFound
    }
    return (need, try link(need, row, request, now))
  }

  mutating func change(need id: String, _ command: NeedCommand, _ request: CommandRequest) throws -> (Need, Link) {
    let roles = CaseChain.roles(for: .need)
    guard roles.contains(request.author.role) else {
      throw RegisterError.wrongRole(request.author.role, command: .need, needed: roles)
    }
    guard var need = try db.first(NeedRow.select + " WHERE n.id = ?", [.text(id)], { try NeedRow.need($0) }),
      request.scope.offices?.contains(need.office) ?? true
    else { throw RegisterError.notFound }
    if let etag = request.etag, etag != need.etag { throw RegisterError.staleEtag(current: need.etag) }
    guard need.state.isOpen else { throw RegisterError.needClosed(need.state) }
    let now = clock.now()
    if command.state == .cancelled {
      throw RegisterError.invalid(field: "state", problem: "a need is cancelled by revoking the grant only")
    }
    if let responsible = command.responsible {
      guard !responsible.isEmpty else { throw RegisterError.invalid(field: "responsible", problem: "is empty") }
      need.responsible = responsible
    }
    if let state = command.state { need.state = state }
    if let dueOn = command.dueOn { need.dueOn = dueOn }
    if let note = CaseChain.stated(command.note) { need.notes.append(NeedNote(at: now, person: request.author.person, text: note)) }
    need.version += 1
    need.updatedAt = now
    try db.run(
      "UPDATE needs SET version = ?, state = ?, responsible = ?, due_on = ?, notes = ?, updated_at = ? WHERE id = ?", .of(need.version),
      .text(need.state.rawValue), .text(need.responsible), .of(need.dueOn), .text(StoredJSON.array(need.notes.map(\.stored)).text),
      .of(now),
      .text(id))

    guard let row = try row(need.reference) else { throw RegisterError.notFound }
    return (need, try link(need, row, request, now))
  }

  /// The link that a change of a need leaves in its case.
  private mutating func link(_ need: Need, _ row: CaseRow, _ request: CommandRequest, _ now: Instant) throws -> Link {
    let stored = row.stored
    // The case as such does not change: its etag stays, its history grows.
    let link = Link(
      number: row.links + 1, kind: .need, at: now, on: request.day, author: request.author, from: stored.state, to: stored.state,
      assessment: stored.chain.decision?.assessment, actDigest: stored.chain.assessment?.act.digest, factsDigest: stored.recordDigest,
      reason: nil, departs: false,
      details: [.init("need", need.kind.rawValue), .init("state", need.state.rawValue), .init("due", need.dueOn.text)])
    try db.run("UPDATE cases SET links = ? WHERE id = ?", .of(link.number), .int(row.id))
    try append(link, to: row.id)
    try appendChange(row.id, .need, stored, leftOffice: nil, wasSealed: stored.chain.sealed, at: now)
    return link
  }

  func acknowledge(_ id: Int64, _ subscriber: String) throws -> Propagation {
    guard var propagation = try db.first(PropagationRow.select + " WHERE p.id = ?", [.int(id)], { try PropagationRow.propagation($0) }),
      propagation.subscriber == subscriber
    else { throw RegisterError.notFound }
    guard propagation.acknowledgedAt == nil else { return propagation }
    propagation.acknowledgedAt = clock.now()
    propagation.nextAttemptAt = nil
    propagation.lastError = nil
    try db.run(
      "UPDATE propagations SET acknowledged_at = ?, next_attempt_at = NULL, last_error = NULL WHERE id = ?",
      .of(propagation.acknowledgedAt),
      .int(id))
    return propagation
  }
}

enum NeedRow {
  static let select = """
    SELECT n.id, n.version, n.kind, n.state, n.responsible, n.due_on, r.names, n.notes, n.created_at, n.updated_at, c.reference, c.office,
      ifnull(c.detained, 0) = 0
    FROM needs n JOIN cases c ON c.id = n.case_id JOIN records r ON r.case_id = c.id AND r.number = c.record_version
    """

  static func need(_ row: SQLRow) throws -> Need {
    Need(
      id: row.text(0), version: row.int(1), kind: try row.word(2), state: try row.word(3), responsible: row.text(4), dueOn: row.day(5),
      name: try row.json(6)?.array.first.map { PersonName($0) }, notes: try row.json(7)?.array.compactMap(NeedNote.init) ?? [],
      createdAt: row.instant(8), updatedAt: row.instant(9), reference: row.text(10), office: row.text(11))
  }
}

enum PropagationRow {
  static let select = """
    SELECT p.id, p.kind, p.subscriber, c.reference, c.office, p.created_at, p.attempts, p.next_attempt_at, p.acknowledged_at, p.last_error
    FROM propagations p JOIN cases c ON c.id = p.case_id
    """

  static func propagation(_ row: SQLRow) throws -> Propagation {
    Propagation(
      id: row.int64(0), kind: try row.word(1), subscriber: row.text(2), reference: row.text(3), office: row.text(4),
      createdAt: row.instant(5), attempts: row.int(6), nextAttemptAt: row.optionalInstant(7), acknowledgedAt: row.optionalInstant(8),
      lastError: row.optionalText(9))
  }
}
