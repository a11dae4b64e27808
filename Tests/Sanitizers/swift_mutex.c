// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

// Preloaded into tests that run under the thread sanitizer, to tell it of the locks of Swift's own Mutex. Taking and giving back a free lock is inlined
// and instrumented; where threads contend, the runtime does it, which is not: what the lock guards would be reported as races. Both sides name the
// lock's first word, as the inlined side does, so that each sees what the other released.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))

// Absent in programs that are not instrumented, which the same environment may start.
extern void __tsan_acquire(void *lock) __attribute__((weak));
extern void __tsan_release(void *lock) __attribute__((weak));

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

SWIFT void lock_slowly(uint32_t thread, SELF void *lock) __asm__(LOCK);
SWIFT bool try_slowly(SELF void *lock) __asm__(TRY);
SWIFT void unlock_slowly(SELF void *lock) __asm__(UNLOCK);

static SWIFT void (*runtime_lock)(uint32_t, SELF void *);
static SWIFT bool (*runtime_try)(SELF void *);
static SWIFT void (*runtime_unlock)(SELF void *);

__attribute__((constructor)) static void find(void) {
  runtime_lock = dlsym(RTLD_NEXT, LOCK);
  runtime_try = dlsym(RTLD_NEXT, TRY);
  runtime_unlock = dlsym(RTLD_NEXT, UNLOCK);
}

SWIFT void lock_slowly(uint32_t thread, SELF void *lock) {
  runtime_lock(thread, lock);
  if (__tsan_acquire) __tsan_acquire(lock);
}

SWIFT bool try_slowly(SELF void *lock) {
  bool taken = runtime_try(lock);
  if (taken && __tsan_acquire) __tsan_acquire(lock);
  return taken;
}

SWIFT void unlock_slowly(SELF void *lock) {
  if (__tsan_release) __tsan_release(lock);
  runtime_unlock(lock);
}
