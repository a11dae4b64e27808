// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

// echo SOCKET RESPONSE_BYTES blocking|epoll: the limit a call over this socket can reach. Answers every frame with one of RESPONSE_BYTES
// (prefix included), all frames of one read with one write, and looks at nothing but lengths. Blocking serves one connection at a time;
// epoll, as a daemon must, waits for any of them.

#include "frames.h"

#include <sys/epoll.h>

struct peer {
  int fd;
  struct inbox inbox;
};

static size_t response_size;
static uint8_t *outbox;
#define OUTBOX (1 << 20)

static int listen_at(const char *path) {
  struct sockaddr_un address = unix_address(path);
  int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  unlink(path);
  if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 16) != 0) {
    die("%s: %s", path, strerror(errno));
  }
  return listener;
}

// Answers whatever whole frames have come. The caller never has so much in flight that the socket's buffer would fill: a write blocks at most.
static void answer(struct peer *peer) {
  size_t pending = 0;
  uint32_t length;
  const uint8_t *frame;
  while ((frame = take_frame(&peer->inbox, &length)) != NULL) {
    store_length(outbox + pending, (uint32_t)(response_size - PREFIX));
    // The peer's own bytes, as many as fit, so that the answer is really read and written.
    size_t echoed = length < response_size - PREFIX ? length : response_size - PREFIX;
    memcpy(outbox + pending + PREFIX, frame, echoed);
    memset(outbox + pending + PREFIX + echoed, ' ', response_size - PREFIX - echoed);
    pending += response_size;
    if (pending >= OUTBOX) {
      write_all(peer->fd, outbox, pending);
      pending = 0;
    }
  }
  if (pending > 0) write_all(peer->fd, outbox, pending);
}

static void serve_blocking(int listener) {
  struct peer peer = {.inbox = make_inbox(1 << 20)};
  for (;;) {
    peer.fd = accept(listener, NULL, NULL);
    if (peer.fd < 0) die("accept: %s", strerror(errno));
    peer.inbox.start = peer.inbox.end = 0;
    while (fill(peer.fd, &peer.inbox) > 0) answer(&peer);
    close(peer.fd);
  }
}

static void serve_epoll(int listener) {
  int epoll = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
  if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event) != 0) die("epoll: %s", strerror(errno));
  for (;;) {
    struct epoll_event events[64];
    int count = epoll_wait(epoll, events, 64, -1);
    if (count < 0 && errno != EINTR) die("epoll_wait: %s", strerror(errno));
    for (int index = 0; index < count; index++) {
      struct peer *peer = events[index].data.ptr;
      if (peer == NULL) {
        peer = malloc(sizeof *peer);
        if (peer == NULL) die("out of memory");
        *peer = (struct peer){.fd = accept(listener, NULL, NULL), .inbox = make_inbox(1 << 20)};
        event = (struct epoll_event){.events = EPOLLIN, .data.ptr = peer};
        if (peer->fd < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, peer->fd, &event) != 0) die("accept: %s", strerror(errno));
      } else if (fill(peer->fd, &peer->inbox) > 0) {
        answer(peer);
      } else {
        close(peer->fd);
        free(peer->inbox.bytes);
        free(peer);
      }
    }
  }
}

int main(int argc, char **argv) {
  if (argc != 4) die("usage: echo SOCKET RESPONSE_BYTES blocking|epoll");
  response_size = strtoul(argv[2], NULL, 10);
  if (response_size < PREFIX + 1) die("a response has at least %d bytes", PREFIX + 1);
  outbox = malloc(OUTBOX + response_size);
  if (outbox == NULL) die("out of memory");
  int listener = listen_at(argv[1]);
  if (strcmp(argv[3], "epoll") == 0) {
    serve_epoll(listener);
  } else if (strcmp(argv[3], "blocking") == 0) {
    serve_blocking(listener);
  }
  die("unknown kind of server: %s", argv[3]);
}
