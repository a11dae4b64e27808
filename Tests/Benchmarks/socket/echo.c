// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

// echo SOCKET RESPONSE_BYTES: the limit a call over this socket can reach. Answers every frame with one of RESPONSE_BYTES (prefix
// included), blocking, one connection at a time, all frames of one read with one write. It looks at nothing but lengths.

#include "frames.h"

int main(int argc, char **argv) {
  if (argc != 3) die("usage: echo SOCKET RESPONSE_BYTES");
  size_t response = strtoul(argv[2], NULL, 10);
  if (response < PREFIX + 1) die("a response has at least %d bytes", PREFIX + 1);
  struct sockaddr_un address = unix_address(argv[1]);
  int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  unlink(argv[1]);
  if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 16) != 0) {
    die("%s: %s", argv[1], strerror(errno));
  }

  struct inbox inbox = make_inbox(1 << 20);
  size_t capacity = 1 << 20, pending = 0;
  uint8_t *outbox = malloc(capacity + response);
  if (outbox == NULL) die("out of memory");
  for (;;) {
    int peer = accept(listener, NULL, NULL);
    if (peer < 0) die("accept: %s", strerror(errno));
    inbox.start = inbox.end = 0;
    while (fill(peer, &inbox) > 0) {
      uint32_t length;
      const uint8_t *frame;
      while ((frame = take_frame(&inbox, &length)) != NULL) {
        store_length(outbox + pending, (uint32_t)(response - PREFIX));
        // The peer's own bytes, as many as fit, so that the answer is really read and written.
        size_t echoed = length < response - PREFIX ? length : response - PREFIX;
        memcpy(outbox + pending + PREFIX, frame, echoed);
        memset(outbox + pending + PREFIX + echoed, ' ', response - PREFIX - echoed);
        pending += response;
        if (pending >= capacity) {
          write_all(peer, outbox, pending);
          pending = 0;
        }
      }
      if (pending > 0) write_all(peer, outbox, pending);
      pending = 0;
    }
    close(peer);
  }
}
