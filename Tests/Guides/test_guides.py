# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""What the runner of the guides makes of a guide; needs no daemon."""

import os
import pathlib
import tempfile
import unittest

import guides


class Parsing(unittest.TestCase):
    """Blocks to steps."""

    def test_commands_and_their_output(self) -> None:
        text = "# A guide\n\n```console\n$ one\nsaid\n\n$ two <<X\n> body\n>\n> X\n$ three\n```\n```text\n$ not\n```\n"
        steps = guides.parse(text)
        self.assertEqual(
            steps,
            [
                guides.Command(4, "one", ["said", ""]),
                guides.Command(7, "two <<X\nbody\n\nX", []),
                guides.Command(11, "three", []),
            ],
        )

    def test_files_and_scripts(self) -> None:
        text = "```yaml file=a/b.yaml\nx: 1\n```\n```csv append=a/c.csv\n1\n```\n```sh\nfirst\nsecond\n```\n"
        self.assertEqual(
            guides.parse(text),
            [
                guides.Write(1, "a/b.yaml", "x: 1\n", False),
                guides.Write(4, "a/c.csv", "1\n", True),
                guides.Command(8, "first\nsecond", None),
            ],
        )

    def test_a_quotation_mark_in_the_output_is_output(self) -> None:
        steps = guides.parse("```console\n$ one\nsaid\n> more\n```\n")
        self.assertEqual(steps, [guides.Command(2, "one", ["said", "> more"])])

    def test_output_without_a_command_is_told(self) -> None:
        with self.assertRaises(guides.GuideError):
            guides.parse("```console\nsaid\n```\n")


class Matching(unittest.TestCase):
    """What is shown against what was said."""

    def test_words_and_lines_may_be_left_out(self) -> None:
        said = ["one 1", "two", "three (3)"]
        last = "three (3)"
        for shown in (said, ["...", last], ["one ...", "..."], ["..."], ["one ...", "t...o", "... (3)"], [*said, "..."]):
            self.assertTrue(guides.matches(shown, said), shown)
        for shown in ([], ["one 1"], ["..", "two"], ["one ...", last], [*said, ""], ["one 1", "...", "two", "two", "..."]):
            self.assertFalse(guides.matches(shown, said), shown)


class Shells(unittest.TestCase):
    """One shell for all commands."""

    def setUp(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.shell = guides.Shell(pathlib.Path(self.folder.name), dict(os.environ))

    def tearDown(self) -> None:
        self.shell.close()
        assert self.shell.process.stdin is not None and self.shell.process.stdout is not None
        self.shell.process.stdin.close()
        self.shell.process.stdout.close()
        self.folder.cleanup()

    def test_it_keeps_folder_variables_and_status(self) -> None:
        self.assertEqual(self.shell.run("mkdir sub; cd sub; word=kept"), (0, []))
        self.assertEqual(self.shell.run('echo "$word"; basename "$PWD"'), (0, ["kept", "sub"]))
        self.assertEqual(self.shell.run("false"), (1, []))
        self.assertEqual(self.shell.run("echo $?"), (0, ["1"]))
        self.assertEqual(self.shell.run("echo wrong >&2; (exit 65)"), (65, ["wrong"]))

    def test_a_command_that_reads_gets_nothing(self) -> None:
        self.assertEqual(self.shell.run("cat"), (0, []))
        self.assertEqual(self.shell.run("cat <<X\nbody\nX"), (0, ["body"]))

    def test_output_without_a_last_newline(self) -> None:
        self.assertEqual(self.shell.run("printf word"), (0, ["word"]))
        self.assertEqual(self.shell.run("printf 'a\\n\\n'"), (0, ["a", ""]))


if __name__ == "__main__":
    unittest.main()
