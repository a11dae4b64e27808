# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""What was acknowledged, command by command, and the comparison of the register with it.

Of each case the model knows the commands that were acknowledged and the one that has no answer yet, or was refused
because the register could not be used. Compared with it, the chain in the register is what was acknowledged, or that
and the one command without an answer, whole; a command that was refused with "nothing was changed" is not in it; and
the same command again, with its key, succeeds and is in the chain once.
"""

from __future__ import annotations

import collections
import json
import pathlib
import random
import shutil
import sys
import threading
from typing import Any

from daemon import Daemon
from wire import AFTERCARE, CASE, DECISION, Connection, Refused

# Of what is wrong in one scenario; the rest is counted.
SHOWN = 20

Step = tuple[str, str, str, dict[str, Any]]


def _control_digit(digits: str) -> str | None:
    for weights in ((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)):
        rest = sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True)) % 11
        if rest < 10:
            return str(rest)
    return None


def record(reference: str, number: int, stage: str = "sentenced") -> dict[str, Any]:
    """A case of a person who does not exist."""
    digits = f"{10_000_000_000 + number:011d}"
    control = _control_digit(digits)
    served = stage == "served"
    term = "P1M" if served else "P5Y"
    sentence = {
        "imposedOn": "2022-06-10",
        "kind": "imprisonment",
        "term": term,
        "startsOn": "2022-06-10",
        "creditDays": 0,
        "aggregation": "single",
    }
    if served:
        sentence["servedOn"] = "2022-07-10"
    return {
        "reference": reference,
        "person": {
            "iin": digits + control if control else None,
            "familyName": f"Тестов{number}",
            "givenName": "Иван",
            "bornOn": "1995-03-02",
        },
        "stage": stage,
        "recidivism": "none",
        "objectsToTermination": False,
        "offences": [
            {
                "id": "1",
                "article": "202",
                "part": 2,
                "gravity": "grave" if stage == "sentenced" and number % 2 else "medium",
                "committedFrom": "2022-01-05",
                "committedThrough": "2022-01-05",
                "territory": "KZ",
                "nexus": "riot",
                "classes": [],
                "sentence": {"kind": "imprisonment", "term": term},
            }
        ],
        "sentence": sentence,
        "detained": not served,
    }


# What is done to a case, one command after another: the word in its chain, the method, the clerk, and the members of
# the request.
DECIDED: list[Step] = [
    ("assess", CASE + "Assess", "bolat", {}),
    ("propose", DECISION + "Propose", "bolat", {"verdict": "grant"}),
    ("decide", DECISION + "Decide", "dana", {"verdict": "grant"}),
    ("execute", DECISION + "Execute", "erlan", {}),
]
RECIPES: dict[str, tuple[str, list[Step]]] = {
    "freed": (
        "sentenced",
        [*DECIDED, ("need", AFTERCARE + "Add", "erlan", {"kind": "housing", "responsible": "akimat"})],
    ),
    "cleared": ("served", DECIDED),
    "moved": (
        "sentenced",
        [
            ("assign", CASE + "Assign", "bolat", {"person": "bolat"}),
            ("update", CASE + "Update", "aigul", {"updateMask": ["/detained"], "reason": "let out"}),
            ("assess", CASE + "Assess", "bolat", {}),
            ("unassign", CASE + "Assign", "bolat", {"reason": "on leave"}),
            ("withdraw", CASE + "Withdraw", "aigul", {"reason": "another court"}),
        ],
    ),
    "revoked": (
        "served",
        [
            *DECIDED,
            ("revoke", DECISION + "Revoke", "galym", {"ground": "forged_paper", "reason": "a paper was forged"}),
        ],
    ),
}


class Case:
    def __init__(self, reference: str, number: int, recipe: str) -> None:
        self.reference = reference
        self.stage, steps = RECIPES[recipe]
        self.record = record(reference, number, self.stage)
        self.steps = collections.deque(
            [("register", CASE + "Register", "aigul", {"record": self.record, "office": "default"}), *steps]
        )
        self.chain: list[str] = []
        self.etag: str | None = None
        self.pending: Step | None = None
        # Whether every answer to the pending command so far was an error that says that nothing was changed, and
        # whether one was an error that leaves it open.
        self.is_refused = False
        self.is_open = False

    def next(self) -> Step:
        """The next command; it is pending until it is acknowledged."""
        if self.pending is not None:
            return self.pending
        word, method, actor, members = self.steps[0]
        request = dict(members)
        if method == CASE + "Update":
            request["record"] = {**self.record, "detained": False}
        elif word != "register":
            request["reference"] = self.reference
        if self.etag and word != "register":
            request["etag"] = self.etag
        request["idempotencyKey"] = f"{self.reference}/{len(self.chain)}"
        self.pending = (word, method, actor, request)
        return self.pending

    def refused(self, says_unchanged: bool) -> None:
        self.is_open = self.is_open or not says_unchanged
        self.is_refused = not self.is_open

    def acknowledged(self, answer: dict[str, Any]) -> None:
        assert self.pending is not None
        self.chain.append(self.pending[0])
        self.steps.popleft()
        self.etag = answer["case"]["etag"] if "case" in answer else None
        self.pending, self.is_refused, self.is_open = None, False, False

    def given_up(self) -> None:
        self.pending, self.steps = None, collections.deque()

    @property
    def is_executed(self) -> bool:
        return "execute" in self.chain and "revoke" not in self.chain


class Model:
    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.random = random.Random(seed)
        self.cases: dict[str, Case] = {}
        self.imported: dict[str, str | None] = {}
        self.lock = threading.Lock()
        self.numbers = 0
        self.wrong: list[str] = []
        self.counts: collections.Counter[str] = collections.Counter()

    def report(self, what: str) -> None:
        with self.lock:
            self.wrong.append(what)
            if len(self.wrong) <= SHOWN:
                print(f"WRONG: {what}", file=sys.stderr, flush=True)

    def new_case(self, worker: int, choice: random.Random) -> Case:
        with self.lock:
            self.numbers += 1
            case = Case(f"SYN-K{worker}-{self.numbers}", self.numbers, choice.choice(list(RECIPES)))
            self.cases[case.reference] = case
        return case

    def new_reference(self) -> str:
        """Of a record that is imported."""
        with self.lock:
            self.numbers += 1
            reference = f"SYN-I-{self.numbers}"
            self.imported[reference] = None
        return reference

    @staticmethod
    def imported_record(reference: str) -> dict[str, Any]:
        return record(reference, int(reference.rpartition("-")[2]))

    # Comparing

    def chain(self, connection: Connection, reference: str) -> list[str]:
        try:
            answer = connection.call(CASE + "History", {"reference": reference}, "inspector")
        except Refused as refusal:
            if refusal.code == "NOT_FOUND":
                return []
            raise
        return [link["command"] for link in answer["links"]]

    def settle(self, connection: Connection, case: Case) -> None:
        """What became of the command without an answer, and the same command again."""
        assert case.pending is not None
        word, method, actor, request = case.pending
        before = self.chain(connection, case.reference)
        was_there = before == [*case.chain, word]
        if not was_there and before != case.chain:
            self.report(f"{case.reference}: chain {before}, acknowledged {case.chain}, in flight {word}")
            case.given_up()
            return
        if was_there and case.is_refused:
            self.report(f"{case.reference}: {word} was refused with 'nothing was changed', and is in the chain")
        self.counts["committed unacknowledged" if was_there else "not committed"] += 1
        try:
            answer = connection.call(method, request, actor)
        except Refused as refusal:
            self.report(f"{case.reference}: {word} again with its key: {refusal}")
            case.given_up()
            return
        if bool(answer.get("replayed")) != was_there:
            self.report(
                f"{case.reference}: {word} was{'' if was_there else ' not'} committed, "
                f"and is answered replayed={answer.get('replayed')}"
            )
        case.acknowledged(answer)
        self.counts["retried"] += 1
        after = self.chain(connection, case.reference)
        if after != case.chain:
            self.report(f"{case.reference}: chain {after} after the retry, expected {case.chain}")
        if self.random.random() < 0.1:
            self._try_key_for_another_request(connection, case, (word, method, actor, request))

    def _try_key_for_another_request(self, connection: Connection, case: Case, step: Step) -> None:
        word, method, actor, request = step
        try:
            connection.call(
                method,
                {**request, "etag": "another"} if word != "register" else {**request, "office": "police-records"},
                actor,
            )
            self.report(f"{case.reference}: {word}: its key was taken for another request")
        except Refused as refusal:
            if refusal.reason != "KEY_REUSED":
                self.report(f"{case.reference}: {word}: its key with another request: {refusal}")

    def inspect(self, connection: Connection, case: Case) -> None:
        """A settled case is whole: a case that was carried out has its orders and needs, another has none."""
        chain = self.chain(connection, case.reference)
        if chain != case.chain:
            self.report(f"{case.reference}: chain {chain}, acknowledged {case.chain}")
            return
        if not case.chain:
            return
        found = connection.call(CASE + "Get", {"reference": case.reference}, "inspector")["case"]
        if case.etag and found["etag"] != case.etag:
            self.report(f"{case.reference}: etag {found['etag']}, acknowledged {case.etag}")
        execution, needs = found.get("execution"), found.get("needs") or []
        if case.is_executed and not (execution and execution["orders"]):
            self.report(f"{case.reference}: carried out without orders")
        if not case.is_executed and execution and "revoke" not in case.chain:
            self.report(f"{case.reference}: orders of an execution that is not in its chain")
        released = case.is_executed and any(order["kind"] in ("release", "new_end") for order in execution["orders"])
        expected = (3 + ("need" in case.chain)) if released else 0
        if len(needs) != expected:
            self.report(f"{case.reference}: {len(needs)} needs, expected {expected}")
        if "execute" in case.chain and case.stage == "served" and found["sealed"] != case.is_executed:
            self.report(f"{case.reference}: sealed is {found['sealed']}")
        self.counts["inspected"] += 1

    def inspect_import(self, connection: Connection, reference: str) -> None:
        chain = self.chain(connection, reference)
        if chain != ["register"]:
            self.report(f"{reference}: imported, and its chain is {chain}")

    def compare_notices(self, connection: Connection) -> None:
        """Each removed conviction is told once, each restored one once more."""
        found, token = collections.defaultdict(list), None
        while True:
            answer = connection.call(
                "amnesty.v1.PropagationService/List", {"pageSize": 1000, "pageToken": token}, "inspector"
            )
            for notice in answer["notices"]:
                found[notice["reference"]].append(notice["kind"])
            token = answer.get("nextPageToken")
            if not token:
                break
        for case in self.cases.values():
            expected = ["conviction_removed"] if "execute" in case.chain and case.stage == "served" else []
            expected += ["conviction_restored"] if expected and "revoke" in case.chain else []
            if sorted(found.get(case.reference, [])) != expected:
                self.report(f"{case.reference}: notices {found.get(case.reference)}, expected {expected}")

    def compare_trail(self, daemon: Daemon) -> None:
        """One entry of the trail for each link of each chain, the imported ones too."""
        entries: collections.Counter[str] = collections.Counter()
        for line in self.ctl(daemon, "audit", "export").splitlines():
            entry = json.loads(line)
            if entry["kind"] == "command":
                entries[entry.get("reference")] += 1
        for case in self.cases.values():
            if entries[case.reference] != len(case.chain):
                self.report(
                    f"{case.reference}: {entries[case.reference]} entries of the trail for {len(case.chain)} commands"
                )
        for reference, result in self.imported.items():
            if result and entries[reference] != 1:
                self.report(f"{reference}: {entries[reference]} entries of the trail for one import")

    def compare_count(self, connection: Connection) -> None:
        summary = connection.call(CASE + "Summary", {}, "inspector")["cases"]
        expected = sum(1 for case in self.cases.values() if case.chain)
        least, most = expected + sum(1 for result in self.imported.values() if result), expected + len(self.imported)
        if not least <= summary <= most:
            self.report(f"{summary} cases in the register, expected {least} to {most}")

    def ctl(self, daemon: Daemon, *words: object, online: bool = True) -> str:
        code, printed = daemon.ctl(*words, online=online)
        if code != 0:
            self.report(f"amnestyctl {' '.join(map(str, words))} left with {code}: {printed.strip()[-1500:]}")
            return ""
        return printed

    def check_soundness(self, daemon: Daemon, offline: pathlib.Path | None = None) -> None:
        """`amnestyctl check` and `audit verify` find nothing, online and on a copy of the files; checkpoints taken
        earlier hold.
        """
        self.ctl(daemon, "check")
        known = ["--checkpoint", daemon.checkpoints] if daemon.checkpoints.exists() else []
        self.ctl(daemon, "audit", "verify", *known)
        if offline:
            self.ctl(daemon, "check", "--database", offline / "register.sqlite", *known, online=False)
            self.ctl(daemon, "audit", "verify", offline / "register.sqlite", *known, online=False)
            shutil.rmtree(offline)
        self.ctl(daemon, "audit", "checkpoint", "--append", daemon.checkpoints)
        self.counts["checks"] += 1

    def compare_everything(self, daemon: Daemon) -> None:
        with Connection(daemon.socket) as connection:
            for case in [case for case in self.cases.values() if case.pending]:
                self.settle(connection, case)
            for case in self.cases.values():
                self.inspect(connection, case)
            # The trail below knows every one of them.
            taken = [reference for reference, result in self.imported.items() if result]
            for reference in self.random.sample(taken, min(500, len(taken))):
                self.inspect_import(connection, reference)
            self.compare_notices(connection)
            self.compare_count(connection)
        self.check_soundness(daemon)
        self.compare_trail(daemon)
