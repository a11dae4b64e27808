# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""The act as a decision table of GoRules ZEN: exclusions first, then a row for each relief, then the rest."""

import importlib.metadata
import json
import time
from collections.abc import Sequence

import zen

from peers.rules import act as shared

COLUMNS = ("territory", "nexus", "committedOn", "classes", "recidivism", "committedOn - bornOn", "stage", "gravity")


def words(values: Sequence[str]) -> str:
    return ", ".join(json.dumps(value) for value in values)


def rows(act: shared.Act) -> list[dict[str, str]]:
    adult = f">= {act.adult_age * 10000}"
    excluded = json.dumps(shared.NOT_COVERED)
    result = [
        {"classes": f"some($, # in [{words(act.excluded_classes)}])", "measure": excluded},
        {"recidivism": words(act.excluded_recidivism), "measure": excluded},
        {"classes": f"some($, # in [{words(act.adult_classes)}])", "committedOn - bornOn": adult, "measure": excluded},
    ]
    period = f"[{shared.number(act.first_day)}..{shared.number(act.last_day)}]"
    scope = {"territory": words(act.territories), "nexus": words(act.nexuses), "committedOn": period}
    for row in act.relief:
        relief = {"stage": words(row.stages), "gravity": words(row.gravities), "measure": json.dumps(row.measure)}
        result.append({**scope, **relief})
    return [*result, {"measure": excluded}]


def graph(act: shared.Act) -> dict:
    inputs = [
        {"id": f"in{at}", "name": field, "type": "expression", "field": field} for at, field in enumerate(COLUMNS)
    ]
    outputs = [{"id": "out", "name": "measure", "type": "expression", "field": "measure"}]
    rules = [
        {"_id": str(at), **{f"in{at}": row.get(field, "") for at, field in enumerate(COLUMNS)}, "out": row["measure"]}
        for at, row in enumerate(rows(act))
    ]
    table = {"hitPolicy": "first", "inputs": inputs, "outputs": outputs, "rules": rules}
    place = {"x": 0, "y": 0}
    return {
        "nodes": [
            {"id": "request", "type": "inputNode", "name": "request", "position": place},
            {"id": "table", "type": "decisionTableNode", "name": "act", "position": place, "content": table},
            {"id": "answer", "type": "outputNode", "name": "answer", "position": place},
        ],
        "edges": [
            {"id": "1", "type": "edge", "sourceId": "request", "targetId": "table"},
            {"id": "2", "type": "edge", "sourceId": "table", "targetId": "answer"},
        ],
    }


class Act:
    version = f"zen-engine {importlib.metadata.version('zen-engine')}"

    def __init__(self, act: shared.Act) -> None:
        content = graph(act)
        self.decision = zen.ZenEngine().create_decision(json.dumps(content))
        self.engine = zen.ZenEngine({"loader": {"type": "static", "content": {"act": content}}})

    def prepare(self, facts: shared.Facts) -> dict:
        return shared.plain(facts)

    def decide(self, facts: dict) -> str | None:
        try:
            return self.decision.evaluate(facts)["result"].get("measure")
        except RuntimeError:
            return None

    def explain(self, facts: dict) -> str | None:
        try:
            return self.decision.evaluate(facts, {"trace": True})["result"].get("measure")
        except RuntimeError:
            return None

    def decide_all(self, cases: Sequence[shared.Facts]) -> tuple[list[str | None], int]:
        requests = [{"key": "act", "context": shared.plain(facts)} for facts in cases]
        began = time.perf_counter_ns()
        answers = self.engine.evaluate_batch(requests)
        took = time.perf_counter_ns() - began
        return [answer["data"]["result"].get("measure") if answer["success"] else None for answer in answers], took
