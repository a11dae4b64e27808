# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""What is checked in is what the generator writes."""

from __future__ import annotations

import unittest

import generate


class Generator(unittest.TestCase):
    """The output and its names."""

    def test_nothing_is_stale(self) -> None:
        self.assertEqual(generate.main(["--check"]), 0)

    def test_names_are_those_of_python(self) -> None:
        for name, python in (("recordDigest", "record_digest"), ("BatchGet", "batch_get"), ("from", "from_"), ("Import", "import_")):
            self.assertEqual(generate.snake(name), python)


if __name__ == "__main__":
    unittest.main()
