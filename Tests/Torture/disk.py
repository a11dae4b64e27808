# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""The disk fails under load: what is acknowledged is kept, what is refused is not there, assessments go on, health says
it, service resumes.
"""

from __future__ import annotations

import dataclasses
import errno
import statistics
import time
from collections.abc import Callable

from daemon import REGISTER, Daemon, until
from faults import Calls, Faults, Files, library
from load import Load
from model import Model
from outcome import Context, Outcome
from wire import Connection, Refused

# The probe comes every 5 s; a machine that is busy with other things may take longer to answer.
RESUMES_WITHIN = 30


@dataclasses.dataclass
class DiskFault:
    fault: str
    provoked: str
    files: Files
    calls: Calls
    error: int
    # The causes that may be told.
    causes: set[str]
    # Calls that fail; below 0: all.
    count: int = -1
    is_short: bool = False


FULL, FAILING = {"disk_full"}, {"input_output"}
FAULTS = [
    DiskFault("disk full", "ENOSPC from every write", Files.ALL, Calls.WRITE, errno.ENOSPC, FULL),
    DiskFault(
        "disk full at a sync",
        "ENOSPC from every fsync and fdatasync",
        Files.ALL,
        Calls.SYNC,
        errno.ENOSPC,
        FULL | FAILING,
    ),
    DiskFault("writes fail", "EIO from every write", Files.ALL, Calls.WRITE, errno.EIO, FAILING),
    DiskFault("syncs fail", "EIO from every fsync and fdatasync", Files.ALL, Calls.SYNC, errno.EIO, FAILING),
    DiskFault(
        "one sync fails", "EIO from one fdatasync of the log", Files.LOG, Calls.SYNC, errno.EIO, FAILING, count=1
    ),
    # SQLite itself takes a read that fails for damage here and there.
    DiskFault(
        "reads fail",
        "EIO from every read of database and log",
        Files.DATABASE | Files.LOG,
        Calls.READ,
        errno.EIO,
        FAILING | {"corrupt"},
    ),
]


def disk_faults(context: Context) -> list[Outcome]:
    outcomes = [under_fault(context, fault) for fault in FAULTS]
    outcomes += [
        killed_under_fault(context, fault)
        for fault in FAULTS
        if fault.calls & (Calls.WRITE | Calls.SYNC) and fault.count < 0
    ]
    return [*outcomes, short_writes(context), slow_sync(context), at_checkpoint(context)]


def under_fault(context: Context, fault: DiskFault) -> Outcome:
    outcome = Outcome(f"{fault.fault}, under load", fault.provoked)
    model = Model(context.seed)
    with context.daemon("disk", model) as daemon, Faults(library(context.build), daemon) as faults:
        load = begin(context, daemon, faults, model)
        began = time.monotonic()
        faults.set(fault.files, fault.calls, fault.error, count=fault.count)
        if fault.count < 0:
            until(lambda: load.sum("refused") >= context.rounds, "commands are refused")
            goes_on(load, model, context.rounds)
            if not is_told(daemon):
                model.report("health says SERVING of a register that refuses its calls")
        else:
            until(lambda: load.sum("refused") > 0, "commands are refused")
        if daemon.health() != "SERVING":
            model.report("health of the daemon itself is not SERVING, though it assesses")
        load.stop()
        compare_refused(daemon, model)
        faults.clear()
        # Nobody writes: it resumes by itself.
        resumed = resumes(daemon)
        if not load.sum("refused"):
            model.report(f"the fault was not met: {faults.hits} calls were hit")
        unexpected = set().union(*(client.causes for client in load.clients)) - fault.causes
        if unexpected:
            model.report(f"told as {', '.join(sorted(unexpected))}")
        outcome.seen = (
            f"{told_of(load)}; {load.assessments(began):,} assessments "
            f"meanwhile, the longest {load.longest_assessment(began):.0f} ms; "
            f"served again {resumed:.1f} s after the end, by itself"
        )
        after(context, daemon, model)
    outcome.kept, outcome.wrong = kept(model), model.wrong
    return outcome


def killed_under_fault(context: Context, fault: DiskFault) -> Outcome:
    """What was refused with "nothing was changed" is not there after a restart either, whatever stands in the log."""
    outcome = Outcome(
        f"{fault.fault}, then killed", f"{fault.provoked}; SIGKILL meanwhile; started again on a sound disk"
    )
    model = Model(context.seed)
    with context.daemon("diskkill", model) as daemon, Faults(library(context.build), daemon) as faults:
        load = begin(context, daemon, faults, model)
        faults.set(fault.files, fault.calls, fault.error)
        until(lambda: load.sum("refused") >= context.rounds // 2, "commands are refused")
        daemon.kill()
        load.stop()
        faults.clear()
        daemon.start()
        daemon.serving()
        outcome.seen = f"{told_of(load)}, then the end of the connection"
        after(context, daemon, model)
    outcome.kept, outcome.wrong = kept(model), model.wrong
    return outcome


def short_writes(context: Context) -> Outcome:
    """A write that takes half of what it is given is no error: the rest is written, and nobody notices."""
    outcome = Outcome("short writes, under load", "every write to database and log takes half of its bytes")
    model = Model(context.seed)
    with context.daemon("short", model) as daemon, Faults(library(context.build), daemon) as faults:
        load = begin(context, daemon, faults, model)
        faults.set(Files.DATABASE | Files.LOG, Calls.WRITE, is_short=True)
        goes_on(load, model, context.rounds * 3)
        load.stop()
        if load.sum("refused") or not faults.hits:
            model.report(f"{load.sum('refused')} commands were refused, {faults.hits} writes were hit")
        outcome.seen = f"nothing: no command was refused, {faults.hits:,} writes were short"
        daemon.kill()
        faults.clear()
        daemon.start()
        daemon.serving()
        after(context, daemon, model)
    outcome.kept, outcome.wrong = kept(model), model.wrong
    return outcome


def slow_sync(context: Context, milliseconds: int = 200) -> Outcome:
    outcome = Outcome("slow disk", f"every fsync and fdatasync takes {milliseconds} ms longer")
    model = Model(context.seed)
    with context.daemon("slow", model) as daemon, Faults(library(context.build), daemon) as faults:
        load = begin(context, daemon, faults, model)
        quiet = [took for writer in load.writers for took in writer.latencies]
        before, began = load.acknowledged, time.monotonic()
        faults.set(Files.ALL, Calls.SYNC, delay_ms=milliseconds)
        goes_on(load, model, context.rounds)
        took = time.monotonic() - began
        slow = [took for writer in load.writers for took in writer.latencies[len(writer.latencies) // 2 :]]
        if daemon.health(REGISTER) != "SERVING":
            model.report("a slow disk is told as a register that does not serve")
        load.stop()
        if load.sum("refused"):
            model.report(f"{load.sum('refused'):,} calls were refused")
        done = load.acknowledged - before
        outcome.seen = (
            f"commands took {statistics.median(slow) * 1000:.0f} ms in the median instead of "
            f"{statistics.median(quiet) * 1000:.1f} ms, {done / faults.hits:.0f} shared a sync; "
            f"{load.assessments(began) / took:.0f} assessments a second meanwhile, the longest "
            f"{load.longest_assessment(began):.0f} ms"
        )
        faults.clear()
        after(context, daemon, model)
    outcome.kept, outcome.wrong = kept(model), model.wrong
    return outcome


def at_checkpoint(context: Context) -> Outcome:
    """The log is sound and the database is not: commits go on into the log, which is never cut before the database has
    what it holds.
    """
    outcome = Outcome(
        "the database cannot be written, the log can",
        "EIO from every write and sync of register.sqlite, over a checkpoint",
    )
    model = Model(context.seed)
    with context.daemon("checkpoint", model) as daemon, Faults(library(context.build), daemon) as faults:
        load = begin(context, daemon, faults, model)
        faults.set(Files.DATABASE, Calls.WRITE | Calls.SYNC, errno.EIO)
        # 4,000 pages of the log are a checkpoint; until then nothing touches the database.
        until(lambda: faults.hits > 0, "a checkpoint", 300)
        goes_on(load, model, context.rounds)
        load.stop()
        outcome.seen = (
            f"{'nothing' if not load.sum('refused') else load.causes}: {load.sum('refused'):,} calls were refused, "
            f"{faults.hits} writes of the database failed"
        )
        daemon.kill()
        faults.clear()
        daemon.start()
        daemon.serving()
        after(context, daemon, model)
    outcome.kept, outcome.wrong = kept(model), model.wrong
    return outcome


# What they share


def begin(
    context: Context, daemon: Daemon, faults: Faults, model: Model, tolerated: frozenset[str] = frozenset()
) -> Load:
    daemon.lead = faults.lead
    daemon.start()
    daemon.serving()
    load = Load(model, connector(daemon), tolerated=tolerated)
    load.start()
    until(lambda: load.acknowledged >= context.rounds and load.is_under_way, "the load is acknowledged")
    return load


def connector(daemon: Daemon) -> Callable[[], Connection]:
    return lambda: Connection(daemon.socket)


def goes_on(load: Load, model: Model, count: int) -> None:
    """So many more assessments and acknowledged or refused commands."""
    assessed, written = load.assessor.counts["answered"], load.acknowledged + load.sum("refused")
    until(lambda: load.assessor.counts["answered"] >= assessed + count, "assessments go on")
    until(lambda: load.acknowledged + load.sum("refused") >= written + count, "commands are answered")
    if not load.assessor.is_alive():
        model.report("assessments have ended")


def is_told(daemon: Daemon, seconds: float = 15) -> bool:
    """Whether health says that the register does not serve; it looks once a second."""
    try:
        return until(lambda: daemon.health(REGISTER) == "NOT_SERVING", "health", seconds)
    except AssertionError:
        return False


def compare_refused(daemon: Daemon, model: Model) -> None:
    """While the fault lasts: what was refused is not in the chain, as far as it can be read."""
    with Connection(daemon.socket) as connection:
        for case in [case for case in model.cases.values() if case.is_refused]:
            try:
                chain = model.chain(connection, case.reference)
            except Refused as refusal:
                if not refusal.is_of_the_register:
                    model.report(f"History: {refusal}")
                continue
            if chain != case.chain:
                model.report(
                    f"{case.reference}: refused with 'nothing was changed', and its chain is {chain} "
                    f"instead of {case.chain}"
                )


def told_of(load: Load) -> str:
    left_open = load.sum("left open")
    words = f"{load.sum('refused'):,} calls UNAVAILABLE, `{load.causes}`"
    return f"{words}, {left_open:,} of them with outcome unknown" if left_open else words


def resumes(daemon: Daemon) -> float:
    began = time.monotonic()
    until(lambda: daemon.health(REGISTER) == "SERVING", "the register serves again", RESUMES_WITHIN)
    return time.monotonic() - began


def after(context: Context, daemon: Daemon, model: Model) -> None:
    """Everything is compared, more is written, everything is compared again, and the daemon leaves as it should."""
    model.compare_everything(daemon)
    load = Load(model, connector(daemon))
    load.start()
    until(lambda: load.acknowledged >= context.rounds, "commands are acknowledged after the fault")
    load.stop()
    if load.sum("refused"):
        model.report(f"{load.sum('refused'):,} calls were refused after the fault: {load.causes}")
    model.compare_everything(daemon)
    if daemon.terminate() != 0:
        model.report(f"the daemon left with {daemon.running.returncode} on SIGTERM")


def kept(model: Model) -> str:
    commands = sum(len(case.chain) for case in model.cases.values())
    return f"{commands:,} commands and {sum(1 for result in model.imported.values() if result):,} imported records"
