# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""The client under test: a program that is told on its standard input what its user does, and tells on its standard
output what came of it. README.md has the few lines of JSON that both speak."""

from __future__ import annotations

import os
import select
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from json_text import compact, parse, shortened, shown
from vectors import OutOfPatience, VectorError


class CannotStart(Exception):
    """There is no client to test."""


@dataclass
class Result:
    """How a call ended for the user of the client."""

    response: Any = None
    items: list[Any] = field(default_factory=list)
    # None: it is OK.
    code: str | None = None
    reason: str | None = None

    def __str__(self) -> str:
        told = {"response": self.response, "items": self.items, "code": self.code, "reason": self.reason}
        return shown({name: value for name, value in told.items() if value not in (None, [])})


class ClientUnderTest:
    """Started when it is needed, and again after it has left or does not answer."""

    def __init__(self, command: list[str], *, patience: float, startup: float) -> None:
        self._command = command
        self._patience = patience
        self._startup = startup
        self._is_starting = False
        # Whether it has ever done anything.
        self.has_acted = False
        self._process: subprocess.Popen[bytes] | None = None
        self._heard = b""
        self._has_left = False
        self._last_call = 0
        self._open: set[int] = set()
        self._results: dict[int, Result] = {}

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(self, *error: object) -> None:
        process = self._process
        if process is None:
            return
        assert process.stdin
        # At the end of its input it leaves.
        process.stdin.close()
        try:
            process.wait(self._patience)
        except subprocess.TimeoutExpired:
            pass
        self.stop()

    def stop(self) -> None:
        """Kills it if it runs: it is started again for the next vector."""
        if self._process:
            assert self._process.stdin and self._process.stdout
            self._process.kill()
            self._process.stdin.close()
            self._process.stdout.close()
            self._process.wait()
            self._process = None

    @property
    def patience(self) -> float:
        """How long it is waited for: longer until it has done the first thing after its start."""
        return max(self._startup, self._patience) if self._is_starting else self._patience

    def note_act(self) -> None:
        """It has connected, or said something."""
        self._is_starting = False
        self.has_acted = True

    def begin(self, vector: str, socket: Path) -> None:
        """The user has a new client, of that socket."""
        if self._process and self._process.poll() is not None:
            self.stop()
        if self._process is None:
            self._start()
        self._open.clear()
        self._results.clear()
        self._tell({"vector": vector, "socket": str(socket)})

    def start(self, call: dict[str, Any]) -> int:
        """The user makes a call; returns the number that it has between this program and the client."""
        self._last_call += 1
        self._open.add(self._last_call)
        requests = call.get("requests", [call.get("request", {})])
        told: dict[str, Any] = {"call": self._last_call, "method": call["method"], "kind": call["kind"]}
        told["idempotency"] = call.get("idempotency", "none")
        if "timeoutMs" in call:
            told["timeoutMs"] = call["timeoutMs"]
        told["requests"] = [_filled(request) for request in requests]
        self._tell({"start": told})
        return self._last_call

    def cancel(self, call: int) -> None:
        """The user gives it up."""
        self._tell({"cancel": call})

    def result(self, call: int) -> Result:
        """Waits for the end of a call."""
        patience = self.patience
        deadline = time.monotonic() + patience
        while call not in self._results:
            if self._has_left:
                raise VectorError(f"the call has not ended for the client's user: {self._how_it_left()}")
            if not select.select([self], [], [], max(0, deadline - time.monotonic()))[0]:
                raise OutOfPatience(f"the call has not ended for the client's user within {patience:g} s")
            self.take_news()
        return self._results[call]

    def fileno(self) -> int:
        """Of its standard output."""
        assert self._process and self._process.stdout
        return self._process.stdout.fileno()

    def take_news(self) -> None:
        """Reads what it says now."""
        said = os.read(self.fileno(), 1 << 20)
        self._has_left = not said
        self.note_act()
        *lines, self._heard = (self._heard + said).split(b"\n")
        for line in lines:
            self._hear(line)

    def why_silent(self) -> str | None:
        """Why it will send no call: it has left, or its user waits for none."""
        if self._has_left:
            return self._how_it_left()
        if self._open:
            return None
        ends = "; ".join(map(str, self._results.values()))
        return f"for the client's user every call has ended: {ends}" if ends else None

    def _start(self) -> None:
        try:
            self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        except OSError as error:
            raise CannotStart(f"{self._command[0]}: {error.strerror}") from None
        self._is_starting = True
        assert self._process.stdin
        os.set_blocking(self._process.stdin.fileno(), False)
        self._has_left = False
        self._heard = b""

    def _how_it_left(self) -> str:
        assert self._process
        try:
            return f"the client has left with status {self._process.wait(1)}"
        except subprocess.TimeoutExpired:
            return "the client has closed its standard output"

    def _tell(self, message: dict[str, Any]) -> None:
        assert self._process and self._process.stdin
        pipe = self._process.stdin.fileno()
        data = compact(message).encode() + b"\n"
        while data:
            if not select.select([], [pipe], [], self.patience)[1]:
                raise OutOfPatience(f"the client has not read its standard input for {self.patience:g} s")
            try:
                data = data[os.write(pipe, data) :]
            except BlockingIOError:
                continue
            except BrokenPipeError:
                raise VectorError(self._how_it_left()) from None

    def _hear(self, line: bytes) -> None:
        try:
            told = parse(line)
            call, items = told["call"], told.get("items", [])
        except (AttributeError, KeyError, TypeError, ValueError):
            raise VectorError("what the client says is no end of a call", received=shortened(repr(line))) from None
        if type(call) is not int or call > self._last_call or call in self._results:
            raise VectorError("the client tells the end of a call that is not open", received=shortened(repr(line)))
        # What was given up with the vector before may end now.
        if call in self._open:
            self._open.remove(call)
            code = None if told.get("code") == "OK" else told.get("code")
            self._results[call] = Result(told.get("response"), items, code, told.get("reason"))


def _filled(request: Any) -> Any:
    """`{"$bytes": n}` stands for a message of n bytes."""
    if isinstance(request, dict) and "$bytes" in request:
        return {"pad": "a" * (request["$bytes"] - len(compact({"pad": ""})))}
    return request
