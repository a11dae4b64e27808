// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

// calls probe SOCKET METHOD BODY_FILE
//   one call; prints {"request":bytes,"response":bytes} and the response on standard error if it failed
// calls sequential SOCKET METHOD BODY_FILE CALLS
//   one call after another; prints {"p50":ns,"p99":ns,"perSecond":n}
// calls inflight SOCKET METHOD BODY_FILE CALLS DEPTH
//   DEPTH calls in flight on one connection; prints {"perSecond":n}
// Every response must be as long as the first: the same call gets the same bytes, so a failed one shows.

#define _GNU_SOURCE
#include "frames.h"

// Ids of seven digits throughout, so that every request and every response has the same length.
#define FIRST_ID 1000000u

struct request {
  uint8_t *bytes;
  size_t size;
  size_t id_at;
};

static struct request make_request(const char *method, const char *body_file) {
  size_t body_size;
  const uint8_t *body = map_file(body_file, &body_size);
  while (body_size > 0 && body[body_size - 1] == '\n') body_size--;
  char head[512];
  int head_size = snprintf(head, sizeof head, "{\"call\":%u,\"method\":\"%s\"}\n", FIRST_ID, method);
  if (head_size < 0 || (size_t)head_size >= sizeof head) die("method name too long");
  struct request request = {.size = PREFIX + (size_t)head_size + body_size, .id_at = PREFIX + strlen("{\"call\":")};
  request.bytes = malloc(request.size);
  if (request.bytes == NULL) die("out of memory");
  store_length(request.bytes, (uint32_t)(request.size - PREFIX));
  memcpy(request.bytes + PREFIX, head, (size_t)head_size);
  memcpy(request.bytes + PREFIX + head_size, body, body_size);
  return request;
}

static void set_id(uint8_t *bytes, uint32_t id) {
  for (int digit = 6; digit >= 0; digit--) {
    bytes[digit] = (uint8_t)('0' + id % 10);
    id /= 10;
  }
}

static const uint8_t *read_response(int fd, struct inbox *inbox, uint32_t *length) {
  const uint8_t *frame;
  while ((frame = take_frame(inbox, length)) == NULL) {
    if (fill(fd, inbox) == 0) die("the server closed the connection");
  }
  return frame;
}

static int ascending(const void *left, const void *right) {
  uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
  return (a > b) - (a < b);
}

static void probe(int fd, struct request request) {
  struct inbox inbox = make_inbox(1 << 20);
  uint32_t length;
  write_all(fd, request.bytes, request.size);
  const uint8_t *frame = read_response(fd, &inbox, &length);
  const uint8_t *end_of_head = memchr(frame, '\n', length);
  size_t head = end_of_head == NULL ? length : (size_t)(end_of_head - frame);
  if (memmem(frame, head, "\"code\"", 6) != NULL) die("the call failed: %.*s", (int)length, frame);
  printf("{\"request\":%zu,\"response\":%u}\n", request.size, length + PREFIX);
}

static void sequential(int fd, struct request request, uint32_t calls) {
  struct inbox inbox = make_inbox(1 << 20);
  uint64_t *times = malloc(calls * sizeof *times);
  uint32_t warm_up = calls / 10, expected = 0, length;
  if (times == NULL) die("out of memory");
  uint64_t began = 0;
  for (uint32_t index = 0; index < warm_up + calls; index++) {
    if (index == warm_up) began = now_ns();
    set_id(request.bytes + request.id_at, FIRST_ID + index);
    uint64_t sent = now_ns();
    write_all(fd, request.bytes, request.size);
    read_response(fd, &inbox, &length);
    if (index >= warm_up) times[index - warm_up] = now_ns() - sent;
    if (index == 0) expected = length;
    if (length != expected) die("call %u: a response of %u bytes, not %u", index, length, expected);
  }
  double seconds = (double)(now_ns() - began) / 1e9;
  qsort(times, calls, sizeof *times, ascending);
  printf("{\"p50\":%llu,\"p99\":%llu,\"perSecond\":%.0f}\n", (unsigned long long)times[calls / 2],
         (unsigned long long)times[calls - calls / 100 - 1], calls / seconds);
}

static void in_flight(int fd, struct request request, uint32_t calls, uint32_t depth) {
  struct inbox inbox = make_inbox(4 << 20);
  uint8_t *outbox = malloc(request.size * depth);
  if (outbox == NULL) die("out of memory");
  for (uint32_t slot = 0; slot < depth; slot++) memcpy(outbox + slot * request.size, request.bytes, request.size);
  uint32_t sent = 0, answered = 0, expected = 0, free_slots = depth, length;
  uint64_t began = now_ns();
  while (answered < calls) {
    uint32_t batch = 0;
    while (free_slots > 0 && sent < calls) {
      set_id(outbox + batch * request.size + request.id_at, FIRST_ID + sent);
      batch++;
      sent++;
      free_slots--;
    }
    if (batch > 0) write_all(fd, outbox, batch * request.size);
    // At least one answer, and whatever else has come with it.
    read_response(fd, &inbox, &length);
    do {
      if (answered == 0) expected = length;
      if (length != expected) die("answer %u: %u bytes, not %u", answered, length, expected);
      answered++;
      free_slots++;
    } while (take_frame(&inbox, &length) != NULL);
  }
  printf("{\"perSecond\":%.0f}\n", calls / ((double)(now_ns() - began) / 1e9));
}

int main(int argc, char **argv) {
  if (argc < 5) die("usage: calls probe|sequential|inflight SOCKET METHOD BODY_FILE [CALLS [DEPTH]]");
  int fd = connect_unix(argv[2]);
  struct request request = make_request(argv[3], argv[4]);
  uint32_t calls = argc > 5 ? (uint32_t)strtoul(argv[5], NULL, 10) : 0;
  if (strcmp(argv[1], "probe") == 0) {
    probe(fd, request);
  } else if (strcmp(argv[1], "sequential") == 0 && calls > 0 && calls < 8000000) {
    sequential(fd, request, calls);
  } else if (strcmp(argv[1], "inflight") == 0 && argc > 6 && calls > 0 && calls < 9000000) {
    in_flight(fd, request, calls, (uint32_t)strtoul(argv[6], NULL, 10));
  } else {
    die("unknown mode or count: %s", argv[1]);
  }
  return 0;
}
