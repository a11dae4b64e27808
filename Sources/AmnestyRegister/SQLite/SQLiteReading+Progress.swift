// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules
internal import GRDB

extension SQLiteReading {
  private static let visible = """
    c.state <> 'withdrawn' AND (?1 IS NULL OR instr(?1, char(10) || c.office || char(10)))
      AND (?2 IS NULL OR c.sealed = 0 OR instr(?2, char(10) || c.office || char(10)))
    """

  func progress(on day: Day, scope: Scope) throws(RegisterError) -> RegisterProgress {
    try registerErrors {
      let values: [SQLValue] = [.of(lines(scope.offices)), .of(lines(scope.sealedOffices))]
      var progress = RegisterProgress()
      try db.each(
        """
        SELECT c.state, c.assessment IS NOT NULL, c.decision IS NOT NULL, json_extract(c.decision, '$.verdict'), c.departs,
          c.execution IS NOT NULL, c.appeal IS NOT NULL, c.reassessment_due, count(*)
        FROM cases c WHERE
        """ + " " + SQLiteReading.visible + " GROUP BY 1, 2, 3, 4, 5, 6, 7, 8", values
      ) { row in
        progress.add(try row.word(0), row)
        return true
      }
      try db.each(
        """
        SELECT json_extract(k.value, '$.kind'), count(*),
          sum(json_extract(k.value, '$.paused') IS NULL AND json_extract(k.value, '$.due') < ?3)
        FROM cases c, json_each(c.clocks) k WHERE
        """ + " " + SQLiteReading.visible + " GROUP BY 1", values + [.text(day.text)]
      ) { row in
        progress.clocks[try row.word(0)] = RegisterProgress.ClockCount(open: row.int(1), overdue: row.int(2))
        return true
      }
      try db.each(
        """
        SELECT sum(instr(l.details, '"upheld"') > 0), sum(instr(l.details, '"dismissed"') > 0)
        FROM links l JOIN cases c ON c.id = l.case_id WHERE l.kind = 'resolve_appeal' AND
        """ + " " + SQLiteReading.visible, values
      ) { row in
        progress.appealsUpheld = row.int(0)
        progress.appealsDismissed = row.int(1)
        return true
      }
      return progress
    }
  }
}

extension RegisterProgress {
  /// Each step counts the cases that came at least so far: what was revoked is decided no more, and was proposed.
  fileprivate mutating func add(_ state: CaseState, _ row: SQLRow) {
    let count = row.int(8)
    let isDecided = row.bool(2)
    let isExecuted = row.bool(5)
    all += count
    if row.bool(1) || isDecided { assessed += count }
    if state == .proposed || isDecided { proposed += count }
    if isDecided { decided += count }
    if isDecided, row.optionalText(3) == Verdict.grant.rawValue { granted += count }
    if isDecided, row.optionalText(3) == Verdict.refuse.rawValue { refused += count }
    if row.bool(4) { departures += count }
    if isExecuted { executed += count }
    if isExecuted, state == .closed { done += count }
    if row.bool(6) { appealsPending += count }
    if state == .revoked { revoked += count }
    if row.bool(7) { reassessmentDue += count }
  }
}
