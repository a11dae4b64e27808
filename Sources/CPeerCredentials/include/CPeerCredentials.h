// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers
#ifndef AMNESTY_PEER_CREDENTIALS_H
#define AMNESTY_PEER_CREDENTIALS_H

#include <stddef.h>
#include <stdint.h>

/// Who connected the stream socket, as the kernel noted at connect. Returns 0 or an errno.
int amnesty_peer_credentials(int socket, uint32_t *uid, uint32_t *gid, int32_t *pid);

/// The peer's supplementary groups. `count` holds the room in `groups` and then the number of groups; ERANGE if they do not fit.
int amnesty_peer_groups(int socket, uint32_t *groups, size_t *count);

#endif
