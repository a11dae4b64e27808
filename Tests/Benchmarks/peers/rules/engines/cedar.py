# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""The act as Cedar policies: a permit for each relief, a forbid for each exclusion; the permit that decides names the
measure.

Its diagnostics come with every answer, so that there is no call without an explanation.
"""

import importlib.metadata
import json
from collections.abc import Sequence

import cedarpy

from peers.rules import act as shared

REQUEST = {"principal": 'Person::"person"', "action": 'Action::"relieve"', "resource": 'Offence::"offence"'}


def words(values: Sequence[str]) -> str:
    return "[" + ", ".join(json.dumps(value) for value in values) + "]"


def policies(act: shared.Act) -> str:
    first, last = shared.number(act.first_day), shared.number(act.last_day)
    scope = (
        f"{words(act.territories)}.contains(context.territory) && {words(act.nexuses)}.contains(context.nexus)"
        f" && context.committedOn >= {first} && context.committedOn <= {last}"
    )
    adult = f"context.committedOn - context.bornOn >= {act.adult_age * 10000}"
    result = [
        f"forbid(principal, action, resource) when {{ context.classes.containsAny({words(act.excluded_classes)}) }};",
        f"forbid(principal, action, resource)"
        f" when {{ {words(act.excluded_recidivism)}.contains(context.recidivism) }};",
        f"forbid(principal, action, resource)"
        f" when {{ context.classes.containsAny({words(act.adult_classes)}) && {adult} }};",
    ]
    for row in act.relief:
        relief = f"{words(row.stages)}.contains(context.stage) && {words(row.gravities)}.contains(context.gravity)"
        result.append(f'@id("{row.measure}") permit(principal, action, resource) when {{ {scope} && {relief} }};')
    return "\n".join(result)


class Act:
    version = f"cedarpy {importlib.metadata.version('cedarpy')}"

    def __init__(self, act: shared.Act) -> None:
        self.policies = cedarpy.PolicySet.from_str(policies(act))
        self.entities = cedarpy.Entities.from_json_str("[]")

    def prepare(self, facts: shared.Facts) -> dict:
        return {**REQUEST, "context": json.dumps(shared.plain(facts))}

    def explain(self, request: dict) -> str | None:
        answer = cedarpy.is_authorized(request, self.policies, self.entities)
        if not answer.allowed:
            return shared.NOT_COVERED
        return next(iter(answer.diagnostics.id_annotations_by_reason.values()))

    decide = explain

    def notices(self, request: dict) -> bool:
        return bool(cedarpy.is_authorized(request, self.policies, self.entities).diagnostics.errors)
