# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""Runs the steps of a vector for a server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from support.peer import NOTHING, Incoming, VectorConnection, expect, frame_mismatch
from support.vectors import Vector, VectorError, compact, outgoing


def run_server_vector(vector: Vector, path: Path, drain: Callable[[], None]) -> None:
    """Raises VectorError, which names the step."""
    connections: dict[str, VectorConnection] = {}
    try:
        for number, step in enumerate(vector["steps"], 1):
            name = step.get("on", "a")
            if name not in connections:
                connections[name] = VectorConnection.to(path, in_lines=vector.get("mode") == "lines")
            try:
                _run(step, connections[name], drain)
            except VectorError as error:
                raise VectorError(f"{vector['name']}, step {number} {compact(step)[:200]}: {error}") from None
    finally:
        for connection in connections.values():
            connection.close()


def _run(step: Any, connection: VectorConnection, drain: Callable[[], None]) -> None:
    match step:
        case {"send": list() as frames}:
            connection.send(b"".join(map(outgoing, frames)), drip=step.get("drip", False))
        case {"send": frame}:
            connection.send(outgoing(frame), drip=step.get("drip", False))
        case {"expect": expected}:
            expect(expected, connection)
        case {"expectAll": expected}:
            _expect_all(list(expected), connection)
        case {"expectItems": expected}:
            _expect_items(expected, connection)
        case {"expectCredit": expected}:
            connection.await_credit(expected["bytes"], expected["id"])
        case {"skipTo": expected}:
            while frame_mismatch(expected, _next(connection)):
                pass
        case {"expectClose": _}:
            frame = connection.next()
            if frame is not None:
                raise VectorError(f"came {frame} instead of the end")
        case {"halfClose": _}:
            connection.half_close()
        case {"close": _}:
            connection.close()
        case {"drain": _}:
            drain()
        case {"connect": _}:
            pass
        case _:
            raise VectorError("no such step")


def _next(connection: VectorConnection) -> Incoming:
    frame = connection.next()
    if frame is None:
        raise VectorError("the peer closed")
    return frame


def _expect_all(left: list[Any], connection: VectorConnection) -> None:
    while left:
        frame = _next(connection)
        index = next((i for i, expected in enumerate(left) if frame_mismatch(expected, frame) is None), None)
        if index is None:
            raise VectorError(f"came {frame}, which is none of {compact(left)}: {frame_mismatch(left[0], frame)}")
        del left[index]


def _expect_items(expected: Any, connection: VectorConnection) -> None:
    others: list[Incoming] = []
    for index in range(expected["count"]):
        while True:
            frame = _next(connection)
            if frame.head == {"item": expected["id"]} and frame.body is not NOTHING:
                break
            if not expected.get("among") or frame.head.get("end") == expected["id"]:
                raise VectorError(f"after {index} items came {frame}")
            others.append(frame)
    connection.keep(others)
