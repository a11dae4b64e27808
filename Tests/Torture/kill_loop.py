#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""Kills amnestyd with SIGKILL at random moments under concurrent keyed writes, and compares the register with what was acknowledged.

A model holds, for each case, the commands that were acknowledged and the one that was in flight. After every kill the daemon starts again, and
  * the chain of each case is what was acknowledged, or that and the one command in flight, whole: nothing is lost, nothing is there that nobody sent;
  * a case that was carried out has its orders, needs and notices: nothing is half there;
  * the command in flight, sent again with its key, succeeds, says `replayed` just where it was there already, and is in the chain once;
  * every few kills `amnestyctl check` and `audit verify` (online; and offline, on a copy of the files as the kill left them) find nothing, checkpoints
    taken earlier hold, and the trail has one entry for each link of each chain.

The last line is the summary; the exit code is 0 only if nothing was found.
"""

import argparse
import collections
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

CONFIGURATION = """\
auditKey: {folder}/audit.key
procedure:
  served: court
offices:
  default: {{}}
  police-records: {{}}
subscribers: [police-records]
"""

HEALTH = "grpc.health.v1.Health/Check"
CASE, DECISION, AFTERCARE = "amnesty.v1.CaseService/", "amnesty.v1.DecisionService/", "amnesty.v1.AftercareService/"


class Refused(Exception):
    def __init__(self, head):
        self.code = head["code"]
        self.reason = next((d.get("reason") for d in head.get("details", []) if d.get("@type", "").endswith("ErrorInfo")), None)
        super().__init__(f"{self.code} {self.reason}: {head.get('message')}")


class Connection:
    """Frames over a Unix socket; a dead peer is ConnectionError, whatever the kernel calls it."""

    def __init__(self, path):
        self.peer = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.peer.settimeout(60)
        self.buffer = bytearray()
        self.last = 0
        try:
            self.peer.connect(str(path))
        except OSError as error:
            self.peer.close()
            raise ConnectionError(str(error)) from error

    def close(self):
        self.peer.close()

    def send(self, head, body=None):
        payload = json.dumps(head).encode() + (b"" if body is None else b"\n" + json.dumps(body).encode())
        try:
            self.peer.sendall(len(payload).to_bytes(4, "big") + payload)
        except TimeoutError:
            raise
        except OSError as error:
            raise ConnectionError(str(error)) from error

    def receive(self):
        def take(count):
            while len(self.buffer) < count:
                try:
                    chunk = self.peer.recv(1 << 16)
                except TimeoutError:
                    raise
                except OSError as error:
                    raise ConnectionError(str(error)) from error
                if not chunk:
                    raise ConnectionError("end of input")
                self.buffer += chunk
            taken = bytes(self.buffer[:count])
            del self.buffer[:count]
            return taken

        head, _, body = take(int.from_bytes(take(4), "big")).partition(b"\n")
        return json.loads(head), json.loads(body) if body else None

    def start(self, method, body=None, actor=None, **members):
        self.last += 1
        self.send({"call": self.last, "method": method, **({"actor": actor} if actor else {}), **members}, body)
        return self.last

    def call(self, method, body, actor=None):
        identifier = self.start(method, body, actor)
        while True:
            head, answer = self.receive()
            if head.get("end") == identifier:
                if head.get("code", "OK") != "OK":
                    raise Refused(head)
                return answer if answer is not None else {}


def control_digit(digits):
    for weights in ((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)):
        rest = sum(w * int(d) for w, d in zip(weights, digits)) % 11
        if rest < 10:
            return str(rest)
    return None


def record(reference, number, stage):
    digits = f"{10_000_000_000 + number:011d}"
    control = control_digit(digits)
    served = stage == "served"
    term = "P1M" if served else "P5Y"
    sentence = {"imposedOn": "2022-06-10", "kind": "imprisonment", "term": term, "startsOn": "2022-06-10", "creditDays": 0, "aggregation": "single"}
    if served:
        sentence["servedOn"] = "2022-07-10"
    return {
        "reference": reference,
        "person": {"iin": digits + control if control else None, "familyName": f"Тестов{number}", "givenName": "Иван", "bornOn": "1995-03-02"},
        "stage": stage,
        "recidivism": "none",
        "objectsToTermination": False,
        "offences": [
            {
                "id": "1", "article": "202", "part": 2, "gravity": "grave" if stage == "sentenced" and number % 2 else "medium",
                "committedFrom": "2022-01-05", "committedThrough": "2022-01-05", "territory": "KZ", "nexus": "riot", "classes": [],
                "sentence": {"kind": "imprisonment", "term": term},
            }
        ],
        "sentence": sentence,
        "detained": not served,
    }


# What is done to a case, one command after another: the word in its chain, the method, the clerk, and the members of the request.
DECIDED = [
    ("assess", CASE + "Assess", "bolat", {}),
    ("propose", DECISION + "Propose", "bolat", {"verdict": "grant"}),
    ("decide", DECISION + "Decide", "dana", {"verdict": "grant"}),
    ("execute", DECISION + "Execute", "erlan", {}),
]
RECIPES = {
    "freed": ("sentenced", [*DECIDED, ("need", AFTERCARE + "Add", "erlan", {"kind": "housing", "responsible": "akimat"})]),
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
    "revoked": ("served", [*DECIDED, ("revoke", DECISION + "Revoke", "galym", {"ground": "forged_paper", "reason": "a paper was forged"})]),
}


class Case:
    def __init__(self, reference, number, recipe):
        self.reference, self.recipe = reference, recipe
        self.stage, steps = RECIPES[recipe]
        self.record = record(reference, number, self.stage)
        self.steps = collections.deque([("register", CASE + "Register", "aigul", {"record": self.record, "office": "default"}), *steps])
        self.chain, self.etag, self.pending = [], None, None

    def next(self):
        """The next command, as (word, method, actor, request); it is pending until it is acknowledged."""
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

    def acknowledged(self, answer):
        self.chain.append(self.pending[0])
        self.steps.popleft()
        self.etag = answer["case"]["etag"] if "case" in answer else None
        self.pending = None

    @property
    def executed(self):
        return "execute" in self.chain and "revoke" not in self.chain


class Loop:
    def __init__(self, options):
        self.options = options
        self.random = random.Random(options.seed)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="killloop-", dir=options.folder))
        self.socket, self.state = self.folder / "sock", self.folder / "state"
        self.checkpoints = self.folder / "checkpoints.ndjson"
        self.configuration = self.folder / "amnestyd.yaml"
        (self.folder / "audit.key").write_bytes(os.urandom(32))
        self.configuration.write_text(CONFIGURATION.format(folder=self.folder))
        self.cases, self.imported = {}, {}
        self.lock, self.numbers = threading.Lock(), 0
        self.violations, self.counts = [], collections.Counter()
        self.daemon = None

    def wrong(self, what):
        with self.lock:
            self.violations.append(what)
            print(f"WRONG: {what}", file=sys.stderr, flush=True)

    # The daemon

    def start(self):
        log = (self.folder / "amnestyd.log").open("ab")
        command = [self.options.daemon, "--config", self.configuration, "--socket", self.socket, "--state-directory", self.state]
        self.daemon = subprocess.Popen([str(word) for word in command], stdout=log, stderr=log)
        log.close()

    def serving(self):
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                connection = Connection(self.socket)
                try:
                    if connection.call(HEALTH, {"service": "amnesty.v1.CaseService"})["status"] == "SERVING":
                        return
                finally:
                    connection.close()
            except ConnectionError:
                pass
            if self.daemon.poll() is not None:
                raise SystemExit(f"the daemon left with {self.daemon.returncode}: see {self.folder}/amnestyd.log")
            time.sleep(0.005)
        raise SystemExit("the register does not serve 30 s after the start")

    def kill(self):
        self.daemon.send_signal(signal.SIGKILL)
        self.daemon.wait()
        self.counts["kills"] += 1

    def ctl(self, *words, online=True):
        command = [self.options.ctl, *map(str, words), *(["--socket", str(self.socket)] if online else [])]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            self.wrong(f"amnestyctl {' '.join(map(str, words))} left with {done.returncode}: {(done.stdout + done.stderr).strip()[-1500:]}")
        return done.stdout

    # Writing

    def new_case(self, worker):
        with self.lock:
            self.numbers += 1
            case = Case(f"K{worker}-{self.numbers}", self.numbers, worker_random[worker].choice(list(RECIPES)))
            self.cases[case.reference] = case
        return case

    def write(self, worker, idle):
        """Commands on one connection, several in flight, each on a case of its own, until the daemon is gone."""
        flying = {}
        try:
            connection = Connection(self.socket)
        except ConnectionError:
            return
        try:
            while True:
                while len(flying) < self.options.in_flight:
                    case = idle.popleft() if len(idle) > 2 else self.new_case(worker)
                    _, method, actor, request = case.next()
                    identifier = connection.last + 1
                    flying[identifier] = case
                    connection.start(method, request, actor)
                head, answer = connection.receive()
                if "end" not in head:
                    continue
                case = flying.pop(head["end"])
                if head.get("code", "OK") != "OK":
                    self.wrong(f"{case.reference} {case.pending[0]}: {Refused(head)}")
                    case.pending, case.steps = None, collections.deque()
                    continue
                if answer.get("replayed"):
                    self.wrong(f"{case.reference} {case.pending[0]}: a new command is answered as replayed")
                case.acknowledged(answer)
                self.counts["acknowledged"] += 1
                if case.steps:
                    idle.append(case)
        except ConnectionError:
            pass
        except Exception as error:  # noqa: BLE001: a thread's fault must not pass as a quiet run
            self.wrong(f"worker {worker}: {error!r}")
        finally:
            connection.close()

    def take_in(self, waiting):
        """One Import after another, each item acknowledged by itself; `waiting` are those without an answer."""
        try:
            connection = Connection(self.socket)
        except ConnectionError:
            return
        try:
            identifier = connection.start(CASE + "Import", None, "aigul", open=True)
            sent = collections.deque()
            while True:
                while len(sent) < 16:
                    if waiting:
                        reference = waiting.popleft()
                    else:
                        with self.lock:
                            self.numbers += 1
                            reference = f"I-{self.numbers}"
                        self.imported[reference] = None
                    sent.append(reference)
                    number = int(reference.split("-")[1])
                    connection.send({"item": identifier}, {"record": record(reference, number, "sentenced"), "office": "default"})
                head, answer = connection.receive()
                if "end" in head:
                    self.wrong(f"Import ended by itself: {head}")
                    return
                if "item" not in head:
                    continue
                reference = sent.popleft()
                if answer["reference"] != reference or answer["status"]["code"] != "OK" or answer["result"] not in ("registered", "unchanged"):
                    self.wrong(f"Import of {reference}: {answer}")
                self.imported[reference] = answer["result"]
                self.counts["imported"] += 1
        except ConnectionError:
            pass
        except Exception as error:  # noqa: BLE001
            self.wrong(f"import: {error!r}")
        finally:
            waiting.extendleft(reversed([r for r, result in self.imported.items() if result is None and r not in waiting]))
            connection.close()

    # Comparing

    def chain(self, connection, reference):
        try:
            answer = connection.call(CASE + "History", {"reference": reference}, "inspector")
        except Refused as refusal:
            if refusal.code == "NOT_FOUND":
                return []
            raise
        return [link["command"] for link in answer["links"]]

    def settle(self, connection, case):
        """What became of the command in flight, and the same command again."""
        word, method, actor, request = case.pending
        before = self.chain(connection, case.reference)
        was_there = before == [*case.chain, word]
        if not was_there and before != case.chain:
            self.wrong(f"{case.reference}: chain {before}, acknowledged {case.chain}, in flight {word}")
            case.pending, case.steps = None, collections.deque()
            return
        self.counts["committed unacknowledged" if was_there else "not committed"] += 1
        try:
            answer = connection.call(method, request, actor)
        except Refused as refusal:
            self.wrong(f"{case.reference}: {word} again with its key: {refusal}")
            case.pending, case.steps = None, collections.deque()
            return
        if bool(answer.get("replayed")) != was_there:
            self.wrong(f"{case.reference}: {word} was{'' if was_there else ' not'} committed, and is answered replayed={answer.get('replayed')}")
        case.acknowledged(answer)
        self.counts["retried"] += 1
        after = self.chain(connection, case.reference)
        if after != case.chain:
            self.wrong(f"{case.reference}: chain {after} after the retry, expected {case.chain}")
        if self.random.random() < 0.1:
            try:
                connection.call(method, {**request, "etag": "another"} if word != "register" else {**request, "office": "police-records"}, actor)
                self.wrong(f"{case.reference}: {word}: its key was taken for another request")
            except Refused as refusal:
                if refusal.reason != "KEY_REUSED":
                    self.wrong(f"{case.reference}: {word}: its key with another request: {refusal}")

    def inspect(self, connection, case):
        """A settled case is whole."""
        chain = self.chain(connection, case.reference)
        if chain != case.chain:
            self.wrong(f"{case.reference}: chain {chain}, acknowledged {case.chain}")
        if not case.chain:
            return
        found = connection.call(CASE + "Get", {"reference": case.reference}, "inspector")["case"]
        if case.etag and found["etag"] != case.etag:
            self.wrong(f"{case.reference}: etag {found['etag']}, acknowledged {case.etag}")
        execution, needs = found.get("execution"), found.get("needs") or []
        if case.executed and not (execution and execution["orders"]):
            self.wrong(f"{case.reference}: carried out without orders")
        if not case.executed and execution and "revoke" not in case.chain:
            self.wrong(f"{case.reference}: orders of an execution that is not in its chain")
        released = case.executed and any(order["kind"] in ("release", "new_end") for order in execution["orders"])
        expected = (3 + ("need" in case.chain)) if released else 0
        if len(needs) != expected:
            self.wrong(f"{case.reference}: {len(needs)} needs, expected {expected}")
        if "execute" in case.chain and case.stage == "served" and found["sealed"] != case.executed:
            self.wrong(f"{case.reference}: sealed is {found['sealed']}")
        self.counts["inspected"] += 1

    def notices(self, connection):
        """Each removed conviction is told once, each restored one once more."""
        found, token = collections.defaultdict(list), None
        while True:
            answer = connection.call("amnesty.v1.PropagationService/List", {"pageSize": 1000, "pageToken": token}, "inspector")
            for notice in answer["notices"]:
                found[notice["reference"]].append(notice["kind"])
            token = answer.get("nextPageToken")
            if not token:
                break
        for case in self.cases.values():
            expected = ["conviction_removed"] if "execute" in case.chain and case.stage == "served" else []
            expected += ["conviction_restored"] if expected and "revoke" in case.chain else []
            if sorted(found.get(case.reference, [])) != expected:
                self.wrong(f"{case.reference}: notices {found.get(case.reference)}, expected {expected}")

    def trail(self):
        """One entry of the trail for each link of each chain, the imported ones too."""
        entries = collections.Counter()
        export = self.ctl("audit", "export")
        for line in export.splitlines():
            entry = json.loads(line)
            if entry["kind"] == "command":
                entries[entry.get("reference")] += 1
        for case in self.cases.values():
            if entries[case.reference] != len(case.chain):
                self.wrong(f"{case.reference}: {entries[case.reference]} entries of the trail for {len(case.chain)} commands")
        for reference, result in self.imported.items():
            if result and entries[reference] != 1:
                self.wrong(f"{reference}: {entries[reference]} entries of the trail for one import")

    def sound(self, offline):
        self.ctl("check")
        known = ["--checkpoint", self.checkpoints] if self.checkpoints.exists() else []
        self.ctl("audit", "verify", *known)
        if offline:
            self.ctl("check", "--database", offline / "register.sqlite", *known, online=False)
            self.ctl("audit", "verify", offline / "register.sqlite", *known, online=False)
            shutil.rmtree(offline)
        self.ctl("audit", "checkpoint", "--append", self.checkpoints)
        self.counts["checks"] += 1

    def copy(self):
        """The files as the kill left them; nothing writes now."""
        copy = self.folder / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir()
        for file in self.state.glob("register.sqlite*"):
            shutil.copy(file, copy)
        return copy if (copy / "register.sqlite").exists() else None

    # The loop

    def run(self):
        idle = [collections.deque() for _ in range(self.options.connections)]
        waiting = collections.deque()
        self.start()
        self.serving()
        while self.counts["kills"] < self.options.kills:
            threads = [threading.Thread(target=self.write, args=(worker, idle[worker])) for worker in range(self.options.connections)]
            threads.append(threading.Thread(target=self.take_in, args=(waiting,)))
            for thread in threads:
                thread.start()
            time.sleep(self.random.choice([self.random.uniform(0.002, 0.05), self.random.uniform(0.02, 0.3)]))
            self.kill()
            for thread in threads:
                thread.join()
            while self.random.random() < 0.2 and self.counts["kills"] < self.options.kills:
                self.start()
                time.sleep(self.random.uniform(0, 0.12))
                self.kill()
                self.counts["during start"] += 1
            last = self.counts["kills"] >= self.options.kills
            due = last or self.counts["kills"] % self.options.check_every == 0
            offline = self.copy() if due else None
            self.start()
            self.serving()
            connection = Connection(self.socket)
            for case in [c for c in self.cases.values() if c.pending]:
                self.settle(connection, case)
            for queue in idle:
                queue.clear()
            for case in self.cases.values():
                if case.steps:
                    idle[int(case.reference[1:].split("-")[0])].append(case)
            everyone = list(self.cases.values())
            for case in everyone if last else self.random.sample(everyone, min(20, len(everyone))):
                self.inspect(connection, case)
            taken = [reference for reference, result in self.imported.items() if result]
            for reference in taken if last else self.random.sample(taken, min(20, len(taken))):
                if self.chain(connection, reference) != ["register"]:
                    self.wrong(f"{reference}: imported, and its chain is {self.chain(connection, reference)}")
            if due:
                self.sound(offline)
            if last or self.counts["kills"] % (5 * self.options.check_every) == 0:
                self.notices(connection)
                self.trail()
            connection.close()
            if len(self.violations) > 50:
                break
        connection = Connection(self.socket)
        summary = connection.call(CASE + "Summary", {}, "inspector")["cases"]
        connection.close()
        expected = sum(1 for case in self.cases.values() if case.chain)
        least, most = expected + sum(1 for result in self.imported.values() if result), expected + len(self.imported)
        if not least <= summary <= most:
            self.wrong(f"{summary} cases in the register, expected {least} to {most}")
        self.daemon.terminate()
        if self.daemon.wait(60) != 0:
            self.wrong(f"the daemon left with {self.daemon.returncode} on SIGTERM")
        words = ", ".join(f"{self.counts[name]} {name}" for name in (
            "kills", "during start", "acknowledged", "imported", "committed unacknowledged", "not committed", "retried", "inspected", "checks"))
        print(f"killloop: {words}; {len(self.cases)} cases; {len(self.violations)} wrong (seed {self.options.seed})")
        if not self.violations and not self.options.keep:
            shutil.rmtree(self.folder)
        else:
            print(f"killloop: left in {self.folder}", file=sys.stderr)
        return 1 if self.violations else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--daemon", default=".build/release/amnestyd")
    parser.add_argument("--ctl", default=".build/release/amnestyctl")
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--connections", type=int, default=6)
    parser.add_argument("--in-flight", type=int, default=8, help="commands in flight on each connection")
    parser.add_argument("--check-every", type=int, default=10, help="kills between two checks of the whole register")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--folder", default=None, help="where the scratch folder is made")
    parser.add_argument("--keep", action="store_true", help="leave the scratch folder behind")
    arguments = parser.parse_args()
    if arguments.seed is None:
        arguments.seed = random.SystemRandom().randrange(1 << 32)
    worker_random = [random.Random(f"{arguments.seed}/{worker}") for worker in range(arguments.connections)]
    loop = Loop(arguments)
    try:
        sys.exit(loop.run())
    finally:
        if loop.daemon and loop.daemon.poll() is None:
            loop.daemon.kill()
