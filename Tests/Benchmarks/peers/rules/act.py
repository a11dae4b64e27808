# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""The shared act as values: what each engine's rules are written from, and nothing else."""

import dataclasses
import datetime
import json
import pathlib
from typing import Any

# A word, a day or a set of words; absent from a mapping where it is not known.
Value = Any
Facts = dict[str, Value]

NOT_COVERED = "not_covered"


@dataclasses.dataclass(frozen=True)
class Relief:
    stages: tuple[str, ...]
    gravities: tuple[str, ...]
    measure: str


@dataclasses.dataclass(frozen=True)
class Act:
    territories: tuple[str, ...]
    nexuses: tuple[str, ...]
    first_day: datetime.date
    last_day: datetime.date
    excluded_classes: tuple[str, ...]
    excluded_recidivism: tuple[str, ...]
    adult_classes: tuple[str, ...]
    adult_age: int
    relief: tuple[Relief, ...]
    # Every value of a fact that is to be tried where it is missing: both sides of everything a rule compares with.
    domains: dict[str, tuple[Value, ...]]


def load(path: pathlib.Path = pathlib.Path(__file__).with_name("act.json")) -> Act:
    data = json.loads(path.read_text(encoding="utf-8"))
    scope, exclusions = data["scope"], data["exclusions"]
    return Act(
        territories=tuple(scope["territory"]),
        nexuses=tuple(scope["nexus"]),
        first_day=datetime.date.fromisoformat(scope["period"]["from"]),
        last_day=datetime.date.fromisoformat(scope["period"]["through"]),
        excluded_classes=tuple(exclusions["classes"]),
        excluded_recidivism=tuple(exclusions["recidivism"]),
        adult_classes=tuple(exclusions["classesUnlessUnderAge"]["classes"]),
        adult_age=exclusions["classesUnlessUnderAge"]["under"],
        relief=tuple(Relief(tuple(row["stages"]), tuple(row["gravities"]), row["measure"]) for row in data["relief"]),
        domains={name: domain(fact) for name, fact in data["facts"].items()},
    )


def domain(fact: dict) -> tuple[Value, ...]:
    values = fact["values"]
    if fact["type"] == "day":
        return tuple(datetime.date.fromisoformat(value) for value in values)
    if fact["type"] == "words":
        return tuple(
            frozenset(word for bit, word in enumerate(values) if chosen >> bit & 1)
            for chosen in range(1 << len(values))
        )
    return tuple(values)


def number(day: datetime.date) -> int:
    """A day as YYYYMMDD: it orders as days do, and an age in years is a difference of ten thousands."""
    return day.year * 10000 + day.month * 100 + day.day


def plain(facts: Facts) -> dict[str, str | int | list[str]]:
    """Facts in the types that every engine knows: words, numbers, lists of words."""

    def value(fact: Value) -> str | int | list[str]:
        if isinstance(fact, datetime.date):
            return number(fact)
        return sorted(fact) if isinstance(fact, frozenset) else fact

    return {name: value(fact) for name, fact in facts.items()}
