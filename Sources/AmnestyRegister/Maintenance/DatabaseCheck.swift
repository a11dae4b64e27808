// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules
internal import Crypto
internal import GRDB

/// Everything that must hold in a register, read off one snapshot: SQLite's own structures, the audit chain, and each case against its links.
enum DatabaseCheck {
  /// Enough to see what is wrong; a damaged file can have any number.
  static let most = 100

  static func run(on db: Database) throws -> CheckReport {
    var problems: [CheckProblem] = []
    func add(_ kind: CheckProblem.Kind, _ place: String, _ problem: String) {
      if problems.count < most { problems.append(CheckProblem(kind: kind, place: place, problem: problem)) }
    }
    for line in try db.all("PRAGMA integrity_check(\(most))", [], { $0.text(0) }) where line != "ok" { add(.database, "file", line) }
    try db.each("PRAGMA foreign_key_check") { row in
      add(.foreignKey, "\(row.text(0)) \(row.int64(1))", "points at no row of \(row.text(2))")
      return problems.count < most
    }

    let report = try SQLiteRegister.verify(SQLiteReading(db: db), against: [])
    if let fault = report.fault { add(.audit, "entry \(fault.sequence)", fault.kind.rawValue) }

    for fault in try linkFaults(db) { add(.chain, fault.reference, fault.problem) }

    var cases = 0
    try db.each(CaseRow.all + " ORDER BY c.reference") { row in
      cases += 1
      let found: CaseRow
      do { found = try CaseRow(row) } catch {
        add(.chain, row.text(1), "\(error)")
        return true
      }
      for problem in try faults(of: found, db) { add(problem.kind, found.stored.reference, problem.problem) }
      return true
    }
    return CheckReport(cases: cases, auditEntries: report.entries, problems: problems)
  }

  /// Each link against the audit entry of its command, which carries its digest: so the audit chain covers the links, too.
  private static func linkFaults(_ db: Database) throws -> [(reference: String, problem: String)] {
    var faults: [(reference: String, problem: String)] = []
    var told = 0
    try db.each("SELECT sequence, subject, details FROM audit WHERE kind = 'command' ORDER BY sequence") { row in
      let details = try row.json(2).flatMap([Link.Detail].init) ?? []
      guard let number = details.first(where: { $0.name == "link" }).flatMap({ Int($0.value) }),
        let digest = details.first(where: { $0.name == "digest" })?.value
      else { return true }
      told += 1
      let reference = row.text(1)
      let link = try db.first(
        LinkRow.select + " WHERE l.case_id = (SELECT id FROM cases WHERE reference = ?) AND l.number = ?", [.text(reference), .of(number)]
      ) { try LinkRow.link($0) }
      if link?.digest(of: reference) != digest {
        faults.append((reference, "link \(number) is not what audit entry \(row.int64(0)) saw"))
      }
      return faults.count < most
    }
    let links = try db.first("SELECT count(*) FROM links") { $0.int(0) } ?? 0
    if faults.count < most, links != told { faults.append(("links", "there are \(links), and the audit log tells of \(told)")) }
    return faults
  }

  /// What the links and parts of a case say elsewhere, too: who registered it, where it is, whether it is sealed, what each assessment answered.
  private static func derivedFaults(_ row: CaseRow, _ db: Database) throws -> [String] {
    var faults: [String] = []
    var registrant = ""
    var office = ""
    var digests: [Int: String] = [:]
    try db.each(LinkRow.select + " WHERE l.case_id = ? ORDER BY l.number", [.int(row.id)]) { found in
      let link = try LinkRow.link(found)
      func detail(_ name: String) -> String? { link.details.first { $0.name == name }?.value }
      switch link.kind {
      case .register:
        registrant = link.author.person
        office = detail("office") ?? ""
      case .transfer: office = detail("to") ?? ""
      case .assess, .propose, .decide: if let number = link.assessment, let digest = detail("digest") { digests[number] = digest }
      default: break
      }
      return true
    }
    let chain = row.stored.chain
    if chain.registrant != registrant { faults.append("its registrant is not who registered it") }
    if row.stored.office != office { faults.append("its office is not where its links leave it") }
    if chain.sealed != (chain.execution?.orders.contains { $0.kind == .removeConviction } ?? false) {
      faults.append("it is sealed without a removed conviction, or the other way round")
    }
    if let decision = chain.decision, decision.assessment != chain.assessment?.number || decision.readings != chain.assessment?.readings {
      faults.append("its decision does not rest on the assessment in force, or follows other readings")
    }
    let reading = SQLiteReading(db: db)
    for (number, digest) in digests.sorted(by: { $0.key < $1.key }) {
      let found = try reading.assessment(of: row.stored.reference, number: number, scope: .everything)
      if found.assessment.stamp.digest != digest { faults.append("assessment \(number) is not what its link saw") }
    }
    return faults
  }

  /// What the row of a case says, against what it was derived from.
  private static func faults(of row: CaseRow, _ db: Database) throws -> [(kind: CheckProblem.Kind, problem: String)] {
    let stored = row.stored
    var faults: [(kind: CheckProblem.Kind, problem: String)] = []
    if "sha256:" + hex(Array(SHA256.hash(data: stored.record))) != stored.recordDigest {
      faults.append((.record, "the record is not what its digest says"))
    }
    let links = try db.all(
      "SELECT number, to_state, facts_digest FROM links WHERE case_id = ? ORDER BY number", [.int(row.id)]
    ) { ($0.int(0), $0.text(1), $0.text(2)) }
    if links.map(\.0) != Array(1..<(row.links + 1)) { faults.append((.chain, "its links are not numbered 1 to \(row.links)")) }
    if links.last?.1 != stored.state.rawValue { faults.append((.chain, "its state is not where its last link leads")) }
    if links.last?.2 != stored.recordDigest { faults.append((.chain, "its last link rests on another record")) }
    let assessments = try db.first("SELECT count(*) FROM assessments WHERE case_id = ?", [.int(row.id)]) { $0.int(0) }
    if assessments != row.assessments { faults.append((.chain, "it does not have the assessments it counts")) }
    if stored.deadline != CaseClocks.deadline(stored.clocks) { faults.append((.chain, "its deadline is not that of its clocks")) }
    let derived = try db.first("SELECT outcome, measures, departs, act_digest FROM cases WHERE id = ?", [.int(row.id)]) {
      ($0.optionalText(0), $0.text(1), $0.bool(2), $0.optionalText(3))
    }
    let chain = stored.chain
    if derived?.0 != chain.assessment?.outcome.rawValue || derived?.1 != storedWords(chain.assessment?.measures.sorted() ?? [])
      || derived?.2 != chain.decision?.departs ?? false || derived?.3 != chain.assessment?.act.digest
    {
      faults.append((.chain, "its columns are not those of its assessment and decision"))
    }
    let people = try db.first("SELECT names, iin FROM records WHERE case_id = ? AND number = ?", [.int(row.id), .of(stored.recordVersion)])
    {
      (try $0.json(0)?.array.map(PersonName.init) ?? [], $0.optionalText(1))
    }
    faults += try derivedFaults(row, db).map { (.chain, $0) }
    let words = try db.first("SELECT words FROM search WHERE rowid = ?", [.int(row.id)]) { $0.text(0) }
    if words != people.map({ NameFolding.indexed($0.0, iin: $0.1) }) { faults.append((.search, "it is not found by its names")) }
    return faults
  }
}
