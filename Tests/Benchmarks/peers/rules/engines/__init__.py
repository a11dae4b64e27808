# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""The engines under comparison. Each is given the same act, written as its own documents would have one write it."""

import importlib
from collections.abc import Sequence
from typing import Protocol

from peers.rules.act import Act, Facts


class Engine(Protocol):
    """One engine with the act loaded. What `prepare` does is not timed."""

    # The package and its version.
    version: str

    def prepare(self, facts: Facts) -> object:
        """The facts in the form that the engine takes; a missing one is left out."""

    def decide(self, prepared: object) -> str | None:
        """The measure or that the act does not cover the case; None where the engine does not decide."""


class Explaining(Engine, Protocol):
    def explain(self, prepared: object) -> str | None:
        """As `decide`, with whatever the engine tells of how it came about."""


class Noticing(Engine, Protocol):
    def notices(self, prepared: object) -> bool:
        """Whether the answer, beside its decision, tells that something was missing."""


class Batching(Engine, Protocol):
    def decide_all(self, cases: Sequence[Facts]) -> tuple[list[str | None], int]:
        """All cases in one pass, and the nanoseconds that the pass took."""


# By the name that the report prints.
MODULES = {
    "plain Python, dict.get": "python_lenient",
    "plain Python, dict[...]": "python_strict",
    "ZEN, decision table": "zen_table",
    "ZEN, compiled expression": "zen_expression",
    "Cedar": "cedar",
    "Cedar, partial evaluation": "cedar_partial",
    "Rego (rego-cpp)": "rego",
    "OpenFisca": "openfisca_act",
}


def load(name: str, act: Act) -> Engine:
    return importlib.import_module(f"peers.rules.engines.{MODULES[name]}").Act(act)
