# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""The register beside PostgreSQL and bare SQLite: one record by its reference, and one durable write at a time or many
at once.

The others write a case, a link and an entry of the trail; amnestyd keeps its indexes, its search index and two chains
of digests besides, and checks who asks for what.
"""

import contextlib
import dataclasses
import json
import pathlib
import statistics
import tempfile
from collections.abc import Iterator
from typing import Any

import daemon
import plots
import register
import report
from peers.storage import cluster

CASES = "amnesty.v1.CaseService"
PEOPLE = 20_000
READS = 4000
WRITES = 400
AT_ONCE = 3200
DEPTH = 64
CONNECTIONS = 16

READ_TOGETHER, READ_APART, READ_TAIL = "one core, p50", "a core each, p50", "a core each, p99"
WRITE, WRITE_RATE, WRITE_AT_ONCE = "one at a time, p50", "one at a time, a second", "64 at once, a second"

AMNESTYD, POSTGRES, MANY, SQLITE, ECHO = (
    "amnestyd",
    "PostgreSQL",
    "PostgreSQL, 16 connections",
    "SQLite, in process",
    "C echo (no store)",
)


class Records:
    """What is stored from the start, and what is still to be written: each is written once."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        self.stored = folder / "stored.ndjson"
        register.sample(self.stored, PEOPLE, 2022)
        register.sample(folder / "new.ndjson", PEOPLE, 7, prefix="SYN-2023-")
        self.new = (folder / "new.ndjson").read_text(encoding="utf-8").splitlines()
        self.taken = 0
        references = [json.loads(line)["reference"] for line in self.stored.read_text(encoding="utf-8").splitlines()]
        scattered = [references[at * 7919 % PEOPLE] for at in range(READS)]
        self.gets = folder / "gets.ndjson"
        self.gets.write_text("".join(f'{{"reference":"{one}"}}\n' for one in scattered), encoding="utf-8")

    def take(self, count: int) -> tuple[pathlib.Path, pathlib.Path]:
        """That many new records as they are, and as Register requests."""
        # Every round of every store gets records of its own: where they begin anew the reference tells them apart.
        at = range(self.taken, self.taken + count)
        lines = [self.new[one % PEOPLE].replace("SYN-2023-", f"SYN-{one // PEOPLE + 2023}-", 1) for one in at]
        self.taken += count
        plain, commands = self.folder / "records.ndjson", self.folder / "commands.ndjson"
        plain.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
        commands.write_text("".join(register.registration(line) + "\n" for line in lines), encoding="utf-8")
        return plain, commands


@dataclasses.dataclass
class Stores:
    records: Records
    server: Any
    postgres: cluster.Cluster | None
    database: pathlib.Path
    echo: Any
    values: dict[tuple[str, str], list[float]] = dataclasses.field(default_factory=dict)

    def note(self, name: str, measure: str, value: float) -> None:
        self.values.setdefault((name, measure), []).append(value)

    def note_reads(self, name: str, together: dict, apart: dict) -> None:
        self.note(name, READ_TOGETHER, together["p50"])
        self.note(name, READ_APART, apart["p50"])
        self.note(name, READ_TAIL, apart["p99"])

    def read(self) -> None:
        get, stored = f"{CASES}/Get", self.records.stored
        commands = {
            ECHO: ["calls", "sequential", self.echo.path, get, self.records.gets, READS],
            AMNESTYD: ["calls", "sequential", self.server.path, get, self.records.gets, READS],
            SQLITE: ["sqlite_store", self.database, "read", stored, READS],
        }
        if self.postgres is not None:
            commands[POSTGRES] = ["postgres_store", self.postgres.connection, "read", stored, READS]
        self.pin("0")
        together = {name: daemon.peer(*command, cpu=0) for name, command in commands.items()}
        self.pin("1")
        apart = {name: daemon.peer(*command, cpu=0) for name, command in commands.items()}
        self.pin("0,1")
        for name in commands:
            self.note_reads(name, together[name], apart[name])

    def pin(self, cores: str) -> None:
        daemon.pin(self.server, cores)
        daemon.pin(self.echo, cores)
        if self.postgres is not None:
            self.postgres.pin(cores)

    def write(self) -> None:
        register_method = f"{CASES}/Register"
        _, commands = self.records.take(WRITES + WRITES // 10)
        one = daemon.peer("calls", "sequential", self.server.path, register_method, commands, WRITES)
        self.note_writes(AMNESTYD, one)
        _, commands = self.records.take(AT_ONCE)
        self.note(
            AMNESTYD,
            WRITE_AT_ONCE,
            daemon.peer("calls", "inflight", self.server.path, register_method, commands, AT_ONCE, DEPTH)["perSecond"],
        )

        plain, _ = self.records.take(WRITES)
        self.note_writes(SQLITE, daemon.peer("sqlite_store", self.database, "write", plain, WRITES, 1))
        plain, _ = self.records.take(AT_ONCE)
        grouped = daemon.peer("sqlite_store", self.database, "write", plain, AT_ONCE // DEPTH, DEPTH)
        self.note(SQLITE, WRITE_AT_ONCE, grouped["perSecond"] * DEPTH)

        if self.postgres is None:
            return
        plain, _ = self.records.take(WRITES)
        self.note_writes(POSTGRES, daemon.peer("postgres_store", self.postgres.connection, "write", plain, WRITES))
        plain, _ = self.records.take(AT_ONCE // 2)
        in_flight = daemon.peer("postgres_store", self.postgres.connection, "pipeline", plain, AT_ONCE // 2, DEPTH)
        self.note(POSTGRES, WRITE_AT_ONCE, in_flight["perSecond"])
        plain, _ = self.records.take(AT_ONCE)
        many = daemon.peer("postgres_store", self.postgres.connection, "connections", plain, AT_ONCE, CONNECTIONS)
        self.note(MANY, WRITE_AT_ONCE, many["perSecond"])

    def note_writes(self, name: str, figures: dict) -> None:
        self.note(name, WRITE, figures["p50"])
        self.note(name, WRITE_RATE, figures["perSecond"])


@contextlib.contextmanager
def postgres(section: report.Section, records: Records) -> Iterator[cluster.Cluster | None]:
    with contextlib.ExitStack() as stack:
        try:
            server = stack.enter_context(cluster.running())
        except cluster.Missing as problem:
            section.row(POSTGRES, "not installed", str(problem))
            yield None
            return
        section.versions.append(server.version)
        daemon.figures([daemon.PEERS / "postgres_store", server.connection, "load", records.stored], is_silent=True)
        yield server


def cell(samples: dict[tuple[str, str], report.Sample], name: str, measure: str) -> str:
    sample = samples.get((name, measure))
    if sample is None:
        return "–"
    return report.number(sample) if measure in (WRITE_RATE, WRITE_AT_ONCE) else report.timing(sample)


def ratio(samples: dict[tuple[str, str], report.Sample], name: str, measure: str) -> str:
    sample = samples.get((name, measure))
    return "–" if sample is None else report.number(sample.over(samples[AMNESTYD, measure]))


def lines(samples: dict[tuple[str, str], report.Sample], names: list[str], measures: list[str]) -> list[plots.Line]:
    def mark(name: str, measure: str) -> plots.Mark | None:
        sample = samples.get((name, measure))
        return None if sample is None else plots.Mark(sample.median, sample.low, sample.high)

    present = [name for name in names if any((name, measure) in samples for measure in measures)]
    return [plots.Line(name, [mark(name, measure) for measure in measures], name == AMNESTYD) for name in present]


def tell(section: report.Section, samples: dict[tuple[str, str], report.Sample]) -> None:
    reads, writes = [READ_TOGETHER, READ_APART, READ_TAIL], [WRITE, WRITE_RATE, WRITE_AT_ONCE]
    readers, writers = [ECHO, SQLITE, AMNESTYD, POSTGRES], [SQLITE, AMNESTYD, POSTGRES, MANY]
    section.table(
        "One record by its reference",
        ["", *reads, "one core, times amnestyd's"],
        [
            [name, *(cell(samples, name, measure) for measure in reads), ratio(samples, name, READ_TOGETHER)]
            for name in readers
            if (name, READ_TOGETHER) in samples
        ],
        f"Of {PEOPLE:,} cases, {READS:,} of them in turn. One core: client and server share it, so that no core has to"
        " be woken. SQLite has no server. amnestyd answers the whole case with its state and what may be done next,"
        " the others the record's text.",
    )
    section.table(
        "Durable writes",
        ["", *writes, "64 at once, times amnestyd's"],
        [
            [name, *(cell(samples, name, measure) for measure in writes), ratio(samples, name, WRITE_AT_ONCE)]
            for name in writers
            if (name, WRITE_AT_ONCE) in samples
        ],
        "All on one file system, each synced before it is acknowledged. 64 at once: amnestyd and PostgreSQL on one"
        " connection (a transaction a case), SQLite 64 cases a transaction, as whoever calls it must arrange for; then"
        " PostgreSQL with 16 connections.",
    )
    section.plots["storage-reads"] = plots.dots(
        plots.Plot(
            "One record by its reference",
            "Client and server on one core, and on a core each; the range is over the rounds",
            "time of a read, p50",
            ("one core", "a core each"),
            lines(samples, readers, [READ_TOGETHER, READ_APART]),
            report.time,
        )
    )
    section.plots["storage-writes"] = plots.dots(
        plots.Plot(
            "Durable writes",
            "One at a time, and 64 (PostgreSQL also 16 connections) at once; every one synced to disk",
            "writes a second",
            ("one at a time", "at once"),
            lines(samples, writers, [WRITE_RATE, WRITE_AT_ONCE]),
            lambda value: f"{value:,.0f}",
        )
    )


def run(section: report.Section, rounds: int) -> None:
    with contextlib.ExitStack() as stack:
        records = Records(pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory())))
        server = stack.enter_context(daemon.amnestyd())
        register.control(server, "case", "import", str(records.stored))
        database = records.folder / "sqlite.db"
        daemon.figures([daemon.PEERS / "sqlite_store", database, "load", records.stored], is_silent=True)
        answer = daemon.peer("calls", "probe", server.path, f"{CASES}/Get", records.gets)["response"]
        stores = Stores(
            records,
            server,
            stack.enter_context(postgres(section, records)),
            database,
            stack.enter_context(daemon.echo(answer, "epoll")),
        )
        for _ in range(rounds):
            stores.read()
            stores.write()
        samples = {key: report.Sample(tuple(values)) for key, values in stores.values.items()}
        for (name, measure), sample in samples.items():
            section.keep(
                "storage", name, measure, "a second" if measure in (WRITE_RATE, WRITE_AT_ONCE) else "ns", sample
            )
        tell(section, samples)
        reads = [
            mine / theirs for mine, theirs in zip(stores.values[AMNESTYD, READ_APART], stores.values[ECHO, READ_APART])
        ]
        section.row(
            "Get, a core each: ratio of p50 to the C echo (target 4.5)",
            f"{statistics.median(reads):.2f}",
            f"{min(reads):.2f} to {max(reads):.2f}",
        )
