# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""Kills amnestyd with SIGKILL at random moments under concurrent keyed writes, and compares the register with what was
acknowledged.

After every kill the daemon starts again, and
  * the chain of each case is what was acknowledged, or that and the one command in flight, whole: nothing is lost,
    nothing is there that nobody sent;
  * a case that was carried out has its orders, needs and notices: nothing is half there;
  * the command in flight, sent again with its key, succeeds, says `replayed` just where it was there already, and is in
    the chain once;
  * every few kills `amnestyctl check` and `audit verify` (online; and offline, on a copy of the files as the kill left
    them) find nothing, checkpoints taken earlier hold, and the trail has one entry for each link of each chain.
"""

from __future__ import annotations

import collections
import time

from daemon import Daemon
from load import Client, Importer, Writer
from model import Case, Model
from outcome import Context, Outcome
from wire import Connection

CONNECTIONS = 6
IN_FLIGHT = 8
# Kills between two checks of the whole register.
CHECK_EVERY = 10
# Kills that one register goes through.
REGISTER_LASTS = 100


def kill_loop(context: Context) -> Outcome:
    counts: collections.Counter[str] = collections.Counter()
    wrong: list[str] = []
    # Checks go through the whole register, so it begins anew before it is large.
    while counts["kills"] < context.kills and not wrong:
        model = Model(context.seed + counts["kills"])
        with context.daemon("kill", model) as daemon:
            killed(daemon, model, min(REGISTER_LASTS, context.kills - counts["kills"]))
        counts.update(model.counts)
        wrong += model.wrong
    return Outcome(
        fault="killed at a random moment",
        provoked=f"SIGKILL, {counts['kills']:,} times, {counts['during start']} of them while it started, "
        f"under {CONNECTIONS} connections with "
        f"{IN_FLIGHT} keyed commands in flight on each, and an import",
        seen=f"calls ended with their connection; {counts['retried']:,} were sent again with their key, "
        f"{counts['committed unacknowledged']:,} of them were there already and said so",
        kept=f"{counts['acknowledged']:,} commands and {counts['imported']:,} imported records, none half, none twice",
        wrong=wrong,
    )


def killed(daemon: Daemon, model: Model, times: int) -> None:
    idle: list[collections.deque[Case]] = [collections.deque() for _ in range(CONNECTIONS)]
    waiting: collections.deque[str] = collections.deque()

    def connect() -> Connection:
        return Connection(daemon.socket)

    daemon.start()
    daemon.serving()
    while model.counts["kills"] < times and len(model.wrong) <= 50:
        clients: list[Client] = [
            Writer(model, connect, worker, IN_FLIGHT, idle[worker]) for worker in range(CONNECTIONS)
        ]
        clients.append(Importer(model, connect, waiting))
        for client in clients:
            client.start()
        time.sleep(model.random.choice([model.random.uniform(0.002, 0.05), model.random.uniform(0.02, 0.3)]))
        kill(daemon, model)
        for client in clients:
            client.join()
            model.counts.update(client.counts)
        while model.random.random() < 0.2 and model.counts["kills"] < times:
            daemon.start()
            time.sleep(model.random.uniform(0, 0.12))
            kill(daemon, model)
            model.counts["during start"] += 1
        kills = model.counts["kills"]
        is_due = kills >= times or kills % CHECK_EVERY == 0
        offline = daemon.copy() if is_due else None
        daemon.start()
        daemon.serving()
        with Connection(daemon.socket) as connection:
            compare_some(connection, model)
            if is_due:
                model.check_soundness(daemon, offline)
            if kills % (5 * CHECK_EVERY) == 0 and kills < times:
                model.compare_notices(connection)
                model.compare_trail(daemon)
        for queue in idle:
            queue.clear()
        for case in model.cases.values():
            if case.steps:
                idle[int(case.reference.removeprefix("SYN-K").partition("-")[0])].append(case)
    model.compare_everything(daemon)
    if daemon.terminate() != 0:
        model.report(f"the daemon left with {daemon.running.returncode} on SIGTERM")


def kill(daemon: Daemon, model: Model) -> None:
    daemon.kill()
    model.counts["kills"] += 1


def compare_some(connection: Connection, model: Model) -> None:
    """What was in flight, and a sample of the rest; the end of the run compares everything."""
    for case in [case for case in model.cases.values() if case.pending]:
        model.settle(connection, case)
    everyone = list(model.cases.values())
    for case in model.random.sample(everyone, min(20, len(everyone))):
        model.inspect(connection, case)
    taken = [reference for reference, result in model.imported.items() if result]
    for reference in model.random.sample(taken, min(20, len(taken))):
        model.inspect_import(connection, reference)
