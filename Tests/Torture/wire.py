# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""One connection of amnesty/1, as bare as can be: every frame is the caller's, nothing is repeated, and how a call
failed is told as it came.
"""

from __future__ import annotations

import json
import os
import socket
from typing import Any

HEALTH = "grpc.health.v1.Health/Check"
ASSESS = "amnesty.v1.EligibilityService/Assess"
CASE, DECISION, AFTERCARE = "amnesty.v1.CaseService/", "amnesty.v1.DecisionService/", "amnesty.v1.AftercareService/"


class Refused(Exception):
    """The call ended with a code other than OK."""

    def __init__(self, head: dict[str, Any]) -> None:
        self.code: str = head["code"]
        information: dict[str, Any] = next(
            (each for each in head.get("details", []) if each.get("@type", "").endswith("ErrorInfo")), {}
        )
        self.reason: str | None = information.get("reason")
        self.cause: str | None = information.get("metadata", {}).get("cause")
        # Such a command must not be found later, whatever happens.
        self.says_unchanged = "Nothing was changed" in (head.get("message") or "")
        super().__init__(f"{self.code} {self.reason} {self.cause or ''}: {head.get('message')}")

    @property
    def is_of_the_register(self) -> bool:
        """Whether the daemon said that its register cannot be used."""
        return (self.code, self.reason) == ("UNAVAILABLE", "REGISTER_UNAVAILABLE")


class GoneAway(ConnectionError):
    """The daemon said that it takes no more calls on this connection."""

    def __init__(self, head: dict[str, Any]) -> None:
        self.reason: str = head["reason"]
        super().__init__(f"goaway {self.reason}")


def frame(head: dict[str, Any], body: Any = None) -> bytes:
    payload = json.dumps(head).encode() + (b"" if body is None else b"\n" + json.dumps(body).encode())
    return len(payload).to_bytes(4, "big") + payload


class Connection:
    """Frames over a Unix socket; a dead peer is ConnectionError, whatever the kernel calls it."""

    def __init__(self, path: os.PathLike[str] | str, timeout: float = 60) -> None:
        self.peer = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.peer.settimeout(timeout)
        self.buffer = bytearray()
        self.last = 0
        try:
            self.peer.connect(str(path))
        except TimeoutError:
            self.peer.close()
            raise
        except OSError as error:
            self.peer.close()
            raise ConnectionError(str(error)) from error

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.peer.close()

    def send(self, head: dict[str, Any], body: Any = None) -> None:
        try:
            self.peer.sendall(frame(head, body))
        except TimeoutError:
            raise
        except OSError as error:
            raise ConnectionError(str(error)) from error

    def receive(self) -> tuple[dict[str, Any], Any]:
        head, _, body = self._take(int.from_bytes(self._take(4), "big")).partition(b"\n")
        return json.loads(head), json.loads(body) if body else None

    def _take(self, count: int) -> bytes:
        while len(self.buffer) < count:
            try:
                chunk = self.peer.recv(1 << 16)
            except TimeoutError:
                raise
            except OSError as error:
                raise ConnectionError(str(error)) from error
            if not chunk:
                raise ConnectionError("end of input")
            self.buffer += chunk
        taken = bytes(self.buffer[:count])
        del self.buffer[:count]
        return taken

    def start(self, method: str, body: Any = None, actor: str | None = None, **members: Any) -> int:
        self.last += 1
        self.send({"call": self.last, "method": method, **({"actor": actor} if actor else {}), **members}, body)
        return self.last

    def call(self, method: str, body: Any, actor: str | None = None, **members: Any) -> Any:
        identifier = self.start(method, body, actor, **members)
        while True:
            head, answer = self.receive()
            if "goaway" in head and head["goaway"] < identifier:
                raise GoneAway(head)
            if head.get("end") == identifier:
                if head.get("code", "OK") != "OK":
                    raise Refused(head)
                return answer if answer is not None else {}

    def health(self, service: str = "") -> str:
        status: str = self.call(HEALTH, {"service": service})["status"]
        return status
