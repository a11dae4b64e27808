# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""Ten honest clients beside a thousand idle ones and a hundred hostile ones: none of their calls fails, and what the
crowd costs them is measured.

Latency is reported as the ratio to the same clients' own without the crowd, in turns within one run. What the daemon
lets a crowd do to others is one thing, what the scheduler lets it do is another: so it is done once with a crowd that
takes what the scheduler gives it, and once with daemon and honest clients before it.
"""

from __future__ import annotations

import contextlib
import dataclasses
import enum
import os
import pathlib
import random
import selectors
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence

from attackers import HOSTILE
from daemon import Daemon, until
from model import Model, record
from outcome import Context, Outcome
from wire import ASSESS, CASE, Connection, Refused, frame

HONEST, IDLE, CROWD = 10, 1000, 100
IDLE_PER_USER = 125
FIRST_UID = 70_000
# Seconds between two calls of an honest client, on average.
THINKS = 0.01
LIMITS = "limits: {connections: 2048%s}\n"


class Order(enum.Enum):
    """Who gets the processor."""

    EQUAL = "all equal to the scheduler"
    CROWD_LAST = "the crowd last"


@dataclasses.dataclass
class Measured:
    assess: list[float] = dataclasses.field(default_factory=list)
    write: list[float] = dataclasses.field(default_factory=list)
    # How late the clients themselves came to make their calls.
    late: list[float] = dataclasses.field(default_factory=list)

    def add(self, other: Measured) -> None:
        self.assess += other.assess
        self.write += other.write
        self.late += other.late


def roles(hostile: Iterable[int]) -> str:
    """The hostile ones are services that were taken over: what they ask for is done, not refused."""
    lines = ["roles:"]
    for role in (
        "viewer",
        "registrar",
        "preparer",
        "authority",
        "executor",
        "aftercare",
        "auditor",
        "delegate",
        "admin",
    ):
        users = [os.getuid(), *(hostile if role == "viewer" else ())]
        lines.append(f"  {role}: {{users: [{', '.join(map(str, users))}], actors: ['{os.getuid()}:inspector']}}")
    return "\n".join(lines) + "\n"


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


class Honest:
    """Ten connections, one call at a time on each; every tenth call is a write."""

    def __init__(self, daemon: Daemon, model: Model) -> None:
        self.model = model
        self.connections = [Connection(daemon.socket) for _ in range(HONEST)]
        self.choice = random.Random(model.seed)
        self.numbers = 0

    def close(self) -> None:
        for connection in self.connections:
            connection.close()

    def measure(self, seconds: float) -> Measured:
        measured = Measured()
        end = time.monotonic() + seconds
        selector = selectors.DefaultSelector()
        due = {connection: time.monotonic() + self.choice.random() * THINKS for connection in self.connections}
        flying: dict[Connection, tuple[float, list[float]]] = {}
        for connection in self.connections:
            selector.register(connection.peer, selectors.EVENT_READ, connection)
        while due or flying:
            now = time.monotonic()
            for connection in [connection for connection, at in due.items() if at <= now]:
                at = due.pop(connection)
                if now < end:
                    measured.late.append(now - at)
                    flying[connection] = self.call(connection, measured)
            wait = min(due.values(), default=now + 1) - time.monotonic()
            for key, _ in selector.select(max(0.0, wait)):
                connection = key.data
                head, _ = connection.receive()
                if "end" not in head:
                    self.model.report(f"an honest client was told {head}")
                    continue
                began, latencies = flying.pop(connection)
                latencies.append(time.monotonic() - began)
                if head.get("code", "OK") != "OK":
                    self.model.report(f"an honest client's call failed: {Refused(head)}")
                due[connection] = time.monotonic() + self.choice.expovariate(1 / THINKS)
        selector.close()
        return measured

    def call(self, connection: Connection, measured: Measured) -> tuple[float, list[float]]:
        self.numbers += 1
        reference = f"SYN-H-{self.numbers}"
        if self.numbers % 10:
            frames, latencies = (
                self.encoded(connection, ASSESS, {"record": record(reference, self.numbers)}),
                measured.assess,
            )
        else:
            body = {"record": record(reference, self.numbers), "office": "default", "idempotencyKey": reference}
            frames, latencies = self.encoded(connection, CASE + "Register", body), measured.write
            self.model.imported[reference] = "registered"
        began = time.monotonic()
        connection.peer.sendall(frames)
        return began, latencies

    @staticmethod
    def encoded(connection: Connection, method: str, body: object) -> bytes:
        connection.last += 1
        return frame({"call": connection.last, "method": method}, body)


@contextlib.contextmanager
def crowd(daemon: Daemon, niceness: int, other_users: bool, kinds: Sequence[str]) -> Iterator[None]:
    """The idle and the hostile, each kind with users of its own."""
    groups = [("idle", IDLE_PER_USER) for _ in range(IDLE // IDLE_PER_USER)]
    share, rest = divmod(CROWD, len(kinds))
    groups += [(kind, share + (number < rest)) for number, kind in enumerate(kinds)]
    processes = []
    try:
        for number, (kind, count) in enumerate(groups):
            uid = FIRST_UID + number if other_users else os.getuid()
            script = pathlib.Path(__file__).with_name("attackers.py")
            command = [sys.executable, str(script), str(daemon.socket), kind, str(count), str(uid), str(niceness)]
            processes.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE))
        for process in processes:
            assert process.stdout and process.stdout.readline() == b"ready\n", "attackers are not ready"
        yield
    finally:
        for process in processes:
            process.kill()
        for process in processes:
            process.communicate()


def hostile(context: Context) -> list[Outcome]:
    return [attacked(context, Order.EQUAL), attacked(context, Order.CROWD_LAST)]


def attacked(context: Context, order: Order, kinds: Sequence[str] = tuple(HOSTILE)) -> Outcome:
    other_users = os.getuid() == 0
    who = "as users of their own" if other_users else "as the same user, whose limits were raised"
    outcome = Outcome(
        f"{IDLE:,} idle and {CROWD} hostile connections beside {HONEST} honest ones, {order.value}",
        f"{who}: {', '.join(kind.replace('_', ' ') for kind in kinds)}",
    )
    model = Model(context.seed)
    settings = LIMITS % ("" if other_users else ", connectionsPerUser: 2048")
    if other_users:
        settings += roles(range(FIRST_UID, FIRST_UID + len(kinds) + IDLE // IDLE_PER_USER))
    with context.daemon("hostile", model, settings) as daemon, priority(order) as niceness:
        daemon.start()
        daemon.serving()
        if other_users:
            daemon.socket.chmod(0o666)
        quiet, loud = Measured(), Measured()
        honest = Honest(daemon, model)
        honest.measure(1)
        before = daemon.sockets()
        spent = held = 0.0
        # Turns, so that what the machine does besides falls on both.
        turns = 3 if context.attack_seconds > 5 else 1
        for _ in range(turns):
            quiet.add(honest.measure(context.attack_seconds / turns))
            with crowd(daemon, niceness, other_users, kinds):
                honest.measure(1)
                began, time_began = daemon.processor_seconds(), time.monotonic()
                loud.add(honest.measure(context.attack_seconds / turns))
                spent = max(spent, (daemon.processor_seconds() - began) / (time.monotonic() - time_began))
                held = max(held, daemon.resident() / (1 << 20))
            until(lambda: daemon.sockets() <= before, "the connections of the crowd are gone")
        honest.close()
        outcome.seen = (
            f"no call failed; {told('Assess', quiet.assess, loud.assess)}; {told('a write', quiet.write, loud.write)}; "
            f"the clients themselves came {percentile(quiet.late, 0.99) * 1000:.1f} and "
            f"{percentile(loud.late, 0.99) * 1000:.1f} ms late to their calls (p99); "
            f"the daemon took up to {spent:.1f} of {os.cpu_count()} cores and {held:.0f} MiB"
        )
        model.compare_everything(daemon)
        outcome.kept = f"{len(model.imported):,} commands"
        if daemon.terminate() != 0:
            model.report(f"the daemon left with {daemon.running.returncode} on SIGTERM")
    outcome.wrong = model.wrong
    return outcome


@contextlib.contextmanager
def priority(order: Order) -> Iterator[int]:
    """The niceness of the crowd, while this process, and the daemon that it starts, come first or are equals of it."""
    if order is Order.EQUAL:
        yield 0
        return
    scheduler, parameter = os.sched_getscheduler(0), os.sched_getparam(0)
    # Only who may: else the niceness has to do.
    with contextlib.suppress(PermissionError):
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    try:
        yield 19
    finally:
        os.sched_setscheduler(0, scheduler, parameter)


def told(what: str, quiet: list[float], loud: list[float]) -> str:
    def both(share: float) -> str:
        before, under = percentile(quiet, share) * 1000, percentile(loud, share) * 1000
        return f"{before:.2f} to {under:.2f} ms ({under / before:.1f} times)"

    return f"{what} p50 {both(0.5)}, p99 {both(0.99)}"
