# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""The command line, the list of expected failures, and the judge of vectors."""

from __future__ import annotations

import json
import sys
import unittest
from pathlib import Path

from runner import PYTHON_CLIENT, Run, RunnerTest, run

# Those of protocol/conformance, which runner has put on the path.
from frames import NOTHING, Incoming, frame_mismatch
from json_text import compact, parse
from outgoing import encoded
from patterns import mismatch

CLIENT: list[str | Path] = [sys.executable, PYTHON_CLIENT / "tests" / "conformance_client.py"]


class ExpectedFailures(RunnerTest):
    """What a list may say, and what comes of it."""

    def run_with(self, text: str, *options: str) -> Run:
        """Against a client that passes."""
        path = self.file("expected.txt", text)
        return run("client", "--only", "client-counts-up", "--expected-failures", path, *options, "--", *CLIENT)

    def test_a_pass_of_a_listed_vector_fails_the_run(self) -> None:
        ended = self.run_with("client-counts-up  it cannot count\n")
        self.assertEqual(ended.status, 1)
        self.assertIn("PASS? client-counts-up", ended.output)
        self.assertIn("it cannot count", ended.output)

    def test_a_failure_of_a_listed_vector_does_not(self) -> None:
        path = self.file("expected.txt", "# A comment.\n\nclient-counts-up  it leaves\n")
        client = [sys.executable, "-c", "raise SystemExit(3)"]
        ended = run("client", "--json", "--only", "client-counts-up", "--expected-failures", path, "--", *client)
        self.assertEqual(ended.status, 0, ended.complaints)
        self.assertEqual(ended.names("failed as expected"), {"client-counts-up"})

    def test_a_list_that_is_wrong_is_refused_with_its_line(self) -> None:
        for text, place in (
            ("client-count-up  it cannot count\n", ":1: client-count-up is no vector"),
            ("\nclient-counts-up\n", ":2: client-counts-up has no reason"),
            ("client-timer  a\nclient-timer  b\n", ":2: client-timer is listed twice"),
            ("check  a vector for a server\n", ":1: check is no vector of this side"),
        ):
            with self.subTest(text):
                ended = self.run_with(text)
                self.assertEqual(ended.status, 64)
                self.assertIn(place, ended.complaints)

    def test_vectors_of_the_list_that_are_not_run_do_not_matter(self) -> None:
        self.assertEqual(self.run_with("client-timer  not run here\n").status, 0)


class CommandLine(RunnerTest):
    """Words and exit codes."""

    def test_help(self) -> None:
        for words in (["--help"], ["server", "--help"], ["client", "--help"]):
            with self.subTest(words):
                ended = run(*words)
                self.assertEqual(ended.status, 0)
                self.assertIn("exit codes", ended.output)

    def test_wrong_usage(self) -> None:
        for words in (
            [],
            ["peer"],
            ["server"],
            ["client"],
            ["server", "--socket", "a", "--", "b", "{socket}"],
            ["server", "--", "amnestyd"],
            ["server", "--restricted-socket", "a", "--", "amnestyd", "{socket}"],
            ["client", "--only", "nothing-of-that-name", "--", "a"],
        ):
            with self.subTest(words):
                self.assertEqual(run(*words).status, 64)

    def test_no_such_file(self) -> None:
        self.assertEqual(run("client", "--expected-failures", self.folder / "none", "--", *CLIENT).status, 66)

    def test_a_folder_without_vectors(self) -> None:
        self.assertEqual(run("client", "--vectors", self.folder, "--", *CLIENT).status, 64)
        self.file("a.json", '{"vectors":[{"name":"a"}]}')
        ended = run("client", "--vectors", self.folder, "--", *CLIENT)
        self.assertEqual(ended.status, 64)
        self.assertIn("a.json", ended.complaints)

    def test_list_by_name_file_and_clause(self) -> None:
        for pattern in ("client-timer", "K-7", "cancellation", "client-t*"):
            with self.subTest(pattern):
                self.assertIn("client-timer  ", run("client", "--list", "--only", pattern).output)
        whole = run("server", "--list").output
        self.assertGreater(len(whole.splitlines()), 250)
        self.assertIn("[needs control]", whole)

    def test_json_is_one_document(self) -> None:
        document = json.loads(run("client", "--json", "--verbose", "--only", "client-timer", "--", *CLIENT).output)
        self.assertEqual(document["side"], "client")
        self.assertEqual(document["counts"]["passed"], 1)
        (vector,) = document["vectors"]
        self.assertEqual((vector["name"], vector["clauses"], vector["verdict"]), ("client-timer", ["K-7"], "passed"))


class Judge(unittest.TestCase):
    """Patterns, frames and bytes."""

    PATTERNS = [
        ('{"end":1}', '{"end":1}', True),
        ('{"end":1}', '{"end":1,"code":"ABORTED"}', False),
        ('{"end":1,"code":"ABORTED"}', '{"end":1}', False),
        ('{"...":true,"end":1}', '{"code":"ABORTED","end":1}', True),
        ('{"...":true,"end":1}', "[]", False),
        ("1", "1.0", False),
        ("1.5", "1.50", True),
        ("1", "true", False),
        ("0", "false", False),
        ('{"$type":"string"}', '""', False),
        ('{"$type":"string"}', '"a"', True),
        ('{"$type":"integer"}', "1.5", False),
        ('{"$type":"integer"}', "true", False),
        ('{"$type":"boolean"}', "true", True),
        ('{"$any":true}', "null", True),
        ('{"$atLeast":5}', "4", False),
        ('{"$atLeast":5}', "5", True),
        ('{"$startsWith":"ab"}', '"abc"', True),
        ('{"$startsWith":"ab"}', '"ba"', False),
        ('{"$length":2}', "[1,2]", True),
        ('{"$length":2}', "[1]", False),
        ('{"$each":1}', "[1,2]", False),
        ('{"$each":1}', "[]", True),
        ('{"$each":1}', "1", False),
        ('{"$has":[1,2]}', "[3,2,1]", True),
        ('{"$has":[1,2]}', "[3,2]", False),
        ("[1,2]", "[2,1]", False),
        ('"\\u00e9\\ud83d\\ude00"', '"é😀"', True),
    ]

    def test_patterns(self) -> None:
        for pattern, value, matches in self.PATTERNS:
            with self.subTest(pattern=pattern, value=value):
                self.assertEqual(mismatch(parse(pattern), parse(value)) is None, matches)

    def test_a_pattern_that_there_is_not_is_no_match(self) -> None:
        with self.assertRaises(ValueError):
            mismatch({"$unknown": 1}, 1)

    def test_what_is_no_json_is_refused(self) -> None:
        texts = [
            "",
            "{",
            "[1,]",
            "01",
            '"\\ud800"',
            '{"a":1,"a":2}',
            '{"a":1,"\\u0061":2}',
            "tru",
            "1 2",
            '"\n"',
            "NaN",
            "[" * 100_000,
        ]
        for text in texts:
            with self.subTest(text[:20]), self.assertRaises(ValueError):
                parse(text)
        with self.assertRaises(ValueError):
            parse(b'"\xff"')

    def test_what_is_written_reads_the_same(self) -> None:
        text = '{"b":[1,-2.50e3,"\\u0001\\"\\\\é",null,true,{}],"a":{}}'
        self.assertEqual(compact(parse(text)), text)

    def test_an_error_is_all_of_it(self) -> None:
        info = {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "UNKNOWN_ACT",
            "domain": "amnesty",
            "metadata": {},
        }
        head = {"end": 1, "code": "NOT_FOUND", "message": "No.", "details": [info]}
        expected = {"error": {"id": 1, "code": "NOT_FOUND", "reason": "UNKNOWN_ACT"}}
        self.assertIsNone(frame_mismatch(expected, Incoming(b"", head, NOTHING)))
        for changed in (
            head | {"end": 2},
            head | {"code": "UNKNOWN"},
            head | {"message": ""},
            head | {"more": 1},
            head | {"details": []},
            head | {"details": [info, info]},
            head | {"details": [info | {"reason": "NOT_FOUND"}]},
            head | {"details": [info | {"domain": "grpc"}]},
        ):
            with self.subTest(compact(changed)):
                self.assertIsNotNone(frame_mismatch(expected, Incoming(b"", changed, NOTHING)))
        self.assertIsNotNone(frame_mismatch(expected, Incoming(b"", head, {})))

    def test_bytes(self) -> None:
        self.assertEqual(encoded({"head": {"call": 1}}), b'\x00\x00\x00\x0a{"call":1}')
        self.assertEqual(
            encoded({"head": {"call": 1}, "body": parse('{"é":1.50}')}),
            b'\x00\x00\x00\x16{"call":1}\n' + '{"é":1.50}'.encode(),
        )
        self.assertEqual(encoded({"payloadHex": "7b7d0a"}), b"\x00\x00\x00\x03{}\n")
        self.assertEqual(encoded({"line": {"ping": 1}}), b'{"ping":1}\n')
        self.assertEqual(encoded({"textFill": {"before": "<", "fill": "ab", "count": 2, "after": ">"}}), b"<abab>")


if __name__ == "__main__":
    unittest.main()
