# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""What honest clients do beside one another: keyed commands, an import, assessments, reads. Each is a thread, and notes
what it was told.
"""

from __future__ import annotations

import collections
import random
import threading
import time
from collections.abc import Callable
from typing import Any

from model import Case, Model
from wire import ASSESS, CASE, Connection, Refused


class Client(threading.Thread):
    """Until it is stopped or its connection is gone."""

    def __init__(self, model: Model, connect: Callable[[], Connection]) -> None:
        super().__init__(daemon=True)
        self.model, self.connect = model, connect
        self.stopping = threading.Event()
        self.counts: collections.Counter[str] = collections.Counter()

    def run(self) -> None:
        try:
            connection = self.connect()
        except ConnectionError:
            self.counts["lost"] += 1
            return
        try:
            self.work(connection)
        except ConnectionError:
            self.counts["lost"] += 1
        except Exception as error:  # noqa: BLE001: a thread's fault must not pass as a quiet run
            self.model.report(f"{type(self).__name__}: {error!r}")
        finally:
            self.after()
            connection.close()

    def work(self, connection: Connection) -> None:
        raise NotImplementedError

    def after(self) -> None:
        """What is to be put in order when the connection is gone."""

    def refused(self, what: str, refusal: Refused) -> None:
        """Only a register that cannot be used is a reason, and where it may not come, none is."""
        self.counts["refused"] += 1
        self.counts[f"{refusal.code} {refusal.reason} {refusal.cause}"] += 1
        if not refusal.is_of_the_register:
            self.model.report(f"{what}: {refusal}")

    @property
    def causes(self) -> set[str]:
        return {key.rpartition(" ")[2] for key in self.counts if key.startswith("UNAVAILABLE ")}


class Writer(Client):
    """Commands on one connection, several in flight, each on a case of its own. With `may_be_refused` a command is sent
    again, with its key.
    """

    def __init__(
        self,
        model: Model,
        connect: Callable[[], Connection],
        worker: int,
        in_flight: int,
        idle: collections.deque[Case] | None = None,
        may_be_refused: bool = False,
        tolerated: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(model, connect)
        self.worker, self.in_flight, self.may_be_refused, self.tolerated = worker, in_flight, may_be_refused, tolerated
        self.idle = idle if idle is not None else collections.deque()
        self.choice = random.Random(f"{model.seed}/{worker}/{model.numbers}")
        self.latencies: list[float] = []

    def work(self, connection: Connection) -> None:
        flying: dict[int, tuple[Case, float]] = {}
        while True:
            while len(flying) < self.in_flight and not self.stopping.is_set():
                case = self.idle.popleft() if len(self.idle) > 2 else self.model.new_case(self.worker, self.choice)
                _, method, actor, request = case.next()
                flying[connection.last + 1] = (case, time.monotonic())
                connection.start(method, request, actor)
            if not flying:
                return
            head, answer = connection.receive()
            if "end" in head:
                case, began = flying.pop(head["end"])
                self.latencies.append(time.monotonic() - began)
                self.ended(case, head, answer)

    def ended(self, case: Case, head: dict[str, Any], answer: dict[str, Any]) -> None:
        assert case.pending is not None
        if head.get("code", "OK") != "OK":
            refusal = Refused(head)
            if refusal.reason in self.tolerated:
                self.counts[f"told {refusal.reason}"] += 1
                case.given_up()
                return
            self.refused(f"{case.reference} {case.pending[0]}", refusal)
            if not self.may_be_refused or not refusal.is_of_the_register:
                if refusal.is_of_the_register:
                    self.model.report(f"{case.reference} {case.pending[0]}: {refusal}")
                case.given_up()
                return
            case.refused(refusal.says_unchanged)
            self.counts["left open"] += case.is_open
            self.idle.append(case)
            self.stopping.wait(0.01)
            return
        if answer.get("replayed") and not case.is_open:
            what = (
                "refused with 'nothing was changed', and done nevertheless"
                if case.is_refused
                else "a new command is answered as replayed"
            )
            self.model.report(f"{case.reference} {case.pending[0]}: {what}")
        case.acknowledged(answer)
        self.counts["acknowledged"] += 1
        if case.steps:
            self.idle.append(case)


class Importer(Client):
    """One Import after another, each item acknowledged by itself; `waiting` are those without an answer."""

    def __init__(
        self,
        model: Model,
        connect: Callable[[], Connection],
        waiting: collections.deque[str],
        may_be_refused: bool = False,
        ahead: int = 16,
    ) -> None:
        super().__init__(model, connect)
        self.waiting, self.may_be_refused, self.ahead = waiting, may_be_refused, ahead

    def work(self, connection: Connection) -> None:
        while self.take_in(connection):
            self.requeue()
            self.stopping.wait(0.05)

    def take_in(self, connection: Connection) -> bool:
        """One call; whether another is to follow, from the first record without an answer."""
        identifier = connection.start(CASE + "Import", None, "aigul", open=True)
        sent: collections.deque[str] = collections.deque()
        while True:
            while len(sent) < self.ahead and not self.stopping.is_set():
                reference = self.waiting.popleft() if self.waiting else self.model.new_reference()
                sent.append(reference)
                connection.send(
                    {"item": identifier}, {"record": self.model.imported_record(reference), "office": "default"}
                )
            if not sent:
                connection.send({"done": identifier})
            head, answer = connection.receive()
            if head.get("end") == identifier:
                return self.ended(head, len(sent))
            if head.get("item") == identifier:
                self.answered(sent.popleft(), answer)

    def ended(self, head: dict[str, Any], unanswered: int) -> bool:
        if head.get("code", "OK") == "OK":
            if unanswered:
                self.model.report(f"Import ended OK with {unanswered} records unanswered")
            return not self.stopping.is_set()
        refusal = Refused(head)
        self.refused("Import", refusal)
        if refusal.is_of_the_register and not self.may_be_refused:
            self.model.report(f"Import: {refusal}")
        return refusal.is_of_the_register and self.may_be_refused and not self.stopping.is_set()

    def answered(self, reference: str, answer: dict[str, Any]) -> None:
        status = answer["status"]
        if (
            answer["reference"] != reference
            or status["code"] != "OK"
            or answer["result"] not in ("registered", "unchanged")
        ):
            self.model.report(f"Import of {reference}: {answer}")
        self.model.imported[reference] = answer["result"]
        self.counts["imported"] += 1

    def requeue(self) -> None:
        known = set(self.waiting)
        self.waiting.extendleft(
            reversed(
                [
                    reference
                    for reference, result in self.model.imported.items()
                    if result is None and reference not in known
                ]
            )
        )

    def after(self) -> None:
        self.requeue()


class Assessor(Client):
    """One assessment after another; none may fail."""

    def __init__(self, model: Model, connect: Callable[[], Connection]) -> None:
        super().__init__(model, connect)
        self.latencies: list[tuple[float, float]] = []

    def work(self, connection: Connection) -> None:
        body = {"record": self.model.imported_record("SYN-A-1")}
        while not self.stopping.wait(0.002):
            began = time.monotonic()
            try:
                connection.call(ASSESS, body)
            except Refused as refusal:
                self.model.report(f"Assess: {refusal}")
                continue
            self.latencies.append((began, time.monotonic() - began))
            self.counts["answered"] += 1


class Reader(Client):
    """Reads cases that were acknowledged: what comes is as new as what was acknowledged, or is refused because the
    register cannot be read.
    """

    def work(self, connection: Connection) -> None:
        choice = random.Random(self.model.seed)
        while not self.stopping.wait(0.005):
            known = [case for case in list(self.model.cases.values()) if case.etag and "withdraw" not in case.chain]
            if not known:
                continue
            case = choice.choice(known)
            etag = case.etag
            try:
                found = connection.call(CASE + "Get", {"reference": case.reference}, "inspector")["case"]["etag"]
            except Refused as refusal:
                self.refused(f"Get {case.reference}", refusal)
                continue
            # Versions count up.
            if etag and int(found[1:]) < int(etag[1:]):
                self.model.report(f"{case.reference}: read {found} after {etag} was acknowledged")
            self.counts["answered"] += 1


class Load:
    """Writers, an import, assessments and reads over one daemon."""

    def __init__(
        self,
        model: Model,
        connect: Callable[[], Connection],
        writers: int = 3,
        in_flight: int = 4,
        tolerated: frozenset[str] = frozenset(),
    ) -> None:
        self.model = model
        self.writers = [
            Writer(model, connect, worker, in_flight, may_be_refused=True, tolerated=tolerated)
            for worker in range(writers)
        ]
        self.importer = Importer(model, connect, collections.deque(), may_be_refused=True)
        self.assessor = Assessor(model, connect)
        self.reader = Reader(model, connect)

    @property
    def clients(self) -> list[Client]:
        return [*self.writers, self.importer, self.assessor, self.reader]

    def start(self) -> None:
        for client in self.clients:
            client.start()

    def stop(self) -> None:
        """Lets what is in flight end."""
        for client in self.clients:
            client.stopping.set()
        for client in self.clients:
            client.join(60)
            if client.is_alive():
                self.model.report(f"{type(client).__name__} is not answered for 60 s")

    def sum(self, name: str) -> int:
        return sum(client.counts[name] for client in self.clients)

    @property
    def is_under_way(self) -> bool:
        """Whether each of them was answered, so that each has its connection."""
        return all(
            client.counts["acknowledged"] + client.counts["imported"] + client.counts["answered"] > 0
            for client in self.clients
        )

    @property
    def acknowledged(self) -> int:
        return self.sum("acknowledged") + self.sum("imported")

    @property
    def causes(self) -> str:
        return ", ".join(sorted(set().union(*(client.causes for client in self.clients)))) or "none"

    def assessments(self, since: float) -> int:
        return sum(1 for began, _ in list(self.assessor.latencies) if began >= since)

    def longest_assessment(self, since: float) -> float:
        """In milliseconds."""
        return max((took for began, took in list(self.assessor.latencies) if began >= since), default=0.0) * 1000
