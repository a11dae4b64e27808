# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""What comes from the peer under test, and whether a step expects it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from json_text import shortened, shown
from patterns import mismatch
from vectors import VectorError

# Where a frame has no body, or an empty one.
NOTHING = object()


@dataclass(frozen=True)
class Incoming:
    """One frame's payload, or one line with its line feed."""

    data: bytes
    head: Any
    body: Any

    def __str__(self) -> str:
        return shown(self.head) if self.body is NOTHING else f"{shown(self.head)}  {shown(self.body)}"


def check(expected: dict[str, Any], frame: Incoming) -> None:
    """Raises VectorError where the frame is another."""
    difference = frame_mismatch(expected, frame)
    if not difference:
        return
    if "text" in expected:
        raise VectorError(difference, expected=repr(expected["text"].encode()), received=shortened(repr(frame.data)))
    raise VectorError(difference, expected=readable(expected), received=str(frame))


def readable(expected: dict[str, Any]) -> str:
    """What a step expects, as frames are shown."""
    if "head" not in expected:
        return shown(expected)
    return shown(expected["head"]) + (f"  {shown(expected['body'])}" if "body" in expected else "")


def frame_mismatch(expected: dict[str, Any], frame: Incoming) -> str | None:
    """How a frame differs from what a step expects; None if it does not."""
    if "text" in expected:
        return None if expected["text"].encode() == frame.data else "the bytes are others"
    if "error" in expected:
        return _error_mismatch(expected["error"], frame)
    difference = mismatch(expected["head"], frame.head)
    if difference:
        return "head: " + difference
    if "body" not in expected:
        return None if frame.body is NOTHING else "there is a body, and none is expected"
    if frame.body is NOTHING:
        return None if expected["body"] == {"$any": True} else "there is no body"
    difference = mismatch(expected["body"], frame.body)
    return "body: " + difference if difference else None


def _error_mismatch(error: dict[str, Any], frame: Incoming) -> str | None:
    head = frame.head
    if head.get("end") != error["id"]:
        return f"it is no end of call {error['id']}"
    if head.get("code") != error["code"]:
        return f"the code is {shown(head.get('code', 'OK'))}, expected {error['code']}"
    if frame.body is not NOTHING:
        return "an error has no body"
    if not isinstance(head.get("message"), str) or not head["message"]:
        return "an error has a message"
    others = sorted(set(head) - {"end", "code", "message", "details", "metadata"})
    if others:
        return f"an error has no member {others[0]}"
    details = head.get("details")
    if not isinstance(details, list) or not all(isinstance(one, dict) for one in details):
        return "an error has details, an array of objects"
    infos = [one for one in details if one.get("@type") == "type.googleapis.com/google.rpc.ErrorInfo"]
    if len(infos) != 1:
        return f"there are {len(infos)} ErrorInfo among the details, expected 1"
    difference = mismatch({"...": True, "reason": error["reason"], "domain": "amnesty"}, infos[0])
    if difference:
        return "ErrorInfo: " + difference
    difference = mismatch({"...": True} | error.get("metadata", {}), infos[0].get("metadata", {}))
    return "metadata of ErrorInfo: " + difference if difference else _violations_mismatch(error, details)


def _violations_mismatch(error: dict[str, Any], details: list[dict[str, Any]]) -> str | None:
    if "fields" not in error and "total" not in error:
        return None
    found = [one for one in details if one.get("@type") == "type.googleapis.com/google.rpc.BadRequest"]
    if not found:
        return "there is no BadRequest among the details"
    fields = sorted(str(one["field"]) for one in found[0].get("fieldViolations", []))
    if "fields" in error and fields != sorted(error["fields"]):
        return f"the fields of BadRequest are {fields}, expected {sorted(error['fields'])}"
    total = found[0].get("violationsTotal")
    return (
        f"violationsTotal is {total}, expected {error['total']}"
        if "total" in error and total != error["total"]
        else None
    )
