// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers
#ifndef AMNESTY_PEER_CREDENTIALS_H
#define AMNESTY_PEER_CREDENTIALS_H
#endif
