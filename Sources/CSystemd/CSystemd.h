// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers
#ifndef AMNESTY_SYSTEMD_H
#define AMNESTY_SYSTEMD_H

// Our entries name their own place in the code; without this, sendv is a macro that adds the place of the caller in C.
#define SD_JOURNAL_SUPPRESS_LOCATION

#include <stdint.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-id128.h>
#include <systemd/sd-journal.h>

/// sd_journal_sendv as a function, whatever the header makes of its name.
static inline int amnesty_journal_sendv(const struct iovec *fields, int count) {
  return sd_journal_sendv(fields, count);
}

/// Whether a descriptor is a listening Unix stream socket; below 0 for an errno.
static inline int amnesty_is_listening_unix_stream(int descriptor) {
  return sd_is_socket_unix(descriptor, SOCK_STREAM, 1, (const char *)0, 0);
}

#endif
