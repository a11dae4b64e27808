// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

// postgres_store CONNECTION load RECORDS            makes the tables and takes the records in, in one transaction
// postgres_store CONNECTION read RECORDS COUNT      point reads by a prepared statement, one after another
// postgres_store CONNECTION write RECORDS COUNT     a transaction a record, one after another
// postgres_store CONNECTION pipeline RECORDS COUNT DEPTH       a transaction a record, DEPTH in flight on one connection
// postgres_store CONNECTION connections RECORDS COUNT DEPTH    a transaction a record, DEPTH connections with one each
// With one statement a transaction, so that a write is one round trip.

#include "store.h"

#include <libpq-fe.h>
#include <pthread.h>

#define INSERT                                                                                                      \
  "WITH entry AS (INSERT INTO audit (kind, subject, at) VALUES ('command', $1, 1667433600000)),"                    \
  " link AS (INSERT INTO links VALUES ($1, 1, 'register', 1667433600000))"                                          \
  " INSERT INTO cases (reference, state, office, updated_at, record) VALUES ($1, 'registered', 'default', 1667433600000, $2)"
#define SELECT "SELECT state, office, updated_at, record FROM cases WHERE reference = $1"
#define TABLES                                                                                                      \
  "CREATE TABLE cases (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, reference text NOT NULL UNIQUE,"         \
  " state text NOT NULL, office text NOT NULL, updated_at bigint NOT NULL, record text NOT NULL);"                  \
  "CREATE TABLE links (reference text NOT NULL, number integer NOT NULL, kind text NOT NULL, at bigint NOT NULL,"   \
  " UNIQUE (reference, number));"                                                                                   \
  "CREATE TABLE audit (sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind text NOT NULL, subject text," \
  " at bigint NOT NULL)"

struct store {
  const char *where;
  PGconn *connection;
  struct records records;
  size_t first, count;
};

static PGconn *open_connection(const char *where) {
  PGconn *connection = PQconnectdb(where);
  if (PQstatus(connection) != CONNECTION_OK) die("postgres: %s", PQerrorMessage(connection));
  return connection;
}

static void take(PGconn *connection, PGresult *result) {
  ExecStatusType status = PQresultStatus(result);
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_PIPELINE_SYNC) {
    die("postgres: %s", PQerrorMessage(connection));
  }
  PQclear(result);
}

static void run(PGconn *connection, const char *sql) { take(connection, PQexec(connection, sql)); }

static void prepare(PGconn *connection) {
  take(connection, PQprepare(connection, "insert", INSERT, 0, NULL));
  take(connection, PQprepare(connection, "select", SELECT, 0, NULL));
}

static void read_one(void *context, size_t index) {
  struct store *store = context;
  const struct record *wanted = scattered(store->records, index);
  const char *values[] = {wanted->reference};
  PGresult *result = PQexecPrepared(store->connection, "select", 1, values, NULL, NULL, 1);
  if (PQresultStatus(result) != PGRES_TUPLES_OK || PQntuples(result) != 1) die("%s: %s", wanted->reference, PQerrorMessage(store->connection));
  if ((size_t)PQgetlength(result, 0, 3) != wanted->size) die("%s is another record", wanted->reference);
  PQclear(result);
}

static void write_one(void *context, size_t index) {
  struct store *store = context;
  const struct record *record = &store->records.at[store->first + index];
  const char *values[] = {record->reference, record->text};
  take(store->connection, PQexecPrepared(store->connection, "insert", 2, values, NULL, NULL, 1));
}

static void send_one(struct store *store, size_t index) {
  const struct record *record = &store->records.at[index];
  const char *values[] = {record->reference, record->text};
  // A sync after each: each is a transaction of its own.
  if (!PQsendQueryPrepared(store->connection, "insert", 2, values, NULL, NULL, 1) || !PQpipelineSync(store->connection)) {
    die("postgres: %s", PQerrorMessage(store->connection));
  }
}

static void receive_one(struct store *store) {
  PGresult *result;
  while ((result = PQgetResult(store->connection)) != NULL) take(store->connection, result);
  take(store->connection, PQgetResult(store->connection));
}

static void pipeline(struct store *store, size_t count, size_t depth) {
  if (!PQenterPipelineMode(store->connection)) die("postgres: %s", PQerrorMessage(store->connection));
  size_t sent = 0;
  uint64_t began = now_ns();
  for (size_t received = 0; received < count; received++) {
    while (sent < count && sent - received < depth) send_one(store, sent++);
    receive_one(store);
  }
  printf("{\"perSecond\":%.0f}\n", (double)count * 1e9 / (double)(now_ns() - began));
}

static void *write_share(void *context) {
  struct store *store = context;
  for (size_t index = 0; index < store->count; index++) write_one(store, index);
  return NULL;
}

static void connections(const struct store *whole, size_t count, size_t depth) {
  struct store *stores = calloc(depth, sizeof *stores);
  pthread_t *threads = calloc(depth, sizeof *threads);
  if (stores == NULL || threads == NULL) die("out of memory");
  size_t share = count / depth;
  for (size_t at = 0; at < depth; at++) {
    stores[at] = (struct store){.connection = open_connection(whole->where), .records = whole->records, .first = at * share, .count = share};
    prepare(stores[at].connection);
  }
  uint64_t began = now_ns();
  for (size_t at = 0; at < depth; at++) {
    if (pthread_create(&threads[at], NULL, write_share, &stores[at]) != 0) die("no thread");
  }
  for (size_t at = 0; at < depth; at++) pthread_join(threads[at], NULL);
  printf("{\"perSecond\":%.0f}\n", (double)(share * depth) * 1e9 / (double)(now_ns() - began));
}

int main(int argc, char **argv) {
  if (argc < 4) die("usage: postgres_store CONNECTION load|read|write|pipeline|connections RECORDS [COUNT [DEPTH]]");
  struct store store = {.where = argv[1], .connection = open_connection(argv[1]), .records = read_records(argv[3])};
  size_t count = argc > 4 ? strtoul(argv[4], NULL, 10) : 0, depth = argc > 5 ? strtoul(argv[5], NULL, 10) : 1;
  const char *mode = argv[2];
  if (strcmp(mode, "load") == 0) {
    run(store.connection, TABLES);
    prepare(store.connection);
    run(store.connection, "BEGIN");
    for (size_t index = 0; index < store.records.count; index++) write_one(&store, index);
    run(store.connection, "COMMIT");
    run(store.connection, "VACUUM ANALYZE");
    return 0;
  }
  prepare(store.connection);
  if (count == 0 || depth == 0) die("how many?");
  if (strcmp(mode, "read") != 0 && count > store.records.count) die("not enough records");
  if (strcmp(mode, "read") == 0) {
    measure(count, read_one, &store);
  } else if (strcmp(mode, "write") == 0) {
    measure(count, write_one, &store);
  } else if (strcmp(mode, "pipeline") == 0) {
    pipeline(&store, count, depth);
  } else if (strcmp(mode, "connections") == 0) {
    connections(&store, count, depth);
  } else {
    die("unknown mode: %s", mode);
  }
  return 0;
}
