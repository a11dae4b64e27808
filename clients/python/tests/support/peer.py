# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""A connection as the vectors see it: a plain blocking socket, frames out, frames in, pings answered; nothing of the client under test."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.vectors import VectorError, compact, mismatch, outgoing

# Guards against a peer that never answers; no test waits for it to pass.
PATIENCE_SECONDS = 10
NOTHING = object()


@dataclass(frozen=True)
class Incoming:
    """One frame, or one line with its line feed."""

    data: bytes
    head: Any
    # NOTHING where there is none, or an empty one.
    body: Any

    def __str__(self) -> str:
        body = "none" if self.body is NOTHING else compact(self.body)[:600]
        return f"{compact(self.head)[:1000]} with body {body}"


class VectorConnection:
    """Cuts what the peer sends; keeps what a step has to give back."""

    def __init__(self, connection: socket.socket, *, in_lines: bool = False) -> None:
        connection.settimeout(PATIENCE_SECONDS)
        self._socket = connection
        self._in_lines = in_lines
        self._buffer = b""
        self._kept: list[Incoming] = []
        self._credit: dict[int, int] = {}

    @classmethod
    def to(cls, path: str | Path, *, in_lines: bool = False) -> VectorConnection:
        """Connects to a server."""
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.connect(str(path))
        return cls(connection, in_lines=in_lines)

    def send(self, data: bytes, *, drip: bool = False) -> None:
        """Writes all of it. A peer that has closed is no error here: what it said before is judged by what is expected next."""
        try:
            for part in [data[i : i + 1] for i in range(len(data))] if drip else [data]:
                self._socket.sendall(part)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def half_close(self) -> None:
        """Closes the writing side."""
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

    def next(self) -> Incoming | None:
        """The next frame that is neither credit nor ping; None when the peer has closed."""
        if self._kept:
            return self._kept.pop(0)
        while (frame := self._any()) is not None:
            if not self._absorb(frame):
                return frame
        return None

    def await_credit(self, amount: int, call: int) -> None:
        """Reads until the peer has given so much credit."""
        passed: list[Incoming] = []
        while self._credit.get(call, 0) < amount:
            frame = self._any()
            if frame is None:
                raise VectorError(f"closed before {amount} bytes of credit came for call {call}")
            if not self._absorb(frame):
                passed.append(frame)
        self._kept += passed

    def _absorb(self, frame: Incoming) -> bool:
        head = frame.head
        if "credit" in head:
            if set(head) != {"credit", "bytes"} or head["bytes"] <= 0:
                raise VectorError(f"a credit of {compact(head)}")
            self._credit[head["credit"]] = self._credit.get(head["credit"], 0) + head["bytes"]
            return True
        if "ping" in head:
            self.send(outgoing({"line" if self._in_lines else "head": {"pong": head["ping"]}}))
            return True
        return False

    def _any(self) -> Incoming | None:
        while True:
            frame = self._cut_line() if self._in_lines else self._cut_frame()
            if frame is not None:
                return frame
            try:
                data = self._socket.recv(64 << 10)
            except ConnectionResetError:
                # A peer that closes with bytes of ours unread resets; what it wrote before was read.
                data = b""
            except TimeoutError:
                raise VectorError(f"nothing came within {PATIENCE_SECONDS} s") from None
            if not data:
                if self._buffer:
                    raise VectorError(f"the peer closed inside a frame, after {len(self._buffer)} bytes of it")
                return None
            self._buffer += data

    def _cut_frame(self) -> Incoming | None:
        if len(self._buffer) < 4:
            return None
        length = int.from_bytes(self._buffer[:4], "big")
        if not 1 <= length <= 4 << 20:
            raise VectorError(f"a frame of length {length}")
        if len(self._buffer) < 4 + length:
            return None
        payload = self._buffer[4 : 4 + length]
        self._buffer = self._buffer[4 + length :]
        head, _, body = payload.partition(b"\n")
        if len(head) > 16384:
            raise VectorError(f"a head of {len(head)} bytes")
        return Incoming(payload, json.loads(head), json.loads(body) if body else NOTHING)

    def _cut_line(self) -> Incoming | None:
        line, found, rest = self._buffer.partition(b"\n")
        if not found:
            return None
        self._buffer = rest
        members = json.loads(line)
        body = members.pop("body", NOTHING)
        return Incoming(line + b"\n", members, body)


def expect(expected: Any, connection: VectorConnection) -> None:
    """The next frame matches."""
    frame = connection.next()
    if frame is None:
        raise VectorError("the peer closed")
    difference = frame_mismatch(expected, frame)
    if difference:
        raise VectorError(f"{difference}; came {frame}")


def frame_mismatch(expected: Any, frame: Incoming) -> str | None:
    """How a frame differs from what a step expects."""
    if "text" in expected:
        return None if expected["text"].encode() == frame.data else f"the bytes are {frame.data!r}"
    if "error" in expected:
        return _error_mismatch(expected["error"], frame)
    difference = mismatch(expected["head"], frame.head)
    if difference:
        return "head: " + difference
    if "body" not in expected:
        return None if frame.body is NOTHING else f"there is a body, {compact(frame.body)[:400]}"
    if frame.body is NOTHING:
        return None if expected["body"] == {"$any": True} else "there is no body"
    difference = mismatch(expected["body"], frame.body)
    return "body: " + difference if difference else None


def _error_mismatch(error: Any, frame: Incoming) -> str | None:
    head = frame.head
    if head.get("end") != error["id"]:
        return f"it is no end of call {error['id']}"
    if head.get("code") != error["code"]:
        return f"the code is {head.get('code')}"
    if frame.body is not NOTHING:
        return "an error with a body"
    if not head.get("message"):
        return "an error without a message"
    others = set(head) - {"end", "code", "message", "details", "metadata"}
    if others:
        return f"an error with {others}"
    infos = [one for one in head.get("details", []) if one["@type"] == "type.googleapis.com/google.rpc.ErrorInfo"]
    if len(infos) != 1:
        return f"there are {len(infos)} ErrorInfo"
    if (infos[0].get("reason"), infos[0].get("domain")) != (error["reason"], "amnesty"):
        return f"the reason is {infos[0].get('reason')} of {infos[0].get('domain')}"
    difference = mismatch(error.get("metadata", {}) | {"...": True}, infos[0].get("metadata", {}))
    return "metadata: " + difference if difference else _violations_mismatch(error, head["details"])


def _violations_mismatch(error: Any, details: Any) -> str | None:
    if "fields" not in error and "total" not in error:
        return None
    found = [one for one in details if one["@type"] == "type.googleapis.com/google.rpc.BadRequest"]
    if not found:
        return "there is no BadRequest"
    fields = sorted(one["field"] for one in found[0].get("fieldViolations", []))
    if "fields" in error and fields != sorted(error["fields"]):
        return f"the fields are {fields}, expected {sorted(error['fields'])}"
    total = found[0].get("violationsTotal")
    return f"violationsTotal is {total}" if "total" in error and total != error["total"] else None
