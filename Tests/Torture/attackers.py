# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""attackers.py SOCKET KIND COUNT UID NICE: COUNT connections that misbehave, as another user, until the input ends.

Each connection follows a script: bytes are sent, a number is a pause in seconds, and None hangs up and connects anew.
"""

from __future__ import annotations

import dataclasses
import heapq
import os
import selectors
import socket
import sys
import time
from collections.abc import Callable, Iterator

from model import record
from wire import ASSESS, CASE, HEALTH, frame

STREAM = ASSESS + "Stream"
Script = Iterator[bytes | float | None]


def idle() -> Script:
    """Says hello, and nothing more."""
    yield frame({"hello": 1, "agent": "idle", "maxFrame": 4096, "window": 0})
    yield 3600.0


def half_frames() -> Script:
    whole = frame({"call": 1, "method": ASSESS}, {"record": record("SYN-H-1", 1)})
    while True:
        yield whole[: len(whole) // 2]
        yield 0.2
        yield None


def single_bytes() -> Script:
    number = 0
    while True:
        number += 1
        for byte in frame({"call": number, "method": HEALTH}):
            yield bytes([byte])


def slow_reads() -> Script:
    """Asks and asks, and never takes an answer."""
    yield frame({"call": 1, "method": STREAM, "open": True})
    item = frame({"item": 1}, {"record": record("SYN-H-2", 2)})
    number = 1
    while True:
        number += 1
        yield frame({"call": number, "method": ASSESS}, {"record": record("SYN-H-2", 2)}) + item * 16


def flood() -> Script:
    """As many calls as the socket takes, without waiting for an answer."""
    number = 0
    body = {"record": record("SYN-H-3", 3)}
    while True:
        yield b"".join(frame({"call": number + offset, "method": ASSESS}, body) for offset in range(1, 65))
        number += 64


def lying_lengths() -> Script:
    while True:
        yield b"\xff\xff\xff\xff" + b"x" * 100
        yield None
        yield (0).to_bytes(4, "big")
        yield None
        yield ((1 << 24) - 1).to_bytes(4, "big") + b'{"call":1,"method":"' + ASSESS.encode() + b'"}\n' + b" " * (
            1 << 16
        )
        yield 0.05
        yield None
        yield ((4 << 20) - 1).to_bytes(4, "big") + b'{"call":1,"method":"' + ASSESS.encode() + b'"}\n' + b" " * (
            1 << 16
        )
        yield 0.05
        yield None


def ids_back() -> Script:
    while True:
        yield frame({"call": 9, "method": HEALTH}) + frame({"call": 3, "method": HEALTH})
        yield 0.01
        yield None


def cancel_storm() -> Script:
    number = 0
    body = {"record": record("SYN-H-4", 4)}
    while True:
        chunk = b""
        for _ in range(16):
            for method, members in ((STREAM, {"open": True}), (ASSESS, {}), (CASE + "Watch", {}), (CASE + "List", {})):
                number += 1
                chunk += frame(
                    {"call": number, "method": method, **members},
                    body if method == ASSESS else {} if method != STREAM else None,
                )
                chunk += frame({"cancel": number})
        yield chunk


def nested() -> Script:
    """Bodies that are deep, doubled or cut off."""
    number = 0
    while True:
        chunk = b""
        for text in (
            b"[" * 60_000,
            b'{"record":' * 5_000,
            b'{"record":{},"record":{}}',
            b'{"record":{"reference":"\xff"}}',
        ):
            number += 1
            payload = b'{"call":%d,"method":"%s"}\n' % (number, ASSESS.encode()) + text
            chunk += len(payload).to_bytes(4, "big") + payload
        yield chunk


HOSTILE: dict[str, Callable[[], Script]] = {
    "half_frames": half_frames,
    "single_bytes": single_bytes,
    "slow_reads": slow_reads,
    "flood": flood,
    "lying_lengths": lying_lengths,
    "ids_back": ids_back,
    "cancel_storm": cancel_storm,
    "nested": nested,
}
KINDS = {"idle": idle, **HOSTILE}
READS_NOTHING = {"idle", "slow_reads"}


@dataclasses.dataclass(eq=False)
class Attacker:
    script: Script
    connection: socket.socket | None = None
    unsent: memoryview = dataclasses.field(default_factory=lambda: memoryview(b""))


class Crowd:
    def __init__(self, path: str, kind: str, count: int) -> None:
        self.path, self.kind = path, kind
        self.selector = selectors.DefaultSelector()
        self.pauses: list[tuple[float, int, Attacker]] = []
        self.order = 0
        self.attackers = [Attacker(KINDS[kind]()) for _ in range(count)]

    def run(self) -> None:
        for attacker in self.attackers:
            self.connect(attacker)
        print("ready", flush=True)
        self.selector.register(sys.stdin, selectors.EVENT_READ)
        while True:
            wait = self.pauses[0][0] - time.monotonic() if self.pauses else None
            for key, events in self.selector.select(None if wait is None else max(0.0, wait)):
                if key.fileobj is sys.stdin:
                    return
                self.go_on(key.data, events)
            while self.pauses and self.pauses[0][0] <= time.monotonic():
                attacker = heapq.heappop(self.pauses)[2]
                if attacker.connection is None:
                    self.connect(attacker)
                else:
                    self.watch(attacker, writes=True)

    def connect(self, attacker: Attacker) -> None:
        if attacker.connection is not None:
            self.selector.unregister(attacker.connection)
            attacker.connection.close()
            attacker.connection = None
        attacker.unsent = memoryview(b"")
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.setblocking(False)
        try:
            connection.connect(self.path)
        except OSError:
            # The queue of the listener is full.
            connection.close()
            self.pause(attacker, 0.01)
            return
        attacker.connection = connection
        self.selector.register(
            connection, selectors.EVENT_WRITE | (0 if self.kind in READS_NOTHING else selectors.EVENT_READ), attacker
        )

    def watch(self, attacker: Attacker, writes: bool) -> None:
        assert attacker.connection is not None
        events = (selectors.EVENT_WRITE if writes else 0) | (0 if self.kind in READS_NOTHING else selectors.EVENT_READ)
        # Without any, it is looked at again after its pause.
        if attacker.connection.fileno() in self.selector.get_map():
            self.selector.unregister(attacker.connection)
        if events:
            self.selector.register(attacker.connection, events, attacker)

    def pause(self, attacker: Attacker, seconds: float) -> None:
        self.order += 1
        heapq.heappush(self.pauses, (time.monotonic() + seconds, self.order, attacker))

    def go_on(self, attacker: Attacker, events: int) -> None:
        assert attacker.connection is not None
        try:
            if events & selectors.EVENT_READ and not attacker.connection.recv(1 << 20):
                # Thrown out: comes again, from the beginning.
                attacker.script = KINDS[self.kind]()
                self.connect(attacker)
                return
            if events & selectors.EVENT_WRITE:
                self.send(attacker)
        except BlockingIOError:
            pass
        except OSError:
            attacker.script = KINDS[self.kind]()
            self.connect(attacker)

    def send(self, attacker: Attacker) -> None:
        assert attacker.connection is not None
        if not attacker.unsent:
            step = next(attacker.script)
            if step is None:
                self.connect(attacker)
                return
            if isinstance(step, float):
                self.watch(attacker, writes=False)
                self.pause(attacker, step)
                return
            attacker.unsent = memoryview(step)
        attacker.unsent = attacker.unsent[attacker.connection.send(attacker.unsent) :]


if __name__ == "__main__":
    target, named, many, uid, niceness = sys.argv[1:6]
    # Whoever started it may have had the processor first.
    os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
    os.nice(int(niceness))
    if int(uid) != os.getuid():
        os.setgroups([])
        os.setgid(int(uid))
        os.setuid(int(uid))
    Crowd(target, named, int(many)).run()
