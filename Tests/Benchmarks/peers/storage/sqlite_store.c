// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

// sqlite_store DATABASE load RECORDS         makes the tables and takes the records in, in one transaction
// sqlite_store DATABASE read RECORDS COUNT   point reads, one after another
// sqlite_store DATABASE write RECORDS COUNT GROUP   GROUP records a commit, durable (WAL, synchronous FULL)
// In the caller's own process: no socket, no other program.

#include "store.h"

#include <sqlite3.h>

struct store {
  sqlite3 *database;
  sqlite3_stmt *select, *insert_case, *insert_link, *insert_entry;
  struct records records;
  size_t group;
};

static void check(struct store *store, int status) {
  if (status != SQLITE_OK && status != SQLITE_DONE && status != SQLITE_ROW) die("sqlite: %s", sqlite3_errmsg(store->database));
}

static void run(struct store *store, const char *sql) { check(store, sqlite3_exec(store->database, sql, NULL, NULL, NULL)); }

static sqlite3_stmt *prepare(struct store *store, const char *sql) {
  sqlite3_stmt *statement = NULL;
  check(store, sqlite3_prepare_v3(store->database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL));
  return statement;
}

static void step(struct store *store, sqlite3_stmt *statement) {
  check(store, sqlite3_step(statement));
  check(store, sqlite3_reset(statement));
}

static void insert(struct store *store, const struct record *record) {
  int length = (int)strlen(record->reference);
  check(store, sqlite3_bind_text(store->insert_case, 1, record->reference, length, SQLITE_STATIC));
  check(store, sqlite3_bind_text(store->insert_case, 2, record->text, (int)record->size, SQLITE_STATIC));
  step(store, store->insert_case);
  check(store, sqlite3_bind_text(store->insert_link, 1, record->reference, length, SQLITE_STATIC));
  step(store, store->insert_link);
  check(store, sqlite3_bind_text(store->insert_entry, 1, record->reference, length, SQLITE_STATIC));
  step(store, store->insert_entry);
}

static void read_one(void *context, size_t index) {
  struct store *store = context;
  const struct record *wanted = scattered(store->records, index);
  check(store, sqlite3_bind_text(store->select, 1, wanted->reference, -1, SQLITE_STATIC));
  if (sqlite3_step(store->select) != SQLITE_ROW) die("%s is not there", wanted->reference);
  if ((size_t)sqlite3_column_bytes(store->select, 3) != wanted->size) die("%s is another record", wanted->reference);
  check(store, sqlite3_reset(store->select));
}

static void write_group(void *context, size_t index) {
  struct store *store = context;
  run(store, "BEGIN IMMEDIATE");
  for (size_t at = 0; at < store->group; at++) insert(store, &store->records.at[index * store->group + at]);
  run(store, "COMMIT");
}

int main(int argc, char **argv) {
  if (argc < 4) die("usage: sqlite_store DATABASE load|read|write RECORDS [COUNT [GROUP]]");
  struct store store = {.records = read_records(argv[3]), .group = 1};
  size_t count = argc > 4 ? strtoul(argv[4], NULL, 10) : 0;
  if (sqlite3_open(argv[1], &store.database) != SQLITE_OK) die("%s: %s", argv[1], sqlite3_errmsg(store.database));
  run(&store, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  if (strcmp(argv[2], "load") == 0) {
    run(&store, "CREATE TABLE cases (id INTEGER PRIMARY KEY, reference TEXT NOT NULL UNIQUE, state TEXT NOT NULL, office TEXT NOT NULL,"
                " updated_at INTEGER NOT NULL, record TEXT NOT NULL) STRICT;"
                "CREATE TABLE links (reference TEXT NOT NULL, number INTEGER NOT NULL, kind TEXT NOT NULL, at INTEGER NOT NULL,"
                " UNIQUE (reference, number)) STRICT;"
                "CREATE TABLE audit (sequence INTEGER PRIMARY KEY, kind TEXT NOT NULL, subject TEXT, at INTEGER NOT NULL) STRICT");
  }
  store.select = prepare(&store, "SELECT state, office, updated_at, record FROM cases WHERE reference = ?");
  store.insert_case = prepare(&store, "INSERT INTO cases (reference, state, office, updated_at, record)"
                                      " VALUES (?, 'registered', 'default', 1667433600000, ?)");
  store.insert_link = prepare(&store, "INSERT INTO links VALUES (?, 1, 'register', 1667433600000)");
  store.insert_entry = prepare(&store, "INSERT INTO audit (kind, subject, at) VALUES ('command', ?, 1667433600000)");
  if (strcmp(argv[2], "load") == 0) {
    store.group = store.records.count;
    write_group(&store, 0);
  } else if (strcmp(argv[2], "read") == 0 && count > 0) {
    measure(count, read_one, &store);
  } else if (strcmp(argv[2], "write") == 0 && argc > 5 && count > 0) {
    store.group = strtoul(argv[5], NULL, 10);
    if (store.group == 0 || count * store.group > store.records.count) die("not enough records");
    measure(count, write_group, &store);
  } else {
    die("unknown mode: %s", argv[2]);
  }
  return 0;
}
