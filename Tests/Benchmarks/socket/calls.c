// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

// calls probe SOCKET METHOD BODIES
//   the first call; prints {"request":bytes,"response":bytes}
// calls sequential SOCKET METHOD BODIES CALLS
//   one call after another; prints {"p50":ns,"p99":ns,"mean":ns,"perSecond":n}
// calls inflight SOCKET METHOD BODIES CALLS DEPTH
//   DEPTH calls in flight on one connection; prints {"perSecond":n}
// BODIES is a file with a request a line, sent in turn. The first response to each must be no error, and every later one as long:
// the same call gets the same bytes, so a failed one shows.

#define _GNU_SOURCE
#include "frames.h"

// Ids of seven digits throughout, so that every request and every response has the same length.
#define FIRST_ID 1000000u

struct request {
  uint8_t *bytes;
  size_t size;
  size_t id_at;
  uint32_t response;  // how long the first response was; 0 before it has come
};

struct requests {
  struct request *at;
  size_t count, largest;
};

static struct request make_request(const char *head, size_t head_size, const uint8_t *body, size_t body_size) {
  struct request request = {.size = PREFIX + head_size + body_size, .id_at = PREFIX + strlen("{\"call\":")};
  request.bytes = malloc(request.size);
  if (request.bytes == NULL) die("out of memory");
  store_length(request.bytes, (uint32_t)(request.size - PREFIX));
  memcpy(request.bytes + PREFIX, head, head_size);
  memcpy(request.bytes + PREFIX + head_size, body, body_size);
  return request;
}

static struct requests make_requests(const char *method, const char *bodies_file) {
  char head[512];
  int head_size = snprintf(head, sizeof head, "{\"call\":%u,\"method\":\"%s\"}\n", FIRST_ID, method);
  if (head_size < 0 || (size_t)head_size >= sizeof head) die("method name too long");
  size_t left, capacity = 0;
  const uint8_t *line = map_file(bodies_file, &left);
  struct requests requests = {0};
  while (left > 0) {
    const uint8_t *end = memchr(line, '\n', left);
    size_t size = end == NULL ? left : (size_t)(end - line);
    if (size > 0) {
      if (requests.count == capacity) {
        capacity = capacity == 0 ? 64 : 2 * capacity;
        requests.at = realloc(requests.at, capacity * sizeof *requests.at);
        if (requests.at == NULL) die("out of memory");
      }
      struct request request = make_request(head, (size_t)head_size, line, size);
      if (request.size > requests.largest) requests.largest = request.size;
      requests.at[requests.count++] = request;
    }
    size_t taken = end == NULL ? size : size + 1;
    line += taken;
    left -= taken;
  }
  if (requests.count == 0) die("%s is empty", bodies_file);
  return requests;
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

static void require_success(const uint8_t *frame, uint32_t length) {
  const uint8_t *end_of_head = memchr(frame, '\n', length);
  size_t head = end_of_head == NULL ? length : (size_t)(end_of_head - frame);
  if (memmem(frame, head, "\"code\"", 6) != NULL) die("the call failed: %.*s", (int)length, frame);
}

static void probe(int fd, const struct request *request) {
  struct inbox inbox = make_inbox(1 << 20);
  uint32_t length;
  write_all(fd, request->bytes, request->size);
  const uint8_t *frame = read_response(fd, &inbox, &length);
  require_success(frame, length);
  printf("{\"request\":%zu,\"response\":%u}\n", request->size, length + PREFIX);
}

static void sequential(int fd, struct requests requests, uint32_t calls) {
  struct inbox inbox = make_inbox(1 << 20);
  uint64_t *times = malloc(calls * sizeof *times);
  uint32_t warm_up = calls / 10, length;
  if (times == NULL) die("out of memory");
  uint64_t began = 0;
  for (uint32_t index = 0; index < warm_up + calls; index++) {
    struct request *request = &requests.at[index % requests.count];
    if (index == warm_up) began = now_ns();
    set_id(request->bytes + request->id_at, FIRST_ID + index);
    uint64_t sent = now_ns();
    write_all(fd, request->bytes, request->size);
    const uint8_t *frame = read_response(fd, &inbox, &length);
    if (index >= warm_up) times[index - warm_up] = now_ns() - sent;
    if (request->response == 0) {
      require_success(frame, length);
      request->response = length;
    }
    if (length != request->response) die("call %u: a response of %u bytes, not %u", index, length, request->response);
  }
  double elapsed = (double)(now_ns() - began);
  qsort(times, calls, sizeof *times, ascending);
  printf("{\"p50\":%llu,\"p99\":%llu,\"mean\":%.0f,\"perSecond\":%.0f}\n", (unsigned long long)times[calls / 2],
         (unsigned long long)times[calls - calls / 100 - 1], elapsed / calls, calls * 1e9 / elapsed);
}

// Responses may come in any order, so that with several requests only errors are looked for.
static void in_flight(int fd, struct requests requests, uint32_t calls, uint32_t depth) {
  struct inbox inbox = make_inbox(4 << 20);
  uint8_t *outbox = malloc(requests.largest * depth);
  if (outbox == NULL) die("out of memory");
  uint32_t sent = 0, answered = 0, expected = 0, free_slots = depth, length;
  uint64_t began = now_ns();
  while (answered < calls) {
    size_t filled = 0;
    for (; free_slots > 0 && sent < calls; sent++, free_slots--) {
      struct request *request = &requests.at[sent % requests.count];
      set_id(request->bytes + request->id_at, FIRST_ID + sent);
      memcpy(outbox + filled, request->bytes, request->size);
      filled += request->size;
    }
    if (filled > 0) write_all(fd, outbox, filled);
    // At least one answer, and whatever else has come with it.
    const uint8_t *frame = read_response(fd, &inbox, &length);
    do {
      if (requests.count > 1 || answered == 0) require_success(frame, length);
      if (answered == 0) expected = length;
      if (requests.count == 1 && length != expected) die("answer %u: %u bytes, not %u", answered, length, expected);
      answered++;
      free_slots++;
    } while ((frame = take_frame(&inbox, &length)) != NULL);
  }
  printf("{\"perSecond\":%.0f}\n", calls / ((double)(now_ns() - began) / 1e9));
}

int main(int argc, char **argv) {
  if (argc < 5) die("usage: calls probe|sequential|inflight SOCKET METHOD BODIES [CALLS [DEPTH]]");
  int fd = connect_unix(argv[2]);
  struct requests requests = make_requests(argv[3], argv[4]);
  uint32_t calls = argc > 5 ? (uint32_t)strtoul(argv[5], NULL, 10) : 0;
  if (strcmp(argv[1], "probe") == 0) {
    probe(fd, &requests.at[0]);
  } else if (strcmp(argv[1], "sequential") == 0 && calls > 0 && calls < 8000000) {
    sequential(fd, requests, calls);
  } else if (strcmp(argv[1], "inflight") == 0 && argc > 6 && calls > 0 && calls < 9000000) {
    in_flight(fd, requests, calls, (uint32_t)strtoul(argv[6], NULL, 10));
  } else {
    die("unknown mode or count: %s", argv[1]);
  }
  return 0;
}
