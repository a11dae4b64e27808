# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""The daemon runs out of descriptors or memory, or its clock jumps."""

from __future__ import annotations

import collections
import contextlib
import os
import pathlib
import resource
import signal
import subprocess
import time
from collections.abc import Iterator

from daemon import REGISTER, Daemon, until
from disk import after, begin, connector, goes_on, kept
from faults import Faults, library
from load import Load
from model import Model
from outcome import Context, Outcome
from wire import ASSESS, CASE, Connection

OPERATIONS = "amnesty.v1.OperationsService/"


def descriptors(context: Context) -> Outcome:
    """Who is connected goes on, and the register can be backed up; who comes is told to come later or waits, and is
    served when there is room.
    """
    allowed, hoarded, watched_for = 128, 400, 10
    outcome = Outcome(
        "more connections than file descriptors",
        f"started with RLIMIT_NOFILE of {allowed}; {hoarded} connections, for {watched_for} s, under load",
    )
    model = Model(context.seed)
    limits = "limits: {connections: 2048, connectionsPerUser: 2048, connectionRatePerUser: 2048}\n"
    with context.daemon("files", model, limits) as daemon:
        daemon.lead = ["prlimit", f"--nofile={allowed}:{allowed}"]
        daemon.start()
        daemon.serving()
        load = Load(model, connector(daemon))
        load.start()
        until(lambda: load.acknowledged >= context.rounds and load.is_under_way, "the load is acknowledged")
        administrator = Connection(daemon.socket)
        administrator.call("grpc.health.v1.Health/Check", {})
        began = time.monotonic()
        crowd = Crowd(daemon, hoarded)
        spent = daemon.processor_seconds()
        ended = ends_within(daemon, watched_for)
        if ended is not None:
            model.report(f"the daemon was ended by {ended}")
            crowd.leave()
            load.stop()
            daemon.lead = ()
            daemon.start()
            daemon.serving()
        else:
            goes_on(load, model, context.rounds)
            spent = (daemon.processor_seconds() - spent) / (time.monotonic() - began)
            administrator.call(OPERATIONS + "Backup", {}, timeoutMs=60_000)
            most = len(os.listdir(f"/proc/{daemon.running.pid}/fd"))
            with Connection(daemon.socket) as waiting:
                load.stop()
                crowd.leave()
                left = time.monotonic()
                until(lambda: daemon.health(REGISTER) == "SERVING", "who comes is served when others have left")
                waited = time.monotonic() - left
                waiting.close()
            if load.sum("refused"):
                model.report(f"{load.sum('refused')} calls of connected clients were refused: {load.causes}")
            outcome.seen = (
                f"who was connected: nothing, the longest assessment {load.longest_assessment(began):.0f} ms; "
                f"who came: {crowd.told()}; "
                f"served {waited * 1000:.0f} ms after others had left; a backup was made meanwhile; "
                f"{most} descriptors in use, {spent:.1f} cores spent under load"
            )
        administrator.close()
        after(context, daemon, model)
    outcome.kept, outcome.wrong = kept(model), model.wrong
    return outcome


def ends_within(daemon: Daemon, seconds: float) -> str | None:
    """The signal that has ended the daemon, or its exit code."""
    try:
        code = daemon.running.wait(seconds)
    except subprocess.TimeoutExpired:
        return None
    return signal.Signals(-code).name if code < 0 else str(code)


class Crowd:
    """Connections that say hello and stay."""

    def __init__(self, daemon: Daemon, count: int) -> None:
        self.connections: list[Connection] = []
        self.turned_away = 0
        for _ in range(count):
            try:
                connection = Connection(daemon.socket, timeout=5)
            except (ConnectionError, TimeoutError):
                self.turned_away += 1
                continue
            self.connections.append(connection)
            with contextlib.suppress(ConnectionError):
                connection.send({"hello": 1, "agent": "crowd", "maxFrame": 4096, "window": 0})

    def leave(self) -> None:
        answers: collections.Counter[str] = collections.Counter()
        for connection in self.connections:
            connection.peer.settimeout(0.001)
            try:
                head, _ = connection.receive()
                answers[head.get("reason", "welcome")] += 1
            except TimeoutError:
                answers["no answer yet"] += 1
            except ConnectionError:
                answers["closed"] += 1
            connection.close()
        self.answers = answers

    def told(self) -> str:
        words = [f"{count} {word}" for word, count in self.answers.most_common()]
        return ", ".join([*words, *([f"{self.turned_away} could not connect"] if self.turned_away else [])])


def memory(context: Context) -> Outcome:
    """The kernel, or a failed allocation, ends the daemon; it is started again, as systemd does, and everything
    acknowledged is there.
    """
    rounds, spare = 3, 8
    outcome = Outcome("out of memory", "")
    model = Model(context.seed)
    limits = "limits: {connectionsPerUser: 512}\n"
    with context.daemon("memory", model, limits) as daemon, memory_limit(daemon) as limit:
        ends: collections.Counter[str] = collections.Counter()
        for _ in range(rounds):
            daemon.start()
            daemon.serving()
            load = Load(model, connector(daemon))
            load.writers[0].idle.extend(case for case in model.cases.values() if case.steps)
            load.start()
            until(
                lambda: load.acknowledged >= context.rounds // 2 and load.is_under_way,
                "the load is acknowledged",
            )
            limit.tighten(spare << 20)
            hoard = hoard_memory(daemon)
            ended = ends_within(daemon, 5)
            ends[ended or "nothing"] += 1
            if ended is None:
                # It keeps within the limit by itself: then nobody is to notice.
                goes_on(load, model, context.rounds // 2)
                daemon.kill()
            elif ended.isdigit():
                model.report(f"the daemon left with {ended}")
            for connection in hoard:
                connection.close()
            load.stop()
            limit.lift()
            daemon.start()
            daemon.serving()
            with Connection(daemon.socket) as connection:
                for case in [case for case in model.cases.values() if case.pending]:
                    model.settle(connection, case)
            if daemon.terminate() != 0:
                model.report(f"the daemon left with {daemon.running.returncode} on SIGTERM")
        if not ends.total() - ends["nothing"]:
            model.report("the daemon never ran out of memory")
        outcome.provoked = (
            f"{limit.kind}, {spare} MiB above what was taken, and connections that send 4 MiB of a frame and not its "
            f"end; {rounds} times"
        )
        outcome.seen = (
            f"ended by {', '.join(f'{name}: {count}' for name, count in ends.items())}; the connection ended, "
            f"{model.counts['retried']} commands without an answer were repeated with their key to the next daemon"
        )
        daemon.lead = ()
        daemon.start()
        daemon.serving()
        after(context, daemon, model)
    outcome.kept, outcome.wrong = kept(model), model.wrong
    return outcome


def hoard_memory(daemon: Daemon, connections: int = 100) -> list[Connection]:
    """Connections that have sent all of a frame but its end."""
    hoard = []
    head = b'{"call":1,"method":"' + ASSESS.encode() + b'"}\n'
    begun = ((4 << 20) - 1).to_bytes(4, "big") + head + b" " * ((4 << 20) - len(head) - 64)
    for _ in range(connections):
        try:
            connection = Connection(daemon.socket)
            hoard.append(connection)
            connection.peer.sendall(begun)
        except (ConnectionError, OSError):
            break
    return hoard


class MemoryLimit:
    """What the daemon may take, set while it runs: by a control group, or for its data where none may be made."""

    def __init__(self, daemon: Daemon, group: pathlib.Path | None, is_second: bool) -> None:
        self.daemon, self.group = daemon, group
        self.setting, self.usage, self.unlimited = (
            ("memory.max", "memory.current", "max")
            if is_second
            else ("memory.limit_in_bytes", "memory.usage_in_bytes", "-1")
        )
        self.kind = (
            "RLIMIT_DATA, for want of a cgroup" if group is None else f"a memory cgroup (v{2 if is_second else 1})"
        )

    def tighten(self, spare: int) -> None:
        if self.group is None:
            status = pathlib.Path(f"/proc/{self.daemon.running.pid}/status").read_text()
            data = next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmData:"))
            resource.prlimit(self.daemon.running.pid, resource.RLIMIT_DATA, (data + spare, resource.RLIM_INFINITY))
            return
        taken = int((self.group / self.usage).read_text())
        (self.group / self.setting).write_text(str(taken + spare))

    def lift(self) -> None:
        if self.group is not None:
            (self.group / self.setting).write_text(self.unlimited)


@contextlib.contextmanager
def memory_limit(daemon: Daemon) -> Iterator[MemoryLimit]:
    is_second = "memory" in contents(pathlib.Path("/sys/fs/cgroup/cgroup.subtree_control"))
    group = pathlib.Path("/sys/fs/cgroup" if is_second else "/sys/fs/cgroup/memory") / f"amnestyd-torture-{os.getpid()}"
    try:
        group.mkdir()
    except OSError:
        yield MemoryLimit(daemon, None, is_second)
        return
    try:
        daemon.lead = ["sh", "-c", 'echo $$ > "$1/cgroup.procs" && shift && exec "$@"', "sh", str(group)]
        yield MemoryLimit(daemon, group, is_second)
    finally:
        if daemon.process is not None and daemon.process.poll() is None:
            daemon.kill()
        until(lambda: not contents(group / "cgroup.procs"), "the group is empty")
        group.rmdir()


def contents(path: pathlib.Path) -> str:
    return path.read_text() if path.exists() else ""


JUMPS = {
    "an hour on": 3600,
    "an hour back": -3600,
    "9 days on": 9 * 86400,
    "400 days back": -400 * 86400,
    "30 years on": 30 * 365.25 * 86400,
    "as it was": 0,
}
# What was assessed as of a day that, after a jump back, has not come is to be assessed anew.
NOT_YET = frozenset({"ASSESSMENT_STALE"})


def clock(context: Context) -> Outcome:
    outcome = Outcome("clock jumps", f"CLOCK_REALTIME, gettimeofday and time shifted under load: {', '.join(JUMPS)}")
    model = Model(context.seed)
    with context.daemon("clock", model) as daemon, Faults(
        library(context.build), daemon
    ) as faults, contextlib.ExitStack() as jump:
        load = begin(context, daemon, faults, model, NOT_YET)
        with Connection(daemon.socket) as watcher:
            watch = watcher.start(CASE + "Watch", {}, timeoutMs=600_000)
            began = time.monotonic()
            for offset in JUMPS.values():
                jump.enter_context(faults.clock_at(offset))
                goes_on(load, model, context.rounds)
                # A key from before the jump.
                repeat_a_key(daemon, model)
                with Connection(daemon.socket) as fresh:
                    if fresh.health(REGISTER) != "SERVING":
                        model.report("the register does not serve after a jump")
                model.check_soundness(daemon)
            load.stop()
            changes = sum(1 for _ in watched(watcher, watch, model))
        told = sum(writer.counts["told ASSESSMENT_STALE"] for writer in load.writers)
        outcome.seen = (
            f"no call timed out and no connection was closed, the longest assessment "
            f"{load.longest_assessment(began):.0f} ms; a watch went on over all of it ({changes:,} changes); "
            f"keys from before are answered; {told} decisions on an assessment of a day that had not come: "
            "ASSESSMENT_STALE, to be assessed anew"
        )
        after(context, daemon, model)
    outcome.kept, outcome.wrong = kept(model), model.wrong
    return outcome


def repeat_a_key(daemon: Daemon, model: Model) -> None:
    reference = next(reference for reference, case in model.cases.items() if case.chain)
    case = model.cases[reference]
    request = {"record": case.record, "office": "default", "idempotencyKey": f"{reference}/0"}
    with Connection(daemon.socket) as connection:
        if not connection.call(CASE + "Register", request, "aigul").get("replayed"):
            model.report(f"{reference}: its key does not answer after a jump of the clock")


def watched(connection: Connection, call: int, model: Model) -> Iterator[str]:
    """What a watch told until now; it may not have ended."""
    connection.peer.settimeout(1)
    with contextlib.suppress(TimeoutError):
        while True:
            head, body = connection.receive()
            if head.get("end") == call:
                model.report(f"the watch ended: {head}")
                return
            if head.get("item") == call and "reference" in body:
                yield body["reference"]
