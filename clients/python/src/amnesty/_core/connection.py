# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""One connection to the daemon as a state machine: bytes and calls in, bytes and outcomes out; no socket, no clock, no thread.

Every input that may concern a call returns the calls that have something new for whoever waits on them; what is to be written gathers
until `take_outgoing`. Time is whatever the owner counts seconds by.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Generic, TypeVar

from amnesty._core import statuses
from amnesty._core.call import Call, Ended, Failed, Stage
from amnesty._core.frames import (
    DEFAULT_MAX_FRAME,
    HEAD_BYTES,
    LARGEST_FRAME,
    LARGEST_INTEGER,
    LEAST_MAX_FRAME,
    REQUEST_WINDOW,
    FrameReader,
    Head,
    ProtocolError,
    write,
)
from amnesty._core.json import JSON, encode
from amnesty.options import Configuration
from amnesty.session import Session
from amnesty.status import Code, Status, details_from_json

C = TypeVar("C", bound=Call)

# Calls that may be open before the daemon's hello says how many.
_OPEN_CALLS = 128


class Connection(Generic[C]):
    """Which calls are open, which wait for their turn, and which still owe an `end`."""

    def __init__(self, configuration: Configuration, *, last_id: int = 0) -> None:
        self.session: Session | None = None
        self.is_closed = False
        self._is_draining = False
        # What a call that comes too late is told.
        self._goaway: Status | None = None
        self._reader = FrameReader(configuration.max_frame)
        self._credit_step = max(1, configuration.window // 4)
        self._calls: dict[int, C] = {}
        self._queue: deque[C] = deque()
        self._last_id = last_id
        self._open_calls = 0
        self._limit = _OPEN_CALLS
        self._max_frame = DEFAULT_MAX_FRAME
        self._request_window = REQUEST_WINDOW
        self._outgoing: list[bytes] = []
        self._touched: dict[C, None] = {}
        self._write({"hello": 1, "agent": configuration.agent, "maxFrame": configuration.max_frame, "window": configuration.window})

    @property
    def accepts_calls(self) -> bool:
        """Whether a new call may be started here."""
        return not self.is_closed and not self._is_draining and self._last_id < LARGEST_INTEGER

    @property
    def refusal(self) -> Failed:
        """Why `start` took no call: nothing of it was sent."""
        return Failed(self._goaway or statuses.connection_lost("The connection went away"), never_executed=True)

    @property
    def is_idle(self) -> bool:
        """Whether no call is open or waits."""
        return not self._calls

    @property
    def next_deadline(self) -> float | None:
        """When `expire` has something to do next."""
        return min((call.deadline for call in self._waited_for() if call.deadline is not None), default=None)

    def take_outgoing(self) -> bytes:
        """What is to be written, once."""
        outgoing = b"".join(self._outgoing)
        self._outgoing.clear()
        return outgoing

    # The caller's inputs

    def start(self, call: C, now: float) -> bool:
        """Sends the call, or lets it wait for its turn, or ends it at once. False: take another connection, nothing was sent."""
        if call.deadline is not None and call.deadline <= now:
            call.finish(Failed(statuses.deadline_passed(), never_executed=True))
            return True
        if not self.accepts_calls:
            return False
        unsendable = self._unsendable(call, now)
        if unsendable:
            call.finish(Failed(unsendable, never_executed=True))
            return True
        self._last_id += 1
        call.id = self._last_id
        self._calls[call.id] = call
        # Ids go up on the wire, so nobody overtakes those that wait.
        if self._queue or self._open_calls >= self._limit:
            call.stage = Stage.QUEUED
            self._queue.append(call)
        else:
            self._send_call(call, now)
        return True

    def send_item(self, call: C, body: bytes) -> bool:
        """Sends an item; false where the call takes none now (see `Call.may_send`).

        Raises Status RESOURCE_EXHAUSTED, reason MESSAGE_TOO_LARGE.
        """
        if not call.may_send:
            return False
        frame = write({"item": call.id}, body)
        if len(frame) - 4 > self._max_frame:
            raise statuses.message_too_large(len(frame) - 4, self._max_frame)
        self._outgoing.append(frame)
        call.credit -= len(body)
        return True

    def half_close(self, call: C) -> None:
        """There are no more items; does nothing where the call has ended."""
        if call.stage is Stage.OPEN and not call.half_closed:
            call.half_closed = True
            self._write({"done": call.id})

    def cancel(self, call: C, status: Status | None = None) -> list[C]:
        """The caller gave up: the call ends CANCELLED here, and the daemon is told (K-8)."""
        return self._abandon(call, Failed(status or statuses.cancelled("The caller gave up")))

    def owes_credit(self, call: C) -> bool:
        """Whether enough was taken to say so. What is below a step is kept: the daemon has three quarters of the window then."""
        return call.consumed >= self._credit_step

    def give_credit(self, call: C) -> None:
        """Gives back what the caller has taken (W-11)."""
        self._give_credit(call, call.consumed)
        call.consumed = 0

    # The daemon's inputs

    def receive(self, data: bytes, now: float) -> list[C]:
        """Takes what was read. After a protocol error `is_closed` is true, and the owner closes the socket (G-6)."""
        if self.is_closed:
            return []
        self._reader.feed(data)
        try:
            while (frame := self._reader.next()) is not None:
                if frame.head is not None:
                    self._take(frame.head, frame.body, now)
        except ProtocolError as error:
            self._close(f"The daemon broke the protocol ({error}); the connection was closed")
        return self._take_touched()

    def lost(self, why: str = "The connection ended") -> list[C]:
        """Nothing more is read or written; calls without an `end` have failed (X-5)."""
        self._close(why)
        return self._take_touched()

    def expire(self, now: float) -> list[C]:
        """Ends the calls whose time is up, and tells the daemon (K-7)."""
        for call in sorted(self._waited_for(), key=lambda call: call.id):
            if call.deadline is not None and call.deadline <= now:
                queued = call.stage is Stage.QUEUED
                self._give_up(call, Failed(statuses.deadline_passed(), never_executed=queued))
        return self._take_touched()

    def _take(self, head: Head, body: bytes, now: float) -> None:
        match head.kind:
            case "item":
                self._take_item(head.value, body)
            case "end":
                self._take_end(head, body, now)
            case "credit":
                self._take_credit(head)
            case "ping":
                self._write({"pong": head.value})
            case "hello":
                self._take_hello(head, now)
            case "goaway":
                self._take_goaway(head)
            case "pong":
                pass
            case kind:
                raise ProtocolError(f"a server does not send {kind}")

    def _take_item(self, number: int, body: bytes) -> None:
        call = self._call(number, "item")
        if call is None:
            return
        if call.stage is Stage.ABANDONED:
            self._give_credit(call, len(body))
        elif not call.receives_items:
            raise ProtocolError(f"item {number} belongs to no stream")
        else:
            call.inbox.append(body)
            self._touch(call)

    def _take_end(self, head: Head, body: bytes, now: float) -> None:
        call = self._calls.get(head.value)
        if call is None or call.stage is Stage.QUEUED:
            raise ProtocolError(f"end {head.value} belongs to no open call")
        failure = _failure(head)
        del self._calls[head.value]
        self._open_calls -= 1
        call.stage = Stage.OVER
        if call.outcome is None:
            call.finish(Failed(failure) if failure else Ended(body))
            self._touch(call)
        self._send_waiting(now)

    def _take_credit(self, head: Head) -> None:
        amount = head.members.get("bytes")
        if type(amount) is not int or not 1 <= amount <= LARGEST_INTEGER:
            raise ProtocolError("a credit without bytes")
        call = self._call(head.value, "credit")
        if call is not None and call.stage is Stage.OPEN:
            call.credit = min(call.credit + amount, LARGEST_INTEGER)
            self._touch(call)

    def _take_hello(self, head: Head, now: float) -> None:
        limits = _integers(head.members.get("limits", {}))
        roles = head.members.get("roles", [])
        if not isinstance(roles, list):
            raise ProtocolError("roles of a hello are no array")
        self.session = Session(
            id=_text(head, "session"),
            principal=_text(head, "principal"),
            roles=tuple(role for role in roles if isinstance(role, str)),
            limits=limits,
            agent=_text(head, "agent"),
        )
        self._max_frame = min(_integer(head, "maxFrame", self._max_frame, least=LEAST_MAX_FRAME), LARGEST_FRAME)
        self._request_window = max(_integer(head, "window", 0), REQUEST_WINDOW)
        if "calls" in limits:
            self._limit = max(1, limits["calls"])
            self._send_waiting(now)

    def _take_goaway(self, head: Head) -> None:
        self._is_draining = True
        reason = _text(head, "reason") or ""
        status = statuses.went_away(reason, _text(head, "message"))
        # Who broke the protocol once does not on every connection: that concerns only the calls of this one.
        self._goaway = None if reason == "PROTOCOL_ERROR" else status
        failure = Failed(status, never_executed=self._goaway is not None)
        for call in sorted(self._waited_for(), key=lambda call: call.id):
            if call.stage is Stage.QUEUED:
                del self._calls[call.id]
                call.stage = Stage.OVER
            elif call.id > head.value:
                call.stage = Stage.ABANDONED
            else:
                continue
            call.finish(failure)
            self._touch(call)
        self._queue.clear()

    # Inside

    def _call(self, number: int, kind: str) -> C | None:
        """The call of a frame; None for one that has ended, whose frames are ignored (C-15)."""
        call = self._calls.get(number)
        if (call is None and number > self._last_id) or (call is not None and call.stage is Stage.QUEUED):
            raise ProtocolError(f"{kind} {number} belongs to no call")
        return call

    def _unsendable(self, call: C, now: float) -> Status | None:
        """Why the call's frame would cost the connection, or is refused for certain: looked at where it might be."""
        if not call.actor and not call.metadata and len(call.body or b"") <= self._max_frame - 256:
            return None
        try:
            head = encode(call.head(now))
        except ValueError as error:
            return statuses.unwritable_request(str(error))
        if len(head) > HEAD_BYTES:
            return statuses.invalid_head("metadata", f"with it the head has {len(head)} bytes, at most {HEAD_BYTES} are read")
        length = len(head) + (0 if call.body is None else 1 + len(call.body))
        return statuses.message_too_large(length, self._max_frame) if length > self._max_frame else None

    def _waited_for(self) -> Iterable[C]:
        return (call for call in self._calls.values() if call.stage is not Stage.ABANDONED)

    def _send_call(self, call: C, now: float) -> None:
        call.stage = Stage.OPEN
        call.credit = self._request_window
        self._open_calls += 1
        self._write(call.head(now), call.body)

    def _send_waiting(self, now: float) -> None:
        while self._queue and self._open_calls < self._limit:
            call = self._queue.popleft()
            # One that was given up meanwhile is still in the queue.
            if call.stage is Stage.QUEUED:
                self._send_call(call, now)
                self._touch(call)

    def _abandon(self, call: C, failure: Failed) -> list[C]:
        self._give_up(call, failure)
        return self._take_touched()

    def _give_up(self, call: C, failure: Failed) -> None:
        if call.outcome is not None:
            return
        if call.stage is Stage.OPEN:
            call.stage = Stage.ABANDONED
            self._write({"cancel": call.id})
        elif call.stage is Stage.QUEUED:
            call.stage = Stage.OVER
            del self._calls[call.id]
        call.inbox.clear()
        call.finish(failure)
        self._touch(call)

    def _give_credit(self, call: C, amount: int) -> None:
        if amount > 0 and call.stage in (Stage.OPEN, Stage.ABANDONED):
            self._write({"credit": call.id, "bytes": amount})

    def _close(self, why: str) -> None:
        if self.is_closed:
            return
        self.is_closed = True
        self._outgoing.clear()
        for call in sorted(self._waited_for(), key=lambda call: call.id):
            call.finish(Failed(statuses.connection_lost(why), never_executed=call.stage is Stage.QUEUED))
            call.stage = Stage.OVER
            self._touch(call)
        self._calls.clear()
        self._queue.clear()

    def _write(self, head: dict[str, JSON], body: bytes | None = None) -> None:
        self._outgoing.append(write(head, body))

    def _touch(self, call: C) -> None:
        self._touched[call] = None

    def _take_touched(self) -> list[C]:
        touched = list(self._touched)
        self._touched.clear()
        return touched


def _failure(head: Head) -> Status | None:
    """What an `end` says if not OK; `"code":"OK"` reads like no code (E-11)."""
    if not head.members:
        return None
    code = _text(head, "code")
    message = _text(head, "message")
    details = head.members.get("details", [])
    if not isinstance(details, list):
        raise ProtocolError("details of an end are no array")
    if code is None or code == Code.OK:
        return None
    metadata: dict[str, list[str]] = {}
    sent = head.members.get("metadata", {})
    if not isinstance(sent, dict):
        raise ProtocolError("metadata of an end are no object")
    for name, values in sent.items():
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise ProtocolError("metadata of an end are no arrays of strings")
        metadata[name] = [str(value) for value in values]
    return Status(Code(code), message or "", details=details_from_json(details), metadata=metadata)


def _text(head: Head, name: str) -> str | None:
    if name not in head.members:
        return None
    value = head.members[name]
    if not isinstance(value, str):
        raise ProtocolError(f"{name} of a {head.kind} is no string")
    return value


def _integer(head: Head, name: str, default: int, *, least: int = 0) -> int:
    value = head.members.get(name, default)
    if type(value) is not int or not least <= value <= LARGEST_INTEGER:
        raise ProtocolError(f"{name} of a {head.kind} is out of range")
    return value


def _integers(value: JSON) -> dict[str, int]:
    if not isinstance(value, dict):
        raise ProtocolError("limits of a hello are no object")
    limits: dict[str, int] = {}
    for name, limit in value.items():
        if type(limit) is not int:
            raise ProtocolError(f"the limit {name} of a hello is no integer")
        limits[name] = limit
    return limits
