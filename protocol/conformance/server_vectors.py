# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""Runs the steps of a vector for a server."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from connection import Record, VectorConnection
from frames import NOTHING, Incoming, check, frame_mismatch, readable
from outgoing import encoded
from vectors import Step, Vector, VectorError


@dataclass(frozen=True)
class Endpoint:
    """A server, as a vector meets it."""

    connect: Callable[[], socket.socket]
    # Tells it to stop.
    drain: Callable[[], None]


class ServerVectorRun:
    """One vector against one server."""

    def __init__(self, vector: Vector, endpoint: Endpoint, patience: float) -> None:
        self.record = Record()
        self.step = 0
        self._vector = vector
        self._endpoint = endpoint
        self._patience = patience
        self._connections: dict[str, VectorConnection] = {}

    def run(self) -> None:
        """Raises VectorError; `step` is then the number of the step."""
        try:
            for self.step, step in enumerate(self._vector.steps, 1):
                self._run(step, self._connection(step.get("on", "a")))
        finally:
            for connection in self._connections.values():
                connection.close()

    def _connection(self, name: str) -> VectorConnection:
        if name not in self._connections:
            self._connections[name] = VectorConnection(
                self._endpoint.connect(), name, self.record, patience=self._patience, in_lines=self._vector.in_lines
            )
        return self._connections[name]

    def _run(self, step: Step, connection: VectorConnection) -> None:
        match step:
            case {"send": frames}:
                sent = frames if isinstance(frames, list) else [frames]
                connection.send([encoded(frame) for frame in sent], drip=step.get("drip", False))
            case {"expect": expected}:
                check(expected, connection.next_frame())
            case {"expectAll": expected}:
                _expect_all(list(expected), connection)
            case {"expectItems": expected}:
                _expect_items(expected, connection)
            case {"expectCredit": expected}:
                connection.await_credit(expected["bytes"], expected["id"])
            case {"skipTo": expected}:
                while frame_mismatch(expected, connection.next_frame()):
                    pass
            case {"expectClose": _}:
                connection.expect_close()
            case {"halfClose": _}:
                connection.half_close()
            case {"close": _}:
                connection.close()
            case {"drain": _}:
                self._endpoint.drain()
            case {"connect": _}:
                pass
            case _:
                raise ValueError(f"{self._vector.name}: step {self.step} is none for a server")


def _expect_all(left: list[dict[str, Any]], connection: VectorConnection) -> None:
    while left:
        frame = connection.next_frame()
        index = next((i for i, expected in enumerate(left) if frame_mismatch(expected, frame) is None), None)
        if index is None:
            why = frame_mismatch(left[0], frame) if len(left) == 1 else "it is none of those that were still to come"
            raise VectorError(str(why), expected=" or ".join(map(readable, left)), received=str(frame))
        del left[index]


def _expect_items(expected: dict[str, Any], connection: VectorConnection) -> None:
    others: list[Incoming] = []
    for index in range(expected["count"]):
        while True:
            frame = connection.next_frame()
            if frame.head == {"item": expected["id"]} and frame.body is not NOTHING:
                break
            if not expected.get("among") or frame.head.get("end") == expected["id"]:
                expectation = f"{expected['count']} items of call {expected['id']}"
                raise VectorError(f"{index} items came, then another frame", expected=expectation, received=str(frame))
            others.append(frame)
    connection.keep(others)
