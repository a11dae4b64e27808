# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""JSON as the vectors need it: read strictly, and written so that the text of every number stays."""

from __future__ import annotations

import json
from typing import Any, NoReturn


class Real(float):
    """A number with a fraction or an exponent: another value than any integer, and written as it was read."""

    text: str

    def __new__(cls, text: str) -> Real:
        number = super().__new__(cls, text)
        number.text = text
        return number


def parse(text: bytes | str) -> Any:
    """Raises ValueError for what is not I-JSON."""
    decoded = text.decode("utf-8") if isinstance(text, bytes) else text
    try:
        value = json.loads(decoded, object_pairs_hook=_members, parse_float=Real, parse_constant=_refuse)
        # A surrogate that stands alone cannot be encoded.
        compact(value).encode("utf-8")
    except RecursionError:
        raise ValueError("nested too deep") from None
    return value


def compact(value: Any) -> str:
    """Without white space, members in their order, characters as they are."""
    if isinstance(value, dict):
        return (
            "{"
            + ",".join(f"{json.dumps(name, ensure_ascii=False)}:{compact(one)}" for name, one in value.items())
            + "}"
        )
    if isinstance(value, list):
        return "[" + ",".join(map(compact, value)) + "]"
    if isinstance(value, Real):
        return value.text
    return json.dumps(value, ensure_ascii=False)


def shown(value: Any, limit: int = 600) -> str:
    """Compact, and cut where nobody reads on."""
    return shortened(compact(value), limit)


def shortened(text: str, limit: int = 600) -> str:
    """The beginning of a long text, and how much there is of it."""
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text):,} characters)"


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name comes twice in one object")
    return members


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON")
