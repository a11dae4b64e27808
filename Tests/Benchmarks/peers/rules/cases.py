# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""Made-up cases for the shared act: a seed gives the same ones everywhere, a share of their facts left out."""

import random

from peers.rules.act import Act, Facts

# How often a case falls out for each reason is not meant to be like any register: every rule is to be met.
USUAL = {"territory": 0.95, "nexus": 0.5, "classes": 0.0, "recidivism": 0.85}


def sample(act: Act, count: int, missing: float, seed: int) -> list[Facts]:
    choice = random.Random(f"{seed}/{missing}")
    return [leave_out(complete(act, choice), missing, choice) for _ in range(count)]


def complete(act: Act, choice: random.Random) -> Facts:
    facts: Facts = {}
    for name, values in act.domains.items():
        usual = USUAL.get(name)
        if usual is not None and choice.random() < usual:
            facts[name] = values[0]
        elif name == "classes":
            kinds = [value for value in values if len(value) < 2]
            facts[name] = frozenset() if choice.random() < 0.7 else choice.choice(kinds)
        else:
            facts[name] = choice.choice(values)
    return facts


def leave_out(facts: Facts, missing: float, choice: random.Random) -> Facts:
    return {name: value for name, value in facts.items() if choice.random() >= missing}
