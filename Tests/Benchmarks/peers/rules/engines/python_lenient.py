# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""The act as a Python function that looks facts up with `get`, as most do."""

import platform

from peers.rules import act as shared

AGE_UNIT = 10000


class Act:
    version = f"CPython {platform.python_version()}"

    def __init__(self, act: shared.Act) -> None:
        self.territories = frozenset(act.territories)
        self.nexuses = frozenset(act.nexuses)
        self.period = (shared.number(act.first_day), shared.number(act.last_day))
        self.excluded = frozenset(act.excluded_classes)
        self.recidivism = frozenset(act.excluded_recidivism)
        self.adult_classes = frozenset(act.adult_classes)
        self.adult = act.adult_age * AGE_UNIT
        self.relief: dict[tuple[object, object], str] = {
            (stage, gravity): row.measure for row in act.relief for stage in row.stages for gravity in row.gravities
        }

    def prepare(self, facts: shared.Facts) -> dict:
        return shared.plain(facts)

    def decide(self, facts: dict) -> str | None:
        if facts.get("territory") not in self.territories or facts.get("nexus") not in self.nexuses:
            return shared.NOT_COVERED
        committed = facts.get("committedOn")
        if committed is None or not self.period[0] <= committed <= self.period[1]:
            return shared.NOT_COVERED
        classes = facts.get("classes", ())
        if not self.excluded.isdisjoint(classes) or facts.get("recidivism") in self.recidivism:
            return shared.NOT_COVERED
        if not self.adult_classes.isdisjoint(classes) and committed - facts.get("bornOn", 0) >= self.adult:
            return shared.NOT_COVERED
        return self.relief.get((facts.get("stage"), facts.get("gravity")), shared.NOT_COVERED)

    def explain(self, facts: dict) -> str | None:
        """The same, each rule tried and noted."""
        committed = facts.get("committedOn")
        classes = facts.get("classes", ())
        tried = [
            ("scope.territory", facts.get("territory") in self.territories),
            ("scope.nexus", facts.get("nexus") in self.nexuses),
            ("scope.period", committed is not None and self.period[0] <= committed <= self.period[1]),
            ("exclusion.classes", not self.excluded.isdisjoint(classes)),
            ("exclusion.recidivism", facts.get("recidivism") in self.recidivism),
            (
                "exclusion.adult",
                not self.adult_classes.isdisjoint(classes) and (committed or 0) - facts.get("bornOn", 0) >= self.adult,
            ),
        ]
        measure = self.relief.get((facts.get("stage"), facts.get("gravity")), shared.NOT_COVERED)
        tried.append((f"relief.{measure}", measure != shared.NOT_COVERED))
        covered = all(holds for _, holds in tried[:3]) and not any(holds for _, holds in tried[3:6])
        return measure if covered else shared.NOT_COVERED
