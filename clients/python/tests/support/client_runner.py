# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""Runs the steps of a vector for a client: plays the server, and has the client's user make calls."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from support.peer import PATIENCE_SECONDS, VectorConnection, expect
from support.vectors import Vector, VectorError, compact, mismatch, outgoing

HELLO = {
    "hello": 1,
    "agent": "vectors",
    "session": "1",
    "principal": "user:0",
    "roles": [],
    "maxFrame": 4 << 20,
    "window": 262144,
    "limits": {"calls": 128},
}


@dataclass
class Result:
    """How a call ended for the user."""

    response: Any = None
    items: list[Any] = field(default_factory=list)
    code: str | None = None
    reason: str | None = None


class User(Protocol):
    """What the client's user can do."""

    def start(self, call: dict[str, Any]) -> None:
        """Makes a call."""
        ...

    def cancel(self, name: str) -> None:
        """Gives it up."""
        ...

    def result(self, name: str) -> Result:
        """Waits for its end."""
        ...


class Listener:
    """Where the client under test connects to."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.bind(str(path))
        self._socket.listen()
        self._socket.settimeout(PATIENCE_SECONDS)

    def accept(self) -> VectorConnection:
        """The next connection of the client, its hello answered, if it begins with one."""
        try:
            connection, _ = self._socket.accept()
        except TimeoutError:
            raise VectorError("the client does not connect") from None
        peer = VectorConnection(connection)
        first = peer.next()
        if first is None:
            raise VectorError("the client closed before its first frame")
        if "hello" in first.head:
            peer.send(outgoing({"head": HELLO}))
        else:
            peer.keep([first])
        return peer

    def close(self) -> None:
        """Listens no more."""
        self._socket.close()


class ClientVectorRunner:
    """One vector."""

    def __init__(self, listener: Listener, user: User) -> None:
        self._listener = listener
        self._user = user
        self._peers: dict[str, VectorConnection] = {}
        self._ids: dict[str, dict[str, int]] = {}

    def run(self, vector: Vector) -> None:
        """Raises VectorError, which names the step."""
        try:
            for number, step in enumerate(vector["steps"], 1):
                try:
                    self._run(step)
                except VectorError as error:
                    raise VectorError(f"{vector['name']}, step {number} {compact(step)[:200]}: {error}") from None
        finally:
            for peer in self._peers.values():
                peer.close()

    def _run(self, step: Any) -> None:
        if "start" in step:
            return self._user.start(step["start"])
        if "cancel" in step:
            return self._user.cancel(step["cancel"])
        if "finish" in step:
            return self._finish(step["finish"])
        name = step.get("on", "a")
        if name not in self._peers:
            self._peers[name] = self._listener.accept()
        peer, ids = self._peers[name], self._ids.setdefault(name, {})
        match step:
            case {"send": frames}:
                sent = frames if isinstance(frames, list) else [frames]
                peer.send(b"".join(outgoing(_resolve(frame, ids)) for frame in sent), drip=step.get("drip", False))
            case {"expect": expected}:
                self._expect(expected, peer, ids)
            case {"expectCredit": expected}:
                peer.await_credit(expected["bytes"], _resolve(expected["id"], ids))
            case {"expectClose": _}:
                frame = peer.next()
                if frame is not None:
                    raise VectorError(f"came {frame} instead of the end")
                peer.close()
            case {"close": _}:
                peer.close()
            case _:
                raise VectorError("no such step for a client")

    def _expect(self, expected: Any, peer: VectorConnection, ids: dict[str, int]) -> None:
        name = expected.get("head", {}).get("call")
        if name is not None:
            frame = peer.next()
            if frame is None or "call" not in frame.head:
                raise VectorError(f"came {frame}")
            if frame.head["call"] <= max(ids.values(), default=0):
                raise VectorError(f"the id {frame.head['call']} after {ids}")
            ids[name] = frame.head["call"]
            peer.keep([frame])
        expect(_resolve(expected, ids), peer)

    def _finish(self, expected: Any) -> None:
        result = self._user.result(expected["call"])
        for member, value in (("response", result.response), ("items", result.items)):
            difference = mismatch(expected[member], value) if member in expected else None
            if difference:
                raise VectorError(f"{member}: {difference}; {result}")
        if result.code != expected.get("code") or expected.get("reason", result.reason) != result.reason:
            raise VectorError(f"it ended {result}")


def _resolve(value: Any, ids: dict[str, int]) -> Any:
    """Puts ids in the place of names of calls."""
    if isinstance(value, str):
        return ids.get(value, value)
    if isinstance(value, list):
        return [_resolve(element, ids) for element in value]
    if isinstance(value, dict):
        return {name: _resolve(element, ids) for name, element in value.items()}
    return value
