# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""The vectors for a client, and those of what the protocol leaves to one, against both clients."""

from __future__ import annotations

import subprocess
import sys
import unittest
from pathlib import Path

from support.repository import PROTOCOL

TESTS = Path(__file__).parent


class Vectors(unittest.TestCase):
    """Each run is a command that anybody can give."""

    def test_synchronous(self) -> None:
        self._run(PROTOCOL / "vectors")
        self._run(TESTS / "vectors")

    def test_asynchronous(self) -> None:
        self._run(PROTOCOL / "vectors", "--asyncio")
        self._run(TESTS / "vectors", "--asyncio")

    def _run(self, vectors: Path, *options: str) -> None:
        client = [sys.executable, str(TESTS / "conformance_client.py"), *options]
        command = [
            sys.executable,
            str(PROTOCOL / "conformance"),
            "client",
            "--patience",
            "60",
            "--vectors",
            str(vectors),
        ]
        ended = subprocess.run([*command, "--", *client], capture_output=True, text=True, check=False)
        self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)
        self.assertNotIn(" 0 passed", ended.stdout)


if __name__ == "__main__":
    unittest.main()
