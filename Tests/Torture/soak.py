# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""Mixed load through the Python client for a long time: nothing fails, and memory and descriptors do not grow."""

from __future__ import annotations

import collections
import itertools
import random
import threading
import time
from collections.abc import Callable, Iterator

from amnesty import (
    AssessRequest,
    CaseRecord,
    Client,
    ExportCasesRequest,
    GetCaseRequest,
    GetMetricsRequest,
    HealthCheckRequest,
    ImportCaseRequest,
    ListCasesRequest,
    RegisterCaseRequest,
    SearchCasesRequest,
    Status,
    UpdateCaseRequest,
    WatchCasesRequest,
)
from daemon import Daemon
from model import Model, record
from outcome import Context, Outcome
from wire import Connection

# What a run of at least so many seconds is judged by: caches are full then.
JUDGED_FROM = 600
# Growth of memory in the second half that is allowed, in KiB a minute: what one leaked byte in a hundred calls would
# not reach.
GROWTH = 512


class Work(threading.Thread):
    """One kind of work, over and over, at its own pace, on a connection of its own."""

    def __init__(self, soak: Soak, name: str, pause: float, turn: Callable[[Client, int], int]) -> None:
        super().__init__(name=name, daemon=True)
        self.soak, self.pause, self.turn = soak, pause, turn
        self.stopping = threading.Event()

    def run(self) -> None:
        with Client(self.soak.daemon.socket) as client:
            for number in itertools.count():
                if self.stopping.wait(self.pause):
                    return
                try:
                    done = self.turn(client, number)
                except Status as status:
                    self.soak.model.report(f"{self.name}: {status.code} {status.reason}: {status.message}")
                    return
                with self.soak.lock:
                    self.soak.counts[self.name] += done


class Soak:
    def __init__(self, daemon: Daemon, model: Model) -> None:
        self.daemon, self.model = daemon, model
        self.lock = threading.Lock()
        self.counts: collections.Counter[str] = collections.Counter()
        self.choice = random.Random(model.seed)
        # The watch is first to leave: it waits for what others write.
        self.work = [
            Work(self, "watch", 0.1, self.watch),
            Work(self, "assess", 0.005, self.assess),
            Work(self, "assess in a stream", 0.05, self.assess_stream),
            Work(self, "register, update, get", 0.02, self.cases),
            Work(self, "list", 0.1, self.list),
            Work(self, "export", 1, self.export),
            Work(self, "search", 0.1, self.search),
            Work(self, "import", 0.5, self.imports),
            Work(self, "connect", 0.1, self.connect),
            Work(self, "metrics", 1, self.metrics),
        ]

    @staticmethod
    def record(reference: str, number: int = 1) -> CaseRecord:
        return CaseRecord.from_json(record(reference, number))

    def assess(self, client: Client, number: int) -> int:
        client.eligibility.assess(AssessRequest(record=self.record(f"SYN-A-{number}", number)))
        return 1

    def assess_stream(self, client: Client, number: int) -> int:
        requests = (AssessRequest(record=self.record(f"SYN-A-{number}", number)) for _ in range(20))
        with client.eligibility.assess_stream(requests) as answers:
            return sum(1 for answer in answers if answer.assessment)

    def cases(self, client: Client, number: int) -> int:
        reference = f"SYN-S-{number}"
        first = client.case.register(
            RegisterCaseRequest(record=self.record(reference, number), office="default", idempotency_key=reference)
        ).case
        with self.lock:
            self.model.imported[reference] = "registered"
        changed = CaseRecord.from_json({**record(reference, number), "detained": False})
        client.case.update(
            UpdateCaseRequest(
                record=changed,
                update_mask=["/detained"],
                reason="let out",
                etag=first.etag,
                idempotency_key=f"{reference}/2",
            )
        )
        found = client.case.get(GetCaseRequest(reference=reference)).case
        if found.record.detained is not False:
            self.model.report(f"{reference}: read as it was before its acknowledged update")
        return 3

    def list(self, client: Client, number: int) -> int:
        token = None
        for page in range(3):
            answer = client.case.list(ListCasesRequest(page_size=50, page_token=token))
            token = answer.next_page_token
            if not token:
                break
        return page + 1

    def search(self, client: Client, number: int) -> int:
        client.case.search(SearchCasesRequest(query=f"Тестов{number % 1000}"))
        return 1

    def export(self, client: Client, number: int) -> int:
        """Part of the register, from somewhere in it: so the caches of its readers are full early, and what grows then
        is a leak.
        """
        after = f"SYN-S-{self.choice.randrange(1 + max(0, self.counts['register, update, get'] // 3))}"
        with client.case.export(ExportCasesRequest(after=after)) as cases:
            return sum(1 for _ in itertools.islice(cases, 500))

    def watch(self, client: Client, number: int) -> int:
        """Ten changes from now on, and away."""
        with client.case.watch(WatchCasesRequest()) as changes:
            return sum(1 for _ in itertools.islice(changes, 10))

    def imports(self, client: Client, number: int) -> int:
        references = [f"SYN-I-{number}-{each}" for each in range(10)]
        requests = (
            ImportCaseRequest(record=self.record(reference, number), office="default") for reference in references
        )
        with client.case.import_(requests) as answers:
            for answer in answers:
                if answer.status.code != "OK":
                    raise answer.status
        with self.lock:
            self.model.imported.update(dict.fromkeys(references, "registered"))
        return len(references)

    def connect(self, client: Client, number: int) -> int:
        with Client(self.daemon.socket) as another:
            another.health.check(HealthCheckRequest())
        return 1

    def metrics(self, client: Client, number: int) -> int:
        client.operations.metrics(GetMetricsRequest())
        return 1

    def samples(self, seconds: float) -> Iterator[tuple[float, int, int]]:
        """Time, bytes of memory of the daemon's own, and its descriptors; one a second."""
        began = time.monotonic()
        while time.monotonic() - began < seconds and not self.model.wrong:
            time.sleep(1)
            yield time.monotonic() - began, self.daemon.own_memory(), self.daemon.descriptors()


def slope(points: list[tuple[float, float]]) -> float:
    """Of the line that fits best, a second."""
    middle = sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)
    spread = sum((x - middle[0]) ** 2 for x, _ in points)
    return sum((x - middle[0]) * (y - middle[1]) for x, y in points) / spread if spread else 0.0


def soak(context: Context) -> Outcome:
    outcome = Outcome("a long time", "")
    model = Model(context.seed)
    with context.daemon("soak", model) as daemon:
        daemon.start()
        daemon.serving()
        run = Soak(daemon, model)
        for work in run.work:
            work.start()
        samples = list(run.samples(context.soak_seconds))
        for work in run.work:
            work.stopping.set()
            work.join(60)
            if work.is_alive():
                model.report(f"{work.name} is not answered for 60 s")
        half = samples[len(samples) // 2 :]
        growth = slope([(at, memory / 1024) for at, memory, _ in half]) * 60
        more_files = slope([(at, count) for at, _, count in half]) * 60
        files = [count for _, _, count in half]
        minutes = context.soak_seconds / 60
        outcome.provoked = f"{minutes:.1f} minutes of mixed load: " + ", ".join(
            f"{count:,} {name}" for name, count in sorted(run.counts.items())
        )
        outcome.seen = (
            f"no call failed; in the second half memory {min(m for _, m, _ in half) / (1 << 20):.1f} to "
            f"{max(m for _, m, _ in half) / (1 << 20):.1f} MiB, "
            f"descriptors {min(files)} to {max(files)}"
        )
        is_judged = context.soak_seconds >= JUDGED_FROM
        if is_judged:
            outcome.seen += f"; memory {growth:+.0f} KiB and {more_files:+.2f} descriptors a minute"
        idle = [work.name for work in run.work if not run.counts[work.name]]
        if idle:
            model.report(f"nothing was done of: {', '.join(idle)}")
        if is_judged and growth > GROWTH:
            model.report(f"memory grows by {growth:.0f} KiB a minute")
        if is_judged and more_files > 0.5:
            model.report(f"descriptors grow by {more_files:.1f} a minute")
        with Connection(daemon.socket) as connection:
            model.compare_count(connection)
        model.check_soundness(daemon)
        outcome.kept = f"{len(model.imported):,} cases"
        if daemon.terminate() != 0:
            model.report(f"the daemon left with {daemon.running.returncode} on SIGTERM")
    outcome.wrong = model.wrong
    return outcome
