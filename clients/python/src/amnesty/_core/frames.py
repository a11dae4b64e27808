# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""Frames: a length, a head of one JSON object, maybe a body (sections F and H of protocol/SPEC.md)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from amnesty._core.json import JSON, MalformedJSON, encode, parse

LARGEST_FRAME = (1 << 24) - 1
DEFAULT_MAX_FRAME = 4 << 20
# The least that a hello may offer: room for the error that says a message is too large.
LEAST_MAX_FRAME = 512
HEAD_BYTES = 16 << 10
LARGEST_INTEGER = (1 << 53) - 1
# What every stream of requests may send before the first credit, in bytes of item bodies (W-2).
REQUEST_WINDOW = 256 << 10

_KINDS = frozenset({"hello", "call", "item", "done", "end", "cancel", "credit", "ping", "pong", "goaway"})
_FROM_ZERO = frozenset({"ping", "pong", "goaway"})
# Nearly all heads of a busy connection; fifteen digits are below the greatest id.
_USUAL = re.compile(rb'\{"(item|end)":([1-9][0-9]{0,14})\}')


class ProtocolError(Exception):
    """The peer broke the protocol; the connection cannot go on."""


@dataclass(frozen=True, slots=True)
class Head:
    """A head that holds a kind: `value` is the id, version or number; `members` are the others, unchecked."""

    kind: str
    value: int
    members: dict[str, JSON]


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame; `head` is None where an extension is to be ignored, `body` is empty where there is none."""

    head: Head | None
    body: bytes


def write(head: dict[str, JSON], body: bytes | None = None) -> bytes:
    """The bytes of a frame, its length in front."""
    payload = encode(head)
    if body is not None:
        payload += b"\n" + body
    return len(payload).to_bytes(4, "big") + payload


def parse_head(data: bytes) -> Head | None:
    """What a head says; None for one that an extension may send and nobody here knows.

    Raises ProtocolError.
    """
    usual = _USUAL.fullmatch(data)
    if usual:
        return Head(usual[1].decode("ascii"), int(usual[2]), {})
    try:
        value = parse(data)
    except MalformedJSON as error:
        raise ProtocolError(f"a head is not JSON: {error}") from None
    if not isinstance(value, dict) or not value:
        raise ProtocolError("a head must be an object with members")
    kinds = _KINDS.intersection(value)
    if not kinds:
        if any(name.startswith("x-") for name in value):
            return None
        raise ProtocolError("a head holds no kind, and no member whose name starts with x-")
    if len(kinds) > 1:
        raise ProtocolError("a head holds two kinds")
    (kind,) = kinds
    number = value.pop(kind)
    least = 0 if kind in _FROM_ZERO else 1
    if type(number) is not int or not least <= number <= LARGEST_INTEGER:
        raise ProtocolError(f"the number of a head's {kind} is out of range")
    return Head(kind, number, value)


class FrameReader:
    """Cuts what arrives into frames, however it was spread over reads."""

    def __init__(self, max_frame: int) -> None:
        self._max_frame = max_frame
        self._buffer = bytearray()
        self._start = 0

    def feed(self, data: bytes) -> None:
        """Adds what was read."""
        if self._start:
            del self._buffer[: self._start]
            self._start = 0
        self._buffer += data

    def next(self) -> Frame | None:
        """The next whole frame, or None if more has to arrive.

        Raises ProtocolError.
        """
        buffer, start = self._buffer, self._start
        if len(buffer) - start < 4:
            return None
        length = int.from_bytes(buffer[start : start + 4], "big")
        if length == 0:
            raise ProtocolError("a frame of no bytes")
        if length > self._max_frame:
            raise ProtocolError(f"a frame of {length} bytes, where at most {self._max_frame} were agreed")
        start += 4
        end = start + length
        line_feed = buffer.find(b"\n", start, min(end, start + HEAD_BYTES + 1))
        # A head that is too long is told before all of it has come.
        if line_feed < 0 and min(end, len(buffer)) - start > HEAD_BYTES:
            raise ProtocolError(f"a head of more than {HEAD_BYTES} bytes")
        if len(buffer) < end:
            return None
        self._start = end
        if line_feed < 0:
            return Frame(parse_head(bytes(buffer[start:end])), b"")
        return Frame(parse_head(bytes(buffer[start:line_feed])), bytes(buffer[line_feed + 1 : end]))
