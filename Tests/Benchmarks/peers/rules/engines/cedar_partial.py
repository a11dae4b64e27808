# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""The same Cedar policies under partial evaluation, missing facts marked unknown. Cedar calls it experimental."""

import json

import cedarpy

from peers.rules import act as shared
from peers.rules.engines import cedar


class Act(cedar.Act):
    def __init__(self, act: shared.Act) -> None:
        super().__init__(act)
        self.names = tuple(act.domains)

    def prepare(self, facts: shared.Facts) -> dict:
        unknown = {name: {"__extn": {"fn": "unknown", "arg": name}} for name in self.names if name not in facts}
        return {**cedar.REQUEST, "context": json.dumps({**shared.plain(facts), **unknown})}

    def explain(self, request: dict) -> str | None:
        answer = cedarpy.is_authorized_partial(request, self.policies, self.entities)
        if answer.decision is cedarpy.Decision.NoDecision:
            return None
        if not answer.allowed:
            return shared.NOT_COVERED
        names = answer.diagnostics.id_annotations_by_reason
        measures = {names[policy] for policy in answer.diagnostics.reasons if policy in names}
        return measures.pop() if len(measures) == 1 else None

    decide = explain
    notices = None  # type: ignore[assignment]
