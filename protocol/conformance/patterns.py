# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""Whether a value is what a vector expects."""

from __future__ import annotations

from typing import Any

from json_text import Real, shown


def mismatch(pattern: Any, value: Any, place: str = "") -> str | None:
    """Where and how a value differs from a pattern; None if it matches."""
    if isinstance(pattern, list):
        if not isinstance(value, list) or len(value) != len(pattern):
            return _difference(pattern, value, place)
        found = (mismatch(one, element, f"{place}/{index}") for index, (one, element) in enumerate(zip(pattern, value)))
        return next((difference for difference in found if difference), None)
    if not isinstance(pattern, dict):
        return None if _is_same(pattern, value) else _difference(pattern, value, place)
    if len(pattern) == 1 and next(iter(pattern)).startswith("$"):
        ((rule, operand),) = pattern.items()
        return _rule_mismatch(rule, operand, value, place)
    if not isinstance(value, dict):
        return _difference(pattern, value, place)
    return _members_mismatch(pattern, value, place)


def _members_mismatch(pattern: dict[str, Any], value: dict[str, Any], place: str) -> str | None:
    expected = {name: one for name, one in pattern.items() if name != "..."}
    for name, one in expected.items():
        if name not in value:
            return f"{place}/{name} is missing"
        difference = mismatch(one, value[name], f"{place}/{name}")
        if difference:
            return difference
    extra = next((name for name in value if name not in expected), None)
    if extra is not None and "..." not in pattern:
        return f"{place}/{extra} is not expected, and is {shown(value[extra])}"
    return None


def _is_same(expected: Any, value: Any) -> bool:
    # True is 1 to Python and not to JSON; an integer is another value than a number with a fraction (clause J-5).
    alike = all(isinstance(expected, kind) == isinstance(value, kind) for kind in (bool, Real))
    return alike and bool(expected == value)


_TYPES: dict[str, type] = {"string": str, "integer": int, "object": dict, "array": list, "boolean": bool}


def _rule_mismatch(rule: str, operand: Any, value: Any, place: str) -> str | None:
    match rule:
        case "$any":
            holds = True
        case "$type":
            holds = (
                isinstance(value, _TYPES[operand]) and value != "" and isinstance(value, bool) == (operand == "boolean")
            )
        case "$atLeast":
            holds = type(value) is int and value >= operand
        case "$startsWith":
            holds = isinstance(value, str) and value.startswith(operand)
        case "$length":
            holds = isinstance(value, list) and len(value) == operand
        case "$each":
            if not isinstance(value, list):
                return _difference({rule: operand}, value, place)
            found = (mismatch(operand, element, f"{place}/{index}") for index, element in enumerate(value))
            return next((difference for difference in found if difference), None)
        case "$has":
            if not isinstance(value, list):
                return _difference({rule: operand}, value, place)
            missing = [one for one in operand if all(mismatch(one, element) for element in value)]
            return f"{place} has no {shown(missing[0])}, and is {shown(value)}" if missing else None
        case _:
            raise ValueError(f"{rule} is no pattern")
    return None if holds else _difference({rule: operand}, value, place)


def _difference(pattern: Any, value: Any, place: str) -> str:
    return f"{place or 'the value'} is {shown(value)}, expected {shown(pattern)}"
