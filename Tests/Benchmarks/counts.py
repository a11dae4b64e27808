# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""Instructions (callgrind) and allocations (a preloaded counter) of a round of each fixed workload, against
thresholds.json.

Each workload runs at two sizes; the difference, divided, is what one more round costs, whatever starting the program
costs.
"""

import json
import os
import pathlib
import re
import subprocess
import tempfile

import daemon
from peers.rules import act, amnestyd_act, cases, worker

THRESHOLDS = pathlib.Path("Tests/Benchmarks/thresholds.json")
RECORD = "Tests/Benchmarks/record.json"
FEW, MANY = 200, 1200
# The shared act's cases, a tenth of their facts missing: a round is one assessment of each.
CASES, MISSING = 16, 0.1
FEW_OF_CASES, MANY_OF_CASES = 10, 60
# Dictionaries in the same order every time.
REPEATABLE = {**os.environ, "SWIFT_DETERMINISTIC_HASHING": "1"}


def shared_act():
    """The shared act and its cases as files that the workloads read."""
    law = act.load()
    folder = daemon.PEERS / "shared-act"
    amnestyd_act.write(law, folder)
    records = [
        json.dumps(amnestyd_act.record(facts, at))
        for at, facts in enumerate(cases.sample(law, CASES, MISSING, worker.SEED))
    ]
    file = folder / "cases.ndjson"
    file.write_text("\n".join(records) + "\n", encoding="utf-8")
    return ["--record", str(file), "--act", str(folder / f"{amnestyd_act.ACT_ID}.yaml")]


def workload(name, rounds):
    # Without debug information: valgrind stumbles over what the Swift linker writes.
    program = str(daemon.PEERS / "amnesty-benchmarks")
    given = shared_act() if name.startswith("each-") else ["--record", RECORD]
    return [program, "repeat", name, "--rounds", str(rounds), *given]


def instructions(name, rounds):
    with tempfile.TemporaryDirectory() as folder:
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out", *workload(name, rounds)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=REPEATABLE)
        collected = re.search(r"Collected *: *([0-9]+)", done.stderr)
        if done.returncode != 0 or collected is None:
            raise SystemExit(f"callgrind of {name} failed: {done.stderr[-2000:]}")
        return int(collected.group(1))


def allocations(name, rounds):
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder) / "allocations"
        environment = {
            **REPEATABLE,
            "LD_PRELOAD": str((daemon.PEERS / "allocations.so").resolve()),
            "AMNESTY_ALLOCATIONS": str(report),
        }
        subprocess.run(workload(name, rounds), env=environment, check=True, stdout=subprocess.DEVNULL)
        return int(report.read_text())


def per_round(count, name):
    few, many = (FEW_OF_CASES, MANY_OF_CASES) if name.startswith("each-") else (FEW, MANY)
    return (count(name, many) - count(name, few)) / (many - few)


def compare(row):
    """Prints every count beside its threshold; gives the number of those above theirs."""
    thresholds = json.loads(THRESHOLDS.read_text(encoding="utf-8"))
    above = 0
    for name, limits in thresholds["workloads"].items():
        for what, count in (("instructions", instructions), ("allocations", allocations)):
            measured = per_round(count, name)
            limit = limits[what]
            # What starting costs differs by an allocation or two between the two sizes.
            over = round(measured, 1) > limit
            above += over
            row(f"{name}: {what} a round", f"{measured:,.1f}", f"at most {limit:,}{'  ABOVE' if over else ''}")
    return above
