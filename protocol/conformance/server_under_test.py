# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""The server under test: one that runs already, or one that is started here, afresh for each vector that needs it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from connection import Record, VectorConnection
from outgoing import encoded
from server_vectors import Endpoint
from vectors import Vector, VectorError

CONTROL = "amnesty.conformance.v1.Control"
# Section M of SPEC.md.
DEFAULT_LIMITS = {
    "maxFrame": 4 << 20,
    "window": 256 << 10,
    "head": 16 << 10,
    "metadata": 64,
    "calls": 128,
    "connections": 1024,
    "connectionsPerUser": 128,
    "connectionRatePerUser": 256,
    "firstFrameMs": 10_000,
    "unaryTimeoutMs": 30_000,
    "idempotencyKeyMs": 8 * 24 * 3600 * 1000,
}
START_SECONDS = 30


class Unreachable(Exception):
    """There is no server to test."""


@dataclass(frozen=True)
class Offers:
    """What the server says of itself."""

    has_control: bool
    other_limits: tuple[str, ...]
    roles: tuple[str, ...] | None


@dataclass(frozen=True)
class Options:
    """Where the server is, or how it is started."""

    command: list[str] = field(default_factory=list)
    socket: Path | None = None
    restricted_socket: Path | None = None
    # Who connects where the runner is to hold no role.
    restricted_user: int | None = None
    patience: float = 10


class StartedServer:
    """A process in a folder of its own; on entry it listens, on exit it is gone."""

    def __init__(self, command: list[str], *, is_open: bool) -> None:
        self._command = command
        self._is_open = is_open
        self.folder = Path(tempfile.mkdtemp(prefix="vectors-"))
        self.socket = self.folder / "a.sock"
        self.restricted_socket = self.folder / "b.sock"

    def __enter__(self) -> Self:
        places = {"{socket}": self.socket, "{restricted}": self.restricted_socket, "{folder}": self.folder}
        words = list(self._command)
        for name, path in places.items():
            words = [word.replace(name, str(path)) for word in words]
        try:
            with (self.folder / "log").open("wb") as log:
                # A group of its own, so that on exit nothing is left of a script that starts the server.
                self._process = subprocess.Popen(
                    words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
                )
        except OSError as error:
            shutil.rmtree(self.folder)
            raise Unreachable(f"{words[0]}: {error.strerror}") from None
        try:
            self._await_listening()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self._process.wait()
        # Others of the group may still be ending, and write while this removes.
        for _ in range(10):
            shutil.rmtree(self.folder, ignore_errors=True)
            if not self.folder.exists():
                return

    def stop(self) -> None:
        """Tells it to end in good order."""
        self._process.send_signal(signal.SIGTERM)

    def why_gone(self, within: float = 0) -> str | None:
        """How it ended, or ends within so many seconds; None while it runs."""
        try:
            status = self._process.wait(within)
        except subprocess.TimeoutExpired:
            return None
        said = (self.folder / "log").read_text(errors="replace").splitlines()[-5:]
        return "\n".join([f"the server has left with status {status}; it said last:", *said])

    def _await_listening(self) -> None:
        for _ in range(START_SECONDS * 100):
            try:
                connect(self.socket).close()
            except OSError:
                try:
                    self._process.wait(0.01)
                except subprocess.TimeoutExpired:
                    continue
                raise Unreachable(str(self.why_gone())) from None
            if self._is_open:
                self.folder.chmod(0o711)
                self.socket.chmod(0o666)
            return
        raise Unreachable(f"nobody listens at {{socket}} {START_SECONDS} s after the start of {self._command[0]}")


class ServerUnderTest:
    """What serves each vector."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._shared: StartedServer | None = None

    def __enter__(self) -> Self:
        try:
            self.offers = _offers(connect(self._shared_socket()), self._options.patience)
        except OSError as error:
            raise Unreachable(f"{self._options.socket}: {error.strerror}") from None
        return self

    def __exit__(self, *error: object) -> None:
        if self._shared:
            self._shared.__exit__()

    def lacks(self, vector: Vector) -> str | None:
        """Why the vector cannot be shown by this server; None if it can."""
        options, needs = self._options, vector.needs
        if "control" in needs and not self.offers.has_control:
            return f"needs the control service: the server has no {CONTROL}"
        if "defaults" in needs and self.offers.other_limits:
            return f"needs the default limits: the server has {', '.join(self.offers.other_limits)}"
        if needs & {"drain", "register"} and not options.command:
            return "needs a server of its own: give the command that starts one in place of --socket"
        if "restricted" in needs and not (
            options.restricted_user is not None or options.restricted_socket or self._names_restricted
        ):
            return "needs a listener without roles: see --restricted-socket and --restricted-user"
        return None

    @contextmanager
    def serving(self, vector: Vector) -> Iterator[Endpoint]:
        """Where the vector is run."""
        if vector.needs & {"drain", "register"}:
            with self._started() as own:
                yield self._endpoint(vector, own)
        else:
            self._shared_socket()
            try:
                yield self._endpoint(vector, self._shared)
            except VectorError as error:
                # Where the server is about to leave, that is the cause.
                why = self._shared.why_gone(within=0.2) if self._shared else None
                if not why:
                    raise
                raise VectorError(f"{error}\n{why}", expected=error.expected, received=error.received) from None
            why = self._shared.why_gone() if self._shared else None
            if why:
                raise VectorError(why)

    @property
    def _names_restricted(self) -> bool:
        return any("{restricted}" in word for word in self._options.command)

    def _started(self) -> StartedServer:
        return StartedServer(self._options.command, is_open=self._options.restricted_user is not None)

    def _shared_socket(self) -> Path:
        """The server of all vectors that need none of their own; started anew if a vector has ended it."""
        if self._options.socket:
            return self._options.socket
        if self._shared and self._shared.why_gone():
            self._shared.__exit__()
            self._shared = None
        if not self._shared:
            self._shared = self._started().__enter__()
        return self._shared.socket

    def _endpoint(self, vector: Vector, started: StartedServer | None) -> Endpoint:
        options = self._options
        path = started.socket if started else options.socket
        user: int | None = None
        if "restricted" in vector.needs:
            if options.restricted_user is not None:
                user = options.restricted_user
            else:
                path = started.restricted_socket if started else options.restricted_socket
        assert path is not None

        def open_connection() -> socket.socket:
            try:
                return connect(path, user)
            except OSError as error:
                gone = started.why_gone() if started else None
                raise VectorError(gone or f"cannot connect: {error.strerror}") from None

        return Endpoint(open_connection, started.stop if started else lambda: None)


def connect(path: Path, user: int | None = None) -> socket.socket:
    """Connects to a Unix socket, as another user if one is named: who connects is who the server sees."""
    peer = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        if user is None:
            peer.connect(str(path))
        else:
            own = os.geteuid()
            os.seteuid(user)
            try:
                peer.connect(str(path))
            finally:
                os.seteuid(own)
    except BaseException:
        peer.close()
        raise
    return peer


def _offers(peer: socket.socket, patience: float) -> Offers:
    """Asks; what is not answered is not offered."""
    connection = VectorConnection(peer, "a", Record(), patience=patience)
    try:
        connection.send(
            [
                encoded({"head": {"hello": 1}}),
                encoded({"head": {"call": 1, "method": CONTROL + "/Sized"}, "body": {"bytes": 32}}),
            ]
        )
        hello = connection.next_frame()
        control = connection.next_frame()
    except VectorError:
        return Offers(has_control=False, other_limits=(), roles=None)
    finally:
        connection.close()
    return Offers(
        has_control=control.head == {"end": 1},
        other_limits=_other_limits(hello.head),
        roles=tuple(map(str, hello.head["roles"])) if isinstance(hello.head.get("roles"), list) else None,
    )


def _other_limits(hello: dict[str, Any]) -> tuple[str, ...]:
    limits = hello.get("limits")
    told = (limits if isinstance(limits, dict) else {}) | {name: hello.get(name) for name in ("maxFrame", "window")}
    return tuple(
        f"{name} {told[name]}"
        for name, default in DEFAULT_LIMITS.items()
        if told.get(name) is not None and told[name] != default
    )
