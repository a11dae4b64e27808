# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""The shared act written out in plain Python for facts that are all known; and when a missing one is decisive."""

import itertools

from peers.rules.act import NOT_COVERED, Act, Facts, number


def decide(act: Act, facts: Facts) -> str:
    """The measure, or that the act does not cover the case."""
    if facts["territory"] not in act.territories or facts["nexus"] not in act.nexuses:
        return NOT_COVERED
    if not act.first_day <= facts["committedOn"] <= act.last_day:
        return NOT_COVERED
    if not facts["classes"].isdisjoint(act.excluded_classes) or facts["recidivism"] in act.excluded_recidivism:
        return NOT_COVERED
    is_adult = number(facts["committedOn"]) - number(facts["bornOn"]) >= act.adult_age * 10000
    if is_adult and not facts["classes"].isdisjoint(act.adult_classes):
        return NOT_COVERED
    for row in act.relief:
        if facts["stage"] in row.stages and facts["gravity"] in row.gravities:
            return row.measure
    return NOT_COVERED


def settled(act: Act, facts: Facts) -> str | None:
    """What is decided however the missing facts turn out, or None where one of them is decisive.

    Every completion is tried.
    """
    missing = [name for name in act.domains if name not in facts]
    answer: str | None = None
    for values in itertools.product(*(act.domains[name] for name in missing)):
        decision = decide(act, {**facts, **dict(zip(missing, values))})
        if answer is None:
            answer = decision
        elif answer != decision:
            return None
    return answer
