# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""From JSON to the members of a message: what is not known is passed over, what has another shape is told by its path."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Self, TypeAlias, TypeVar

from amnesty._core.json import JSON

T = TypeVar("T")

_INTEGERS = range(-(1 << 63), 1 << 63)


class ShapeError(Exception):
    """A value has another shape than its message says."""

    def __init__(self, what: str, path: str = "") -> None:
        super().__init__(what, path)
        self.what = what
        self.path = path

    def under(self, member: str | int) -> ShapeError:
        """The same, seen from the value that holds it."""
        return ShapeError(self.what, f"/{member}{self.path}")

    def __str__(self) -> str:
        return f"{self.path or 'the message'} {self.what}"


class Word(StrEnum):
    """A word of an enumeration. One that this version does not know is kept as it came, and equals its text (J-11)."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        word = str.__new__(cls, value)
        word._name_ = value
        word._value_ = value
        return word

    @property
    def is_known(self) -> bool:
        """False for a word of a later version; requests that hold one are refused."""
        return self.value in type(self)._value2member_map_

    @classmethod
    def from_json(cls, value: JSON) -> Self:
        """The word; raises ShapeError."""
        return cls(text(value))


def members(value: JSON) -> dict[str, JSON]:
    """An object."""
    if isinstance(value, dict):
        return value
    raise ShapeError("is no object")


def text(value: JSON) -> str:
    """A string."""
    if isinstance(value, str):
        return value
    raise ShapeError("is no string")


def boolean(value: JSON) -> bool:
    """A boolean."""
    if isinstance(value, bool):
        return value
    raise ShapeError("is no boolean")


def integer(value: JSON) -> int:
    """An integer of 64 bits; `1.0` is none."""
    if isinstance(value, int) and not isinstance(value, bool) and value in _INTEGERS:
        return value
    raise ShapeError("is no integer of 64 bits")


def anything(value: JSON) -> JSON:
    """Any JSON."""
    return value


def need(of: dict[str, JSON], name: str, read: Callable[[JSON], T]) -> T:
    """A member that is always there."""
    if name not in of:
        raise ShapeError("is missing", f"/{name}")
    try:
        return read(of[name])
    except ShapeError as error:
        raise error.under(name) from None


def may(of: dict[str, JSON], name: str, read: Callable[[JSON], T]) -> T | None:
    """A member that may be absent or null, which is the same."""
    value = of.get(name)
    if value is None:
        return None
    try:
        return read(value)
    except ShapeError as error:
        raise error.under(name) from None


def each(read: Callable[[JSON], T]) -> Callable[[JSON], tuple[T, ...]]:
    """An array."""

    def read_each(value: JSON) -> tuple[T, ...]:
        if not isinstance(value, list):
            raise ShapeError("is no array")
        elements: list[T] = []
        try:
            for element in value:
                elements.append(read(element))
        except ShapeError as error:
            raise error.under(len(elements)) from None
        return tuple(elements)

    return read_each


def every(read: Callable[[JSON], T]) -> Callable[[JSON], dict[str, T]]:
    """An object with free names."""

    def read_every(value: JSON) -> dict[str, T]:
        return {name: need(members(value), name, read) for name in members(value)}

    return read_every


FactValue: TypeAlias = "bool | int | float | str | list[str] | None"
"""The value of a fact that an act declares; the act gives its type."""


def fact_value(value: JSON) -> FactValue:
    """The value of a declared fact."""
    if isinstance(value, list):
        return [text(element) for element in value]
    if isinstance(value, dict):
        raise ShapeError("is no value of a fact")
    return value


def fact_to_json(value: FactValue) -> JSON:
    """The value as JSON."""
    return [*value] if isinstance(value, list) else value
