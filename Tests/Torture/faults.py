# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""The other half of faults.c: builds it, and says through the shared page what goes wrong in the daemon, and when."""

from __future__ import annotations

import contextlib
import enum
import mmap
import pathlib
import struct
import subprocess
from collections.abc import Iterator

from daemon import Daemon

SOURCE = pathlib.Path(__file__).with_name("faults.c")


class Files(enum.IntFlag):
    DATABASE, LOG, INDEX, COPY = 1, 2, 4, 8
    ALL = 15


class Calls(enum.IntFlag):
    WRITE, SYNC, TRUNCATE, READ = 1, 2, 4, 8


def library(folder: pathlib.Path) -> pathlib.Path:
    built = folder / "faults.so"
    if not built.exists() or built.stat().st_mtime < SOURCE.stat().st_mtime:
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["cc", "-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror", "-o", built, SOURCE, "-ldl"], check=True
        )
    return built.resolve()


class Faults:
    """What the daemon that is started with `lead` meets."""

    _OFFSET, _FILES, _CALLS, _FAULT, _HITS = 0, 8, 12, 16, 32

    def __init__(self, library: pathlib.Path, daemon: Daemon) -> None:
        path = daemon.folder / "faults"
        path.write_bytes(bytes(4096))
        with path.open("r+b") as file:
            self._page = mmap.mmap(file.fileno(), 4096)
        self.lead = ["env", f"LD_PRELOAD={library}", f"FAULTS={path}"]

    def __enter__(self) -> Faults:
        return self

    def __exit__(self, *_: object) -> None:
        self._page.close()

    def set(
        self, files: Files, calls: Calls, error: int = 0, delay_ms: int = 0, is_short: bool = False, count: int = -1
    ) -> None:
        """From now on those calls on those files fail, wait, or take half of what is written: `count` of them."""
        self.clear()
        struct.pack_into("=iIIi", self._page, self._FAULT, error, delay_ms, is_short, count)
        struct.pack_into("=I", self._page, self._FILES, files)
        # Last: by this the library knows that the rest holds.
        struct.pack_into("=I", self._page, self._CALLS, calls)

    def clear(self) -> None:
        struct.pack_into("=I", self._page, self._CALLS, 0)

    @property
    def hits(self) -> int:
        """Calls that were hit so far."""
        value: int = struct.unpack_from("=Q", self._page, self._HITS)[0]
        return value

    @contextlib.contextmanager
    def clock_at(self, offset_seconds: float) -> Iterator[None]:
        """The daemon's clock of the day is so far from the real one; the one that measures time goes on."""
        struct.pack_into("=q", self._page, self._OFFSET, int(offset_seconds * 1e9))
        try:
            yield
        finally:
            struct.pack_into("=q", self._page, self._OFFSET, 0)
