# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""What a client is told once, and what a call may be told beside its message."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypedDict

from amnesty._core.frames import DEFAULT_MAX_FRAME, LARGEST_FRAME

DEFAULT_SOCKET = "/run/amnestyd/amnestyd.sock"


def socket_path(path: str | os.PathLike[str] | None) -> str:
    """The path given, else `$AMNESTY_SOCKET`, else where the package puts the daemon's socket."""
    return os.fspath(path) if path else os.environ.get("AMNESTY_SOCKET") or DEFAULT_SOCKET


class Cancellation:
    """Gives up calls of the synchronous client from another thread; one may be handed to many calls. Cannot be taken back."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._event = threading.Event()
        self._callbacks: dict[object, Callable[[], None]] = {}

    @property
    def is_cancelled(self) -> bool:
        """Whether `cancel` was called."""
        return self._event.is_set()

    def cancel(self) -> None:
        """Ends the calls that were given this with CANCELLED, also those that are still to come."""
        with self._lock:
            self._event.set()
            callbacks = list(self._callbacks.values())
            self._callbacks.clear()
        for callback in callbacks:
            callback()

    def wait(self, seconds: float) -> bool:
        """Waits until it is cancelled, at most so long; true if it is."""
        return self._event.wait(seconds)

    def add(self, key: object, callback: Callable[[], None]) -> None:
        """Calls back once it is cancelled, at once if it was."""
        with self._lock:
            if not self._event.is_set():
                self._callbacks[key] = callback
                return
        callback()

    def remove(self, key: object) -> None:
        """Forgets the callback of that key."""
        with self._lock:
            self._callbacks.pop(key, None)


class CallOptions(TypedDict, total=False):
    """Keyword arguments of every call of the asynchronous client; there a call is given up by cancelling its task."""

    timeout: float | None
    """Seconds the caller waits, retries included. Default: 30 for a unary call (`Configuration.unary_timeout`), none for a stream."""
    actor: str | None
    """On whose behalf the call is made, 1 to 128 characters; only principals that hold `delegate` may say so."""
    metadata: Mapping[str, Sequence[str]]
    """Sent with the call; names of `[a-z0-9-]{1,64}`, at most 64."""


class SyncCallOptions(CallOptions, total=False):
    """Keyword arguments of every call of the synchronous client."""

    cancellation: Cancellation
    """Gives the call up from another thread."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often, and how long apart, a unary call that was UNAVAILABLE is tried again.

    Only methods that are declared free of side effects or idempotent are, and calls that the daemon has said it never executed.
    """

    attempts: int = 4
    """Tries in all, the first included; 1 never retries."""
    initial_delay: float = 0.05
    """Seconds before the second try."""
    multiplier: float = 2
    """What the wait is multiplied by from try to try."""
    greatest_delay: float = 2
    """The longest wait in seconds."""
    jitter: float = 0.5
    """The share of a wait that chance may take away, 0 to 1, so that many clients do not come back at once."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a client is told once for all its calls."""

    agent: str = "amnesty-python"
    """The caller's program and version, for the daemon's log."""
    unary_timeout: float | None = 30
    """Seconds a unary call may take where its options do not say; None leaves it to the daemon."""
    retries: RetryPolicy = field(default_factory=RetryPolicy)
    """When unary calls are tried again."""
    window: int = 1 << 20
    """Bytes of a stream's items that the daemon may send ahead of what was consumed."""
    max_frame: int = DEFAULT_MAX_FRAME
    """The longest frame accepted, in bytes: 4,096 to 16 MiB - 1."""

    def __post_init__(self) -> None:
        if self.window < 1:
            raise ValueError(f"window is {self.window}; a stream needs at least 1 byte")
        if not 4096 <= self.max_frame <= LARGEST_FRAME:
            raise ValueError(f"max_frame is {self.max_frame}; choose 4096 to {LARGEST_FRAME}")
