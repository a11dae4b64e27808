// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import AmnestyRules
internal import GRDB

/// One transaction of the writer: the ends of the logs, which every write moves on.
struct WriteSession {
  let db: Database
  let policy: RegisterPolicy
  let clock: RegisterClock
  var auditSequence: Int64
  var auditHash: [UInt8]
  var lastChange: Int64
  private var authors: [Author: Int64] = [:]
  /// What search is to find cases by, by their ids. The index is written once a transaction: FTS5 flushes at every savepoint.
  private var words: [(id: Int64, words: String)] = []

  init(_ db: Database, policy: RegisterPolicy, clock: RegisterClock) throws {
    self.db = db
    self.policy = policy
    self.clock = clock
    let tail = try db.first("SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1") { ($0.int64(0), $0.bytes(1)) }
    auditSequence = tail?.0 ?? 0
    auditHash = tail?.1 ?? AuditEntry.origin
    lastChange =
      try db.first("SELECT max(ifnull((SELECT max(position) FROM changes), 0), ifnull((SELECT change_base FROM register), 0))") {
        $0.int64(0)
      } ?? 0
  }

  /// Does `body` whole or not at all; the transaction goes on either way.
  mutating func attempt<Value>(_ body: (inout WriteSession) throws -> Value) throws -> Value {
    try db.run("SAVEPOINT one")
    let before = self
    do {
      let value = try body(&self)
      try db.run("RELEASE one")
      return value
    } catch {
      self = before
      // A full disk, for one, has taken the whole transaction back already.
      if db.isInsideTransaction {
        try db.run("ROLLBACK TO one")
        try db.run("RELEASE one")
      }
      throw error
    }
  }

  /// What is left to be written before the transaction is committed.
  mutating func finish() throws {
    for (id, words) in words { try db.run("INSERT OR REPLACE INTO search (rowid, words) VALUES (?, ?)", .int(id), .text(words)) }
    words = []
  }

  // MARK: - Commands

  mutating func perform(_ command: RegisterCommand, _ request: CommandRequest) throws -> CommandAnswer {
    if let key = request.key, let kept = try keptAnswer(key, request) { return kept }
    let effect: CommandEffect
    let subject: String
    var details: [Link.Detail] = []
    switch command {
    case .register(let new):
      let (stored, link) = try register(new, author: request.author, scope: request.scope, day: request.day)
      effect = .registered(stored, link)
      subject = stored.reference
      details = linkDetails(link, stored.reference)
    case .onCase(let reference, let command):
      let (stored, link) = try change(reference, command, request)
      effect = .changed(stored, link)
      subject = stored.reference
      details = linkDetails(link, stored.reference)
    case .onNeed(let id, let command):
      let (need, link) = try change(need: id, command, request)
      effect = .need(need)
      subject = need.reference
      details = linkDetails(link, need.reference) + [.init("need", need.id)]
    case .addNeed(let reference, let kind, let responsible, let note):
      let (need, link) = try add(need: kind, to: reference, responsible, note, request)
      effect = .need(need)
      subject = need.reference
      details = linkDetails(link, need.reference) + [.init("need", need.id)]
    case .acknowledge(let id, let subscriber):
      let propagation = try acknowledge(id, subscriber)
      effect = .acknowledged(propagation)
      subject = propagation.reference
      details = [.init("propagation", String(id)), .init("subscriber", subscriber)]
    }
    try append(
      AuditNote(
        kind: .command, at: clock.now(), author: request.author, method: request.method, subject: subject, details: details))
    let bytes = request.answer(effect)
    if let key = request.key {
      try db.run(
        "INSERT INTO answers (key, method, principal, actor, digest, answer, at) VALUES (?, ?, ?, ?, ?, ?, ?)", .text(key),
        .text(request.method), .text(request.author.principal), .text(request.author.actor ?? ""), .blob(request.digest), .blob(bytes),
        .of(clock.now()))
    }
    return CommandAnswer(bytes: bytes, replayed: false)
  }

  private func linkDetails(_ link: Link, _ reference: String) -> [Link.Detail] {
    [.init("link", String(link.number)), .init("kind", link.kind.rawValue), .init("digest", link.digest(of: reference))]
  }

  private func keptAnswer(_ key: String, _ request: CommandRequest) throws -> CommandAnswer? {
    let kept = try db.first(
      "SELECT digest, answer FROM answers WHERE key = ? AND method = ? AND principal = ? AND actor = ?",
      [.text(key), .text(request.method), .text(request.author.principal), .text(request.author.actor ?? "")]
    ) { ($0.bytes(0), $0.bytes(1)) }
    guard let kept else { return nil }
    guard kept.0 == request.digest else { throw RegisterError.keyReused }
    return CommandAnswer(bytes: kept.1, replayed: true)
  }

  // MARK: - Cases

  /// `isNew`: somebody has looked already.
  mutating func register(_ new: NewCase, author: Author, scope: Scope, day: Day, isNew: Bool = false) throws -> (StoredCase, Link) {
    let roles = CaseChain.roles(for: .register)
    guard roles.contains(author.role) else { throw RegisterError.wrongRole(author.role, command: .register, needed: roles) }
    guard scope.admits(office: new.office, sealed: false) else {
      throw RegisterError.invalid(field: "office", problem: "is not an office of the caller")
    }
    guard (1...64).contains(new.reference.utf8.count) else {
      throw RegisterError.invalid(field: "reference", problem: "has 1 to 64 characters")
    }
    if try !isNew && exists(new.reference) { throw RegisterError.alreadyExists(reference: new.reference) }
    let now = clock.now()
    var chain = CaseChain(registrant: author.person)
    chain.objection = Objection(statedIn: new.record, by: author, at: now)
    let clocks = CaseClocks.after(chain, from: [], policy: policy, on: day)
    let stored = StoredCase(
      reference: new.reference, version: 1, office: new.office, chain: chain, recordVersion: 1, record: new.record.bytes,
      recordDigest: new.record.digest, columns: new.record.columns, registeredAt: now, updatedAt: now, clocks: clocks,
      deadline: CaseClocks.deadline(clocks))
    try db.run(
      CaseRow.insert,
      CaseRow.values(stored) + [.of(1), .of(0), .text(new.reference), .text(author.person), .int(lastChange + 1), .of(now)])
    let id = db.lastInsertedRowID
    try append(new.record, number: 1, reason: nil, to: id, author, now)
    words.append((id, new.record.words))
    let link = Link(
      number: 1, kind: .register, at: now, on: day, author: author, from: nil, to: .registered, assessment: nil, actDigest: nil,
      factsDigest: new.record.digest, reason: nil, departs: false, details: [.init("office", new.office)])
    try append(link, to: id)
    try appendChange(id, .register, stored, leftOffice: nil, wasSealed: false, at: now)
    return (stored, link)
  }

  func exists(_ reference: String) throws -> Bool {
    try db.first("SELECT 1 FROM cases WHERE reference = ?", [.text(reference)]) { _ in true } ?? false
  }

  func row(_ reference: String) throws -> CaseRow? {
    try db.first(CaseRow.byReference, [.text(reference)]) { try CaseRow($0) }
  }

  private mutating func change(_ reference: String, _ command: CaseCommand, _ request: CommandRequest) throws -> (StoredCase, Link) {
    guard let row = try row(reference), request.scope.admits(office: row.stored.office, sealed: row.stored.chain.sealed) else {
      throw RegisterError.notFound
    }
    if let etag = request.etag, etag != row.stored.etag { throw RegisterError.staleEtag(current: row.stored.etag) }
    return try change(row, command, author: request.author, day: request.day)
  }

  mutating func change(_ row: CaseRow, _ command: CaseCommand, author: Author, day: Day) throws -> (StoredCase, Link) {
    var stored = row.stored
    let now = max(clock.now(), stored.updatedAt)
    let openNeeds =
      stored.state == .aftercare
      ? try db.first("SELECT count(*) FROM needs WHERE case_id = ? AND state IN ('open', 'in_progress')", [.int(row.id)]) { $0.int(0) } ?? 0
      : 0
    let context = ChainContext(
      author: author, day: day, at: now, office: stored.office, recordDigest: stored.recordDigest, recordVersion: stored.recordVersion,
      detained: stored.columns.detained, assessments: row.assessments, openNeeds: openNeeds, clocks: stored.clocks)
    let step = try stored.chain.applying(command, in: context)

    let before = stored
    var assessments = row.assessments
    stored.chain = step.chain
    for effect in step.effects {
      switch effect {
      case .record(let record, let reason):
        stored.recordVersion += 1
        stored.record = record.bytes
        stored.recordDigest = record.digest
        stored.columns = record.columns
        try append(record, number: stored.recordVersion, reason: reason, to: row.id, author, now)
        words.append((row.id, record.words))
      case .assessment(let stamp):
        assessments += 1
        try append(stamp, number: assessments, to: row.id, author, now)
      case .move(let office): stored.office = office
      case .pauseClock(let kind, let reason): stored.clocks = CaseClocks.pausing(kind, reason: reason, in: stored.clocks, on: day)
      case .resumeClock(let kind): stored.clocks = CaseClocks.resuming(kind, in: stored.clocks, on: day)
      case .openNeeds(let from): try openNeedsAsPolicySays(row.id, from: from, now)
      case .cancelNeeds:
        try db.run(
          "UPDATE needs SET state = 'cancelled', version = version + 1, updated_at = ? WHERE case_id = ? AND state IN ('open', 'in_progress')",
          .of(now), .int(row.id))
      case .propagate(let kind):
        for subscriber in policy.subscribers {
          try db.run(
            "INSERT INTO propagations (case_id, kind, subscriber, created_at, attempts, next_attempt_at) VALUES (?, ?, ?, ?, 0, ?)",
            .int(row.id), .text(kind.rawValue), .text(subscriber), .of(now), .of(now))
        }
      }
    }
    stored.clocks = CaseClocks.after(stored.chain, from: stored.clocks, policy: policy, on: day)
    stored.deadline = CaseClocks.deadline(stored.clocks)
    stored.version += 1
    stored.updatedAt = now
    stored.assessments = assessments
    let draft = step.link
    let link = Link(
      number: row.links + 1, kind: draft.kind, at: now, on: day, author: author, from: draft.from, to: draft.to,
      assessment: draft.assessment,
      actDigest: draft.actDigest, factsDigest: stored.recordDigest, reason: draft.reason, departs: draft.departs, details: draft.details)
    try db.run(CaseRow.update, CaseRow.values(stored) + [.of(link.number), .of(assessments), .int(row.id)])
    try append(link, to: row.id)
    try appendChange(
      row.id, link.kind, stored, leftOffice: before.office == stored.office ? nil : before.office, wasSealed: before.chain.sealed, at: now)
    return (stored, link)
  }

  // MARK: - Import

  /// The rows of an import, each for itself: those after one that fails go on.
  mutating func importAll(_ cases: [NewCase], _ request: ImportRequest) throws -> [ImportResult] {
    do {
      // What refuses a row does so before it writes, so one savepoint is enough: one a row would copy every page that the row touches.
      return try attempt { try $0.importEach(cases, request, isolated: false) }
    } catch let error as DatabaseError where error.isOfOneCommand {
      // Unless the schema refuses it: then once more, each by itself.
      return try importEach(cases, request, isolated: true)
    }
  }

  private mutating func importEach(_ cases: [NewCase], _ request: ImportRequest, isolated: Bool) throws -> [ImportResult] {
    var results: [ImportResult] = []
    results.reserveCapacity(cases.count)
    for new in cases {
      do {
        results.append(isolated ? try attempt { try $0.importOne(new, request) } : try importOne(new, request))
      } catch  where error.isOfOneCommand && (isolated || !(error is DatabaseError)) {
        results.append(.failed(RegisterError(error)))
      }
    }
    return results
  }

  private mutating func importOne(_ new: NewCase, _ request: ImportRequest) throws -> ImportResult {
    var author = request.author
    author.office = new.office
    let done: (stored: StoredCase, link: Link)
    var corrected = false
    if let row = try row(new.reference) {
      guard request.scope.admits(office: row.stored.office, sealed: row.stored.chain.sealed) else {
        throw RegisterError.alreadyExists(reference: new.reference)
      }
      if row.stored.recordDigest == new.record.digest { return .unchanged(etag: row.stored.etag) }
      guard request.mode == .correct else { throw RegisterError.alreadyExists(reference: new.reference) }
      done = try change(row, .update(new.record, reason: nil), author: author, day: request.day)
      corrected = true
    } else {
      done = try register(new, author: author, scope: request.scope, day: request.day, isNew: true)
    }
    try append(
      AuditNote(
        kind: .command, at: done.link.at, author: author, method: request.method, subject: new.reference,
        details: linkDetails(done.link, new.reference)))
    return corrected ? .corrected(etag: done.stored.etag) : .created(etag: done.stored.etag)
  }

  // MARK: - Logs

  mutating func append(_ note: AuditNote) throws {
    let entry = AuditEntry.following(sequence: auditSequence, hash: auditHash, note)
    let author = try note.author.map { try id(of: $0) }
    try db.run(
      "INSERT INTO audit (sequence, kind, at, author, method, subject, details, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      .int(entry.sequence), .text(note.kind.rawValue), .of(note.at), author.map(SQLValue.int) ?? .null, .text(note.method),
      .of(note.subject), .text(note.details.stored.text), .blob(entry.previous), .blob(entry.hash))
    auditSequence = entry.sequence
    auditHash = entry.hash
  }

  mutating func append(_ link: Link, to id: Int64) throws {
    try db.run(
      """
      INSERT INTO links (case_id, number, kind, at, day, author, from_state, to_state, assessment, act_digest, facts_digest, reason, departs, details)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, .int(id), .of(link.number), .text(link.kind.rawValue), .of(link.at), .of(link.on), .int(try self.id(of: link.author)),
      .of(link.from?.rawValue), .text(link.to.rawValue), .of(link.assessment), .of(link.actDigest), .text(link.factsDigest),
      .of(link.reason),
      .of(link.departs), .text(link.details.stored.text))
  }

  mutating func appendChange(
    _ id: Int64, _ kind: LinkKind, _ stored: StoredCase, leftOffice: String?, wasSealed: Bool, at: Instant
  ) throws {
    lastChange += 1
    try db.run(
      """
      INSERT INTO changes (position, case_id, kind, version, state, office, left_office, sealed, was_sealed, at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, .int(lastChange), .int(id), .text(kind.rawValue), .of(stored.version), .text(stored.state.rawValue), .text(stored.office),
      .of(leftOffice), .of(stored.chain.sealed), .of(wasSealed), .of(at))
  }

  /// After a restore the positions that follow are none that was ever given out.
  mutating func leapChanges() throws {
    let leap = max(lastChange, 0) + 4_294_967_296
    try db.run("UPDATE register SET change_base = ?", .int(leap))
    lastChange = leap
  }

  private mutating func append(
    _ record: CaseRecord, number: Int, reason: String?, to id: Int64, _ author: Author, _ now: Instant
  ) throws {
    try db.run(
      "INSERT INTO records (case_id, number, recorded_at, author, digest, reason, names, iin, sources, bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      .int(id), .of(number), .of(now), .int(try self.id(of: author)), .text(record.digest), .of(reason),
      .text(StoredJSON.array(record.names.map(\.stored)).text), .of(record.iin),
      .text(StoredJSON.array(record.sources.map(\.stored)).text), .blob(record.bytes))
  }

  private mutating func append(_ stamp: AssessmentStamp, number: Int, to id: Int64, _ author: Author, _ now: Instant) throws {
    try db.run(
      """
      INSERT INTO assessments (case_id, number, at, author, act_id, act_version, act_digest, in_force_from, execute_through, record_version,
        record_digest, as_of, final, outcome, measures, release_on, new_end, readings, bytes)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, .int(id), .of(number), .of(now), .int(try self.id(of: author)), .text(stamp.act.id), .text(stamp.act.version),
      .text(stamp.act.digest), .of(stamp.act.inForceFrom), .of(stamp.act.executeThrough), .of(stamp.recordVersion),
      .text(stamp.recordDigest), .of(stamp.asOf), .of(stamp.isFinal), .text(stamp.outcome.rawValue), .text(storedSet(stamp.measures)),
      .of(stamp.releaseOn), .of(stamp.newEnd), .text(stamp.readings.words), .blob(stamp.bytes))
  }

  /// An author is one row, however often they act.
  mutating func id(of author: Author) throws -> Int64 {
    if let known = authors[author] { return known }
    let columns: [SQLValue] = [
      .text(author.person), .text(author.principal), .of(author.actor), .text(author.role.rawValue), .text(author.office),
    ]
    let found = try db.first(
      """
      SELECT id FROM authors WHERE person = ?1 AND principal = ?2 AND ifnull(actor, '') = ifnull(?3, '') AND role = ?4 AND office = ?5
      """, columns
    ) { $0.int64(0) }
    if let found {
      authors[author] = found
      return found
    }
    try db.run("INSERT INTO authors (person, principal, actor, role, office) VALUES (?, ?, ?, ?, ?)", columns)
    authors[author] = db.lastInsertedRowID
    return db.lastInsertedRowID
  }
}
