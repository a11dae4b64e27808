#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""Lets everything go wrong that the daemon was made to survive, one thing after another, and prints what was seen as a
table.

Each scenario has a daemon of its own, honest clients, and a model of what was acknowledged; the exit code is 0 only if
nothing was lost, nothing was done twice, nothing was untrue. What this machine does not permit is skipped, and says so.
"""

from __future__ import annotations

import argparse
import pathlib
import random
import sys
import tempfile
import time
from collections.abc import Callable

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "clients/python/src"))

from disk import disk_faults  # noqa: E402
from full_disk import full_disk  # noqa: E402
from hostile import hostile  # noqa: E402
from kill_loop import kill_loop  # noqa: E402
from outcome import Context, Outcome  # noqa: E402
from resources import clock, descriptors, memory  # noqa: E402
from soak import soak  # noqa: E402

Scenario = Callable[[Context], Outcome | list[Outcome]]
SCENARIOS: dict[str, Scenario] = {
    "kill": kill_loop,
    "disk": disk_faults,
    "full-disk": full_disk,
    "descriptors": descriptors,
    "memory": memory,
    "clock": clock,
    "hostile": hostile,
    "soak": soak,
}
# Kills, acknowledged commands about each fault, seconds under attack, seconds of mixed load.
QUICK, USUAL, LONG = (30, 100, 3.0, 10.0), (300, 300, 15.0, 90.0), (1000, 1000, 60.0, 3600.0)


def tried(name: str, scenario: Scenario, context: Context) -> list[Outcome]:
    began = time.monotonic()
    try:
        outcomes = scenario(context)
    except Exception as error:  # noqa: BLE001: the other scenarios are to be seen, too
        outcomes = Outcome(name, "", wrong=[f"{type(error).__name__}: {error}"])
    found = outcomes if isinstance(outcomes, list) else [outcomes]
    print(f"torture: {name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return found


def verdict(outcome: Outcome) -> str:
    if outcome.skipped is not None:
        return f"SKIPPED: {outcome.skipped}"
    if outcome.wrong:
        return f"WRONG, {len(outcome.wrong)} times: {outcome.wrong[0]}"
    return f"nothing; all was there of {outcome.kept}"


def table(outcomes: list[Outcome]) -> str:
    rows = [("fault", "how it is provoked", "what honest clients saw", "what was lost"), ("---",) * 4]
    rows += [(each.fault, each.provoked, each.seen, verdict(each)) for each in outcomes]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in rows
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenarios", nargs="*", metavar="SCENARIO", help=f"of {', '.join(SCENARIOS)}; default all")
    parser.add_argument(
        "--programs", type=pathlib.Path, default=ROOT / ".build/release", help="the folder of the built programs"
    )
    parser.add_argument("--quick", action="store_true", help="two or three minutes, with less of each")
    parser.add_argument(
        "--hours", type=float, default=None, help="1,000 kills, more of each fault, and mixed load for so many hours"
    )
    parser.add_argument("--kills", type=int, default=None, help="how often the daemon is killed")
    parser.add_argument("--soak-minutes", type=float, default=None, help="how long the mixed load lasts")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--scratch", type=pathlib.Path, default=None, help="where the folders of the daemons are made")
    parser.add_argument("--keep", action="store_true", help="leave those folders behind")
    arguments = parser.parse_args()
    unknown = set(arguments.scenarios) - set(SCENARIOS)
    if unknown:
        parser.error(f"no scenario {', '.join(sorted(unknown))}; there are {', '.join(SCENARIOS)}")

    kills, rounds, attack, mixed = QUICK if arguments.quick else USUAL if arguments.hours is None else LONG
    if arguments.hours is not None:
        mixed = arguments.hours * 3600
    if arguments.soak_minutes is not None:
        mixed = arguments.soak_minutes * 60
    seed = random.SystemRandom().randrange(1 << 32) if arguments.seed is None else arguments.seed
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="torture-build-") as build:
        context = Context(
            programs=arguments.programs.resolve(),
            seed=seed,
            kills=kills if arguments.kills is None else arguments.kills,
            rounds=rounds,
            attack_seconds=attack,
            soak_seconds=mixed,
            keep=arguments.keep,
            scratch=arguments.scratch,
            build=pathlib.Path(build),
        )
        outcomes = [
            outcome for name in arguments.scenarios or SCENARIOS for outcome in tried(name, SCENARIOS[name], context)
        ]
    print(table(outcomes))
    wrong, skipped = sum(1 for each in outcomes if each.wrong), sum(1 for each in outcomes if each.skipped is not None)
    print(
        f"torture: {len(outcomes)} faults, {wrong} of them did harm, {skipped} skipped, "
        f"{time.monotonic() - began:.0f} s (seed {seed})"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
