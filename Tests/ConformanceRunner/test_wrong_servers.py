# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""A server that is wrong fails the vectors of what it does wrong, and no other."""

from __future__ import annotations

import sys
import unittest
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from runner import HERE, PATIENTLY, Run, RunnerTest, daemon, run

# Those of protocol/conformance, which runner has put on the path.
from json_text import compact
from vectors import PROTOCOL, Vector, read_vectors

# What a vector has to expect so that the fault shows.
FAULTS = {
    "nothing": "{no vector expects this}",
    "counts_its_pongs": '"pong":',
    "goes_without_a_goaway": '"goaway":',
    "tells_another_code": '"NOT_FOUND"',
    "tells_a_wrong_offset": '"offset":',
}

# Those of SPEC.md whose vectors are run: not the register's, each of which starts a daemon.
SECTIONS = ["F-*", "J-*", "H-*", "N-*", "E-*", "L-*", "G-*", "P-*"]


def expectations(vector: Vector) -> Iterator[Any]:
    """What the steps wait for."""
    for step in vector.steps:
        for name in ("expect", "expectAll", "skipTo"):
            if name in step:
                yield step[name]


class WrongServers(RunnerTest):
    """Behind each fault is the real daemon."""

    def test_the_vectors_of_the_fault_fail(self) -> None:
        vectors = read_vectors(PROTOCOL / "vectors", "server")
        with ThreadPoolExecutor(2) as pool:
            ends = list(pool.map(self._run, FAULTS))
        for (fault, sign), ended in zip(FAULTS.items(), ends, strict=True):
            with self.subTest(fault):
                ran = {one["name"] for one in ended.document["vectors"]} - ended.names("skipped")
                showing = {
                    one.name
                    for one in vectors
                    if one.name in ran and any(sign in compact(step) for step in expectations(one))
                }
                self.assertEqual(ended.names("failed"), showing)
                self.assertEqual(ended.status, 1 if showing else 0)
                self.assertGreater(len(ended.names("passed")), 80)

    def _run(self, fault: str) -> Run:
        server = [word.replace("{socket}", "{real}") for word in daemon()]
        only = [word for pattern in SECTIONS for word in ("--only", pattern)]
        return run(
            "server",
            "--json",
            *PATIENTLY,
            *only,
            "--",
            sys.executable,
            HERE / "wrong_server.py",
            fault,
            "{socket}",
            *server,
        )

    def test_what_cannot_be_shown_is_skipped_and_not_passed(self) -> None:
        ended = run("server", "--json", *PATIENTLY, "--", *daemon())
        self.assertEqual(ended.status, 0, ended.complaints)
        control = {one.name for one in read_vectors(PROTOCOL / "vectors", "server") if "control" in one.needs}
        self.assertGreater(len(control), 40)
        self.assertLessEqual(control, ended.names("skipped"))
        reasons = {one["reason"] for one in ended.document["vectors"] if one["name"] in control}
        self.assertEqual(len(reasons), 1)
        self.assertIn("control service", reasons.pop())

    def test_skips_may_be_forbidden(self) -> None:
        self.assertEqual(run("server", "--no-skips", "--only", "W-6", "--", *daemon()).status, 1)

    def test_a_server_that_dies_fails_its_vector_and_the_next_meets_a_new_one(self) -> None:
        # It ends at the first ping.
        server = self.file(
            "server.py",
            "import os, socket, sys\n"
            "def end():\n"
            "    os.write(2, b'I do not know pings')\n"
            "    os._exit(1)\n"
            "listener = socket.socket(socket.AF_UNIX)\n"
            "listener.bind(sys.argv[1]); listener.listen()\n"
            "while True:\n"
            "    peer, _ = listener.accept()\n"
            "    while data := peer.recv(4096):\n"
            "        if b'hello' in data: peer.close(); break\n"
            "        if b'ping' in data: end()\n",
        )
        ended = run("server", "--json", "--only", "ping-*", "--", sys.executable, server, "{socket}")
        self.assertEqual(ended.status, 1)
        failed = [one for one in ended.document["vectors"] if one["verdict"] == "failed"]
        self.assertGreater(len(failed), 1)
        for one in failed:
            self.assertIn("I do not know pings", one["message"])

    def test_a_server_that_does_not_start_is_not_a_failure_of_vectors(self) -> None:
        ended = run("server", "--", sys.executable, "-c", "raise SystemExit('no {socket}')")
        self.assertEqual(ended.status, 69)
        self.assertIn("left with status 1", ended.complaints)
        self.assertEqual(run("server", "--socket", self.folder / "a.sock").status, 69)


if __name__ == "__main__":
    unittest.main()
