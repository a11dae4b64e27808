# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""The vectors for a server, over a raw connection to the real daemon: what this client relies on is so.

They exercise the daemon and not the client; each that the daemon alone cannot show is skipped with its reason.
"""

from __future__ import annotations

import os
import signal
import unittest

from support.daemon import Daemon
from support.server_runner import run_server_vector
from support.vectors import Vector, vectors

# Nobody of this host; not 65534, which is refused as unidentified.
STRANGER = 64999


class ServerVectors(unittest.TestCase):
    """One daemon serves all vectors but those that need one of their own."""

    def test_against_the_daemon(self) -> None:
        with Daemon() as shared:
            for vector in vectors("server"):
                needs = set(vector.get("needs", ()))
                with self.subTest(vector["name"]):
                    if "control" in needs:
                        self.skipTest("amnestyd has no amnesty.conformance.v1.Control; Tests/Conformance serves it and runs this vector")
                    if "restricted" in needs:
                        self._run_as_stranger(vector, shared)
                    elif needs & {"drain", "register"}:
                        with Daemon() as own:
                            run_server_vector(vector, own.socket, lambda own=own: own.send(signal.SIGTERM))  # type: ignore[misc]
                    else:
                        run_server_vector(vector, shared.socket, self._no_drain)

    def _run_as_stranger(self, vector: Vector, daemon: Daemon) -> None:
        """With nothing configured, root and the daemon's own user hold every role, and others none."""
        if os.geteuid() != 0:
            self.skipTest("needs root, to connect as a user who holds no role")
        os.chmod(daemon.folder, 0o711)
        os.chmod(daemon.socket, 0o666)
        os.seteuid(STRANGER)
        try:
            run_server_vector(vector, daemon.socket, self._no_drain)
        finally:
            os.seteuid(0)

    def _no_drain(self) -> None:
        self.fail("a vector drains without saying that it needs to")


if __name__ == "__main__":
    unittest.main()
