# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""A connection as the vectors see it: frames out, frames in, credit counted, pings answered, all of it recorded."""

from __future__ import annotations

import select
import socket
import time
from typing import Protocol

from frames import NOTHING, Incoming
from json_text import parse, shortened, shown
from outgoing import encoded
from vectors import OutOfPatience, VectorError

LONGEST_HEAD = 16 << 10
LONGEST_FRAME = 4 << 20


class Companion(Protocol):
    """What else may tell, while a frame is waited for, that none will come."""

    def fileno(self) -> int:
        """Readable when there is news."""
        ...

    def take_news(self) -> None:
        """Reads what there is."""
        ...

    def why_silent(self) -> str | None:
        """Why nothing more will come; None as long as it may."""
        ...


class Record:
    """What went over the connections of one vector, to be shown if it fails."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def note(self, connection: str, direction: str, text: str) -> None:
        """One frame, or one event."""
        self.lines.append(f"{connection} {direction} {text}")


class VectorConnection:
    """Cuts what the peer sends; keeps what a step has to give back."""

    def __init__(
        self, peer: socket.socket, name: str, record: Record, *, patience: float, in_lines: bool = False
    ) -> None:
        peer.settimeout(patience)
        self._socket = peer
        self._name = name
        self._record = record
        self._patience = patience
        self._in_lines = in_lines
        self._buffer = b""
        self._kept: list[Incoming] = []
        self._credit: dict[int, int] = {}

    def send(self, frames: list[bytes], *, drip: bool = False) -> None:
        """Writes all of it at once, or byte by byte. A peer that has closed is no error here: what it said before is
        judged by what is expected next."""
        for frame in frames:
            self._record.note(self._name, ">", _shown_bytes(frame, in_lines=self._in_lines))
        data = b"".join(frames)
        try:
            for part in [data[index : index + 1] for index in range(len(data))] if drip else [data]:
                self._socket.sendall(part)
        except (BrokenPipeError, ConnectionResetError):
            self._record.note(self._name, ">", "(the peer had closed)")
        except TimeoutError:
            raise OutOfPatience(f"the peer has not read what was sent for {self._patience:g} s") from None

    def half_close(self) -> None:
        """Closes the writing side."""
        self._record.note(self._name, ">", "(the writing side is closed)")
        try:
            self._socket.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self) -> None:
        """Closes."""
        self._socket.close()

    def keep(self, frames: list[Incoming]) -> None:
        """Gives frames back, to be read again before what comes."""
        self._kept = frames + self._kept

    def next(self, companion: Companion | None = None) -> Incoming | None:
        """The next frame that is neither credit nor ping; None when the peer has closed."""
        if self._kept:
            return self._kept.pop(0)
        while (frame := self._any(companion)) is not None:
            if not self._absorb(frame):
                return frame
        return None

    def next_frame(self, companion: Companion | None = None) -> Incoming:
        """The same, where the peer is not to close."""
        frame = self.next(companion)
        if frame is None:
            raise VectorError("the peer closed")
        return frame

    def expect_close(self) -> None:
        """The peer closes, and sends nothing before that."""
        frame = self.next()
        if frame is not None:
            raise VectorError("a frame came", expected="the end of the connection", received=str(frame))

    def await_credit(self, amount: int, call: int) -> None:
        """Reads until the peer has given so much credit."""
        passed: list[Incoming] = []
        while self._credit.get(call, 0) < amount:
            given = f"credit of {self._credit.get(call, 0):,} bytes for call {call} came, expected {amount:,}"
            try:
                frame = self._any(None)
            except OutOfPatience as error:
                raise OutOfPatience(f"{given}: {error}") from None
            if frame is None:
                raise VectorError(f"{given}: the peer closed")
            if not self._absorb(frame):
                passed.append(frame)
        self._kept += passed

    def _absorb(self, frame: Incoming) -> bool:
        head = frame.head
        if "credit" in head:
            if set(head) != {"credit", "bytes"} or type(head["bytes"]) is not int or head["bytes"] <= 0:
                raise VectorError("no such credit can be given", received=str(frame))
            self._credit[head["credit"]] = self._credit.get(head["credit"], 0) + head["bytes"]
            return True
        if "ping" in head:
            self.send([encoded({"line" if self._in_lines else "head": {"pong": head["ping"]}})])
            return True
        return False

    def _any(self, companion: Companion | None) -> Incoming | None:
        while True:
            frame = self._cut_line() if self._in_lines else self._cut_frame()
            if frame is not None:
                self._record.note(self._name, "<", str(frame))
                return frame
            data = self._receive(companion)
            if not data:
                if self._buffer:
                    raise VectorError(f"the peer closed inside a frame: {_shown_bytes(self._buffer, in_lines=True)}")
                self._record.note(self._name, "<", "(closed)")
                return None
            self._buffer += data

    def _receive(self, companion: Companion | None) -> bytes:
        await_readable(self._socket, companion, self._patience, "nothing came")
        try:
            return self._socket.recv(64 << 10)
        except ConnectionResetError:
            # A peer that closes with bytes of ours unread resets; what it wrote before was read.
            return b""

    def _cut_frame(self) -> Incoming | None:
        if len(self._buffer) < 4:
            return None
        length = int.from_bytes(self._buffer[:4], "big")
        if not 1 <= length <= LONGEST_FRAME:
            raise VectorError(f"a frame of length {length:,}", received=_shown_bytes(self._buffer, in_lines=True))
        if len(self._buffer) < 4 + length:
            return None
        payload = self._buffer[4 : 4 + length]
        self._buffer = self._buffer[4 + length :]
        head, _, body = payload.partition(b"\n")
        if len(head) > LONGEST_HEAD:
            raise VectorError(f"a head of {len(head):,} bytes")
        return Incoming(payload, _members(head), _value(body) if body else NOTHING)

    def _cut_line(self) -> Incoming | None:
        line, found, rest = self._buffer.partition(b"\n")
        if not found:
            return None
        self._buffer = rest
        members = _members(line)
        body = members.pop("body", NOTHING)
        return Incoming(line + b"\n", members, body)


def await_readable(peer: socket.socket, companion: Companion | None, patience: float, complaint: str) -> None:
    """Returns once there is something to read. Raises VectorError if nothing comes, at once where the companion knows
    that nothing will."""
    deadline = time.monotonic() + patience
    while True:
        sources: list[socket.socket | Companion] = [peer, companion] if companion else [peer]
        ready = select.select(sources, [], [], max(0, deadline - time.monotonic()))[0]
        if peer in ready:
            return
        if companion and companion in ready:
            companion.take_news()
        # What was written before the news is there by now.
        why = companion.why_silent() if companion else None
        if why and not select.select([peer], [], [], 0)[0]:
            raise VectorError(f"{complaint}: {why}")
        if not ready:
            raise OutOfPatience(f"{complaint} within {patience:g} s")


def _members(text: bytes) -> dict[str, object]:
    value = _value(text)
    if not isinstance(value, dict):
        raise VectorError("a head is an object", received=shown(value))
    return value


def _value(text: bytes) -> object:
    try:
        return parse(text)
    except ValueError as error:
        raise VectorError(f"what came is no JSON: {error}", received=shortened(repr(text))) from None


def _shown_bytes(data: bytes, *, in_lines: bool) -> str:
    """A whole frame without its length, head and body apart, if it is text; else bytes."""
    is_whole = not in_lines and len(data) > 4 and int.from_bytes(data[:4], "big") == len(data) - 4
    text = data[4:] if is_whole else data.removesuffix(b"\n")
    if in_lines or is_whole:
        try:
            head, found, body = text.decode("utf-8").partition("\n")
        except UnicodeDecodeError:
            pass
        else:
            if (head + body).replace("\n", "").isprintable():
                return shortened(head, 300) + (f"  {shortened(body, 300)}" if found else "")
    return f"{len(data):,} bytes {shortened(repr(data), 300)}"
