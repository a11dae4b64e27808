// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules
internal import GRDB

/// A row of `cases` with its record and the assessment in force.
struct CaseRow {
  var id: Int64
  var stored: StoredCase
  var links: Int
  var assessments: Int
  var firstChange: Int64

  /// All columns, in the order that `init` reads them.
  static let select = """
    SELECT c.id, c.reference, c.version, c.office, c.state, c.registrant, c.record_authors, c.assigned_to, c.resolution, c.proposal, c.decision,
      c.objection, c.appeal, c.judgment, c.execution, c.revocation, c.closure, c.reassessment_due, c.sealed, c.record_version, c.record_digest,
      c.stage, c.detained, c.gravities, c.articles, c.person_key, c.registered_at, c.updated_at, c.clocks, c.deadline, c.links, c.assessments,
      c.first_change, a.number, a.act_id, a.act_version, a.act_digest, a.in_force_from, a.execute_through, a.record_digest, a.as_of, a.final,
      a.outcome, a.measures, a.release_on, a.new_end, a.readings, c.preparers
    """
  static let joins = " LEFT JOIN assessments a ON a.case_id = c.id AND a.number = c.assessment"
  /// The join is crossed so that `cases` is always the outer loop, in the order of the index that a query asks for.
  static let all =
    select + ", r.bytes FROM cases c CROSS JOIN records r ON r.case_id = c.id AND r.number = c.record_version" + joins

  static let byReference = all + " WHERE c.reference = ?"
  static let byID = all + " WHERE c.id = ?"

  init(_ row: SQLRow) throws {
    id = row.int64(0)
    var chain = CaseChain(registrant: row.text(5))
    chain.state = try row.word(4)
    chain.recordAuthors = Set(try row.json(6)?.array.compactMap(\.string) ?? [])
    chain.preparers = Set(try row.json(47)?.array.compactMap(\.string) ?? [])
    chain.assignedTo = row.optionalText(7)
    chain.resolution = try CaseRow.part(row, 8, Resolution.init)
    chain.proposal = try CaseRow.part(row, 9, Proposal.init)
    chain.decision = try CaseRow.part(row, 10, Decision.init)
    chain.objection = try CaseRow.part(row, 11, Objection.init)
    chain.appeal = try CaseRow.part(row, 12, Appeal.init)
    chain.judgment = try CaseRow.part(row, 13, Judgment.init)
    chain.execution = try CaseRow.part(row, 14, Execution.init)
    chain.revocation = try CaseRow.part(row, 15, Revocation.init)
    chain.closure = try row.optionalWord(16)
    chain.reassessmentDue = row.bool(17)
    chain.sealed = row.bool(18)
    if !row.isNull(33) { chain.assessment = try AssessmentInForce(row, from: 33) }
    let clocks = try row.json(28)?.array.compactMap(CaseClock.init) ?? []
    stored = StoredCase(
      reference: row.text(1), version: row.int(2), office: row.text(3), chain: chain, recordVersion: row.int(19),
      record: row.bytes(48), recordDigest: row.text(20),
      columns: CaseColumns(
        stage: row.optionalText(21), detained: row.optionalBool(22), gravities: readWords(row.text(23)), articles: readWords(row.text(24)),
        personKey: row.optionalText(25)),
      registeredAt: row.instant(26), updatedAt: row.instant(27), clocks: clocks, deadline: row.optionalDay(29),
      assessments: row.int(31))
    links = row.int(30)
    assessments = row.int(31)
    firstChange = row.int64(32)
  }

  private static func part<Part>(_ row: SQLRow, _ column: Int, _ read: (StoredJSON) -> Part?) throws -> Part? {
    guard let value = try row.json(column) else { return nil }
    guard let part = read(value) else { throw DamagedColumn(name: "cases.\(column)") }
    return part
  }

  /// Values of the columns that a step may change, in the order of `assignments`.
  static func values(_ stored: StoredCase) -> [SQLValue] {
    let chain = stored.chain
    return [
      .of(stored.version), .text(stored.office), .text(chain.state.rawValue),
      .text(StoredJSON.array(chain.recordAuthors.sorted().map(StoredJSON.string)).text),
      .text(StoredJSON.array(chain.preparers.sorted().map(StoredJSON.string)).text), .of(chain.assignedTo),
      .of(chain.assessment?.number),
      .of(chain.resolution?.stored.text), .of(chain.proposal?.stored.text), .of(chain.decision?.stored.text),
      .of(chain.objection?.stored.text), .of(chain.appeal?.stored.text), .of(chain.judgment?.stored.text),
      .of(chain.execution?.stored.text), .of(chain.revocation?.stored.text), .of(chain.closure?.rawValue), .of(chain.reassessmentDue),
      .of(chain.sealed), .of(chain.decision?.departs ?? false), .of(stored.recordVersion), .text(stored.recordDigest),
      .of(stored.columns.stage), .of(stored.columns.detained), .text(storedWords(stored.columns.gravities)),
      .text(storedWords(stored.columns.articles)), .of(stored.columns.personKey), .of(chain.assessment?.outcome.rawValue),
      .text(storedWords(chain.assessment?.measures.sorted() ?? [])), .of(chain.assessment?.act.digest),
      .text(StoredJSON.array(stored.clocks.map(\.stored)).text), .of(stored.deadline), .of(stored.updatedAt),
    ]
  }

  static let changeable = [
    "version", "office", "state", "record_authors", "preparers", "assigned_to", "assessment", "resolution", "proposal", "decision",
    "objection",
    "appeal",
    "judgment", "execution", "revocation", "closure", "reassessment_due", "sealed", "departs", "record_version", "record_digest", "stage",
    "detained", "gravities", "articles", "person_key", "outcome", "measures", "act_digest", "clocks", "deadline", "updated_at",
  ]
  static let update =
    "UPDATE cases SET " + changeable.map { "\($0) = ?" }.joined(separator: ", ") + ", links = ?, assessments = ? WHERE id = ?"
  static let insert =
    "INSERT INTO cases (" + changeable.joined(separator: ", ")
    + ", links, assessments, reference, registrant, first_change, registered_at) VALUES ("
    + [String](repeating: "?", count: changeable.count + 6).joined(separator: ", ") + ")"
}

extension AssessmentInForce {
  init(_ row: SQLRow, from column: Int) throws {
    number = row.int(column)
    act = ActStamp(
      id: row.text(column + 1), version: row.text(column + 2), digest: row.text(column + 3), inForceFrom: row.optionalDay(column + 4),
      executeThrough: row.optionalDay(column + 5))
    recordDigest = row.text(column + 6)
    asOf = row.day(column + 7)
    isFinal = row.bool(column + 8)
    outcome = try row.word(column + 9)
    measures = readSet(row.text(column + 10))
    releaseOn = row.optionalDay(column + 11)
    newEnd = row.optionalDay(column + 12)
    guard let chosen = [ChosenReading](words: row.text(column + 13)) else { throw DamagedColumn(name: "assessments.readings") }
    readings = chosen
  }
}
