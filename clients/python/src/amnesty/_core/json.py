# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""I-JSON (RFC 7493), read as strictly as the daemon reads it."""

from __future__ import annotations

import json
import re
from typing import NoReturn, TypeAlias

JSON: TypeAlias = "dict[str, JSON] | list[JSON] | str | int | float | bool | None"

GREATEST_DEPTH = 64
# Surrogates that stand alone, and noncharacters: the last two of each plane, and a block of 32.
_PLANE_ENDS = "".join(chr(plane << 16 | 0xFFFE) + chr(plane << 16 | 0xFFFF) for plane in range(17))
_NO_CHARACTER = re.compile(f"[\ud800-\udfff\ufdd0-\ufdef{_PLANE_ENDS}]")
# What the bytes of a text hold if it may have one of them.
_SUSPECTS = (b"\\u", b"\xef\xb7", b"\xbf\xbe", b"\xbf\xbf")


class MalformedJSON(Exception):
    """The bytes are not one I-JSON value; says where and why."""


def parse(data: bytes) -> JSON:
    """One value; white space around it is allowed.

    Raises MalformedJSON.
    """
    try:
        text = data.decode("utf-8")
        value: JSON = _DECODER.decode(text)
    except UnicodeDecodeError as error:
        raise MalformedJSON(f"no UTF-8 at byte {error.start}") from None
    except json.JSONDecodeError as error:
        raise MalformedJSON(f"{error.msg} at character {error.pos}") from None
    except RecursionError:
        raise MalformedJSON(f"nested more than {GREATEST_DEPTH} deep") from None
    except ValueError as error:
        raise MalformedJSON(str(error)) from None
    # Both are rare in what a daemon sends, and seen in the text before the value is looked through.
    if data.count(b"[") + data.count(b"{") > GREATEST_DEPTH:
        _check_depth(value)
    if any(suspect in data for suspect in _SUSPECTS):
        _check_text(value)
    return value


def encode(value: JSON) -> bytes:
    """The value without white space, in UTF-8.

    Raises ValueError for what JSON cannot say: a number that is none, a lone surrogate.
    """
    return _ENCODER.encode(value).encode("utf-8")


def _object(pairs: list[tuple[str, JSON]]) -> dict[str, JSON]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a name is given twice in one object")
    return value


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


def _check_depth(value: JSON) -> None:
    level = [value]
    for _ in range(GREATEST_DEPTH):
        inside: list[JSON] = []
        for one in level:
            if isinstance(one, dict):
                inside.extend(one.values())
            elif isinstance(one, list):
                inside.extend(one)
        # Most of a value are leaves.
        level = [one for one in inside if isinstance(one, dict | list)]
        if not level:
            return
    raise MalformedJSON(f"nested more than {GREATEST_DEPTH} deep")


def _check_text(value: JSON) -> None:
    if isinstance(value, str):
        if _NO_CHARACTER.search(value):
            raise MalformedJSON("a surrogate stands alone, or a noncharacter")
    elif isinstance(value, list):
        for element in value:
            _check_text(element)
    elif isinstance(value, dict):
        for name, element in value.items():
            _check_text(name)
            _check_text(element)


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_no_number)
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
