# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""Runs the steps of a vector for a client: plays the server, and tells the client's user what to do."""

from __future__ import annotations

import socket
import tempfile
from pathlib import Path
from typing import Any

from client_under_test import CannotStart, ClientUnderTest
from connection import Record, VectorConnection, await_readable
from frames import NOTHING, check
from json_text import shown
from outgoing import encoded
from patterns import mismatch
from vectors import OutOfPatience, Step, Vector, VectorError

HELLO = {
    "hello": 1,
    "agent": "vectors",
    "session": "1",
    "principal": "user:0",
    "roles": [],
    "maxFrame": 4 << 20,
    "window": 256 << 10,
    "limits": {"calls": 128},
}


class ClientVectorRun:
    """One vector against one client."""

    def __init__(self, vector: Vector, client: ClientUnderTest, patience: float) -> None:
        self.record = Record()
        self.step = 0
        self._vector = vector
        self._client = client
        self._patience = patience
        self._connections: dict[str, VectorConnection] = {}
        # By connection: the ids that the client has given its calls, by the name that they have in the vector.
        self._ids: dict[str, dict[str, int]] = {}
        self._calls: dict[str, int] = {}

    def run(self) -> None:
        """Raises VectorError; `step` is then the number of the step."""
        with (
            tempfile.TemporaryDirectory(prefix="vectors-") as folder,
            socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener,
        ):
            path = Path(folder) / "a.sock"
            listener.bind(str(path))
            listener.listen()
            self._listener = listener
            try:
                self._client.begin(self._vector.name, path)
                for self.step, step in enumerate(self._vector.steps, 1):
                    self._run(step)
            except OutOfPatience as error:
                # It may be stuck, and would fail all that follow.
                self._client.stop()
                if not self._client.has_acted:
                    raise CannotStart(f"the client has done nothing since its start: {error}") from None
                raise
            finally:
                for connection in self._connections.values():
                    connection.close()

    def _run(self, step: Step) -> None:
        match step:
            case {"start": call}:
                self.record.note("user", "-", f"starts {shown(call, 300)}")
                self._calls[call["call"]] = self._client.start(call)
            case {"cancel": name}:
                self.record.note("user", "-", f"cancels {name}")
                self._client.cancel(self._calls[name])
            case {"finish": expected}:
                self._finish(expected)
            case _:
                self._run_on_connection(step, step.get("on", "a"))

    def _run_on_connection(self, step: Step, name: str) -> None:
        if name not in self._connections:
            self._connections[name] = self._accept(name)
        connection, ids = self._connections[name], self._ids.setdefault(name, {})
        match step:
            case {"send": frames}:
                sent = frames if isinstance(frames, list) else [frames]
                connection.send([encoded(_resolved(frame, ids)) for frame in sent], drip=step.get("drip", False))
            case {"expect": expected}:
                self._expect(expected, connection, ids)
            case {"expectCredit": expected}:
                connection.await_credit(expected["bytes"], _resolved(expected["id"], ids))
            case {"expectClose": _}:
                connection.expect_close()
                connection.close()
            case {"close": _}:
                self.record.note(name, ">", "(closed)")
                connection.close()
            case _:
                raise ValueError(f"{self._vector.name}: step {self.step} is none for a client")

    def _accept(self, name: str) -> VectorConnection:
        """The client's next connection; its hello, if it sends one, is answered."""
        await_readable(
            self._listener, self._client, self._client.patience, f"the client did not make connection {name}"
        )
        self._client.note_act()
        peer, _ = self._listener.accept()
        connection = VectorConnection(peer, name, self.record, patience=self._patience)
        first = connection.next(self._client)
        if first is None:
            raise VectorError(f"the client closed connection {name} before its first frame")
        if "hello" not in first.head:
            connection.keep([first])
        elif first.body is not NOTHING or type(first.head["hello"]) is not int or first.head["hello"] < 1:
            raise VectorError("a hello of no version", received=str(first))
        else:
            connection.send([encoded({"head": HELLO})])
        return connection

    def _expect(self, expected: dict[str, Any], connection: VectorConnection, ids: dict[str, int]) -> None:
        name = expected.get("head", {}).get("call")
        if name is None:
            return check(_resolved(expected, ids), connection.next_frame())
        frame = connection.next_frame(self._client)
        identifier = frame.head.get("call")
        if type(identifier) is int:
            if identifier <= max(ids.values(), default=0):
                raise VectorError(f"the id of a call is above the last one, {max(ids.values())}", received=str(frame))
            ids[name] = identifier
        check(_resolved(expected, ids), frame)

    def _finish(self, expected: dict[str, Any]) -> None:
        result = self._client.result(self._calls[expected["call"]])
        self.record.note("user", "-", f"is told of {expected['call']}: {result}")
        told = f"call {expected['call']} ends for the client's user"
        shown_expected = shown({name: value for name, value in expected.items() if name != "call"})
        for member, value in (("response", result.response), ("items", result.items)):
            difference = mismatch(expected[member], value) if member in expected else None
            if difference:
                raise VectorError(f"{told}, {member}: {difference}", expected=shown_expected, received=str(result))
        if result.code != expected.get("code") or expected.get("reason", result.reason) != result.reason:
            ended = " ".join(filter(None, [result.code or "OK", result.reason]))
            raise VectorError(f"{told} with {ended}", expected=shown_expected, received=str(result))


def _resolved(value: Any, ids: dict[str, int]) -> Any:
    """Puts ids in the place of names of calls."""
    if isinstance(value, str):
        return ids.get(value, value)
    if isinstance(value, list):
        return [_resolved(element, ids) for element in value]
    if isinstance(value, dict):
        return {name: _resolved(element, ids) for name, element in value.items()}
    return value
