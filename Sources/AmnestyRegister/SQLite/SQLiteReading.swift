// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules
internal import GRDB

/// Queries on one snapshot. Each is one constant statement, so that it is prepared once, and walks one index, so that a page costs the same wherever
/// it lies.
struct SQLiteReading: RegisterReading {
  let db: Database
  private let failure = Failure()

  init(db: Database) { self.db = db }

  /// What those who read were told, for who opened the snapshot.
  private final class Failure {
    var reason: Unavailability?
  }

  /// Why the database could not be read, if a query failed for that.
  var unavailability: Unavailability? { failure.reason }

  func registerErrors<Value>(_ body: () throws -> Value) throws(RegisterError) -> Value {
    do { return try body() } catch {
      let told = RegisterError(error)
      if case .unavailable(let reason) = told { failure.reason = reason }
      throw told
    }
  }

  // MARK: - One case

  func row(_ reference: String, _ scope: Scope) throws -> CaseRow {
    guard let row = try db.first(CaseRow.byReference, [.text(reference)], { try CaseRow($0) }),
      scope.admits(office: row.stored.office, sealed: row.stored.chain.sealed)
    else { throw RegisterError.notFound }
    return row
  }

  /// The row of a case that the scope shows, for what hangs on it.
  private func id(_ reference: String, _ scope: Scope) throws -> Int64 {
    let found = try db.first("SELECT id, office, sealed FROM cases WHERE reference = ?", [.text(reference)]) {
      ($0.int64(0), $0.text(1), $0.bool(2))
    }
    guard let found, scope.admits(office: found.1, sealed: found.2) else { throw RegisterError.notFound }
    return found.0
  }

  func get(_ reference: String, scope: Scope) throws(RegisterError) -> StoredCase {
    try registerErrors { try row(reference, scope).stored }
  }

  func get(_ references: [String], scope: Scope) throws(RegisterError) -> [StoredCase?] {
    try registerErrors {
      try references.map { reference in
        guard let row = try db.first(CaseRow.byReference, [.text(reference)], { try CaseRow($0) }),
          scope.admits(office: row.stored.office, sealed: row.stored.chain.sealed)
        else { return nil }
        return row.stored
      }
    }
  }

  func proceedings(ofPersonIn reference: String, scope: Scope) throws(RegisterError) -> [StoredCase] {
    try registerErrors {
      let own = try row(reference, scope)
      guard let key = own.stored.columns.personKey else { return [] }
      return try db.all(CaseRow.all + " WHERE c.person_key = ? AND c.id <> ? ORDER BY c.reference LIMIT 1000", [.text(key), .int(own.id)]) {
        try CaseRow($0).stored
      }.filter { scope.admits(office: $0.office, sealed: $0.chain.sealed) }
    }
  }

  func links(of reference: String, page: PageRequest, scope: Scope) throws(RegisterError) -> Page<Link> {
    try registerErrors {
      let id = try id(reference, scope)
      let token = try PageToken(page, query: "links \(id)")
      let links = try db.all(
        LinkRow.select + " WHERE l.case_id = ? AND l.number > ? ORDER BY l.number LIMIT ?",
        [.int(id), .int(token.key.first?.int ?? 0), .of(token.size + 1)]
      ) { try LinkRow.link($0) }
      return token.page(links) { [.int(Int64($0.number))] }
    }
  }

  func recordVersions(of reference: String, scope: Scope) throws(RegisterError) -> [RecordVersion] {
    try registerErrors { try recordVersions(id(reference, scope), number: nil) }
  }

  private func recordVersions(_ id: Int64, number: Int?) throws -> [RecordVersion] {
    try db.all(
      """
      SELECT r.number, r.recorded_at, u.person, u.principal, u.actor, u.role, u.office, r.bytes, r.digest, r.reason, r.sources
      FROM records r JOIN authors u ON u.id = r.author WHERE r.case_id = ?1 AND (?2 IS NULL OR r.number = ?2) ORDER BY r.number
      """, [.int(id), .of(number)]
    ) { row in
      RecordVersion(
        number: row.int(0), recordedAt: row.instant(1), author: try Author(row, from: 2), bytes: row.bytes(7), digest: row.text(8),
        reason: row.optionalText(9), sources: try row.json(10)?.array.compactMap(FactSource.init) ?? [])
    }
  }

  func assessments(of reference: String, scope: Scope) throws(RegisterError) -> [StoredAssessment] {
    try registerErrors { try assessments(id(reference, scope), number: nil, last: false) }
  }

  private func assessments(_ id: Int64, number: Int?, last: Bool) throws -> [StoredAssessment] {
    try db.all(
      """
      SELECT a.number, a.at, u.person, u.principal, u.actor, u.role, u.office, a.act_id, a.act_version, a.act_digest, a.in_force_from,
        a.execute_through, a.record_digest, a.record_version, a.as_of, a.final, a.outcome, a.measures, a.release_on, a.new_end, a.readings,
        a.bytes
      FROM assessments a JOIN authors u ON u.id = a.author
      WHERE a.case_id = ?1 AND (?2 IS NULL OR a.number = ?2) AND (?3 = 0 OR a.number = (SELECT assessments FROM cases WHERE id = ?1))
      ORDER BY a.number
      """, [.int(id), .of(number), .of(last)]
    ) { row in
      guard let readings = [ChosenReading](words: row.text(20)) else { throw DamagedColumn(name: "assessments.readings") }
      return StoredAssessment(
        number: row.int(0), at: row.instant(1), author: try Author(row, from: 2),
        stamp: AssessmentStamp(
          act: ActStamp(
            id: row.text(7), version: row.text(8), digest: row.text(9), inForceFrom: row.optionalDay(10),
            executeThrough: row.optionalDay(11)),
          recordDigest: row.text(12), recordVersion: row.int(13), asOf: row.day(14), isFinal: row.bool(15), outcome: try row.word(16),
          measures: readSet(row.text(17)), releaseOn: row.optionalDay(18), newEnd: row.optionalDay(19), readings: readings,
          bytes: row.bytes(21)))
    }
  }

  func assessment(
    of reference: String, number: Int?, scope: Scope
  ) throws(RegisterError) -> (assessment: StoredAssessment, record: RecordVersion) {
    try registerErrors {
      let id = try id(reference, scope)
      guard let assessment = try assessments(id, number: number, last: number == nil).first,
        let record = try recordVersions(id, number: assessment.stamp.recordVersion).first
      else { throw RegisterError.notFound }
      return (assessment, record)
    }
  }

  // MARK: - Aftercare and propagation

  func need(_ id: String, scope: Scope) throws(RegisterError) -> Need {
    try registerErrors {
      guard let need = try db.first(NeedRow.select + " WHERE n.id = ?", [.text(id)], { try NeedRow.need($0) }),
        scope.offices?.contains(need.office) ?? true
      else { throw RegisterError.notFound }
      return need
    }
  }

  func needs(_ filter: NeedFilter, page: PageRequest, scope: Scope) throws(RegisterError) -> Page<Need> {
    try registerErrors {
      // Naming a case asks of the case; without one, a need tells nothing of it, and a sealed case hides nobody's needs.
      let caseID = try filter.reference.map { try id($0, scope) }
      let values: [SQLValue] = [
        .of(lines(scope.offices)), .of(caseID.map { Int($0) }), .of(lines(filter.kinds.map(\.rawValue))),
        .of(lines(filter.states.map(\.rawValue))), .of(filter.responsible), .of(filter.overdueOn),
      ]
      let token = try PageToken(page, query: "needs \(fingerprint(values))")
      let key = token.key
      let (kind, reference, need) = (key.dropFirst(2).first?.string ?? "", key.dropFirst(3).first?.string ?? "", key.last?.string ?? "")
      // The most urgent first, and among equals the same order each time: ids are random.
      let needs = try db.all(
        NeedRow.select + """
           WHERE (?1 IS NULL OR instr(?1, char(10) || c.office || char(10))) AND (?2 IS NULL OR n.case_id = ?2)
            AND (?3 IS NULL OR instr(?3, char(10) || n.kind || char(10))) AND (?4 IS NULL OR instr(?4, char(10) || n.state || char(10)))
            AND (?5 IS NULL OR n.responsible = ?5) AND (?6 IS NULL OR (n.due_on < ?6 AND n.state IN ('open', 'in_progress')))
            AND n.due_on >= ?7 AND (n.due_on, ifnull(c.detained, 0) = 0, n.kind, c.reference, n.id) > (?7, ?8, ?9, ?10, ?11)
          ORDER BY n.due_on, ifnull(c.detained, 0) = 0, n.kind, c.reference, n.id LIMIT ?12
          """,
        values + [
          .int(key.first?.int ?? .min), .int(key.dropFirst().first?.int ?? -1), .text(kind), .text(reference), .text(need),
          .of(token.size + 1),
        ]
      ) { row in (need: try NeedRow.need(row), isAtLarge: row.int64(12)) }
      let page = token.page(needs) { found in
        [
          .int(Int64(found.need.dueOn.number)), .int(found.isAtLarge), .string(found.need.kind.rawValue), .string(found.need.reference),
          .string(found.need.id),
        ]
      }
      return Page(items: page.items.map(\.need), nextToken: page.nextToken)
    }
  }

  func propagation(_ id: Int64) throws(RegisterError) -> Propagation? {
    try registerErrors { try db.first(PropagationRow.select + " WHERE p.id = ?", [.int(id)]) { try PropagationRow.propagation($0) } }
  }

  func propagations(_ filter: PropagationFilter, page: PageRequest, scope: Scope) throws(RegisterError) -> Page<Propagation> {
    try registerErrors {
      let values: [SQLValue] = [
        .of(lines(scope.offices)), .of(lines(scope.sealedOffices)), .of(filter.subscriber), .of(filter.reference),
        .of(filter.unconfirmedOnly),
      ]
      let token = try PageToken(page, query: "propagations \(fingerprint(values))")
      let found = try db.all(
        PropagationRow.select + """
           WHERE (?1 IS NULL OR instr(?1, char(10) || c.office || char(10)))
            AND (?2 IS NULL OR c.sealed = 0 OR instr(?2, char(10) || c.office || char(10))) AND (?3 IS NULL OR p.subscriber = ?3)
            AND (?4 IS NULL OR c.reference = ?4) AND (?5 = 0 OR p.acknowledged_at IS NULL) AND p.id > ?6
          ORDER BY p.id LIMIT ?7
          """, values + [.int(token.key.first?.int ?? 0), .of(token.size + 1)]
      ) { try PropagationRow.propagation($0) }
      return token.page(found) { [.int($0.id)] }
    }
  }

  // MARK: - Audit

  func audit(_ filter: AuditFilter, after start: Int64, page: PageRequest) throws(RegisterError) -> Page<AuditEntry> {
    try registerErrors {
      let token = try PageToken(page, query: "audit \(fingerprint(SQLiteReading.values(filter)))")
      return token.page(try audit(filter, after: token.key.first?.int ?? start, limit: token.size + 1)) { [.int($0.sequence)] }
    }
  }

  private static func values(_ filter: AuditFilter) -> [SQLValue] {
    [
      .of(lines(filter.kinds.map(\.rawValue))), .of(filter.person), .of(filter.principal), .of(filter.method), .of(filter.subject),
      .of(filter.from), .of(filter.through), .of(lines(filter.offices)),
    ]
  }

  func audit(_ filter: AuditFilter, after sequence: Int64, limit: Int) throws(RegisterError) -> [AuditEntry] {
    try registerErrors {
      try db.all(
        AuditRow.select + """
           WHERE a.sequence > ?1 AND (?2 IS NULL OR instr(?2, char(10) || a.kind || char(10))) AND (?3 IS NULL OR u.person = ?3)
            AND (?4 IS NULL OR u.principal = ?4) AND (?5 IS NULL OR a.method = ?5) AND (?6 IS NULL OR a.subject = ?6)
            AND (?7 IS NULL OR a.at >= ?7) AND (?8 IS NULL OR a.at <= ?8)
            AND (?9 IS NULL OR a.subject IS NULL OR instr(?9, char(10) || u.office || char(10)) OR EXISTS (
              SELECT 1 FROM cases c WHERE c.reference = a.subject AND instr(?9, char(10) || c.office || char(10))))
          ORDER BY a.sequence LIMIT ?10
          """,
        [.int(sequence)] + SQLiteReading.values(filter) + [.of(max(1, min(limit, 10_000)))]
      ) { try AuditRow.entry($0) }
    }
  }

  func lastAuditEntry() throws(RegisterError) -> Int64 {
    try registerErrors { try db.first("SELECT ifnull(max(sequence), 0) FROM audit") { $0.int64(0) } ?? 0 }
  }
}

enum LinkRow {
  static let select = """
    SELECT l.number, l.kind, l.at, l.day, u.person, u.principal, u.actor, u.role, u.office, l.from_state, l.to_state, l.assessment, l.act_digest,
      l.facts_digest, l.reason, l.departs, l.details
    FROM links l JOIN authors u ON u.id = l.author
    """

  static func link(_ row: SQLRow) throws -> Link {
    Link(
      number: row.int(0), kind: try row.word(1), at: row.instant(2), on: row.day(3), author: try Author(row, from: 4),
      from: try row.optionalWord(9), to: try row.word(10), assessment: row.optionalInt(11), actDigest: row.optionalText(12),
      factsDigest: row.text(13), reason: row.optionalText(14), departs: row.bool(15),
      details: try row.json(16).flatMap([Link.Detail].init) ?? [])
  }
}

enum AuditRow {
  static let select = """
    SELECT a.sequence, a.kind, a.at, a.method, a.subject, a.details, a.previous, a.hash, u.person, u.principal, u.actor, u.role, u.office
    FROM audit a LEFT JOIN authors u ON u.id = a.author
    """

  static func entry(_ row: SQLRow) throws -> AuditEntry {
    AuditEntry(
      sequence: row.int64(0),
      note: AuditNote(
        kind: try row.word(1), at: row.instant(2), author: row.isNull(8) ? nil : try Author(row, from: 8), method: row.text(3),
        subject: row.optionalText(4), details: try row.json(5).flatMap([Link.Detail].init) ?? []),
      previous: row.bytes(6), hash: row.bytes(7))
  }
}

extension Author {
  init(_ row: SQLRow, from column: Int) throws {
    self.init(
      person: row.text(column), principal: row.text(column + 1), actor: row.optionalText(column + 2), role: try row.word(column + 3),
      office: row.text(column + 4))
  }
}
