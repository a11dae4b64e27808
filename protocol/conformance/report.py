# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""Tells what came of the vectors: for people as it comes, or as one JSON document at the end."""

from __future__ import annotations

import json
import textwrap
from typing import Any, TextIO

from json_text import shown
from vectors import Vector, clause_texts
from verdicts import Failure, Outcome, Verdict

# What is printed at once, and the word that it begins with.
TOLD = {
    Verdict.FAILED: "FAIL",
    Verdict.PASSED_UNEXPECTEDLY: "PASS?",
}


def print_outcome(outcome: Outcome, out: TextIO) -> None:
    """Prints a vector that did not end as it should; nothing of the others."""
    vector = outcome.vector
    word = TOLD.get(outcome.verdict)
    if not word:
        return
    print(f"{word:5} {vector.name}  ({vector.file}.json; {', '.join(vector.clauses)})  {vector.doc}", file=out)
    if outcome.failure:
        _print_failure(vector, outcome.failure, out)
    else:
        _print_part(
            "why", f"it passes, and is listed as an expected failure: {outcome.reason}. Take it from the list", out
        )


def _print_failure(vector: Vector, failure: Failure, out: TextIO) -> None:
    if failure.step:
        step = shown(vector.steps[failure.step - 1], 300)
        _print_part("step", f"{failure.step} of {len(vector.steps)}: {step}", out)
    _print_part("why", failure.message, out)
    for name, text in (("expected", failure.expected), ("received", failure.received)):
        if text:
            _print_part(name, text, out)
    if failure.exchange:
        _print_part("exchange", "\n".join(failure.exchange[-12:]), out)
    texts = clause_texts()
    for clause in vector.clauses:
        if clause in texts:
            _print_part(clause, "\n".join(textwrap.wrap(texts[clause], 110)), out)


def _print_part(name: str, text: str, out: TextIO) -> None:
    first, *rest = text.splitlines() or [""]
    print(f"      {name:<9} {first}", file=out)
    for line in rest:
        print(f"      {'':<9} {line}", file=out)


def print_summary(side: str, outcomes: list[Outcome], out: TextIO) -> None:
    """What was skipped by reason, then one line of counts."""
    reasons = [str(one.reason) for one in outcomes if one.verdict is Verdict.SKIPPED]
    for reason in sorted(set(reasons)):
        print(f"skipped {reasons.count(reason)} ({reason})", file=out)
    print(f"conformance {side}: {len(outcomes)} vectors, {_counts(outcomes)}", file=out)


def _counts(outcomes: list[Outcome]) -> str:
    counts = {verdict: sum(one.verdict is verdict for one in outcomes) for verdict in Verdict}
    # These two are said in any case.
    always = (Verdict.PASSED, Verdict.FAILED)
    return ", ".join(f"{count} {verdict.value}" for verdict, count in counts.items() if count or verdict in always)


def print_list(vectors: list[Vector], out: TextIO) -> None:
    """One line a vector."""
    width = max((len(vector.name) for vector in vectors), default=0)
    for vector in vectors:
        needs = f"  [needs {', '.join(sorted(vector.needs))}]" if vector.needs else ""
        print(f"{vector.name:<{width}}  {vector.file}  {','.join(vector.clauses)}  {vector.doc}{needs}", file=out)


def as_json(side: str, outcomes: list[Outcome]) -> str:
    """The whole of it, for programs."""
    counts = {verdict.value: sum(one.verdict is verdict for one in outcomes) for verdict in Verdict}
    return json.dumps(
        {"side": side, "counts": counts, "vectors": [_members(one) for one in outcomes]}, ensure_ascii=False, indent=2
    )


def _members(outcome: Outcome) -> dict[str, Any]:
    vector, failure = outcome.vector, outcome.failure
    members: dict[str, Any] = {
        "name": vector.name,
        "file": vector.file,
        "clauses": vector.clauses,
        "verdict": outcome.verdict.value,
        "reason": outcome.reason,
    }
    if failure:
        members |= {
            "step": failure.step,
            "message": failure.message,
            "expected": failure.expected,
            "received": failure.received,
            "timedOut": failure.timed_out,
            "exchange": failure.exchange,
        }
    return {name: value for name, value in members.items() if value is not None}
