// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

internal import GRDB
internal import Glibc

/// The schema as a list of named steps. A step that was released is never changed: another is appended.
enum Schema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("v1 the register") { try $0.execute(sql: v1) }
    migrator.registerMigration("v2 open needs, preparers") { try $0.execute(sql: v2) }
    migrator.registerMigration("v3 beginnings of names") { try foldNames($0) }
    migrator.registerMigration("v4 chosen readings") {
      try $0.execute(sql: "ALTER TABLE assessments ADD COLUMN readings TEXT NOT NULL DEFAULT ''")
    }
    return migrator
  }

  /// Makes the search index anew, as names are folded by this version. A clerk's first letters fit a tenth of all people: beginnings of up to four
  /// letters have lists of their own.
  private static func foldNames(_ db: Database) throws {
    try db.execute(
      sql: "DROP TABLE search; CREATE VIRTUAL TABLE search USING fts5 (words, tokenize = 'ascii', detail = 'none', prefix = '1 2 3 4')")
    try db.each("SELECT c.id, r.names, r.iin FROM cases c JOIN records r ON r.case_id = c.id AND r.number = c.record_version") { row in
      let names = try row.json(1)?.array.map(PersonName.init) ?? []
      try db.run(
        "INSERT INTO search (rowid, words) VALUES (?, ?)", .int(row.int64(0)), .text(NameFolding.indexed(names, iin: row.optionalText(2))))
      return true
    }
  }

  /// Brings a database to the present schema. One that an earlier version wrote is first copied, as `.before-v2` and the like beside itself: who
  /// goes back to that version puts the copy back.
  static func upgrade(_ database: DatabaseQueue, at path: String) throws {
    let copyName: String? = try database.unsafeRead { db in
      try refuseNewer(db)
      let applied = try migrator.appliedIdentifiers(db)
      guard !applied.isEmpty, let next = migrator.migrations.first(where: { !applied.contains($0) }) else { return nil }
      let copy = path + ".before-" + (next.split(separator: " ").first.map(String.init) ?? next)
      let partial = copy + ".partial"
      unlink(partial)
      try SQLiteRegister.copy(db, to: partial, progress: { _ in })
      return copy
    }
    if let copyName {
      guard rename(copyName + ".partial", copyName) == 0 else {
        throw RegisterError.unavailable(Unavailability(.inputOutput, message: "the copy before the upgrade cannot be put in place"))
      }
      Connections.syncDirectory(of: path)
    }
    try migrator.migrate(database)
  }

  /// A database with steps that this version does not know is left alone.
  static func refuseNewer(_ db: Database) throws {
    guard try migrator.hasBeenSuperseded(db) else { return }
    let unknown = try migrator.appliedIdentifiers(db).subtracting(migrator.migrations).sorted()
    let first = unknown.first?.split(separator: " ").first ?? "vN"
    throw RegisterError.unavailable(
      Unavailability(
        .newerSchema,
        message:
          "a newer amnestyd upgraded this database; install that version again, or stop the daemon and put back register.sqlite.before-\(first), which lacks what was done since"
      ))
  }

  /// Whether an earlier version wrote it, and this one would upgrade it.
  static func isOlder(_ db: Database) throws -> Bool {
    let applied = try migrator.appliedIdentifiers(db)
    return !applied.isEmpty && !applied.isSuperset(of: migrator.migrations)
  }

  /// Days are counted from 1970-01-01, moments in milliseconds since.
  private static let v1 = """
    CREATE TABLE register (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      uuid TEXT NOT NULL CHECK (length(uuid) = 32),
      created_at INTEGER NOT NULL,
      clean_stop INTEGER NOT NULL CHECK (clean_stop IN (0, 1)),
      -- Positions of changes up to this one are not given out any more.
      change_base INTEGER NOT NULL DEFAULT 0,
      probed_at INTEGER NOT NULL DEFAULT 0
    ) STRICT;

    CREATE TABLE authors (
      id INTEGER PRIMARY KEY,
      person TEXT NOT NULL CHECK (person <> ''),
      principal TEXT NOT NULL CHECK (principal <> ''),
      actor TEXT,
      role TEXT NOT NULL CHECK (\(oneOf("role", "viewer registrar preparer authority executor aftercare auditor admin delegate"))),
      office TEXT NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX authors_whole ON authors (person, principal, ifnull(actor, ''), role, office);

    CREATE TABLE cases (
      id INTEGER PRIMARY KEY,
      reference TEXT NOT NULL UNIQUE CHECK (length(reference) BETWEEN 1 AND 64),
      version INTEGER NOT NULL CHECK (version >= 1),
      office TEXT NOT NULL CHECK (office <> ''),
      state TEXT NOT NULL CHECK (\(oneOf("state", "registered assessed referred proposed granted refused awaiting_judgment executed aftercare closed withdrawn revoked"))),
      registrant TEXT NOT NULL CHECK (registrant <> ''),
      record_authors TEXT NOT NULL CHECK (json_valid(record_authors)),
      assigned_to TEXT CHECK (assigned_to <> ''),
      assessment INTEGER,
      resolution TEXT CHECK (resolution IS NULL OR json_valid(resolution)),
      proposal TEXT CHECK (proposal IS NULL OR json_valid(proposal)),
      decision TEXT CHECK (decision IS NULL OR json_valid(decision)),
      objection TEXT CHECK (objection IS NULL OR json_valid(objection)),
      appeal TEXT CHECK (appeal IS NULL OR json_valid(appeal)),
      judgment TEXT CHECK (judgment IS NULL OR json_valid(judgment)),
      execution TEXT CHECK (execution IS NULL OR json_valid(execution)),
      revocation TEXT CHECK (revocation IS NULL OR json_valid(revocation)),
      closure TEXT CHECK (closure IN ('done', 'proceedings_continue')),
      reassessment_due INTEGER NOT NULL CHECK (reassessment_due IN (0, 1)),
      sealed INTEGER NOT NULL CHECK (sealed IN (0, 1)),
      departs INTEGER NOT NULL CHECK (departs IN (0, 1)),
      record_version INTEGER NOT NULL,
      record_digest TEXT NOT NULL CHECK (record_digest <> ''),
      stage TEXT,
      detained INTEGER CHECK (detained IN (0, 1)),
      gravities TEXT NOT NULL,
      articles TEXT NOT NULL,
      person_key TEXT CHECK (person_key <> ''),
      outcome TEXT CHECK (\(oneOf("outcome", "eligible partial ineligible undetermined referred"))),
      measures TEXT NOT NULL,
      act_digest TEXT,
      clocks TEXT NOT NULL CHECK (json_valid(clocks)),
      deadline INTEGER,
      links INTEGER NOT NULL CHECK (links >= 1),
      assessments INTEGER NOT NULL CHECK (assessments >= 0),
      first_change INTEGER NOT NULL,
      registered_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL CHECK (updated_at >= registered_at),
      deadline_key INTEGER AS (ifnull(deadline, 2147483647)) VIRTUAL,
      detention_rank INTEGER AS (CASE detained WHEN 1 THEN 0 WHEN 0 THEN 2 ELSE 1 END) VIRTUAL,
      CHECK (\(noneOf("state", "assessed referred proposed")) OR assessment IS NOT NULL),
      CHECK (state <> 'proposed' OR proposal IS NOT NULL),
      CHECK (\(noneOf("state", "granted refused awaiting_judgment executed aftercare closed")) OR decision IS NOT NULL),
      CHECK (\(oneOf("state", "granted refused awaiting_judgment executed aftercare closed")) OR decision IS NULL),
      CHECK (state <> 'aftercare' OR execution IS NOT NULL),
      CHECK (sealed = 0 OR execution IS NOT NULL),
      CHECK (appeal IS NULL OR decision IS NOT NULL),
      CHECK (state <> 'revoked' OR revocation IS NOT NULL),
      CHECK ((assessment IS NULL) = (outcome IS NULL)),
      FOREIGN KEY (id, record_version) REFERENCES records (case_id, number) DEFERRABLE INITIALLY DEFERRED,
      FOREIGN KEY (id, assessment) REFERENCES assessments (case_id, number) DEFERRABLE INITIALLY DEFERRED
    ) STRICT;
    CREATE INDEX cases_office ON cases (office, reference);
    CREATE INDEX cases_updated ON cases (updated_at, id);
    CREATE INDEX cases_deadline ON cases (deadline_key, reference);
    CREATE INDEX cases_work ON cases (office, detention_rank, deadline_key, reference) WHERE state NOT IN ('closed', 'withdrawn');
    CREATE INDEX cases_person ON cases (person_key) WHERE person_key IS NOT NULL;

    CREATE TABLE records (
      case_id INTEGER NOT NULL REFERENCES cases (id),
      number INTEGER NOT NULL CHECK (number >= 1),
      recorded_at INTEGER NOT NULL,
      author INTEGER NOT NULL REFERENCES authors (id),
      digest TEXT NOT NULL CHECK (digest <> ''),
      reason TEXT,
      names TEXT NOT NULL CHECK (json_valid(names)),
      iin TEXT,
      sources TEXT NOT NULL CHECK (json_valid(sources)),
      bytes BLOB NOT NULL,
      UNIQUE (case_id, number)
    ) STRICT;

    CREATE TABLE assessments (
      case_id INTEGER NOT NULL REFERENCES cases (id),
      number INTEGER NOT NULL CHECK (number >= 1),
      at INTEGER NOT NULL,
      author INTEGER NOT NULL REFERENCES authors (id),
      act_id TEXT NOT NULL CHECK (act_id <> ''),
      act_version TEXT NOT NULL,
      act_digest TEXT NOT NULL CHECK (act_digest <> ''),
      in_force_from INTEGER,
      execute_through INTEGER,
      record_version INTEGER NOT NULL,
      record_digest TEXT NOT NULL,
      as_of INTEGER NOT NULL,
      final INTEGER NOT NULL CHECK (final IN (0, 1)),
      outcome TEXT NOT NULL CHECK (\(oneOf("outcome", "eligible partial ineligible undetermined referred"))),
      measures TEXT NOT NULL,
      release_on INTEGER,
      new_end INTEGER,
      bytes BLOB NOT NULL,
      UNIQUE (case_id, number),
      FOREIGN KEY (case_id, record_version) REFERENCES records (case_id, number)
    ) STRICT;

    CREATE TABLE links (
      case_id INTEGER NOT NULL REFERENCES cases (id),
      number INTEGER NOT NULL CHECK (number >= 1),
      kind TEXT NOT NULL CHECK (\(oneOf("kind", "register update assess resolve_referral propose return object withdraw_objection decide record_judgment execute appeal resolve_appeal revoke close withdraw assign unassign transfer pause_clock resume_clock need"))),
      at INTEGER NOT NULL,
      day INTEGER NOT NULL,
      author INTEGER NOT NULL REFERENCES authors (id),
      from_state TEXT,
      to_state TEXT NOT NULL,
      assessment INTEGER,
      act_digest TEXT,
      facts_digest TEXT NOT NULL,
      reason TEXT,
      departs INTEGER NOT NULL CHECK (departs IN (0, 1)),
      details TEXT NOT NULL CHECK (json_valid(details)),
      UNIQUE (case_id, number),
      CHECK ((number = 1) = (kind = 'register')),
      CHECK ((number = 1) = (from_state IS NULL)),
      CHECK (kind <> 'decide' OR assessment IS NOT NULL),
      CHECK (departs = 0 OR reason IS NOT NULL)
    ) STRICT;

    CREATE TABLE changes (
      position INTEGER PRIMARY KEY,
      case_id INTEGER NOT NULL REFERENCES cases (id),
      kind TEXT NOT NULL,
      version INTEGER NOT NULL,
      state TEXT NOT NULL,
      office TEXT NOT NULL,
      left_office TEXT,
      sealed INTEGER NOT NULL CHECK (sealed IN (0, 1)),
      was_sealed INTEGER NOT NULL CHECK (was_sealed IN (0, 1)),
      at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE audit (
      sequence INTEGER PRIMARY KEY CHECK (sequence >= 1),
      kind TEXT NOT NULL CHECK (\(oneOf("kind", "command read denied start stop gap checkpoint restore"))),
      at INTEGER NOT NULL,
      author INTEGER REFERENCES authors (id),
      method TEXT NOT NULL,
      subject TEXT,
      details TEXT NOT NULL CHECK (json_valid(details)),
      previous BLOB NOT NULL CHECK (length(previous) = 32),
      hash BLOB NOT NULL CHECK (length(hash) = 32)
    ) STRICT;

    CREATE TABLE answers (
      key TEXT NOT NULL CHECK (key <> ''),
      method TEXT NOT NULL,
      principal TEXT NOT NULL,
      actor TEXT NOT NULL,
      digest BLOB NOT NULL,
      answer BLOB NOT NULL,
      at INTEGER NOT NULL,
      PRIMARY KEY (key, method, principal, actor)
    ) STRICT;
    CREATE INDEX answers_at ON answers (at);

    CREATE TABLE needs (
      id TEXT PRIMARY KEY CHECK (length(id) = 32),
      case_id INTEGER NOT NULL REFERENCES cases (id),
      version INTEGER NOT NULL CHECK (version >= 1),
      kind TEXT NOT NULL CHECK (\(oneOf("kind", "employment medical_care documents housing"))),
      state TEXT NOT NULL CHECK (\(oneOf("state", "open in_progress done declined cancelled"))),
      responsible TEXT NOT NULL CHECK (responsible <> ''),
      due_on INTEGER NOT NULL,
      notes TEXT NOT NULL CHECK (json_valid(notes)),
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX needs_case ON needs (case_id, kind) WHERE state <> 'cancelled';
    CREATE INDEX needs_due ON needs (due_on, id);
    CREATE INDEX needs_responsible ON needs (responsible, due_on, id);

    CREATE TABLE propagations (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      case_id INTEGER NOT NULL REFERENCES cases (id),
      kind TEXT NOT NULL CHECK (kind IN ('conviction_removed', 'conviction_restored')),
      subscriber TEXT NOT NULL CHECK (subscriber <> ''),
      created_at INTEGER NOT NULL,
      attempts INTEGER NOT NULL CHECK (attempts >= 0),
      next_attempt_at INTEGER,
      acknowledged_at INTEGER,
      last_error TEXT,
      CHECK ((acknowledged_at IS NULL) <> (next_attempt_at IS NULL))
    ) STRICT;
    CREATE INDEX propagations_due ON propagations (next_attempt_at) WHERE next_attempt_at IS NOT NULL;

    CREATE VIRTUAL TABLE search USING fts5 (words, tokenize = 'ascii', detail = 'none');

    -- What is only ever appended to. The daemon never tries; this stops whoever else opens the file.
    CREATE TRIGGER links_append_only BEFORE UPDATE ON links BEGIN SELECT raise(ABORT, 'links are append-only'); END;
    CREATE TRIGGER links_kept BEFORE DELETE ON links BEGIN SELECT raise(ABORT, 'links are append-only'); END;
    CREATE TRIGGER records_append_only BEFORE UPDATE ON records BEGIN SELECT raise(ABORT, 'record versions are append-only'); END;
    CREATE TRIGGER records_kept BEFORE DELETE ON records BEGIN SELECT raise(ABORT, 'record versions are append-only'); END;
    CREATE TRIGGER assessments_append_only BEFORE UPDATE ON assessments BEGIN SELECT raise(ABORT, 'assessments are append-only'); END;
    CREATE TRIGGER assessments_kept BEFORE DELETE ON assessments BEGIN SELECT raise(ABORT, 'assessments are append-only'); END;
    CREATE TRIGGER audit_append_only BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;
    CREATE TRIGGER audit_kept BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;
    CREATE TRIGGER cases_kept BEFORE DELETE ON cases BEGIN SELECT raise(ABORT, 'cases are never deleted'); END;
    """

  private static let v2 = """
    -- Of a kind there is one open need; whose grant is revoked and given again is helped again.
    DROP INDEX needs_case;
    CREATE UNIQUE INDEX needs_open ON needs (case_id, kind) WHERE state IN ('open', 'in_progress');

    -- Who prepared a case does not decide it, though another proposed it at last.
    ALTER TABLE cases ADD COLUMN preparers TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(preparers));
    UPDATE cases SET preparers = (SELECT json_group_array(DISTINCT a.person) FROM links l JOIN authors a ON a.id = l.author
      WHERE l.case_id = cases.id AND l.kind IN ('assess', 'propose'));
    """

  /// Written out: for `IN` SQLite makes a table of the words, for every row anew.
  private static func oneOf(_ column: String, _ words: String) -> String {
    "(" + words.split(separator: " ").map { "\(column) = '\($0)'" }.joined(separator: " OR ") + ")"
  }

  private static func noneOf(_ column: String, _ words: String) -> String { "NOT " + oneOf(column, words) }
}
