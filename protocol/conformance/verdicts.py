# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""What came of each vector, and whether that was expected."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from pathlib import Path

from vectors import Vector


class Verdict(enum.Enum):
    """The words of the report."""

    PASSED = "passed"
    FAILED = "failed"
    FAILED_AS_EXPECTED = "failed as expected"
    PASSED_UNEXPECTEDLY = "passed unexpectedly"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Failure:
    """Where a vector failed, and how."""

    # Counted from 1; 0: before the first.
    step: int
    message: str
    expected: str | None = None
    received: str | None = None
    # Whether something was waited for, and did not come.
    timed_out: bool = False
    exchange: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Outcome:
    """What came of one vector."""

    vector: Vector
    verdict: Verdict
    # Why it is skipped, or expected to fail.
    reason: str | None = None
    failure: Failure | None = None


def judged(vector: Vector, failure: Failure | None, expected_failures: dict[str, str]) -> Outcome:
    """The outcome of a vector that was run."""
    reason = expected_failures.get(vector.name)
    if failure:
        return Outcome(vector, Verdict.FAILED_AS_EXPECTED if reason else Verdict.FAILED, reason, failure)
    return Outcome(vector, Verdict.PASSED_UNEXPECTEDLY if reason else Verdict.PASSED, reason)


def read_expected_failures(path: Path, names: set[str]) -> dict[str, str]:
    """Lines of a vector's name and a reason; `#` begins a comment. Raises ValueError, which names the wrong line."""
    expected: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, *reason = line.split(maxsplit=1)
        if name not in names:
            raise ValueError(f"{path}:{number}: {name} is no vector of this side")
        if not reason:
            raise ValueError(f"{path}:{number}: {name} has no reason; write one behind the name")
        if name in expected:
            raise ValueError(f"{path}:{number}: {name} is listed twice")
        expected[name] = reason[0].strip()
    return expected
