# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""The act as a Python function that subscripts: it stops at the first fact that it needs and has not, with a KeyError
that names it.
"""

from peers.rules import act as shared
from peers.rules.engines import python_lenient


class Act(python_lenient.Act):
    explain = None  # type: ignore[assignment]

    def decide(self, facts: dict) -> str | None:
        try:
            return self.decision(facts)
        except KeyError:
            return None

    def decision(self, facts: dict) -> str:
        if facts["territory"] not in self.territories or facts["nexus"] not in self.nexuses:
            return shared.NOT_COVERED
        committed = facts["committedOn"]
        if not self.period[0] <= committed <= self.period[1]:
            return shared.NOT_COVERED
        classes = facts["classes"]
        if not self.excluded.isdisjoint(classes) or facts["recidivism"] in self.recidivism:
            return shared.NOT_COVERED
        if not self.adult_classes.isdisjoint(classes) and committed - facts["bornOn"] >= self.adult:
            return shared.NOT_COVERED
        return self.relief.get((facts["stage"], facts["gravity"]), shared.NOT_COVERED)
