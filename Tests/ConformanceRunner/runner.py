# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""The runner as a command, and what it says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import unittest
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
RUNNER = ROOT / "protocol" / "conformance"
HERE = Path(__file__).parent
PYTHON_CLIENT = ROOT / "clients" / "python"
# For what has to pass: nothing waits for it to run out, and no machine is so busy.
PATIENTLY = ["--patience", "60"]

sys.path.insert(0, str(RUNNER))


@dataclass(frozen=True)
class Run:
    """How it ended."""

    status: int
    output: str
    complaints: str

    @property
    def document(self) -> dict[str, Any]:
        """What --json printed."""
        document: dict[str, Any] = json.loads(self.output)
        return document

    @property
    def timed_out(self) -> set[str]:
        """The vectors for which something did not come in time."""
        return {one["name"] for one in self.document["vectors"] if one.get("timedOut")}

    def names(self, verdict: str) -> set[str]:
        """The vectors that ended so."""
        return {one["name"] for one in self.document["vectors"] if one["verdict"] == verdict}


def run(*words: str | Path) -> Run:
    """Runs protocol/conformance. Programs that it starts find the Python client's sources."""
    paths = [PYTHON_CLIENT / "src", PYTHON_CLIENT / "tests"]
    environment = os.environ | {"PYTHONPATH": ":".join(map(str, paths))}
    command = [sys.executable, "-W", "error", str(RUNNER), *map(str, words)]
    ended = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    return Run(ended.returncode, ended.stdout, ended.stderr)


def server_program() -> Path:
    """`$AMNESTYD`, else what was built last in this checkout."""
    named = os.environ.get("AMNESTYD")
    candidates = [Path(named)] if named else [ROOT / ".build" / kind / "amnestyd" for kind in ("release", "debug")]
    for path in candidates:
        if os.access(path, os.X_OK):
            return path
    raise FileNotFoundError(f"no {' or '.join(map(str, candidates))}; run make build, or name the daemon in AMNESTYD")


def daemon() -> list[str]:
    """The command that starts one for the runner."""
    return [
        str(server_program()),
        "--socket",
        "{socket}",
        "--state-directory",
        "{folder}/state",
        "--acts",
        str(ROOT / "acts"),
    ]


class RunnerTest(unittest.TestCase):
    """A test with a folder."""

    def setUp(self) -> None:
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def file(self, name: str, text: str) -> Path:
        """A file of that text."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path
