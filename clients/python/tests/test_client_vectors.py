# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""Every vector for a client, against both clients."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

from support.client_runner import ClientVectorRunner, Listener
from support.users import AsyncUser, SyncUser
from support.vectors import Vector, vectors


class ClientVectors(unittest.TestCase):
    """Each vector meets a client of its own, that connects to a socket which the runner serves."""

    def test_there_are_vectors(self) -> None:
        self.assertGreater(len(vectors("client")), 40)

    def test_synchronous(self) -> None:
        for vector in vectors("client"):
            with self.subTest(vector["name"]):
                self._run(vector, SyncUser)

    def test_asynchronous(self) -> None:
        for vector in vectors("client"):
            with self.subTest(vector["name"]):
                self._run(vector, AsyncUser)

    def _run(self, vector: Vector, user: type[SyncUser] | type[AsyncUser]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "a.sock"
            listener = Listener(path)
            try:
                with user(path) as caller:
                    ClientVectorRunner(listener, caller).run(vector)
            finally:
                listener.close()


if __name__ == "__main__":
    unittest.main()
