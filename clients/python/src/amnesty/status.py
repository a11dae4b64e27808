# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""How a call ended, if not well: what every call raises, and what its details mean to a program."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar

from amnesty._core.json import JSON

_TYPE_PREFIX = "type.googleapis.com/google.rpc."


class Code(StrEnum):
    """The 17 canonical codes of gRPC, in the order of their numbers."""

    OK = "OK"
    CANCELLED = "CANCELLED"
    UNKNOWN = "UNKNOWN"
    INVALID_ARGUMENT = "INVALID_ARGUMENT"
    DEADLINE_EXCEEDED = "DEADLINE_EXCEEDED"
    NOT_FOUND = "NOT_FOUND"
    ALREADY_EXISTS = "ALREADY_EXISTS"
    PERMISSION_DENIED = "PERMISSION_DENIED"
    RESOURCE_EXHAUSTED = "RESOURCE_EXHAUSTED"
    FAILED_PRECONDITION = "FAILED_PRECONDITION"
    ABORTED = "ABORTED"
    OUT_OF_RANGE = "OUT_OF_RANGE"
    UNIMPLEMENTED = "UNIMPLEMENTED"
    INTERNAL = "INTERNAL"
    UNAVAILABLE = "UNAVAILABLE"
    DATA_LOSS = "DATA_LOSS"
    UNAUTHENTICATED = "UNAUTHENTICATED"

    @classmethod
    def _missing_(cls, value: object) -> Code:
        # E-8: a code of a later version.
        return cls.UNKNOWN

    @property
    def number(self) -> int:
        """The code's number in gRPC, 0 to 16."""
        return list(Code).index(self)


@dataclass(frozen=True, slots=True)
class ErrorInfo:
    """Why a call failed: the reason is stable and for programs, the message of the status is for people."""

    reason: str
    domain: str = "amnesty"
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FieldViolation:
    """One member of a request that is wrong; `field` is a JSON Pointer into the message, empty for the message itself."""

    field: str
    description: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class BadRequest:
    """The members that do not fit; `violations_total` counts those that were not listed too."""

    field_violations: tuple[FieldViolation, ...] = ()
    violations_total: int = 0


@dataclass(frozen=True, slots=True)
class PreconditionViolation:
    """A condition that must hold first."""

    type: str
    subject: str
    description: str


@dataclass(frozen=True, slots=True)
class PreconditionFailure:
    """The conditions that must hold before the call can succeed."""

    violations: tuple[PreconditionViolation, ...] = ()


@dataclass(frozen=True, slots=True)
class QuotaViolation:
    """A limit that was met."""

    subject: str
    description: str


@dataclass(frozen=True, slots=True)
class QuotaFailure:
    """Which limits were met, and whose they are."""

    violations: tuple[QuotaViolation, ...] = ()


@dataclass(frozen=True, slots=True)
class RetryInfo:
    """How many seconds to wait before the next try."""

    retry_delay: float


@dataclass(frozen=True, slots=True)
class ResourceInfo:
    """The thing that the call was about."""

    resource_type: str
    resource_name: str
    owner: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A page."""

    description: str
    url: str


@dataclass(frozen=True, slots=True)
class Help:
    """Where to read on."""

    links: tuple[Link, ...] = ()


Detail = ErrorInfo | BadRequest | PreconditionFailure | QuotaFailure | RetryInfo | ResourceInfo | Help

_D = TypeVar("_D", ErrorInfo, BadRequest, PreconditionFailure, QuotaFailure, RetryInfo, ResourceInfo, Help)


class Status(Exception):
    """How a call or an item ended.

    `code` is one of gRPC's, `reason` is stable and for programs (`amnesty.Reason` lists them), `message` is for people and says what to do
    next. CANCELLED and DEADLINE_EXCEEDED do not mean "not applied": ask again with the same idempotency key to learn the result.
    """

    def __init__(
        self,
        code: Code,
        message: str,
        *,
        details: Iterable[Detail] = (),
        metadata: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.details = tuple(details)
        self.metadata: Mapping[str, Sequence[str]] = metadata or {}

    @classmethod
    def of(
        cls, code: Code, reason: str, message: str, details: Iterable[Detail] = (), **info: str
    ) -> Status:
        """A status with an `ErrorInfo` of this project's domain, and what else fits."""
        return cls(code, message, details=(ErrorInfo(reason, metadata=info), *details))

    @property
    def reason(self) -> str | None:
        """The stable reason, such as `MALFORMED_JSON`; None where the daemon gave none."""
        info = self.error_info
        return info.reason if info else None

    @property
    def error_info(self) -> ErrorInfo | None:
        """Why, for programs."""
        return self._detail(ErrorInfo)

    @property
    def bad_request(self) -> BadRequest | None:
        """The members that were wrong."""
        return self._detail(BadRequest)

    @property
    def precondition_failure(self) -> PreconditionFailure | None:
        """What must hold first."""
        return self._detail(PreconditionFailure)

    @property
    def quota_failure(self) -> QuotaFailure | None:
        """The limits that were met."""
        return self._detail(QuotaFailure)

    @property
    def retry_info(self) -> RetryInfo | None:
        """When to try again."""
        return self._detail(RetryInfo)

    @property
    def resource_info(self) -> ResourceInfo | None:
        """What the call was about."""
        return self._detail(ResourceInfo)

    @property
    def help(self) -> Help | None:
        """Where to read on."""
        return self._detail(Help)

    def _detail(self, kind: type[_D]) -> _D | None:
        return next((detail for detail in self.details if isinstance(detail, kind)), None)

    def __str__(self) -> str:
        return f"{self.code} ({self.reason}): {self.message}" if self.reason else f"{self.code}: {self.message}"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Status):
            return NotImplemented
        return (self.code, self.message, self.details) == (other.code, other.message, other.details)

    def __hash__(self) -> int:
        return hash((self.code, self.message))

    @classmethod
    def from_json(cls, value: JSON) -> Status:
        """The status that an item holds; what is not understood is left out, a later daemon may say more."""
        members = value if isinstance(value, dict) else {}
        details = members.get("details")
        return cls(
            Code(_text(members.get("code"))),
            _text(members.get("message")),
            details=details_from_json(details if isinstance(details, list) else []),
        )

    def to_json(self) -> dict[str, JSON]:
        """The status as an item holds it."""
        return {
            "code": str(self.code),
            "message": self.message,
            "details": [_detail_to_json(detail) for detail in self.details],
        }


def details_from_json(values: list[JSON]) -> list[Detail]:
    """The details that this version knows, in their order (E-9)."""
    details: list[Detail] = []
    for value in values:
        if isinstance(value, dict):
            detail = _detail_from_json(value)
            if detail is not None:
                details.append(detail)
    return details


def _detail_from_json(value: dict[str, JSON]) -> Detail | None:
    violations = [item for item in _list(value.get("violations")) if isinstance(item, dict)]
    match _text(value.get("@type")).removeprefix(_TYPE_PREFIX):
        case "ErrorInfo":
            info = value.get("metadata")
            metadata = {name: _text(text) for name, text in info.items()} if isinstance(info, dict) else {}
            return ErrorInfo(_text(value.get("reason")), _text(value.get("domain")), metadata)
        case "BadRequest":
            fields = tuple(
                FieldViolation(_text(item.get("field")), _text(item.get("description")), _maybe_text(item.get("reason")))
                for item in _list(value.get("fieldViolations"))
                if isinstance(item, dict)
            )
            total = value.get("violationsTotal")
            return BadRequest(fields, total if type(total) is int else len(fields))
        case "PreconditionFailure":
            return PreconditionFailure(
                tuple(
                    PreconditionViolation(_text(item.get("type")), _text(item.get("subject")), _text(item.get("description")))
                    for item in violations
                )
            )
        case "QuotaFailure":
            return QuotaFailure(
                tuple(QuotaViolation(_text(item.get("subject")), _text(item.get("description"))) for item in violations)
            )
        case "RetryInfo":
            delay = _seconds(_text(value.get("retryDelay")))
            return RetryInfo(delay) if delay is not None else None
        case "ResourceInfo":
            return ResourceInfo(
                _text(value.get("resourceType")),
                _text(value.get("resourceName")),
                _maybe_text(value.get("owner")),
                _maybe_text(value.get("description")),
            )
        case "Help":
            return Help(
                tuple(
                    Link(_text(item.get("description")), _text(item.get("url")))
                    for item in _list(value.get("links"))
                    if isinstance(item, dict)
                )
            )
        case _:
            return None


def _detail_to_json(detail: Detail) -> dict[str, JSON]:
    name: JSON = _TYPE_PREFIX + type(detail).__name__
    match detail:
        case ErrorInfo():
            return {"@type": name, "reason": detail.reason, "domain": detail.domain, "metadata": dict(detail.metadata)}
        case BadRequest():
            fields: list[JSON] = [
                _present(field=item.field, description=item.description, reason=item.reason) for item in detail.field_violations
            ]
            return {"@type": name, "fieldViolations": fields, "violationsTotal": detail.violations_total}
        case PreconditionFailure():
            broken: list[JSON] = [_present(type=v.type, subject=v.subject, description=v.description) for v in detail.violations]
            return {"@type": name, "violations": broken}
        case QuotaFailure():
            met: list[JSON] = [_present(subject=v.subject, description=v.description) for v in detail.violations]
            return {"@type": name, "violations": met}
        case RetryInfo():
            return {"@type": name, "retryDelay": f"{detail.retry_delay:.3f}s"}
        case ResourceInfo():
            return {"@type": name} | _present(
                resourceType=detail.resource_type,
                resourceName=detail.resource_name,
                owner=detail.owner,
                description=detail.description,
            )
        case Help():
            links: list[JSON] = [_present(description=link.description, url=link.url) for link in detail.links]
            return {"@type": name, "links": links}


def _present(**members: str | None) -> dict[str, JSON]:
    return {name: value for name, value in members.items() if value is not None}


def _text(value: JSON) -> str:
    return value if isinstance(value, str) else ""


def _maybe_text(value: JSON) -> str | None:
    return value if isinstance(value, str) else None


def _list(value: JSON) -> list[JSON]:
    return value if isinstance(value, list) else []


def _seconds(text: str) -> float | None:
    try:
        delay = Decimal(text.removesuffix("s")) if text.endswith("s") else Decimal("NaN")
    except InvalidOperation:
        return None
    # More than a year is no delay that anybody means, and no number of seconds that a clock adds.
    return float(delay) if delay.is_finite() and 0 <= delay <= 366 * 86400 else None
