# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""The vectors of protocol/vectors: reading them, the bytes they send, what they expect. Their README says what it means."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

PROTOCOL = Path(__file__).resolve().parents[4] / "protocol"

Vector = dict[str, Any]
Step = dict[str, Any]


class VectorError(AssertionError):
    """The peer under test did something else than the vector expects."""


def vectors(side: str) -> list[Vector]:
    """Every vector for that side, in the order of the files."""
    files = sorted((PROTOCOL / "vectors").glob("*.json"))
    groups = [json.loads(path.read_text(encoding="utf-8")) for path in files if path.name != "vector.schema.json"]
    return [vector for group in groups for vector in group["vectors"] if vector["side"] == side]


def compact(value: Any) -> str:
    """JSON without white space, characters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def outgoing(frame: dict[str, Any]) -> bytes:
    """The bytes of what a step sends."""
    if "text" in frame:
        return str(frame["text"]).encode()
    if "hex" in frame:
        return bytes.fromhex(str(frame["hex"]))
    if "textFill" in frame:
        return filled(frame["textFill"])
    if "line" in frame:
        return compact(frame["line"]).encode() + b"\n"
    payload = bytes.fromhex(frame["payloadHex"]) if "payloadHex" in frame else _payload(frame)
    return len(payload).to_bytes(4, "big") + payload


def filled(fill: dict[str, Any]) -> bytes:
    """A text that is too long to be written out."""
    text: str = fill["before"] + fill["fill"] * fill["count"] + fill["after"]
    return text.encode()


def _payload(frame: dict[str, Any]) -> bytes:
    head = _part(frame, "head")
    body = _part(frame, "body")
    if head is None:
        raise VectorError(f"a frame without head: {compact(frame)}")
    return head if body is None else head + b"\n" + body


def _part(frame: dict[str, Any], name: str) -> bytes | None:
    if name + "Text" in frame:
        return str(frame[name + "Text"]).encode()
    if name + "Hex" in frame:
        return bytes.fromhex(frame[name + "Hex"])
    if name + "Fill" in frame:
        return filled(frame[name + "Fill"])
    return compact(frame[name]).encode() if name in frame else None


def mismatch(pattern: Any, value: Any, place: str = "") -> str | None:
    """Where and how a value differs from a pattern; None if it matches."""
    if isinstance(pattern, list):
        if not isinstance(value, list) or len(value) != len(pattern):
            return _differs(pattern, value, place)
        found = (mismatch(one, element, f"{place}/{index}") for index, (one, element) in enumerate(zip(pattern, value)))
        return next((difference for difference in found if difference), None)
    if not isinstance(pattern, dict):
        # True is 1 to Python, and not to JSON.
        same = pattern == value and isinstance(pattern, bool) == isinstance(value, bool)
        return None if same else _differs(pattern, value, place)
    if len(pattern) == 1 and next(iter(pattern)).startswith("$"):
        ((rule, operand),) = pattern.items()
        return _rule_mismatch(rule, operand, value, place)
    if not isinstance(value, dict):
        return _differs(pattern, value, place)
    expected = {name: one for name, one in pattern.items() if name != "..."}
    for name, one in expected.items():
        if name not in value:
            return f"{place}/{name} is missing in {compact(value)[:400]}"
        difference = mismatch(one, value[name], f"{place}/{name}")
        if difference:
            return difference
    extra = next((name for name in value if name not in expected), None)
    if extra is not None and "..." not in pattern:
        return f"{place}/{extra} is not expected, and is {compact(value[extra])[:400]}"
    return None


_TYPES: dict[str, type | tuple[type, ...]] = {"string": str, "integer": int, "object": dict, "array": list, "boolean": bool}


def _rule_mismatch(rule: str, operand: Any, value: Any, place: str) -> str | None:
    match rule:
        case "$any":
            holds = True
        case "$type":
            holds = isinstance(value, _TYPES[operand]) and value != "" and isinstance(value, bool) == (operand == "boolean")
        case "$atLeast":
            holds = type(value) is int and value >= operand
        case "$startsWith":
            holds = isinstance(value, str) and value.startswith(operand)
        case "$length":
            holds = isinstance(value, list) and len(value) == operand
        case "$each":
            elements = value if isinstance(value, list) else [None]
            found = (mismatch(operand, element, f"{place}/{index}") for index, element in enumerate(elements))
            return next((difference for difference in found if difference), None)
        case "$has":
            elements = value if isinstance(value, list) else []
            missing = [one for one in operand if all(mismatch(one, element) for element in elements)]
            return f"{place} has no {compact(missing[0])} in {compact(value)[:1000]}" if missing else None
        case _:
            return f"{place}: {rule} is no pattern"
    return None if holds else _differs({rule: operand}, value, place)


def _differs(pattern: Any, value: Any, place: str) -> str:
    return f"{place or 'the value'} is {compact(value)[:600]}, expected {compact(pattern)[:600]}"
