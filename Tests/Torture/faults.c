// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

// Preloaded into amnestyd: lets its disk and its clock go wrong when the test says so, and not before. The test and this library share one
// mapped page, named by FAULTS; what is written there holds for the next system call. faults.py has the same layout.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { DATABASE = 1, LOG = 2, INDEX = 4, COPY = 8 };
enum { WRITE = 1, SYNC = 2, TRUNCATE = 4, READ = 8 };

struct control {
  int64_t clock_offset;  // nanoseconds
  uint32_t files;        // which files
  uint32_t operations;   // which calls; 0: no fault
  int32_t error;         // errno of a call that fails; 0: it does not fail
  uint32_t delay;        // milliseconds before the call is made
  uint32_t is_short;     // a write takes half of its bytes, and does not fail
  int32_t remaining;     // calls that are still to be hit; below 0: all
  uint64_t hits;
};

static struct control quiet;
static struct control *control = &quiet;

static int (*next_fsync)(int);
static int (*next_fdatasync)(int);
static int (*next_ftruncate)(int, off_t);
static ssize_t (*next_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*next_write)(int, const void *, size_t);
static ssize_t (*next_pread)(int, void *, size_t, off_t);
static int (*next_clock_gettime)(clockid_t, struct timespec *);

// A constructor of another library may call one of these before ours runs.
static void resolve(void) {
  if (next_clock_gettime) return;
  next_fsync = dlsym(RTLD_NEXT, "fsync");
  next_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  next_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
  next_pwrite = dlsym(RTLD_NEXT, "pwrite64");
  next_write = dlsym(RTLD_NEXT, "write");
  next_pread = dlsym(RTLD_NEXT, "pread64");
  next_clock_gettime = dlsym(RTLD_NEXT, "clock_gettime");
}

__attribute__((constructor)) static void map_control(void) {
  resolve();
  const char *path = getenv("FAULTS");
  int descriptor = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
  if (descriptor < 0) {
    fprintf(stderr, "faults: FAULTS names no file that can be opened\n");
    _exit(70);
  }
  void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  close(descriptor);
  if (page == MAP_FAILED) _exit(70);
  control = page;
}

static uint32_t kind_of(int descriptor) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  const char *slash = strrchr(path, '/');
  const char *name = slash ? slash + 1 : path;
  if (strcmp(name, "register.sqlite") == 0) return DATABASE;
  if (strcmp(name, "register.sqlite-wal") == 0) return LOG;
  if (strcmp(name, "register.sqlite-shm") == 0) return INDEX;
  return strncmp(name, "register-", 9) == 0 ? COPY : 0;
}

// Whether this call is to be hit; a delay is over when it returns.
static int is_hit(int descriptor, uint32_t operation) {
  if (!(__atomic_load_n(&control->operations, __ATOMIC_ACQUIRE) & operation)) return 0;
  int saved = errno;
  int hit = (kind_of(descriptor) & control->files) != 0;
  errno = saved;
  if (!hit) return 0;
  int32_t left = __atomic_load_n(&control->remaining, __ATOMIC_ACQUIRE);
  do {
    if (left == 0) return 0;
  } while (left > 0 && !__atomic_compare_exchange_n(&control->remaining, &left, left - 1, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE));
  __atomic_add_fetch(&control->hits, 1, __ATOMIC_ACQ_REL);
  if (control->delay) {
    struct timespec wait = {control->delay / 1000, (long)(control->delay % 1000) * 1000000};
    while (nanosleep(&wait, &wait) != 0 && errno == EINTR) {}
    errno = saved;
  }
  return 1;
}

// Whether a call that was hit fails; errno is set then.
static int fails(int hit) {
  if (!hit || control->error == 0) return 0;
  errno = control->error;
  return 1;
}

static size_t shortened(int hit, size_t count) { return hit && control->is_short && count > 1 ? count / 2 : count; }

int fsync(int descriptor) {
  resolve();
  return fails(is_hit(descriptor, SYNC)) ? -1 : next_fsync(descriptor);
}

int fdatasync(int descriptor) {
  resolve();
  return fails(is_hit(descriptor, SYNC)) ? -1 : next_fdatasync(descriptor);
}

int ftruncate64(int descriptor, off64_t length) {
  resolve();
  return fails(is_hit(descriptor, TRUNCATE)) ? -1 : next_ftruncate(descriptor, length);
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
  resolve();
  int hit = is_hit(descriptor, WRITE);
  return fails(hit) ? -1 : next_write(descriptor, bytes, shortened(hit, count));
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset) {
  resolve();
  int hit = is_hit(descriptor, WRITE);
  return fails(hit) ? -1 : next_pwrite(descriptor, bytes, shortened(hit, count), offset);
}

ssize_t pread64(int descriptor, void *bytes, size_t count, off64_t offset) {
  resolve();
  return fails(is_hit(descriptor, READ)) ? -1 : next_pread(descriptor, bytes, count, offset);
}

int ftruncate(int descriptor, off_t length) { return ftruncate64(descriptor, length); }
ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) { return pwrite64(descriptor, bytes, count, offset); }
ssize_t pread(int descriptor, void *bytes, size_t count, off_t offset) { return pread64(descriptor, bytes, count, offset); }

static void shift(int64_t *seconds, int64_t *nanoseconds) {
  int64_t offset = __atomic_load_n(&control->clock_offset, __ATOMIC_ACQUIRE);
  *seconds += offset / 1000000000;
  *nanoseconds += offset % 1000000000;
  if (*nanoseconds < 0) {
    *nanoseconds += 1000000000;
    *seconds -= 1;
  }
  if (*nanoseconds >= 1000000000) {
    *nanoseconds -= 1000000000;
    *seconds += 1;
  }
}

int clock_gettime(clockid_t clock, struct timespec *time) {
  resolve();
  int result = next_clock_gettime(clock, time);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
    int64_t seconds = time->tv_sec, nanoseconds = time->tv_nsec;
    shift(&seconds, &nanoseconds);
    time->tv_sec = seconds;
    time->tv_nsec = nanoseconds;
  }
  return result;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
  (void)zone;
  struct timespec now;
  int result = clock_gettime(CLOCK_REALTIME, &now);
  if (result == 0) {
    time->tv_sec = now.tv_sec;
    time->tv_usec = now.tv_nsec / 1000;
  }
  return result;
}

time_t time(time_t *result) {
  struct timespec now;
  if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
  if (result) *result = now.tv_sec;
  return now.tv_sec;
}
