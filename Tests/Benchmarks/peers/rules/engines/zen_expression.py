# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""The act as one compiled expression of GoRules ZEN; it gives a value and no account of it."""

import importlib.metadata
import json
from collections.abc import Sequence

import zen

from peers.rules import act as shared


def words(values: Sequence[str]) -> str:
    return "[" + ", ".join(json.dumps(value) for value in values) + "]"


def expression(act: shared.Act) -> str:
    not_covered = json.dumps(shared.NOT_COVERED)
    period = f"[{shared.number(act.first_day)}..{shared.number(act.last_day)}]"
    outside = (
        f"territory not in {words(act.territories)} or nexus not in {words(act.nexuses)} or committedOn not in {period}"
    )
    excluded = f"some(classes, # in {words(act.excluded_classes)}) or recidivism in {words(act.excluded_recidivism)}"
    adult = f"some(classes, # in {words(act.adult_classes)}) and committedOn - bornOn >= {act.adult_age * 10000}"
    chain = not_covered
    for row in reversed(act.relief):
        condition = f"stage in {words(row.stages)} and gravity in {words(row.gravities)}"
        chain = f"({condition}) ? {json.dumps(row.measure)} : ({chain})"
    return f"({outside} or {excluded} or ({adult})) ? {not_covered} : ({chain})"


class Act:
    version = f"zen-engine {importlib.metadata.version('zen-engine')}"

    def __init__(self, act: shared.Act) -> None:
        self.expression = zen.compile_expression(expression(act))

    def prepare(self, facts: shared.Facts) -> dict:
        return shared.plain(facts)

    def decide(self, facts: dict) -> str | None:
        try:
            return self.expression.evaluate(facts)
        except RuntimeError:
            return None
