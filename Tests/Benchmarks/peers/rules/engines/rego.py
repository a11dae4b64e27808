# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""The act in Rego, built into a bundle once and run by rego-cpp; a second rule collects what holds and explains it."""

import importlib.metadata
import json
from collections.abc import Sequence

import regopy

from peers.rules import act as shared


def words(values: Sequence[str]) -> str:
    return "{" + ", ".join(json.dumps(value) for value in values) + "}"


def module(act: shared.Act) -> str:
    adult = f"input.committedOn - input.bornOn >= {act.adult_age * 10000}"
    relief = "\n".join(
        f"measure := {json.dumps(row.measure)} if {{ covered; input.stage in {words(row.stages)};"
        f" input.gravity in {words(row.gravities)} }}"
        for row in act.relief
    )
    return f"""package act
import rego.v1

territory if input.territory in {words(act.territories)}
nexus if input.nexus in {words(act.nexuses)}
period if {{
  input.committedOn >= {shared.number(act.first_day)}
  input.committedOn <= {shared.number(act.last_day)}
}}

excluded contains "class" if {{ some word in input.classes; word in {words(act.excluded_classes)} }}
excluded contains "recidivism" if input.recidivism in {words(act.excluded_recidivism)}
excluded contains "adult" if {{ some word in input.classes; word in {words(act.adult_classes)}; {adult} }}

covered if {{ territory; nexus; period; count(excluded) == 0 }}

default measure := {json.dumps(shared.NOT_COVERED)}
{relief}

reasons contains "territory" if territory
reasons contains "nexus" if nexus
reasons contains "period" if period
reasons contains ground if some ground in excluded

explained := {{"measure": measure, "reasons": reasons}}
"""


class Act:
    version = f"regopy {importlib.metadata.version('regopy')}"

    def __init__(self, act: shared.Act) -> None:
        builder = regopy.Interpreter()
        builder.add_module("act.rego", module(act))
        self.bundle = builder.build(None, ["act/measure", "act/explained"])
        if not self.bundle.ok():
            raise SystemExit("the Rego module does not build")
        self.interpreter = regopy.Interpreter()

    def prepare(self, facts: shared.Facts) -> object:
        return regopy.Input(shared.plain(facts))

    def decide(self, facts: object) -> str | None:
        return self.run(facts, "act/measure")

    def explain(self, facts: object) -> str | None:
        answer = self.run(facts, "act/explained")
        return None if answer is None else answer["measure"]

    def run(self, facts: object, entrypoint: str):
        self.interpreter.set_input(facts)
        output = self.interpreter.query_bundle_entrypoint(self.bundle, entrypoint)
        return json.loads(str(output))["expressions"][0] if output.ok() else None
