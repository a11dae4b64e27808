# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""What the client itself ends calls with; the reasons are those of protocol/errors.json."""

from __future__ import annotations

import errno
import math
import os

from amnesty.status import Code, RetryInfo, Status


def cancelled(why: str) -> Status:
    """The caller gave up."""
    return Status.of(
        Code.CANCELLED,
        "CANCELLED",
        f"{why}. What the call had already committed stays; ask again with the same idempotency key to learn its result.",
    )


def deadline_passed() -> Status:
    """The client's own timer ran out."""
    return Status.of(
        Code.DEADLINE_EXCEEDED,
        "DEADLINE_EXCEEDED",
        "The call did not end in the time given. It may have been applied: ask again with the same idempotency key and more time.",
    )


def connection_lost(why: str) -> Status:
    """The connection ended before the call did."""
    return Status.of(
        Code.UNAVAILABLE,
        "CONNECTION_LOST",
        f"{why} before the call ended. It may have been applied: retry only what is idempotent, or with the same idempotency key.",
    )


def client_closed() -> Status:
    """Used after it was closed."""
    return Status.of(
        Code.FAILED_PRECONDITION, "CLIENT_CLOSED", "The client was used after it was closed. Make calls inside its with block."
    )


def went_away(reason: str, message: str | None) -> Status:
    """A goaway came, and the call is above its last id: it was not executed (G-9)."""
    match reason:
        case "PROTOCOL_ERROR":
            return Status.of(
                Code.INTERNAL, reason, message or "The daemon says that this client broke the protocol. Report it."
            )
        case "UNIDENTIFIED_PEER":
            return Status.of(
                Code.UNAUTHENTICATED, reason, message or "The kernel does not say who the caller is. Run it as a user of this host."
            )
        case "LIMIT_REACHED":
            return Status.of(
                Code.UNAVAILABLE, reason, message or "The daemon has as many connections as it takes. Use fewer, or try again."
            )
        case _:
            return Status.of(
                Code.UNAVAILABLE,
                "DRAINING",
                "The daemon is shutting down and did not execute the call. Connect anew and send it again.",
                [RetryInfo(0.1)],
            )


def message_too_large(length: int, limit: int) -> Status:
    """A frame above what the daemon accepts is not sent at all."""
    return Status.of(
        Code.RESOURCE_EXHAUSTED,
        "MESSAGE_TOO_LARGE",
        f"The message's frame has {length} bytes, the limit is {limit}. Send less in one message, or use a streaming method.",
        bytes=str(length),
        limit=str(limit),
    )


def invalid_head(member: str, what: str) -> Status:
    """A member of the call's head that the daemon would not read."""
    return Status.of(Code.INVALID_ARGUMENT, "INVALID_HEAD", f"The head's member {member} is wrong: {what}.", member=member)


def unwritable_request(why: str) -> Status:
    """A request that holds what JSON cannot say."""
    return Status.of(
        Code.INVALID_ARGUMENT, "MALFORMED_JSON", f"The request cannot be written as JSON: {why}. Correct the member that holds it."
    )


def unreadable_response(why: str) -> Status:
    """A response that is not what the method answers."""
    return Status.of(
        Code.INTERNAL,
        "UNREADABLE_RESPONSE",
        f"The response of the daemon cannot be read: {why}. Check that client and daemon are of versions that fit.",
    )


def cannot_connect(path: str, error: OSError) -> Status:
    """The socket did not open; the message says what to do."""
    if error.errno in (errno.EACCES, errno.EPERM):
        return Status.of(
            Code.PERMISSION_DENIED,
            "SOCKET_NOT_PERMITTED",
            f"{path}: this user may not open the socket. Ask the operator for membership in the socket's group.",
            socket=path,
        )
    match error.errno:
        case errno.ENOENT:
            why = "no socket is there. Start the daemon (systemctl start amnestyd), or name its socket"
        case errno.ECONNREFUSED:
            why = "nobody listens on the socket. Start the daemon (systemctl start amnestyd)"
        case errno.EAGAIN:
            why = "the daemon has more connections waiting than it takes. Try again"
        case errno.ENAMETOOLONG:
            why = "a socket's path has at most 107 bytes. Name a shorter one"
        case number:
            why = os.strerror(number) if number else str(error)
    return Status.of(Code.UNAVAILABLE, "CANNOT_CONNECT", f"{path}: {why}.", socket=path)


def milliseconds_left(deadline: float, now: float) -> int:
    """For `timeoutMs`: rounded up, since the daemon is not to give up before the caller does, and 0 would be no time at all."""
    return max(1, math.ceil((deadline - now) * 1000))
