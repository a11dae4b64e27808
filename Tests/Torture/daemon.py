# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""The real daemon on a socket and a state of its own, and the tool beside it."""

from __future__ import annotations

import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from wire import CASE, Connection

CONFIGURATION = """\
auditKey: {folder}/audit.key
procedure:
  served: court
offices:
  default: {{}}
  police-records: {{}}
subscribers: [police-records]
"""

REGISTER = CASE.rstrip("/")
_T = TypeVar("_T")


def until(condition: Callable[[], _T], what: str, seconds: float = 60) -> _T:
    """Waits for what happens in its own time; returns what the condition gave."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.01)


class Daemon:
    """Can be killed and started again on the same state. `lead` stands before its command, `environment` is added to
    its own.
    """

    def __init__(
        self, programs: pathlib.Path, name: str, configuration: str = "", scratch: pathlib.Path | None = None
    ) -> None:
        self.program, self.tool = programs / "amnestyd", programs / "amnestyctl"
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"torture-{name}-", dir=scratch))
        # Peers of other users come in; what is in the state they cannot read.
        self.folder.chmod(0o711)
        self.socket, self.state, self.log = self.folder / "sock", self.folder / "state", self.folder / "amnestyd.log"
        self.checkpoints = self.folder / "checkpoints.ndjson"
        self.configuration = self.folder / "amnestyd.yaml"
        (self.folder / "audit.key").write_bytes(os.urandom(32))
        self.configuration.write_text(CONFIGURATION.format(folder=self.folder) + configuration)
        self.lead: Sequence[str] = ()
        self.environment: Mapping[str, str] = {}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [
            *self.lead,
            self.program,
            "--config",
            self.configuration,
            "--socket",
            self.socket,
            "--state-directory",
            self.state,
        ]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **self.environment},
            )

    @property
    def running(self) -> subprocess.Popen[bytes]:
        assert self.process is not None, "the daemon was not started"
        return self.process

    def health(self, service: str = "") -> str | None:
        """What health says; None where nobody answers."""
        try:
            with Connection(self.socket) as connection:
                return connection.health(service)
        except ConnectionError:
            return None

    def serving(self, service: str = REGISTER) -> None:
        def is_serving() -> bool:
            if self.health(service) == "SERVING":
                return True
            if self.running.poll() is not None:
                raise AssertionError(f"the daemon left with {self.running.returncode}: see {self.log}")
            return False

        until(is_serving, f"{service or 'the daemon'} serves")

    def kill(self) -> None:
        self.running.send_signal(signal.SIGKILL)
        self.running.wait()

    def terminate(self) -> int:
        self.running.terminate()
        return self.running.wait(60)

    def ctl(self, *words: object, online: bool = True) -> tuple[int, str]:
        """Exit code of amnestyctl, and what it printed."""
        command = [str(self.tool), *map(str, words), *(["--socket", str(self.socket)] if online else [])]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout if done.returncode == 0 else done.stdout + done.stderr

    def copy(self) -> pathlib.Path | None:
        """The files of the register as they are while nothing writes; None where there is none yet."""
        copy = self.folder / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir()
        for file in self.state.glob("register.sqlite*"):
            shutil.copy(file, copy)
        return copy if (copy / "register.sqlite").exists() else None

    def resident(self) -> int:
        """Bytes of memory that the daemon holds."""
        fields = pathlib.Path(f"/proc/{self.running.pid}/statm").read_text().split()
        return int(fields[1]) * os.sysconf("SC_PAGE_SIZE")

    def own_memory(self) -> int:
        """Those of them that no file stands behind: what could leak."""
        status = pathlib.Path(f"/proc/{self.running.pid}/status").read_text()
        return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("RssAnon:"))

    def descriptors(self) -> int:
        return len(os.listdir(f"/proc/{self.running.pid}/fd"))

    def sockets(self) -> int:
        """Descriptors that are sockets: those of the database come and go with its readers."""
        folder, count = f"/proc/{self.running.pid}/fd", 0
        for name in os.listdir(folder):
            with contextlib.suppress(FileNotFoundError):
                count += os.readlink(f"{folder}/{name}").startswith("socket:")
        return count

    def processor_seconds(self) -> float:
        fields = pathlib.Path(f"/proc/{self.running.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def end(self, keep: bool) -> None:
        """Whatever has happened: no process is left, and no folder unless it is wanted."""
        if self.process is not None and self.process.poll() is None:
            self.kill()
        if not keep:
            shutil.rmtree(self.folder, ignore_errors=True)
