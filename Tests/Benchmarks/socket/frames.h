// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

// Frames of amnesty/1 for the benchmark's C peers: u32 big-endian length, head, LF, body. Blocking, buffered, no library.

#ifndef AMNESTY_BENCHMARK_FRAMES_H
#define AMNESTY_BENCHMARK_FRAMES_H

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define PREFIX 4

__attribute__((format(printf, 1, 2), noreturn)) static inline void die(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fputc('\n', stderr);
  exit(70);
}

static inline uint64_t now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static inline uint32_t load_length(const uint8_t *bytes) {
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static inline void store_length(uint8_t *bytes, uint32_t length) {
  bytes[0] = (uint8_t)(length >> 24);
  bytes[1] = (uint8_t)(length >> 16);
  bytes[2] = (uint8_t)(length >> 8);
  bytes[3] = (uint8_t)length;
}

static inline struct sockaddr_un unix_address(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path) die("socket path too long: %s", path);
  strcpy(address.sun_path, path);
  return address;
}

static inline int connect_unix(const char *path) {
  struct sockaddr_un address = unix_address(path);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0) die("%s: %s", path, strerror(errno));
  return fd;
}

static inline void write_all(int fd, const uint8_t *bytes, size_t count) {
  while (count > 0) {
    ssize_t written = write(fd, bytes, count);
    if (written < 0) {
      if (errno == EINTR) continue;
      die("write: %s", strerror(errno));
    }
    bytes += written;
    count -= (size_t)written;
  }
}

// A file as it stands, mapped.
static inline const uint8_t *map_file(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  struct stat status;
  if (file == NULL || fstat(fileno(file), &status) != 0) die("%s: %s", path, strerror(errno));
  *size = (size_t)status.st_size;
  const void *bytes = mmap(NULL, *size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fileno(file), 0);
  if (bytes == MAP_FAILED) die("%s: %s", path, strerror(errno));
  fclose(file);
  return bytes;
}

// What was read and not yet taken: [start, end) of bytes.
struct inbox {
  uint8_t *bytes;
  size_t start, end, capacity;
};

static inline struct inbox make_inbox(size_t capacity) {
  struct inbox inbox = {.bytes = malloc(capacity), .capacity = capacity};
  if (inbox.bytes == NULL) die("out of memory");
  return inbox;
}

// The next whole frame without its prefix, or NULL if there is none yet.
static inline const uint8_t *take_frame(struct inbox *inbox, uint32_t *length) {
  if (inbox->end - inbox->start < PREFIX) return NULL;
  *length = load_length(inbox->bytes + inbox->start);
  if (*length == 0 || *length + PREFIX > inbox->capacity) die("a frame of %u bytes", *length);
  if (inbox->end - inbox->start < PREFIX + *length) return NULL;
  const uint8_t *frame = inbox->bytes + inbox->start + PREFIX;
  inbox->start += PREFIX + *length;
  return frame;
}

// Reads what is there: 0 at the end of the stream, -1 if there is nothing yet on a non-blocking socket.
static inline ssize_t fill(int fd, struct inbox *inbox) {
  if (inbox->start == inbox->end) {
    inbox->start = inbox->end = 0;
  } else if (inbox->capacity - inbox->end < inbox->capacity / 2) {
    memmove(inbox->bytes, inbox->bytes + inbox->start, inbox->end - inbox->start);
    inbox->end -= inbox->start;
    inbox->start = 0;
  }
  for (;;) {
    ssize_t count = read(fd, inbox->bytes + inbox->end, inbox->capacity - inbox->end);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return -1;
    if (count < 0) die("read: %s", strerror(errno));
    inbox->end += (size_t)count;
    return count;
  }
}

#endif
