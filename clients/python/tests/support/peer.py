# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""A daemon that does what a test says: a plain blocking socket, frames in and out, nothing of the client under test."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Guards against a client that never sends; no test waits for it to pass.
PATIENCE_SECONDS = 10


@dataclass(frozen=True)
class Frame:
    """What the client sent."""

    head: dict[str, Any]
    body: Any


class ScriptedPeer:
    """One connection of the client."""

    def __init__(self, connection: socket.socket) -> None:
        connection.settimeout(PATIENCE_SECONDS)
        self._socket = connection
        self._reader = connection.makefile("rb")

    def receive(self) -> Frame:
        """The next frame."""
        payload = self._reader.read(int.from_bytes(self._reader.read(4), "big"))
        head, _, body = payload.partition(b"\n")
        return Frame(json.loads(head), json.loads(body) if body else None)

    def send(self, head: dict[str, Any], body: bytes | None = None) -> None:
        """A frame with that body, JSON or not."""
        payload = json.dumps(head).encode() + (b"" if body is None else b"\n" + body)
        self._socket.sendall(len(payload).to_bytes(4, "big") + payload)

    def close(self) -> None:
        """Ends it."""
        self._reader.close()
        self._socket.close()


class Listener:
    """Where the client connects to."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.bind(str(path))
        self._socket.listen()
        self._socket.settimeout(PATIENCE_SECONDS)

    def accept(self) -> ScriptedPeer:
        """The client's next connection, its hello answered."""
        connection, _ = self._socket.accept()
        peer = ScriptedPeer(connection)
        peer.receive()
        peer.send({"hello": 1, "maxFrame": 4 << 20, "window": 262144, "limits": {"calls": 128}})
        return peer

    def close(self) -> None:
        """Listens no more."""
        self._socket.close()
