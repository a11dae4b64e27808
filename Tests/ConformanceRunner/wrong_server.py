# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""A server broken on purpose: `wrong_server.py FAULT SOCKET COMMAND...` starts the real one, and falsifies its answers.

In the words of the command {real} stands for the path at which the real server has to listen.
"""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

Head = dict[str, Any]
# Changes the head of an answer; None: it is not sent.
Fault = Callable[[Head], Head | None]


def nothing(head: Head) -> Head:
    """All as it is: the fault of a run that has to pass."""
    return head


def counts_its_pongs(head: Head) -> Head:
    """The number of a pong is not that of its ping."""
    return head | {"pong": head["pong"] + 1} if "pong" in head else head


def goes_without_a_goaway(head: Head) -> Head | None:
    """The connection just ends."""
    return None if "goaway" in head else head


def tells_another_code(head: Head) -> Head:
    """NOT_FOUND is UNKNOWN."""
    return head | {"code": "UNKNOWN"} if head.get("code") == "NOT_FOUND" else head


def tells_a_wrong_offset(head: Head) -> Head:
    """Bytes of malformed JSON are counted from 1."""
    for detail in head.get("details", []):
        offset = detail.get("metadata", {}).get("offset")
        if offset is not None:
            detail["metadata"]["offset"] = str(int(offset) + 1)
    return head


FAULTS: list[Fault] = [
    nothing,
    counts_its_pongs,
    goes_without_a_goaway,
    tells_another_code,
    tells_a_wrong_offset,
]


class Relay:
    """One connection on its way through."""

    def __init__(self, client: socket.socket, server: socket.socket, fault: Fault) -> None:
        self._client = client
        self._server = server
        self._fault = fault

    def run(self) -> None:
        """Until both sides have ended."""
        back = threading.Thread(target=self._answers, daemon=True)
        back.start()
        try:
            while data := self._client.recv(64 << 10):
                self._server.sendall(data)
            self._server.shutdown(socket.SHUT_WR)
        except OSError:
            # One of both is gone, and the other side's thread sees it.
            pass
        back.join()
        self._client.close()
        self._server.close()

    def _answers(self) -> None:
        reader = self._server.makefile("rb")
        try:
            while beginning := reader.read(1):
                if beginning == b"{":
                    self._client.sendall(self._line(beginning + reader.readline()))
                else:
                    self._client.sendall(self._frame(beginning + reader.read(3), reader))
            self._client.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def _line(self, line: bytes) -> bytes:
        members = json.loads(line)
        body = {"body": members.pop("body")} if "body" in members else {}
        head = self._fault(members)
        return b"" if head is None else _compact(head | body) + b"\n"

    def _frame(self, length: bytes, reader: Any) -> bytes:
        head, separator, body = reader.read(int.from_bytes(length, "big")).partition(b"\n")
        changed = self._fault(json.loads(head))
        if changed is None:
            return b""
        payload: bytes = _compact(changed) + separator + body
        return len(payload).to_bytes(4, "big") + payload


def _compact(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def main(fault: Fault, path: str, command: list[str]) -> None:
    """Until SIGTERM."""
    real = path + ".real"
    server = subprocess.Popen([word.replace("{real}", real) for word in command])
    signal.signal(signal.SIGTERM, lambda number, frame: server.terminate())
    upstream = _connected(real, server)
    upstream.close()
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(path)
    listener.listen()
    while True:
        client, _ = listener.accept()
        threading.Thread(target=Relay(client, _connected(real, server), fault).run, daemon=True).start()


def _connected(path: str, server: subprocess.Popen[bytes]) -> socket.socket:
    """Connects; while the server starts, tries again."""
    while True:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(path)
            return connection
        except OSError:
            connection.close()
            try:
                server.wait(0.01)
            except subprocess.TimeoutExpired:
                continue
            sys.exit("the real server has left")


if __name__ == "__main__":
    main({fault.__name__: fault for fault in FAULTS}[sys.argv[1]], sys.argv[2], sys.argv[3:])
