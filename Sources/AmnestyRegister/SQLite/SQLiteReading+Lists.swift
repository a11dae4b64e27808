// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules
internal import GRDB

extension SQLiteReading {
  /// What every list lets through. The index is chosen by the order alone; these look at each row on the way. They are one expression to the planner:
  /// of so many it would guess that hardly a row is left, and sort.
  private static let conditions = """
    coalesce((?1 IS NULL OR instr(?1, char(10) || c.office || char(10)))
      AND (?2 IS NULL OR c.sealed = 0 OR instr(?2, char(10) || c.office || char(10)))
      AND (?3 IS NULL OR instr(?3, char(10) || c.stage || char(10)))
      AND (?4 IS NULL OR instr(?4, char(10) || c.state || char(10)))
      AND (?5 IS NULL OR instr(?5, char(10) || c.outcome || char(10)))
      AND (?6 IS NULL OR instr(c.measures, ' ' || ?6 || ' '))
      AND (?7 IS NULL OR instr(c.gravities, ' ' || ?7 || ' '))
      AND (?8 IS NULL OR instr(c.articles, ' ' || ?8 || ' '))
      AND (?9 IS NULL OR c.detained = ?9)
      AND (?10 IS NULL OR c.deadline < ?10)
      AND (?11 IS NULL OR c.assigned_to = ?11)
      AND (?12 = 0 OR c.assigned_to IS NULL)
      AND (?13 IS NULL OR c.reassessment_due = ?13)
      AND (?14 IS NULL OR c.departs = ?14)
      AND (?15 IS NULL OR c.act_digest <> ?15)
      AND (?16 IS NULL OR instr(?16, char(10) || c.office || char(10)))
      AND (?17 IS NULL OR c.deadline IS NULL OR c.deadline >= ?17), 0)
    """

  private static func values(_ filter: CaseFilter, _ scope: Scope) -> [SQLValue] {
    [
      .of(lines(scope.offices)), .of(lines(scope.sealedOffices)), .of(lines(filter.stages)), .of(lines(filter.states.map(\.rawValue))),
      .of(lines(filter.outcomes.map(\.rawValue))), .of(filter.measure), .of(filter.gravity), .of(filter.article), .of(filter.detained),
      .of(filter.overdueOn), .of(filter.assignedTo), .of(filter.unassigned), .of(filter.reassessmentDue), .of(filter.departs),
      .of(filter.actDigestNot), .of(lines(filter.offices)), .of(filter.inTimeOn),
    ]
  }

  private static let byReference = CaseRow.all + " WHERE c.reference > ?19 AND " + conditions + " ORDER BY c.reference LIMIT ?18"
  /// Where there is one office only, its own index.
  private static let byOffice =
    CaseRow.all + " WHERE c.office = ?20 AND c.reference > ?19 AND " + conditions + " ORDER BY c.reference LIMIT ?18"
  private static let byUpdate =
    CaseRow.all + " WHERE (c.updated_at, c.id) < (?19, ?20) AND " + conditions + " ORDER BY c.updated_at DESC, c.id DESC LIMIT ?18"
  private static let byDeadline =
    CaseRow.all + " WHERE (c.deadline_key, c.reference) > (?19, ?20) AND " + conditions + " ORDER BY c.deadline_key, c.reference LIMIT ?18"

  static let pagedStatements = [byReference, byOffice, byUpdate, byDeadline, workOfOffice]

  func list(_ filter: CaseFilter, order: CaseOrder, page: PageRequest, scope: Scope) throws(RegisterError) -> Page<StoredCase> {
    try registerErrors {
      let values = SQLiteReading.values(filter, scope)
      let token = try PageToken(page, query: "\(order.rawValue) \(fingerprint(values))")
      let more = values + [.of(token.size + 1)]
      switch order {
      case .reference:
        let after = SQLValue.text(token.key.first?.string ?? "")
        let office = scope.offices?.count == 1 ? scope.offices?.first : filter.offices.count == 1 ? filter.offices.first : nil
        let rows =
          if let office {
            try db.all(SQLiteReading.byOffice, more + [after, .text(office)]) { try CaseRow($0).stored }
          } else {
            try db.all(SQLiteReading.byReference, more + [after]) { try CaseRow($0).stored }
          }
        return token.page(rows) { [.string($0.reference)] }
      case .updated:
        let rows = try db.all(
          SQLiteReading.byUpdate, more + [.int(token.key.first?.int ?? .max), .int(token.key.last?.int ?? .max)]
        ) { try CaseRow($0) }
        let found = token.page(rows) { [.int($0.stored.updatedAt.milliseconds), .int($0.id)] }
        return Page(items: found.items.map(\.stored), nextToken: found.nextToken)
      case .deadline:
        let rows = try db.all(
          SQLiteReading.byDeadline, more + [.int(token.key.first?.int ?? .min), .text(token.key.last?.string ?? "")]
        ) { try CaseRow($0).stored }
        return token.page(rows) { [.int($0.deadline.map { Int64($0.number) } ?? SQLiteReading.noDeadline), .string($0.reference)] }
      }
    }
  }

  /// Where a case without a deadline stands: last.
  private static let noDeadline = Int64(Int32.max)

  // MARK: - Work

  private static let workOfOffice =
    CaseRow.all + """
       WHERE c.office = ?1 AND c.state NOT IN ('closed', 'withdrawn') AND (c.detention_rank, c.deadline_key, c.reference) > (?2, ?3, ?4)
        AND (?5 IS NULL OR c.sealed = 0 OR instr(?5, char(10) || c.office || char(10)))
        AND (?6 IS NULL OR instr(?6, char(10) || c.state || char(10))) AND (?7 IS NULL OR c.assigned_to = ?7)
        AND (?8 = 0 OR c.assigned_to IS NULL) AND (?9 IS NULL OR c.deadline < ?9)
        AND (?10 IS NULL OR instr(c.clocks, '{"kind":"' || ?10 || '"'))
      ORDER BY c.detention_rank, c.deadline_key, c.reference LIMIT ?11
      """

  func work(_ filter: WorkFilter, page: PageRequest, scope: Scope) throws(RegisterError) -> Page<StoredCase> {
    try registerErrors {
      let offices = try workOffices(filter, scope)
      let values: [SQLValue] = [
        .of(lines(scope.sealedOffices)), .of(lines(filter.states.map(\.rawValue))), .of(filter.assignedTo), .of(filter.unassigned),
        .of(filter.overdueOn), .of(filter.clock?.rawValue),
      ]
      let token = try PageToken(page, query: "work \(fingerprint(values + [.of(lines(scope.offices)), .of(filter.office)]))")
      let after: [SQLValue] =
        token.key.count == 3
        ? [.int(token.key[0].int ?? 0), .int(token.key[1].int ?? 0), .text(token.key[2].string ?? "")] : [.int(-1), .int(.min), .text("")]
      // Each office has its queue in an index; the queues are merged.
      var rows = try offices.flatMap { office in
        try db.all(SQLiteReading.workOfOffice, [.text(office)] + after + values + [.of(token.size + 1)]) { try CaseRow($0).stored }
      }
      if offices.count > 1 { rows.sort { $0.workKey < $1.workKey } }
      return token.page(Array(rows.prefix(token.size + 1))) {
        let key = $0.workKey
        return [.int(key.0), .int(key.1), .string(key.2)]
      }
    }
  }

  private func workOffices(_ filter: WorkFilter, _ scope: Scope) throws -> [String] {
    if let office = filter.office { return scope.offices?.contains(office) ?? true ? [office] : [] }
    if let offices = scope.offices { return offices.sorted() }
    return try offices()
  }

  /// From office to office in the index, whatever the number of cases.
  private func offices() throws -> [String] {
    try db.all(
      """
      WITH RECURSIVE each_office (name) AS (
        SELECT min(office) FROM cases
        UNION ALL SELECT (SELECT min(office) FROM cases WHERE office > name) FROM each_office WHERE name IS NOT NULL)
      SELECT name FROM each_office WHERE name IS NOT NULL
      """
    ) { $0.text(0) }
  }

  func overdue(on day: Day, after reference: String?, limit: Int) throws(RegisterError) -> [StoredCase] {
    try registerErrors {
      try db.all(
        CaseRow.all + " WHERE c.reference > ? AND c.deadline < ? ORDER BY c.reference LIMIT ?",
        [.text(reference ?? ""), .of(day), .of(max(1, limit))]
      ) { try CaseRow($0).stored }
    }
  }

  func scan(after reference: String?, limit: Int, scope: Scope) throws(RegisterError) -> [StoredCase] {
    try registerErrors {
      try db.all(
        SQLiteReading.byReference,
        SQLiteReading.values(CaseFilter(), scope) + [.of(max(1, limit)), .text(reference ?? "")]
      ) { try CaseRow($0).stored }
    }
  }

  private static let currentRecords = """
    SELECT c.reference, c.office, c.person_key, r.bytes
    FROM cases c CROSS JOIN records r ON r.case_id = c.id AND r.number = c.record_version
    WHERE c.reference > ?1 AND c.state <> 'withdrawn' AND (?2 IS NULL OR instr(?2, char(10) || c.office || char(10)))
      AND (?3 IS NULL OR c.sealed = 0 OR instr(?3, char(10) || c.office || char(10)))
    ORDER BY c.reference LIMIT ?4
    """

  func records(after reference: String?, limit: Int, scope: Scope) throws(RegisterError) -> [CurrentRecord] {
    try registerErrors {
      try db.all(
        SQLiteReading.currentRecords,
        [.text(reference ?? ""), .of(lines(scope.offices)), .of(lines(scope.sealedOffices)), .of(max(1, limit))]
      ) { CurrentRecord(reference: $0.text(0), office: $0.text(1), personKey: $0.optionalText(2), bytes: $0.bytes(3)) }
    }
  }

  // MARK: - Counts

  func summary(_ filter: CaseFilter, scope: Scope) throws(RegisterError) -> RegisterSummary {
    try registerErrors {
      var summary = RegisterSummary()
      try db.each(
        """
        SELECT c.state, c.outcome, c.measures, c.detained, c.departs, c.reassessment_due, count(*) FROM cases c WHERE
        """ + " " + SQLiteReading.conditions + " GROUP BY 1, 2, 3, 4, 5, 6", SQLiteReading.values(filter, scope)
      ) { row in
        let count = row.int(6)
        summary.total += count
        summary.states[try row.word(0), default: 0] += count
        if let outcome = try row.optionalWord(1, AssessmentOutcome.self) { summary.outcomes[outcome, default: 0] += count }
        for measure in readWords(row.text(2)) { summary.measures[measure, default: 0] += count }
        if row.bool(3) { summary.detained += count }
        if row.bool(4) { summary.departures += count }
        if row.bool(5) { summary.reassessmentDue += count }
        return true
      }
      return summary
    }
  }

  // MARK: - Changes

  func lastChange() throws(RegisterError) -> Int64 {
    try registerErrors { try db.first("SELECT max(position) FROM changes") { $0.int64(0) } ?? 0 }
  }

  func changes(after position: Int64, limit: Int, scope: Scope) throws(RegisterError) -> ChangePage {
    try registerErrors {
      if position > 0, try db.first("SELECT 1 FROM changes WHERE position = ?", [.int(position)], { _ in true }) == nil {
        return ChangePage(changes: [], position: position, reset: true)
      }
      let limit = max(1, min(limit, 10_000))
      var changes: [Change] = []
      var reached = position
      try db.each(
        """
        SELECT h.position, c.reference, h.office, h.kind, h.version, h.state, h.at, h.left_office, h.sealed, h.was_sealed, c.office, c.sealed,
          c.first_change
        FROM changes h JOIN cases c ON c.id = h.case_id WHERE h.position > ? ORDER BY h.position LIMIT ?
        """, [.int(position), .of(limit * 4)]
      ) { row in
        reached = row.int64(0)
        let isVisible = scope.admits(office: row.text(10), sealed: row.bool(11))
        let was = scope.admits(office: row.optionalText(7) ?? row.text(2), sealed: row.bool(9))
        let became = scope.admits(office: row.text(2), sealed: row.bool(8))
        // Whoever may not see the case now hears only that it went, and only if they can have seen it come.
        let gone = was && !became && row.int64(12) <= position
        if isVisible && became || gone && !isVisible {
          changes.append(
            Change(
              position: reached, reference: row.text(1), office: row.text(2), kind: try row.word(3), version: row.int(4),
              state: try row.word(5), at: row.instant(6), gone: gone && !isVisible))
        }
        return changes.count < limit
      }
      return ChangePage(changes: changes, position: reached, reset: false)
    }
  }
}

extension StoredCase {
  /// People in detention first, then by days left.
  fileprivate var workKey: (Int64, Int64, String) {
    let rank: Int64 =
      switch columns.detained {
      case true: 0
      case nil: 1
      case false: 2
      }
    return (rank, deadline.map { Int64($0.number) } ?? Int64(Int32.max), reference)
  }
}
