# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""The command line: what is run against what, and how the process ends."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from client_under_test import CannotStart, ClientUnderTest
from client_vectors import ClientVectorRun
from report import as_json, print_list, print_outcome, print_summary
from server_under_test import Options, ServerUnderTest, Unreachable
from server_vectors import ServerVectorRun
from vectors import PROTOCOL, OutOfPatience, Vector, VectorError, read_vectors
from verdicts import Failure, Outcome, Verdict, judged, read_expected_failures

# Those of sysexits(3) besides 0 and 1.
USAGE = 64
NO_INPUT = 66
UNAVAILABLE = 69

DESCRIPTION = """\
Runs the vectors of protocol/vectors: against a server, or against a client program that this starts
and plays the server for."""

EPILOG = """\
exit codes: 0 everything ended as expected; 1 a vector failed, or passed though it is listed as an
expected failure, or, with --no-skips, was skipped; 64 wrong usage, or a wrong list of expected
failures; 66 no such file; 69 no server listens, or the program does not start, or does
nothing.

README.md beside this program says how a client is made ready for it, and what a list of expected
failures looks like."""

SERVER = """\
Runs the vectors for a server. Give --socket for one that listens already: the vectors that need a
server of their own are skipped. Or give the command that starts one behind --; in its words
{socket} stands for the path at which it has to listen, {folder} for an empty folder of its own,
{restricted} for a second path, at which who connects holds no role. It is started for all vectors,
and once more for each that needs an empty register or stops it; SIGTERM has to stop it. Who runs
this is to hold every role at {socket}."""

CLIENT = """\
Runs the vectors for a client against a program that is started once, and told on its standard input
what to do. README.md says how."""


def main(arguments: list[str]) -> int:
    """Returns the exit code."""
    words, command = _split(arguments)
    parser = _parser()
    options = parser.parse_args(words)
    try:
        vectors = read_vectors(options.vectors, options.side)
        expected = (
            read_expected_failures(options.expected_failures, {one.name for one in vectors})
            if options.expected_failures
            else {}
        )
    except OSError as error:
        print(f"conformance: {error.filename}: {error.strerror}", file=sys.stderr)
        return NO_INPUT
    except ValueError as error:
        print(f"conformance: {error}", file=sys.stderr)
        return USAGE
    meant = [vector for vector in vectors if vector.is_meant(options.only)]
    if not meant:
        print(
            f"conformance: no vector for a {options.side} matches {' or '.join(options.only)}; --list shows all",
            file=sys.stderr,
        )
        return USAGE
    if options.list:
        print_list(meant, sys.stdout)
        return 0
    try:
        outcomes = (_run_server if options.side == "server" else _run_client)(meant, expected, options, command)
    except _WrongUsage as error:
        print(f"conformance: {error}", file=sys.stderr)
        return USAGE
    except (CannotStart, Unreachable) as error:
        print(f"conformance: {error}", file=sys.stderr)
        return UNAVAILABLE
    if options.json:
        print(as_json(options.side, outcomes))
    else:
        print_summary(options.side, outcomes, sys.stdout)
    bad = {Verdict.FAILED, Verdict.PASSED_UNEXPECTEDLY} | ({Verdict.SKIPPED} if options.no_skips else set())
    return 1 if any(outcome.verdict in bad for outcome in outcomes) else 0


class _WrongUsage(Exception):
    """What only shows after the options are read."""


class _Parser(argparse.ArgumentParser):
    """One that leaves with the exit code of this program."""

    def error(self, message: str) -> None:  # type: ignore[override]
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"{self.prog}: {message}\n")


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    """The words before `--`, and those behind it."""
    if "--" not in arguments:
        return arguments, []
    index = arguments.index("--")
    return arguments[:index], arguments[index + 1 :]


def _parser() -> _Parser:
    plain = argparse.RawDescriptionHelpFormatter
    parser = _Parser(prog="conformance", description=DESCRIPTION, epilog=EPILOG, formatter_class=plain)
    sides = parser.add_subparsers(dest="side", required=True, metavar="{server,client}")
    server = sides.add_parser(
        "server", help="vectors for a server", description=SERVER, epilog=EPILOG, formatter_class=plain,
        usage="conformance server [options] --socket PATH\n       conformance server [options] -- COMMAND...",
    )  # fmt: skip
    client = sides.add_parser(
        "client", help="vectors for a client", description=CLIENT, epilog=EPILOG, formatter_class=plain,
        usage="conformance client [options] -- COMMAND...",
    )  # fmt: skip
    server.add_argument("--socket", type=Path, metavar="PATH", help="a server that listens there")
    server.add_argument(
        "--restricted-socket", type=Path, metavar="PATH", help="another socket of it, where who connects holds no role"
    )
    server.add_argument(
        "--restricted-user",
        type=int,
        metavar="UID",
        help="a user who holds no role; root connects as that user where none is to be held",
    )
    client.add_argument(
        "--startup",
        type=float,
        default=30,
        metavar="SECONDS",
        help="how long a started program may take until it connects (30)",
    )
    for side in (server, client):
        side.add_argument(
            "--expected-failures", type=Path, metavar="FILE", help="vectors that are known to fail, each with a reason"
        )
        side.add_argument(
            "--only",
            action="append",
            default=[],
            metavar="PATTERN",
            help="vectors whose name, file or clause matches; may be given again",
        )
        side.add_argument("--list", action="store_true", help="show the vectors, and run none")
        side.add_argument("--json", action="store_true", help="print one JSON document in place of lines")
        side.add_argument("--no-skips", action="store_true", help="a vector that is skipped counts as failed")
        side.add_argument("--verbose", action="store_true", help="print a line for every vector")
        side.add_argument(
            "--patience", type=float, default=10, metavar="SECONDS", help="how long anything is waited for (10)"
        )
        side.add_argument(
            "--vectors",
            type=Path,
            default=PROTOCOL / "vectors",
            metavar="FOLDER",
            help="other vectors than those beside it",
        )
    return parser


def _tell(options: argparse.Namespace, outcome: Outcome) -> None:
    # With --json they are told as they come, too, and elsewhere: the document is alone on standard output.
    out = sys.stderr if options.json else sys.stdout
    if options.verbose and outcome.verdict not in (Verdict.FAILED, Verdict.PASSED_UNEXPECTEDLY):
        reason = f"  ({outcome.reason})" if outcome.reason else ""
        print(f"{outcome.verdict.value}  {outcome.vector.name}{reason}", file=out)
    print_outcome(outcome, out)
    out.flush()


def _run_server(
    vectors: list[Vector], expected: dict[str, str], options: argparse.Namespace, command: list[str]
) -> list[Outcome]:
    if bool(command) == bool(options.socket):
        raise _WrongUsage("give --socket PATH, or -- and the command that starts a server")
    if command and not any("{socket}" in word for word in command):
        raise _WrongUsage("the command has to say where the server listens: write {socket} in the place of the path")
    if command and options.restricted_socket:
        raise _WrongUsage("--restricted-socket belongs to --socket; write {restricted} in the command")
    if options.restricted_user is not None and os.geteuid() != 0:
        raise _WrongUsage("--restricted-user is for root")
    where = Options(command, options.socket, options.restricted_socket, options.restricted_user, options.patience)
    outcomes: list[Outcome] = []
    with ServerUnderTest(where) as server:
        for vector in vectors:
            lacks = server.lacks(vector)
            outcomes.append(
                Outcome(vector, Verdict.SKIPPED, lacks)
                if lacks
                else _judge_server(vector, server, options.patience, expected)
            )
            _tell(options, outcomes[-1])
    return outcomes


def _judge_server(vector: Vector, server: ServerUnderTest, patience: float, expected: dict[str, str]) -> Outcome:
    current: ServerVectorRun | None = None
    failure: Failure | None = None
    try:
        with server.serving(vector) as endpoint:
            current = ServerVectorRun(vector, endpoint, patience)
            current.run()
    except VectorError as error:
        failure = _failure(error, current)
    return judged(vector, failure, expected)


def _run_client(
    vectors: list[Vector], expected: dict[str, str], options: argparse.Namespace, command: list[str]
) -> list[Outcome]:
    if not command:
        raise _WrongUsage("give -- and the command that starts the client")
    outcomes: list[Outcome] = []
    with ClientUnderTest(command, patience=options.patience, startup=options.startup) as client:
        for vector in vectors:
            run = ClientVectorRun(vector, client, options.patience)
            failure: Failure | None = None
            try:
                run.run()
            except VectorError as error:
                failure = _failure(error, run)
            outcomes.append(judged(vector, failure, expected))
            _tell(options, outcomes[-1])
    return outcomes


def _failure(error: VectorError, run: ServerVectorRun | ClientVectorRun | None) -> Failure:
    return Failure(
        step=run.step if run else 0,
        message=str(error),
        expected=error.expected,
        received=error.received,
        timed_out=isinstance(error, OutOfPatience),
        exchange=run.record.lines if run else [],
    )
