# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""What a scenario is given, and what it tells."""

from __future__ import annotations

import contextlib
import dataclasses
import pathlib
from collections.abc import Iterator
from typing import Protocol

from daemon import Daemon


class Judge(Protocol):
    """Whoever holds what was found wrong."""

    wrong: list[str]


@dataclasses.dataclass
class Outcome:
    """One line of the table. `kept`: what was acknowledged, all of which was there afterwards if nothing is wrong."""

    fault: str
    provoked: str
    seen: str = ""
    kept: str = ""
    wrong: list[str] = dataclasses.field(default_factory=list)
    # Why nothing was tested.
    skipped: str | None = None


@dataclasses.dataclass
class Context:
    programs: pathlib.Path
    seed: int
    kills: int
    # Acknowledged writes before, during and after a fault, in each scenario.
    rounds: int
    attack_seconds: float
    soak_seconds: float
    keep: bool
    scratch: pathlib.Path | None
    # The library that lets the disk and the clock of the daemon fail; built when it is first wanted.
    build: pathlib.Path

    @contextlib.contextmanager
    def daemon(self, name: str, judge: Judge, configuration: str = "") -> Iterator[Daemon]:
        """A daemon that is gone afterwards; its folder is left behind where something is wrong."""
        daemon = Daemon(self.programs, name, configuration, self.scratch)
        is_over = False
        try:
            yield daemon
            is_over = True
        finally:
            keep = self.keep or not is_over or bool(judge.wrong)
            daemon.end(keep)
            if keep:
                print(f"torture: {name}: left in {daemon.folder}", flush=True)
