# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""The act as OpenFisca variables with one vectorised formula. A fact that is not set has its variable's default:
`unknown` for a word, no class, the first of January 1970 for a day.
"""

import importlib.metadata
import time
from collections.abc import Sequence

import numpy
from openfisca_core.entities import build_entity
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_core.simulations import Simulation
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from peers.rules import act as shared

# Facts hold for good; a formula needs a year to be asked for.
ETERNITY = "eternity"
YEAR = "2022"
PERSON = build_entity(key="person", plural="persons", label="A person", is_person=True)
UNKNOWN = "unknown"
WORDS = ("territory", "nexus", "recidivism", "gravity", "stage")
DAYS = ("committedOn", "bornOn")


def words(name: str, values: Sequence[str]) -> type[Enum]:
    return Enum(name, {value: value for value in (UNKNOWN, *values)})


def variable(name: str, period: DateUnit = DateUnit.ETERNITY, **members: object) -> type[Variable]:
    return type(name, (Variable,), {"entity": PERSON, "definition_period": period, "label": name, **members})


def measure_formula(act: shared.Act, enums: dict[str, type[Enum]], measures: Sequence[str]):
    def formula(persons, period, parameters):
        def holds(name: str, values: Sequence[str]):
            actual = persons(name, ETERNITY)
            return numpy.any([actual == enums[name][value] for value in values], axis=0)

        def has(values: Sequence[str]):
            return numpy.any([persons(f"class_{value}", ETERNITY) for value in values], axis=0)

        committed = persons("committedOn", ETERNITY)
        adult = committed - persons("bornOn", ETERNITY) >= act.adult_age * 10000
        in_period = (committed >= shared.number(act.first_day)) & (committed <= shared.number(act.last_day))
        in_scope = holds("territory", act.territories) & holds("nexus", act.nexuses) & in_period
        excluded = has(act.excluded_classes) | holds("recidivism", act.excluded_recidivism)
        covered = in_scope & ~excluded & ~(has(act.adult_classes) & adult)
        rows = [covered & holds("stage", row.stages) & holds("gravity", row.gravities) for row in act.relief]
        return numpy.select(rows, [measures.index(row.measure) for row in act.relief], default=0)

    return formula


class Act:
    version = f"OpenFisca-Core {importlib.metadata.version('openfisca-core')}"

    def __init__(self, act: shared.Act) -> None:
        self.classes = sorted(frozenset().union(*act.domains["classes"]))
        self.measures = [shared.NOT_COVERED, *(row.measure for row in act.relief)]
        self.system = TaxBenefitSystem([PERSON])
        self.enums = {name: words(name, act.domains[name]) for name in WORDS}
        for name, kind in self.enums.items():
            default = kind[UNKNOWN]
            self.system.add_variable(variable(name, value_type=Enum, possible_values=kind, default_value=default))
        for name in DAYS:
            self.system.add_variable(variable(name, value_type=int, default_value=19700101))
        for name in self.classes:
            self.system.add_variable(variable(f"class_{name}", value_type=bool))
        formula = measure_formula(act, self.enums, self.measures)
        self.system.add_variable(variable("measure", DateUnit.YEAR, value_type=int, formula=formula))

    def prepare(self, facts: shared.Facts) -> dict[str, numpy.ndarray]:
        return self.columns([facts])

    def columns(self, cases: Sequence[shared.Facts]) -> dict[str, numpy.ndarray]:
        """A column for each variable of which some case knows the value; the others of it hold the default."""
        result = {}
        for name in WORDS:
            if any(name in facts for facts in cases):
                result[name] = self.enums[name].encode(numpy.array([facts.get(name, UNKNOWN) for facts in cases]))
        for name in DAYS:
            if any(name in facts for facts in cases):
                days = [shared.number(facts[name]) if name in facts else 19700101 for facts in cases]
                result[name] = numpy.array(days, dtype=numpy.int32)
        if any("classes" in facts for facts in cases):
            for name in self.classes:
                result[f"class_{name}"] = numpy.array([name in facts.get("classes", ()) for facts in cases])
        return result

    def simulation(self, columns: dict[str, numpy.ndarray], count: int) -> Simulation:
        simulation = SimulationBuilder().build_default_simulation(self.system, count)
        for name, column in columns.items():
            simulation.set_input(name, ETERNITY, column)
        return simulation

    def decide(self, columns: dict[str, numpy.ndarray]) -> str | None:
        return self.measures[self.simulation(columns, 1).calculate("measure", YEAR)[0]]

    def explain(self, columns: dict[str, numpy.ndarray]) -> str | None:
        simulation = self.simulation(columns, 1)
        simulation.trace = True
        return self.measures[simulation.calculate("measure", YEAR)[0]]

    def decide_all(self, cases: Sequence[shared.Facts]) -> tuple[list[str | None], int]:
        columns = self.columns(cases)
        began = time.perf_counter_ns()
        answers = self.simulation(columns, len(cases)).calculate("measure", YEAR)
        took = time.perf_counter_ns() - began
        return [self.measures[answer] for answer in answers], took
