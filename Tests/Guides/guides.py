# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""guides.py [--binaries DIR] [GUIDE...]: does what the guides say, in a folder of its own, with a daemon of its own, and
looks whether the output is the one that is shown. Without a guide: every docs/guide-*.md.

In a guide, by the word behind the three backquotes:

    console           lines with `$ ` are typed, lines with `> ` go on with them, the others are the output, all of it;
                      `...` stands for any words, and alone on its line for any lines. A command that fails ends the
                      guide, unless `$ echo $?` comes next.
    sh                is run as a whole and must succeed; its output is not looked at.
    WORD file=NAME    the block is written to the file NAME.
    WORD append=NAME  the block is added to the file NAME.

Everything else is read by people only. The folder holds `acts`, a copy of the repository's, which the daemon serves;
$AMNESTY_SOCKET leads to it. It starts before the first command, with the configuration `amnestyd.yaml` if the guide has
written one by then.
"""

import argparse
import os
import pathlib
import re
import selectors
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMMAND_SECONDS = 60
START_SECONDS = 30


class GuideError(Exception):
    """A guide says what is not so."""


@dataclass
class Write:
    """A file that the guide shows."""

    line: int
    name: str
    text: str
    append: bool


@dataclass
class Command:
    """A command, and what it prints; None where the guide does not say."""

    line: int
    text: str
    shown: list[str] | None = field(default_factory=list)


def parse(text: str) -> list[Write | Command]:
    """The steps of a guide, in their order."""
    steps: list[Write | Command] = []
    lines = text.splitlines()
    at = 0
    while at < len(lines):
        opening = re.match(r"^(```+)\s*(.*)$", lines[at])
        at += 1
        if opening is None:
            continue
        begin = at
        while at < len(lines) and lines[at].rstrip() != opening[1]:
            at += 1
        block = lines[begin:at]
        at += 1
        words = opening[2].split()
        targets = [re.fullmatch(r"(file|append)=(\S+)", word) for word in words[1:]]
        for target in targets:
            if target is not None:
                steps.append(Write(begin, target[2], "".join(f"{line}\n" for line in block), target[1] == "append"))
        if words[:1] == ["console"]:
            steps += console(block, begin + 1)
        elif words[:1] == ["sh"]:
            steps.append(Command(begin + 1, "\n".join(block), None))
    return steps


def console(block: list[str], first: int) -> list[Command]:
    """The commands of a console block."""
    commands: list[Command] = []
    is_typed = False
    for number, line in enumerate(block, first):
        if line.startswith("$ "):
            commands.append(Command(number, line[2:]))
            is_typed = True
        elif is_typed and (line == ">" or line.startswith("> ")):
            commands[-1].text += "\n" + line[2:]
        elif not commands:
            raise GuideError(f"line {number}: output before the first command; a command begins with `$ `")
        else:
            is_typed = False
            shown = commands[-1].shown
            if shown is not None:
                shown.append(line.rstrip())
    return commands


def matches(shown: list[str], said: list[str]) -> bool:
    """Whether the lines that a command said are those that are shown."""
    pattern = ""
    for line in shown:
        if line == "...":
            pattern += r"(?:[^\n]*\n)*"
        else:
            pattern += r"[^\n]*".join(re.escape(part) for part in line.split("...")) + r"\n"
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in said)) is not None


class Shell:
    """A shell that keeps its folder and variables from one command to the next."""

    def __init__(self, folder: pathlib.Path, environment: dict[str, str]) -> None:
        self.step = folder / ".step"
        self.process = subprocess.Popen(
            ["bash", "--norc", "--noprofile"],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.said = b""

    def run(self, command: str) -> tuple[int, list[str]]:
        """The status of a command, and the lines that it said."""
        assert self.process.stdin is not None
        self.step.write_text(command + "\n", encoding="utf-8")
        # Read from a file, so that what the command itself reads is not the next one.
        line = f'. "{self.step}" < /dev/null; __status=$?; printf "\\n%s %s\\n" guide-step-done $__status'
        line += "; (exit $__status)\n"
        self.process.stdin.write(line.encode())
        self.process.stdin.flush()
        done = self.await_(re.compile(rb"\nguide-step-done (\d+)\n"))
        text = self.said[: done.start()].decode(errors="replace")
        self.said = self.said[done.end() :]
        lines = [line.rstrip() for line in text.removesuffix("\n").split("\n")]
        return int(done[1]), [] if lines == [""] else lines

    def await_(self, pattern: re.Pattern[bytes]) -> re.Match[bytes]:
        """Waits for words, for a bounded time."""
        assert self.process.stdout is not None
        deadline = time.monotonic() + COMMAND_SECONDS
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            while (found := pattern.search(self.said)) is None:
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    so_far = self.said.decode(errors="replace")
                    raise GuideError(f"not done after {COMMAND_SECONDS} s; so far it said:\n{so_far}")
                more = os.read(self.process.stdout.fileno(), 65536)
                if not more:
                    raise GuideError(f"the shell ended; it said:\n{self.said.decode(errors='replace')}")
                self.said += more
        return found

    def close(self) -> None:
        """Ends the shell."""
        self.process.kill()
        self.process.wait()


class Walk:
    """One guide, done from its first step to its last."""

    def __init__(self, guide: pathlib.Path, binaries: pathlib.Path, folder: pathlib.Path) -> None:
        self.guide = guide
        self.folder = folder
        self.daemon: subprocess.Popen[bytes] | None = None
        self.binaries = binaries
        programs = folder / ".bin"
        programs.mkdir()
        for program in ("amnestyd", "amnestyctl"):
            (programs / program).symlink_to(binaries / program)
        shutil.copytree(ROOT / "acts", folder / "acts")
        self.environment = {
            "PATH": f"{programs}:/usr/local/bin:/usr/bin:/bin",
            "HOME": str(folder),
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "TERM": "dumb",
            "AMNESTY_SOCKET": str(folder / ".socket"),
        }
        self.shell = Shell(folder, self.environment)

    def start(self) -> None:
        """Starts the daemon and waits until it answers."""
        command = [str(self.binaries / "amnestyd"), "--socket", ".socket", "--state-directory", ".state"]
        command += ["--config", "amnestyd.yaml"] if (self.folder / "amnestyd.yaml").exists() else ["--acts", "acts"]
        log = self.folder / ".log"
        with log.open("wb") as errors:
            self.daemon = subprocess.Popen(command, cwd=self.folder, env=self.environment, stderr=errors)
        deadline = time.monotonic() + START_SECONDS
        while self.shell.run("amnestyctl health")[0] != 0:
            if self.daemon.poll() is not None or time.monotonic() > deadline:
                raise GuideError(f"the daemon does not answer:\n{log.read_text(errors='replace')}")

    def run(self) -> int:
        """Does every step; gives the number of commands."""
        steps = parse(self.guide.read_text(encoding="utf-8"))
        commands = 0
        for index, step in enumerate(steps):
            if isinstance(step, Write):
                path = self.folder / step.name
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("a" if step.append else "w", encoding="utf-8") as file:
                    file.write(step.text)
                continue
            if self.daemon is None:
                self.start()
            following = steps[index + 1] if index + 1 < len(steps) else None
            self.command(step, isinstance(following, Command) and following.text == "echo $?")
            commands += 1
        if commands == 0:
            raise GuideError("the guide has no command")
        return commands

    def command(self, step: Command, may_fail: bool) -> None:
        """Types a command and looks at what it says."""
        try:
            status, said = self.shell.run(step.text)
        except GuideError as error:
            raise GuideError(f"line {step.line}: {step.text}\n{error}") from None
        if step.shown is not None and not matches(step.shown, said):
            shown = "".join(f"  | {line}\n" for line in step.shown)
            told = "".join(f"  | {line}\n" for line in said)
            where = f"line {step.line}: {step.text}\n"
            raise GuideError(f"{where}the guide shows:\n{shown}it said (status {status}):\n{told}")
        if status != 0 and not may_fail:
            told = "\n".join(said)
            raise GuideError(f"line {step.line}: {step.text}\nends with {status}, and no `$ echo $?` says so:\n{told}")

    def close(self) -> None:
        """Ends what was started."""
        self.shell.close()
        if self.daemon is not None:
            self.daemon.terminate()
            self.daemon.wait()


def walk(guide: pathlib.Path, binaries: pathlib.Path) -> int:
    """Does one guide in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="guide-") as folder:
        steps = Walk(guide, binaries, pathlib.Path(folder))
        try:
            return steps.run()
        finally:
            steps.close()


def main() -> int:
    """Walks through the guides that are named."""
    parser = argparse.ArgumentParser(description="Does what the guides say.")
    parser.add_argument("--binaries", type=pathlib.Path, default=ROOT / ".build/release")
    parser.add_argument("guides", nargs="*", type=pathlib.Path)
    options = parser.parse_args()
    binaries = options.binaries.resolve()
    for program in ("amnestyd", "amnestyctl"):
        if not (binaries / program).exists():
            print(f"guides: no {binaries / program}; build it first, or name the folder with --binaries", file=sys.stderr)
            return 66
    guides = options.guides or sorted((ROOT / "docs").glob("guide-*.md"))
    failed = commands = 0
    for guide in guides:
        try:
            commands += walk(guide, binaries)
        except (GuideError, OSError) as error:
            failed += 1
            print(f"{guide}: {error}", file=sys.stderr)
    print(f"guides: {len(guides)} walked through, {commands} commands, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
