# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""Rule engines on one act: what an evaluation costs, and how often one decides while a fact is missing that decides."""

import contextlib
import json
import os
import pathlib
import subprocess
import tempfile
from collections.abc import Iterator, Sequence

import daemon
import plots
import report
from peers.rules import act, amnestyd_act, cases, engines, reference, worker

ASSESS = "amnesty.v1.EligibilityService/Assess"
SHARES = (0.0, 0.1, 0.4)
# Timed on these, decided on more.
TIMED = 256
PASSES = 5
DECIDED = 1000
BATCH = {"ZEN, decision table": 1000, "OpenFisca": 100_000}
PROCESS = "amnestyd, in process"
SOCKET = "amnestyd, over the socket"
SERIES = ("nothing missing", "10 % missing", "40 % missing")


class Absent(Exception):
    """The engine is not installed."""


class Peer:
    """A worker that is spoken to."""

    def __init__(self, name: str, process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None and process.stdout is not None
        self.name = name
        self.orders, self.answers = process.stdin, process.stdout
        greeting = self.answer()
        if "absent" in greeting:
            raise Absent(greeting["absent"])
        self.version = greeting["version"]

    def answer(self) -> dict:
        line = self.answers.readline()
        if not line:
            raise SystemExit(f"{self.name} left before it answered")
        return json.loads(line)

    def ask(self, **order: object) -> dict:
        self.orders.write(json.dumps(order) + "\n")
        self.orders.flush()
        return self.answer()


@contextlib.contextmanager
def peer(name: str) -> Iterator[Peer]:
    if not daemon.PYTHON.exists():
        raise Absent("no environment from PyPI")
    environment = {**os.environ, "PYTHONPATH": str(pathlib.Path(__file__).parents[2])}
    # On one core: an engine that hands its calls to another thread does not wait for another core to wake.
    command = [*daemon.pinned(0), str(daemon.PYTHON), "-m", "peers.rules.worker", name]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        # Its input ends with the block, and the worker with its input.
        yield Peer(name, process)


def truth(law: act.Act, share: float) -> list[str | None]:
    return [reference.settled(law, facts) for facts in cases.sample(law, DECIDED, share, worker.SEED)]


def asked(law: act.Act, path: pathlib.Path, share: float) -> list[str | None]:
    """The daemon's decisions on the same cases."""
    with daemon.Client(path) as client:
        answers = [
            client.call(ASSESS, json.loads(amnestyd_act.request(facts, number, False)))
            for number, facts in enumerate(cases.sample(law, DECIDED, share, worker.SEED))
        ]
    return [amnestyd_act.decision(answer["assessment"]) for answer in answers]


def judge(decisions: Sequence[str | None], settled: Sequence[str | None]) -> tuple[int, int, int, int]:
    """Cases with a decisive fact missing; of them decided; settled ones not decided; settled ones decided otherwise."""
    pairs = list(zip(decisions, settled, strict=True))
    return (
        sum(right is None for right in settled),
        sum(right is None and given is not None for given, right in pairs),
        sum(right is not None and given is None for given, right in pairs),
        sum(right is not None and given not in (None, right) for given, right in pairs),
    )


@contextlib.contextmanager
def shared_daemon(law: act.Act, cpu: int | None = None) -> Iterator:
    with tempfile.TemporaryDirectory() as folder:
        amnestyd_act.write(law, pathlib.Path(folder))
        with daemon.amnestyd(cpu, acts=folder) as server:
            yield server


def never_decides_blindly(section: report.Section) -> int:
    """For the gate: the daemon against the reference. The number of cases in which they differ."""
    law = act.load()
    differing = 0
    with shared_daemon(law) as server:
        for share in SHARES:
            blind, decided, left, wrong = judge(asked(law, server.path, share), truth(law, share))
            differing += decided + left + wrong
            section.row(
                f"shared act, {share:.0%} of the facts missing: decided blindly",
                f"{decided} of {blind}",
                f"{left} settled ones not decided, {wrong} decided otherwise, of {DECIDED}",
            )
    return differing


def in_process(file: pathlib.Path, law_file: pathlib.Path, rounds: int) -> dict[bool, float]:
    """Nanoseconds of one assessment, of the fastest pass, by the explanation that is asked for."""
    command = [
        *daemon.pinned(0),
        str(daemon.BINARIES / "amnesty-benchmarks"),
        "time",
        "--record",
        str(file),
        "--act",
        str(law_file),
        "--rounds",
        str(rounds),
        "each-assess",
        "each-assess-explained",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    figures = {entry["name"]: min(entry["rounds"]) / TIMED for entry in map(json.loads, done.stdout.splitlines())}
    return {False: figures["each-assess"], True: figures["each-assess-explained"]}


def percent(share: float) -> str:
    return f"{share:.0%}"


class Run:
    """One run over all engines that are there."""

    def __init__(self, section: report.Section, folder: pathlib.Path, stack: contextlib.ExitStack) -> None:
        self.section = section
        self.law = act.load()
        self.law_folder = folder / "acts"
        amnestyd_act.write(self.law, self.law_folder)
        self.folder = folder
        self.absent: dict[str, str] = {}
        self.peers: dict[str, Peer] = {}
        for name in engines.MODULES:
            try:
                self.peers[name] = stack.enter_context(peer(name))
            except Absent as problem:
                self.absent[name] = str(problem)
        self.server = stack.enter_context(shared_daemon(self.law, cpu=0))
        for share in SHARES:
            sample = cases.sample(self.law, TIMED, share, worker.SEED)
            records = [json.dumps(amnestyd_act.record(facts, number)) for number, facts in enumerate(sample)]
            self.file("records", share).write_text("\n".join(records) + "\n", encoding="utf-8")
            for explain in (False, True):
                requests = [amnestyd_act.request(facts, number, explain) for number, facts in enumerate(sample)]
                self.file(f"requests-{explain}", share).write_text("\n".join(requests) + "\n", encoding="utf-8")
        section.versions += sorted({peer.version for peer in self.peers.values()})

    def file(self, kind: str, share: float) -> pathlib.Path:
        return self.folder / f"{kind}-{share}"

    def measure(self, rounds: int) -> dict[tuple[str, float, bool], report.Sample]:
        """Nanoseconds a case, by engine, share of missing facts and explanation; the engines take turns."""
        values: dict[tuple[str, float, bool], list[float]] = {}
        for _ in range(rounds):
            for share in SHARES:
                law_file = self.law_folder / f"{amnestyd_act.ACT_ID}.yaml"
                inside = in_process(self.file("records", share), law_file, 3 * PASSES)
                for explain in (False, True):
                    values.setdefault((PROCESS, share, explain), []).append(inside[explain])
                    values.setdefault((SOCKET, share, explain), []).append(self.over_the_socket(share, explain))
                    for name, peer in self.peers.items():
                        took = peer.ask(do="time", missing=share, count=TIMED, explain=explain)["nanoseconds"]
                        if took is not None:
                            values.setdefault((name, share, explain), []).append(took)
        return {key: report.Sample(tuple(taken)) for key, taken in values.items()}

    def over_the_socket(self, share: float, explain: bool) -> float:
        requests = self.file(f"requests-{explain}", share)
        command = ["calls", "sequential", self.server.path, ASSESS, requests, TIMED]
        return min(daemon.peer(*command, cpu=0)["mean"] for _ in range(PASSES))

    def costs(self, samples: dict[tuple[str, float, bool], report.Sample]) -> None:
        names = [PROCESS, SOCKET, *engines.MODULES]
        for explain in (False, True):
            said = "on" if explain else "off"
            base = samples[PROCESS, 0.0, explain]
            rows = []
            for name in names:
                if name in self.absent:
                    rows.append([name, *["not installed"] * (len(SHARES) + 1)])
                    continue
                if (name, SHARES[0], explain) not in samples:
                    continue
                taken = [samples[name, share, explain] for share in SHARES]
                cells = [report.timing(one) for one in taken]
                rows.append([name, *cells, report.number(taken[0].over(base))])
                for share, one in zip(SHARES, taken):
                    self.section.keep(f"evaluation, explanation {said}", name, f"{percent(share)} missing", "ns", one)
            self.section.table(
                f"One evaluation of the shared act, explanation {said}",
                ["", *SERIES, "nothing missing: times amnestyd's"],
                rows,
                "Facts are ready in the engine's own form; over the socket, record and answer are read and written too."
                f" Means over {TIMED} cases, of the fastest pass of each round."
                + ("" if explain else " Cedar has no call without an explanation: it stands in the next table."),
            )
        self.section.plots["rules-time"] = plots.dots(
            plots.Plot(
                "One evaluation of the shared act",
                "Explanation off (Cedar: always on); the range is over the rounds",
                "time of an evaluation",
                SERIES,
                [
                    plots.Line(
                        name,
                        [mark(samples.get((name, share, False), samples.get((name, share, True)))) for share in SHARES],
                        name.startswith("amnestyd"),
                    )
                    for name in names
                    if name not in self.absent
                ],
                report.time,
            )
        )

    def decisions(self) -> None:
        lines, rows = [], []
        answers = {SOCKET: {share: asked(self.law, self.server.path, share) for share in SHARES}}
        right = {share: truth(self.law, share) for share in SHARES}
        told = []
        for name, peer in self.peers.items():
            replies = {share: peer.ask(do="decide", missing=share, count=DECIDED) for share in SHARES}
            answers[name] = {share: reply["decisions"] for share, reply in replies.items()}
            if replies[0.0]["noticed"] is not None:
                told.append((name, [self.noticed(replies[share], right[share]) for share in SHARES[1:]]))
        for name, given in answers.items():
            if given[0.0] != right[0.0]:
                raise SystemExit(f"{name} does not do what the shared act says although nothing is missing")
            cells, marks = [], []
            for share in SHARES[1:]:
                blind, decided, left, wrong = judge(given[share], right[share])
                cells += [f"{decided} of {blind}", f"{left} of {DECIDED - blind}"]
                marks.append(plots.Mark(*[100 * decided / blind] * 3))
                self.section.keep(
                    "decides while a decisive fact is missing",
                    name,
                    f"{percent(share)} missing",
                    "%",
                    report.Sample((100 * decided / blind,)),
                )
                if name == SOCKET and decided + left + wrong > 0:
                    raise SystemExit(f"amnestyd decides {decided} cases blindly, leaves {left}, gets {wrong} wrong")
            rows.append(["amnestyd" if name == SOCKET else name, *cells])
            lines.append(plots.Line("amnestyd" if name == SOCKET else name, marks, name == SOCKET))
        self.section.table(
            "Decides while a decisive fact is missing",
            ["", "10 % missing: blindly", "open though settled", "40 % missing: blindly", "open though settled"],
            rows,
            f"Of {DECIDED} cases each; blindly: decided although a decisive fact is missing; open: not decided. A"
            " missing fact is decisive where two completions of the case differ in the decision; a plain Python"
            " reference tries every completion. With nothing missing, all engines agree with it on every case, or the"
            " run fails.",
        )
        self.section.plots["rules-missing"] = plots.bars(
            plots.Plot(
                "Decides while a decisive fact is missing",
                "Of the cases that the missing facts leave open, how many the engine decides all the same",
                "share of those cases, %",
                SERIES[1:],
                lines,
                lambda value: f"{value:.0f} %",
            ),
            100,
        )

        for name, counts in told:
            self.section.row(
                f"{name}: blind decisions that come with an error in the diagnostics",
                ", ".join(f"{noticed} of {blind}" for noticed, blind in counts),
                "10 %, 40 % of the facts missing",
            )

    @staticmethod
    def noticed(answer: dict, settled: Sequence[str | None]) -> tuple[int, int]:
        blind = [
            noticed
            for given, noticed, right in zip(answer["decisions"], answer["noticed"], settled, strict=True)
            if right is None and given is not None
        ]
        return sum(blind), len(blind)

    def batches(self, rounds: int) -> None:
        for name, count in BATCH.items():
            if name not in self.peers:
                continue
            values = [self.peers[name].ask(do="batch", missing=0.0, count=count)["nanoseconds"] for _ in range(rounds)]
            sample = report.Sample(tuple(values))
            self.section.keep("batch", name, f"{count} cases", "ns", sample)
            self.section.row(
                f"{name}: {count:,} cases in one call, a case",
                report.time(sample.median),
                f"{report.time(sample.low)} to {report.time(sample.high)}",
            )


def mark(sample: report.Sample | None) -> plots.Mark | None:
    return None if sample is None else plots.Mark(sample.median, sample.low, sample.high)


def run(section: report.Section, rounds: int) -> None:
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        all_engines = Run(section, folder, stack)
        for name, why in all_engines.absent.items():
            section.row(name, "not installed", why)
        all_engines.costs(all_engines.measure(rounds))
        all_engines.decisions()
        all_engines.batches(rounds)
