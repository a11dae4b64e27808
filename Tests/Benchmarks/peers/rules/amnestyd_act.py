# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""The shared act as an act file of amnestyd, and cases as records of its contract."""

import csv
import datetime
import io
import json
import pathlib

from peers.rules.act import NOT_COVERED, Act, Facts
from peers.rules.reference import decide

ACT_ID = "xx-benchmark"
AS_OF = "2022-11-03"

# Decided, in the words of the contract; all others are not decisions.
DECIDED = {"eligible", "ineligible"}


def text(words: str) -> dict[str, str]:
    return {"kk": words, "ru": words, "en": words}


def provision(name: str, **rule: object) -> dict:
    return {"id": name, "basis": "text", "source": "benchmark", "text": text(name), **rule}


def is_in(fact: str, values: tuple[str, ...]) -> dict:
    return {"fact": fact, "in": list(values)}


def is_one(fact: str, values: tuple[str, ...]) -> dict:
    """For a fact that is compared with one value at a time."""
    return {"any": [{"fact": fact, "is": value} for value in values]}


def contains(fact: str, values: tuple[str, ...]) -> dict:
    return {"fact": fact, "containsAny": list(values)}


def act_file(act: Act) -> str:
    """JSON, which is YAML too."""
    head = {
        "id": ACT_ID,
        "version": "1.0.0",
        "title": text("Benchmark act"),
        "citation": "Benchmark act, no law of any country",
        "timeZone": "Etc/UTC",
        "inForceFrom": AS_OF,
        "executeThrough": "2023-05-03",
        "fictional": True,
    }
    period = {"from": act.first_day.isoformat(), "through": act.last_day.isoformat()}
    young = provision("exclusion.adult.young", when={"age": {"under": act.adult_age, "on": "offence"}})
    clauses = [
        provision(
            f"relief.{row.measure}",
            when={"all": [is_in("stage", row.stages), is_in("gravity", row.gravities)]},
            grant={"measure": row.measure},
        )
        for row in act.relief
    ]
    return json.dumps(
        {
            "act": head,
            "sources": {"benchmark": "The benchmark's shared act"},
            "scope": [
                provision("scope.territory", when=is_one("territory", act.territories)),
                provision("scope.nexus", when=is_in("nexus", act.nexuses)),
                provision("scope.period", when={"committed": period}),
            ],
            "exclusions": [
                provision("exclusion.classes", when=contains("classes", act.excluded_classes)),
                provision("exclusion.recidivism", when=is_in("recidivism", act.excluded_recidivism)),
                provision("exclusion.adult", when=contains("classes", act.adult_classes), exceptions=[young]),
            ],
            "relief": {"order": "firstMatch", "clauses": clauses},
            "terms": {"rounding": "days_down", "end": "same_day"},
        },
        indent=1,
    )


def examples(act: Act) -> str:
    """The worked examples that an act must have: one for each stage and gravity."""
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    columns = ["territory", "nexus", "classes", "recidivism", "committedFrom", "committedThrough", "person.bornOn"]
    rows.writerow(["example", "asOf", "stage", "gravity", *columns, "outcome", "measure", "shows"])
    for stage in act.domains["stage"]:
        for gravity in act.domains["gravity"]:
            facts: Facts = {name: values[0] for name, values in act.domains.items()}
            facts |= {"committedOn": act.first_day, "stage": stage, "gravity": gravity}
            measure = decide(act, facts)
            day, born = act.first_day.isoformat(), facts["bornOn"].isoformat()
            known = [facts["territory"], facts["nexus"], "-", facts["recidivism"], day, day, born]
            answer = ["ineligible", ""] if measure == NOT_COVERED else ["eligible", measure]
            rows.writerow(
                [f"{stage} {gravity}", AS_OF, stage, gravity, *known, *answer, "What the table of reliefs says."]
            )
    return table.getvalue()


def write(act: Act, folder: pathlib.Path) -> None:
    """The folder of acts that a daemon is given."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{ACT_ID}.yaml").write_text(act_file(act), encoding="utf-8")
    (folder / f"{ACT_ID}.examples.csv").write_text(examples(act), encoding="utf-8")


def record(facts: Facts, number: int) -> dict:
    def day(name: str) -> str | None:
        value = facts.get(name)
        return value.isoformat() if isinstance(value, datetime.date) else None

    classes = facts.get("classes")
    offence = {
        "id": "1",
        "gravity": facts.get("gravity"),
        "committedFrom": day("committedOn"),
        "committedThrough": day("committedOn"),
        "territory": facts.get("territory"),
        "nexus": facts.get("nexus"),
        "classes": None if classes is None else sorted(classes),
    }
    return stated(
        {
            "reference": f"SYN-BENCHMARK-{number:07d}",
            "person": stated({"bornOn": day("bornOn")}),
            "stage": facts.get("stage"),
            "recidivism": facts.get("recidivism"),
            "offences": [stated(offence)],
        }
    )


def stated(members: dict) -> dict:
    return {name: value for name, value in members.items() if value is not None}


def request(facts: Facts, number: int, explain: bool) -> str:
    body = {"record": record(facts, number), "actId": ACT_ID, "asOf": AS_OF, "explain": explain}
    return json.dumps(body, separators=(",", ":"))


def decision(assessment: dict) -> str | None:
    """The measure or that the act does not cover the case; None where the answer is that it is not settled."""
    offence = assessment["offences"][0]
    if assessment["outcome"] not in DECIDED:
        return None
    return offence["measure"] if assessment["outcome"] == "eligible" else NOT_COVERED
