# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""A method of the registry: its name, who sends how many messages, whether it may be sent again, and its messages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from amnesty._core import statuses
from amnesty._core.json import JSON, MalformedJSON, encode, parse
from amnesty._core.reading import ShapeError


class Kind(StrEnum):
    """Who sends how many messages."""

    UNARY = "unary"
    CLIENT_STREAMING = "client_streaming"
    SERVER_STREAMING = "server_streaming"
    BIDIRECTIONAL = "bidirectional"

    @property
    def streams_requests(self) -> bool:
        """Whether the caller sends items."""
        return self in (Kind.CLIENT_STREAMING, Kind.BIDIRECTIONAL)

    @property
    def streams_responses(self) -> bool:
        """Whether the daemon sends items."""
        return self in (Kind.SERVER_STREAMING, Kind.BIDIRECTIONAL)


class Idempotency(StrEnum):
    """Whether a call that failed UNAVAILABLE may be sent again without harm."""

    NO_SIDE_EFFECTS = "no_side_effects"
    IDEMPOTENT = "idempotent"
    NONE = "none"


class Message(Protocol):
    """What a generated message can do."""

    def to_json(self) -> dict[str, JSON]:
        """The message as JSON."""
        ...


Request = TypeVar("Request")
Response = TypeVar("Response")
_M = TypeVar("_M", bound=Message)


@dataclass(frozen=True, slots=True)
class Method(Generic[Request, Response]):
    """Binds a method of the registry to its messages; the generated stubs hold one a method."""

    name: str
    kind: Kind
    idempotency: Idempotency
    write: Callable[[Request], JSON]
    read: Callable[[JSON], Response]

    def encode(self, request: Request) -> bytes:
        """The body that carries the request.

        Raises Status INVALID_ARGUMENT where it holds what JSON cannot say.
        """
        try:
            return encode(self.write(request))
        except (ValueError, TypeError) as error:
            raise statuses.unwritable_request(str(error)) from error

    def decode(self, body: bytes | None) -> Response:
        """The response that a body carries; none is `{}` (F-10).

        Raises Status INTERNAL, reason UNREADABLE_RESPONSE.
        """
        try:
            return self.read(parse(body) if body else {})
        except (MalformedJSON, ShapeError) as error:
            raise statuses.unreadable_response(str(error)) from error


def raw_method(name: str, kind: Kind, idempotency: Idempotency = Idempotency.NONE) -> Method[JSON, JSON]:
    """A method that this version has no stub for, its messages as JSON."""
    return Method(name, kind, idempotency, _same, _same)


def message_method(
    name: str, kind: Kind, idempotency: Idempotency, request: type[_M], read: Callable[[JSON], Response]
) -> Method[_M, Response]:
    """What the generated stubs are made of."""
    return Method(name, kind, idempotency, request.to_json, read)


def _same(value: JSON) -> JSON:
    return value
