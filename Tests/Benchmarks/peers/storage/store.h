// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

// What the storage peers share: records from a file, one a line, and the figures they print. A write is a case, its first link and the trail's
// entry, three rows in one durable transaction; a read gives the record of one reference. amnestyd keeps more with both (indexes, a search
// index, two chains of digests): this is the least that a register needs.

#ifndef AMNESTY_BENCHMARK_STORE_H
#define AMNESTY_BENCHMARK_STORE_H

#include "frames.h"

#define REFERENCE "\"reference\":\""

struct record {
  char *text, *reference;
  size_t size;
};

struct records {
  struct record *at;
  size_t count;
};

static inline struct record make_record(const uint8_t *line, size_t size) {
  struct record record = {.text = strndup((const char *)line, size), .size = size};
  if (record.text == NULL) die("out of memory");
  const char *reference = strstr(record.text, REFERENCE);
  if (reference == NULL) die("a record without a reference: %s", record.text);
  reference += strlen(REFERENCE);
  record.reference = strndup(reference, strcspn(reference, "\""));
  if (record.reference == NULL) die("out of memory");
  return record;
}

static inline struct records read_records(const char *path) {
  size_t left, capacity = 0;
  const uint8_t *line = map_file(path, &left);
  struct records records = {0};
  while (left > 0) {
    const uint8_t *end = memchr(line, '\n', left);
    size_t size = end == NULL ? left : (size_t)(end - line), taken = end == NULL ? size : size + 1;
    if (records.count == capacity) {
      capacity = capacity == 0 ? 1024 : 2 * capacity;
      records.at = realloc(records.at, capacity * sizeof *records.at);
      if (records.at == NULL) die("out of memory");
    }
    if (size > 0) records.at[records.count++] = make_record(line, size);
    line += taken;
    left -= taken;
  }
  if (records.count == 0) die("%s is empty", path);
  return records;
}

static inline int ascending(const void *left, const void *right) {
  uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
  return (a > b) - (a < b);
}

// Keys over the whole file, far apart, in a fixed order.
static inline const struct record *scattered(struct records records, size_t index) { return &records.at[index * 7919 % records.count]; }

static inline void print_times(uint64_t *times, size_t count, uint64_t elapsed) {
  qsort(times, count, sizeof *times, ascending);
  printf("{\"p50\":%llu,\"p99\":%llu,\"perSecond\":%.0f}\n", (unsigned long long)times[count / 2],
         (unsigned long long)times[count - count / 100 - 1], (double)count * 1e9 / (double)elapsed);
}

// Does `one` `count` times, one after another, and prints how long it took.
static inline void measure(size_t count, void (*one)(void *context, size_t index), void *context) {
  uint64_t *times = malloc(count * sizeof *times);
  if (times == NULL) die("out of memory");
  uint64_t began = now_ns();
  for (size_t index = 0; index < count; index++) {
    uint64_t sent = now_ns();
    one(context, index);
    times[index] = now_ns() - sent;
  }
  print_times(times, count, now_ns() - began);
}

#endif
