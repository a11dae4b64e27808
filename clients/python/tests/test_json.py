# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""I-JSON is read as strictly as the daemon reads it."""

from __future__ import annotations

import json
import unittest

from support.repository import PROTOCOL

from amnesty._core.json import MalformedJSON, encode, parse


class Parsing(unittest.TestCase):
    """What is taken and what is refused."""

    def test_every_text_of_the_corpus(self) -> None:
        corpus = json.loads((PROTOCOL / "vectors" / "json" / "suite.json").read_text(encoding="utf-8"))
        self.assertGreater(len(corpus), 300)
        for one in corpus:
            data = bytes.fromhex(one["hex"]) if "hex" in one else one["text"].encode()
            with self.subTest(one["name"]):
                try:
                    parse(data)
                    accepted = True
                except MalformedJSON:
                    accepted = False
                self.assertEqual(accepted, one["accept"])

    def test_takes(self) -> None:
        for text, value in (
            (b"1", 1),
            (b" {} \n", {}),
            (b"9223372036854775807", 2**63 - 1),
            (b'"\\ud83d\\ude00"', "\U0001f600"),
            (b"[" * 64 + b"]" * 64, None),
            (b'{"a":1,"b":{"a":1}}', {"a": 1, "b": {"a": 1}}),
            ('"Үлгі"'.encode(), "Үлгі"),
        ):
            with self.subTest(text):
                found = parse(text)
                if value is not None:
                    self.assertEqual(found, value)

    def test_refuses(self) -> None:
        for text in (
            b"",
            b" ",
            b"{",
            b"1 2",
            b"01",
            b"+1",
            b".5",
            b"NaN",
            b"-Infinity",
            b"True",
            b"[1,]",
            b'{"a":1,"a":1}',
            b'{"a":{"b":1,"\\u0062":1}}',
            b'"\\ud800"',
            b'{"\\udc00":1}',
            b'"\xff"',
            b'"\xc0\x80"',
            b'"\xed\xa0\x80"',
            b"\xef\xbb\xbf{}",
            b'"\n"',
            b'"\\x"',
            b"[" * 65 + b"]" * 65,
            b"[" * 100_000,
        ):
            with self.subTest(text[:20]):
                self.assertRaises(MalformedJSON, parse, text)

    def test_a_float_is_no_integer(self) -> None:
        self.assertIsInstance(parse(b"1.0"), float)

    def test_writes_what_it_can(self) -> None:
        self.assertEqual(encode({"a": ["Ү", 2**60, None, True]}), '{"a":["Ү",1152921504606846976,null,true]}'.encode())
        self.assertRaises(ValueError, encode, float("nan"))
        self.assertRaises(ValueError, encode, "\ud800")


if __name__ == "__main__":
    unittest.main()
