# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""The Python client, broken on purpose: `wrong_client.py FAULT`. Each fault is one that another may well have."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import conformance_client
from amnesty._core import connection, retry
from amnesty._core.call import Call, Ended, Failed
from amnesty._core.frames import Head, ProtocolError


def gives_no_credit() -> None:
    """What the user has consumed is never given back."""
    connection.Connection._give_credit = lambda self, call, amount: None  # type: ignore[method-assign]


def gives_half_the_credit() -> None:
    """What comes after a cancel is not given back."""
    give = connection.Connection._give_credit

    def give_half(self: Any, call: Any, amount: int) -> None:
        give(self, call, amount // 2)

    connection.Connection._give_credit = give_half  # type: ignore[method-assign]


def ignores_credit() -> None:
    """Sends items whether there is credit or not."""
    send = connection.Connection._send_call

    def with_endless_credit(self: Any, call: Any, now: float) -> None:
        send(self, call, now)
        call.credit = 1 << 40

    connection.Connection._send_call = with_endless_credit  # type: ignore[method-assign]


def takes_errors_for_success() -> None:
    """An end is an end, whatever its code."""
    connection._failure = lambda head: None


def repeats_commands() -> None:
    """Tries again whatever the method's idempotency says."""
    delay = retry.Backoff.delay

    def delay_of_all(self: Any, failure: Failed, chance: float) -> float | None:
        self._may_repeat = True
        return delay(self, failure, chance)

    retry.Backoff.delay = delay_of_all  # type: ignore[method-assign]


def never_tries_again() -> None:
    """The first failure is the call's."""
    retry.Backoff.delay = lambda self, failure, chance: None  # type: ignore[method-assign]


def answers_no_ping() -> None:
    """A ping is nothing to answer."""
    _ignore("ping")


def ignores_goaways() -> None:
    """A goaway is nothing to act on."""
    _ignore("goaway")


def _ignore(kind: str) -> None:
    take = connection.Connection._take

    def take_others(self: Any, head: Head, body: bytes, now: float) -> None:
        if head.kind != kind:
            take(self, head, body, now)

    connection.Connection._take = take_others  # type: ignore[method-assign]


def tolerates_what_only_clients_send() -> None:
    """A frame that no server sends is ignored."""
    take = connection.Connection._take

    def take_all(self: Any, head: Head, body: bytes, now: float) -> None:
        try:
            take(self, head, body, now)
        except ProtocolError as error:
            if "does not send" not in str(error):
                raise

    connection.Connection._take = take_all  # type: ignore[method-assign]


def tells_nobody_of_a_cancel() -> None:
    """A call that was given up is forgotten, and the server is not told."""
    give_up = connection.Connection._give_up

    def in_silence(self: Any, call: Call, failure: Failed) -> None:
        before = len(self._outgoing)
        give_up(self, call, failure)
        del self._outgoing[before:]

    connection.Connection._give_up = in_silence  # type: ignore[method-assign]


def begins_every_id_at_1() -> None:
    """An id that was used is used again."""
    start = connection.Connection.start

    def start_anew(self: Any, call: Any, now: float) -> bool:
        if not self._calls:
            self._last_id = 0
        return start(self, call, now)

    connection.Connection.start = start_anew  # type: ignore[method-assign]


def reads_a_cut_stream_as_complete() -> None:
    """The end of the connection is the end of the stream."""
    lost = connection.Connection.lost

    def ended(self: Any, why: str = "") -> list[Any]:
        for call in self._calls.values():
            if call.receives_items:
                call.finish(Ended(b""))
        return lost(self, why)

    connection.Connection.lost = ended  # type: ignore[method-assign]


FAULTS: list[Callable[[], None]] = [
    gives_no_credit,
    gives_half_the_credit,
    ignores_credit,
    takes_errors_for_success,
    repeats_commands,
    never_tries_again,
    answers_no_ping,
    ignores_goaways,
    tolerates_what_only_clients_send,
    tells_nobody_of_a_cancel,
    begins_every_id_at_1,
    reads_a_cut_stream_as_complete,
]

if __name__ == "__main__":
    {fault.__name__: fault for fault in FAULTS}[sys.argv[1]]()
    conformance_client.run_sync()
