// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers
#include "CPeerCredentials.h"

#include <errno.h>
#include <sys/socket.h>

// Older headers lack it; the number is the kernel's.
#ifndef SO_PEERGROUPS
#define SO_PEERGROUPS 59
#endif

int amnesty_peer_credentials(int socket, uint32_t *uid, uint32_t *gid, int32_t *pid) {
  struct ucred credentials;
  socklen_t length = sizeof credentials;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &length) != 0) return errno;
  *uid = credentials.uid;
  *gid = credentials.gid;
  *pid = credentials.pid;
  return 0;
}

int amnesty_peer_groups(int socket, uint32_t *groups, size_t *count) {
  socklen_t length = (socklen_t)(*count * sizeof *groups);
  int result = getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups, &length) == 0 ? 0 : errno;
  *count = length / sizeof *groups;
  return result;
}
