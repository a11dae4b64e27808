# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""A client that is wrong fails the vectors of what it does wrong, and no other."""

from __future__ import annotations

import sys
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from runner import HERE, PATIENTLY, PYTHON_CLIENT, RUNNER, Run, RunnerTest, run

# Those of protocol/conformance, which runner has put on the path.
from vectors import read_vectors

# Each fault of wrong_client.py: which vectors are run (none named: all), and which of them have to fail.
FAULTS: dict[str, tuple[list[str], set[str]]] = {
    "gives_no_credit": ([], {"client-gives-credit", "client-items-after-cancel"}),
    "gives_half_the_credit": ([], {"client-gives-credit", "client-items-after-cancel"}),
    "ignores_credit": ([], {"client-cancel-stream", "client-sends-within-credit"}),
    "takes_errors_for_success": (
        [],
        {
            "client-kind-last",
            "client-retries-no-command",
            "client-retries-no-other-code",
            "client-retries-no-stream",
            "client-retries-unavailable",
            "client-unknown-code",
            "client-unknown-details",
        },
    ),
    # Every vector that loses a connection shows it; they take their time.
    "repeats_commands": (
        ["R-*", "S-*", "client-connection-lost"],
        {"client-retries-no-command", "client-connection-lost"},
    ),
    "never_tries_again": ([], {"client-goaway-above", "client-retries-idempotent", "client-retries-unavailable"}),
    "answers_no_ping": ([], {"client-answers-ping", "client-goaway", "client-sends-within-credit"}),
    "ignores_goaways": (
        [],
        {"client-goaway", "client-goaway-above", "client-goaway-protocol-error", "client-goaway-unidentified"},
    ),
    "tolerates_what_only_clients_send": (
        [],
        {"client-call-from-server", "client-cancel-from-server", "client-done-from-server"},
    ),
    "tells_nobody_of_a_cancel": (
        [],
        {"client-cancel", "client-cancel-stream", "client-items-after-cancel", "client-timer"},
    ),
    "begins_every_id_at_1": (["client-counts-up", "S-*", "F-1"], {"client-counts-up"}),
    "reads_a_cut_stream_as_complete": ([], {"client-stream-cut"}),
}


class WrongClients(RunnerTest):
    """Each fault alone, in a client that passes without it."""

    def test_without_a_fault_all_pass(self) -> None:
        ended = run(
            "client", "--json", *PATIENTLY, "--", sys.executable, PYTHON_CLIENT / "tests" / "conformance_client.py"
        )
        self.assertEqual(ended.status, 0, ended.complaints)
        self.assertGreater(len(ended.names("passed")), 40)

    def test_the_vectors_of_the_fault_fail(self) -> None:
        # They mostly wait.
        with ThreadPoolExecutor(4) as pool:
            ends = list(pool.map(self._run, FAULTS))
        for (fault, (_, failing)), ended in zip(FAULTS.items(), ends, strict=True):
            with self.subTest(fault):
                failed = ended.names("failed")
                self.assertLessEqual(failing, failed)
                # Others fail only where a busy machine is too slow for the patience here.
                self.assertLessEqual(failed - failing, ended.timed_out, ended.complaints)
                self.assertEqual(ended.status, 1)
                self.assertGreater(len(ended.names("passed")), 3)

    def _run(self, fault: str) -> Run:
        only = [word for pattern in FAULTS[fault][0] for word in ("--only", pattern)]
        return run("client", "--json", "--patience", "5", *only, "--", sys.executable, HERE / "wrong_client.py", fault)

    def test_a_failure_says_what_was_expected_and_what_came(self) -> None:
        ended = run(
            "client",
            "--only",
            "client-unknown-code",
            "--",
            sys.executable,
            HERE / "wrong_client.py",
            "takes_errors_for_success",
        )
        for text in (
            "FAIL  client-unknown-code",
            "step      4 of 4",
            'expected  {"code":"UNKNOWN","reason":"SO_IT_IS"}',
            "A code that the client does not know reads as UNKNOWN.",
            '"code":"TEAPOT"',
            "1 vectors, 0 passed, 1 failed",
        ):
            self.assertIn(text, ended.output)


class Programs(RunnerTest):
    """What a program may do wrong before there is any protocol."""

    def run_program(self, text: str, *options: str) -> Run:
        """Against a client of that text."""
        program = self.file("client.py", text)
        return run("client", "--json", *options, "--only", "client-counts-up", "--", sys.executable, program)

    def message(self, text: str) -> str:
        """Why its vector failed."""
        ended = self.run_program(text)
        self.assertEqual(ended.status, 1, ended.complaints)
        return str(ended.document["vectors"][0]["message"])

    def test_one_that_leaves(self) -> None:
        self.assertIn("left with status 3", self.message("import sys; sys.stdin.readline(); sys.exit(3)"))

    def test_one_that_does_nothing(self) -> None:
        """Not every vector has to wait for it."""
        ended = self.run_program("import sys\nfor line in sys.stdin: pass", "--patience", "1", "--startup", "1")
        self.assertEqual(ended.status, 69)
        self.assertIn("done nothing since its start", ended.complaints)

    def test_one_that_babbles(self) -> None:
        self.assertIn(
            "no end of a call", self.message("import sys\nfor line in sys.stdin: print('Hello!', flush=True)")
        )

    def test_one_that_makes_calls_up(self) -> None:
        text = "import sys\nfor line in sys.stdin: print('{\"call\":7}', flush=True)"
        self.assertIn("call that is not open", self.message(text))

    def test_one_that_answers_without_asking_the_server(self) -> None:
        text = (
            "import json, sys\n"
            "for line in sys.stdin:\n"
            "    told = json.loads(line)\n"
            "    if 'start' in told:\n"
            "        end = {'call': told['start']['call'], 'response': {'status': 'SERVING'}}\n"
            "        print(json.dumps(end), flush=True)\n"
        )
        self.assertIn("every call has ended", self.message(text))

    def test_one_that_is_not_there(self) -> None:
        self.assertEqual(run("client", "--", self.folder / "none").status, 69)


class Example(RunnerTest):
    """The beginning of a client that README.md shows."""

    EXAMPLE = RUNNER / "example"

    def test_it_fails_what_its_list_says(self) -> None:
        expected = self.EXAMPLE / "expected-failures.txt"
        client: list[str | Path] = ["--", sys.executable, self.EXAMPLE / "minimal_client.py"]
        lines = expected.read_text(encoding="utf-8").splitlines()
        listed = {line.split()[0] for line in lines if line and not line.startswith("#")}
        others = {vector.name for vector in read_vectors(RUNNER.parent / "vectors", "client")} - listed
        # Those that fail are waited for.
        for names, patience in ((listed, ["--patience", "2"]), (others, PATIENTLY)):
            only = [word for name in names for word in ("--only", name)]
            ended = run("client", *patience, *only, "--expected-failures", expected, *client)
            self.assertEqual(ended.status, 0, ended.output)
        count = f"{len(listed | others)} vectors, {len(others)} passed, 0 failed, {len(listed)} failed as expected"
        self.assertIn(count, (RUNNER / "README.md").read_text(encoding="utf-8"))


if __name__ == "__main__":
    unittest.main()
