# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""The examples of the READMEs are run as they stand there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import unittest
from pathlib import Path
from typing import Any

from support.daemon import Daemon
from support.repository import ROOT
from support.samples import record


def example(page: Path, language: str) -> str:
    """The one block of that language."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return str(found)


class Readme(unittest.TestCase):
    """clients/README.md and the one beside it."""

    def setUp(self) -> None:
        self.daemon = self.enterContext(Daemon())

    def run_example(self, *command: str) -> str:
        """What it prints, with the daemon's socket in the environment."""
        # The tests' own path: an example finds the package where they found it.
        environment = os.environ | {"AMNESTY_SOCKET": str(self.daemon.socket), "PYTHONPATH": os.pathsep.join(sys.path)}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def test_each_has_five_lines(self) -> None:
        for language in ("swift", "python", "sh"):
            self.assertEqual(len(example(ROOT / "clients" / "README.md", language).splitlines()), 5, language)

    def test_the_call_from_python(self) -> None:
        text = example(ROOT / "clients" / "README.md", "python")
        self.assertEqual(self.run_example(sys.executable, "-c", text), "undetermined\n")

    def test_the_call_from_a_shell(self) -> None:
        if shutil.which("socat") is None:
            self.skipTest("no socat; make setup installs it")
        text = example(ROOT / "clients" / "README.md", "sh")
        self.assertEqual(self.run_example("sh", "-c", text), "undetermined\n")

    def test_outcomes_of_records(self) -> None:
        names: dict[str, Any] = {}
        exec(example(ROOT / "clients" / "python" / "README.md", "python"), names)
        found = names["outcomes"]([record("SYN-R-1"), record("")], str(self.daemon.socket))
        self.assertEqual(found["SYN-R-1"], "eligible")
        self.assertTrue(found[""].startswith("INVALID_ARGUMENT"))


if __name__ == "__main__":
    unittest.main()
