# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""The real daemon on a socket of its own, in a folder of its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import Self

from support.repository import ROOT

# Guards against a daemon that hangs; no test waits for it to pass.
PATIENCE_SECONDS = 60


def program() -> Path:
    """`$AMNESTYD`, else what was built last in this checkout."""
    named = os.environ.get("AMNESTYD")
    candidates = [Path(named)] if named else [ROOT / ".build" / kind / "amnestyd" for kind in ("release", "debug")]
    for path in candidates:
        if os.access(path, os.X_OK):
            return path
    raise FileNotFoundError(f"no {' or '.join(map(str, candidates))}; run make build, or name the daemon in AMNESTYD")


class Daemon:
    """Starts on entry, and can be killed and started again on the same socket and state; gone on exit."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="amnesty-"))
        self.socket = self.folder / "a.sock"
        self._log: list[str] = []
        self._said = threading.Condition()
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            shutil.rmtree(self.folder)
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self.stop(signal.SIGKILL)
        shutil.rmtree(self.folder)

    def start(self) -> None:
        """Returns once the daemon says that it is ready."""
        command = [program(), "--socket", self.socket, "--state-directory", self.folder / "state", "--acts", ROOT / "acts"]
        self._log.clear()
        self._has_ended = False
        self._process = subprocess.Popen(
            [*map(str, command), "--log-format", "json"], stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True
        )
        self._reader = threading.Thread(target=self._read, args=(self._process,), daemon=True)
        self._reader.start()
        with self._said:
            self._said.wait_for(lambda: self._is_ready or self._has_ended, PATIENCE_SECONDS)
        if not self._is_ready:
            self.stop(signal.SIGKILL)
            raise AssertionError(f"the daemon does not become ready: {self._log[-5:]}")

    def send(self, number: signal.Signals) -> None:
        """Sends a signal."""
        assert self._process is not None
        self._process.send_signal(number)

    def wait(self) -> int:
        """The exit status, once it has left."""
        assert self._process is not None
        status = self._process.wait(PATIENCE_SECONDS)
        self._reader.join(PATIENCE_SECONDS)
        assert self._process.stderr is not None
        self._process.stderr.close()
        return status

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Signals and waits; returns the exit status."""
        self.send(number)
        return self.wait()

    @property
    def _is_ready(self) -> bool:
        return any('"message":"ready"' in line for line in self._log)

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stderr is not None
        for line in process.stderr:
            with self._said:
                self._log.append(line)
                self._said.notify_all()
        with self._said:
            self._has_ended = True
            self._said.notify_all()
