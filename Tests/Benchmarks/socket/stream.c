// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

// stream SOCKET METHOD RECORDS_FILE RECORDS WINDOW [EXPLAIN]
//   a bidirectional stream: each line of the file as {"record":LINE,"explain":EXPLAIN}, over and over until RECORDS are sent, credit kept
//   both ways as the contract says. A line "progress N" on standard output each tenth; at the end
//   {"perSecond":n,"seconds":s,"errors":n,"bytesIn":n,"bytesOut":n}.

#define _GNU_SOURCE
#include "frames.h"

#include <fcntl.h>
#include <poll.h>

#define FIRST_WINDOW (256 * 1024)
#define OUTBOX (1 << 20)

struct stream {
  int fd;
  struct inbox inbox;
  uint8_t *outbox;
  size_t out_start, out_end;
  int64_t credit;       // what we may still send, in item bytes
  uint64_t window, ungranted;  // what the server may send, and what was taken of it since the last grant
  uint64_t sent, received, errors, bytes_in, bytes_out;
  int half_closed, ended;
};

// One frame into the outbox; the caller has seen that it fits.
static void put_frame(struct stream *stream, const char *head, size_t head_size, const char *before, const uint8_t *body, size_t body_size,
                      const char *after) {
  size_t before_size = strlen(before), after_size = strlen(after), body_total = before_size + body_size + after_size;
  size_t length = head_size + (body_total > 0 ? 1 + body_total : 0);
  uint8_t *at = stream->outbox + stream->out_end;
  store_length(at, (uint32_t)length);
  at += PREFIX;
  memcpy(at, head, head_size), at += head_size;
  if (body_total > 0) {
    *at++ = '\n';
    memcpy(at, before, before_size), at += before_size;
    memcpy(at, body, body_size), at += body_size;
    memcpy(at, after, after_size);
  }
  stream->out_end += PREFIX + length;
}

static void take_answers(struct stream *stream) {
  uint32_t length;
  const uint8_t *frame;
  while ((frame = take_frame(&stream->inbox, &length)) != NULL) {
    const uint8_t *end_of_head = memchr(frame, '\n', length);
    size_t head = end_of_head == NULL ? length : (size_t)(end_of_head - frame);
    if (memcmp(frame, "{\"item\"", 7) == 0) {
      size_t body = length - head - 1;
      stream->received++;
      stream->ungranted += body;
      if (body > 9 && memcmp(frame + head + 1, "{\"error\":", 9) == 0) {
        if (stream->errors++ == 0) fprintf(stderr, "first error: %.*s\n", (int)body, frame + head + 1);
      }
    } else if (memcmp(frame, "{\"credit\"", 9) == 0) {
      const uint8_t *bytes = memmem(frame, head, "\"bytes\":", 8);
      if (bytes == NULL) die("a credit without bytes: %.*s", (int)length, frame);
      stream->credit += strtoll((const char *)bytes + 8, NULL, 10);
    } else if (memcmp(frame, "{\"end\"", 6) == 0) {
      if (memmem(frame, head, "\"code\"", 6) != NULL) die("the stream failed: %.*s", (int)length, frame);
      stream->ended = 1;
    } else {
      die("unexpected frame: %.*s", (int)length, frame);
    }
  }
}

int main(int argc, char **argv) {
  if (argc < 6) die("usage: stream SOCKET METHOD RECORDS_FILE RECORDS WINDOW [EXPLAIN]");
  size_t file_size;
  const uint8_t *file = map_file(argv[3], &file_size), *line = file;
  if (file_size == 0) die("%s is empty", argv[3]);
  uint64_t records = strtoull(argv[4], NULL, 10), tenth = records < 10 ? 1 : records / 10;
  const char *after = argc > 6 && strcmp(argv[6], "true") == 0 ? ",\"explain\":true}" : ",\"explain\":false}";
  struct stream stream = {.fd = connect_unix(argv[1]), .inbox = make_inbox(4 << 20), .outbox = malloc(2 * OUTBOX), .credit = FIRST_WINDOW};
  stream.window = strtoull(argv[5], NULL, 10);
  if (stream.outbox == NULL) die("out of memory");
  fcntl(stream.fd, F_SETFL, O_NONBLOCK);
  char head[512];
  int head_size = snprintf(head, sizeof head, "{\"call\":1,\"method\":\"%s\",\"open\":true,\"window\":%llu}", argv[2],
                           (unsigned long long)stream.window);
  if (head_size < 0 || (size_t)head_size >= sizeof head) die("method name too long");
  put_frame(&stream, head, (size_t)head_size, "", NULL, 0, "");

  uint64_t began = now_ns(), reported = 0;
  while (!stream.ended) {
    if (stream.out_start == stream.out_end) stream.out_start = stream.out_end = 0;
    while (stream.sent < records && stream.credit > 0) {
      const uint8_t *end = memchr(line, '\n', (size_t)(file + file_size - line));
      size_t size = (size_t)((end == NULL ? file + file_size : end) - line);
      if (stream.out_end + size + 256 > OUTBOX) break;
      put_frame(&stream, "{\"item\":1}", 10, "{\"record\":", line, size, after);
      stream.credit -= (int64_t)(10 + size + strlen(after));
      stream.sent++;
      line = end == NULL || end + 1 == file + file_size ? file : end + 1;
    }
    if (stream.sent == records && !stream.half_closed && stream.out_end + 64 <= OUTBOX) {
      put_frame(&stream, "{\"done\":1}", 10, "", NULL, 0, "");
      stream.half_closed = 1;
    }
    if (stream.ungranted >= stream.window / 2) {
      char grant[64];
      int size = snprintf(grant, sizeof grant, "{\"credit\":1,\"bytes\":%llu}", (unsigned long long)stream.ungranted);
      put_frame(&stream, grant, (size_t)size, "", NULL, 0, "");
      stream.ungranted = 0;
    }
    struct pollfd wait = {.fd = stream.fd, .events = POLLIN};
    if (stream.out_end > stream.out_start) wait.events |= POLLOUT;
    if (poll(&wait, 1, 60000) <= 0) die("the server says nothing for a minute: %llu of %llu answered", (unsigned long long)stream.received,
                                        (unsigned long long)records);
    if (wait.revents & POLLOUT) {
      ssize_t written = write(stream.fd, stream.outbox + stream.out_start, stream.out_end - stream.out_start);
      if (written < 0 && errno != EAGAIN && errno != EINTR) die("write: %s", strerror(errno));
      if (written > 0) stream.out_start += (size_t)written, stream.bytes_out += (uint64_t)written;
    }
    if (wait.revents & (POLLIN | POLLHUP)) {
      ssize_t count = fill(stream.fd, &stream.inbox);
      if (count == 0) die("the server closed the connection after %llu answers", (unsigned long long)stream.received);
      if (count > 0) stream.bytes_in += (uint64_t)count;
      take_answers(&stream);
    }
    if (stream.received / tenth > reported) {
      reported = stream.received / tenth;
      printf("progress %llu\n", (unsigned long long)stream.received);
      fflush(stdout);
    }
  }
  double seconds = (double)(now_ns() - began) / 1e9;
  if (stream.received != records) die("%llu answers for %llu records", (unsigned long long)stream.received, (unsigned long long)records);
  printf("{\"perSecond\":%.0f,\"seconds\":%.3f,\"errors\":%llu,\"bytesIn\":%llu,\"bytesOut\":%llu}\n", (double)records / seconds, seconds,
         (unsigned long long)stream.errors, (unsigned long long)stream.bytes_in, (unsigned long long)stream.bytes_out);
  return 0;
}
