# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""One try of a call, as its connection and its caller see it."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from amnesty._core import statuses
from amnesty._core.json import JSON
from amnesty.method import Kind
from amnesty.status import Status


@dataclass(frozen=True, slots=True)
class Ended:
    """The daemon ended the call OK, with the response where the kind has one."""

    body: bytes


@dataclass(frozen=True, slots=True)
class Failed:
    """The call failed. `never_executed`: the daemon has not executed it and never will."""

    status: Status
    never_executed: bool = False


Outcome = Ended | Failed


class Stage(Enum):
    """How far a call is."""

    NEW = auto()
    QUEUED = auto()  # Waits for one of the open calls to end; nothing of it was sent.
    OPEN = auto()  # Sent, and somebody waits for it.
    ABANDONED = auto()  # Sent, and nobody waits any more; it counts as open until its `end` comes.
    OVER = auto()


class Call:
    """What has arrived, what may be sent, how it ended. Its connection changes it, and its reader takes items."""

    def __init__(
        self,
        method: str,
        kind: Kind,
        body: bytes | None,
        *,
        deadline: float | None = None,
        actor: str | None = None,
        metadata: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self.method = method
        self.body = body
        self.deadline = deadline
        self.actor = actor
        self.metadata = metadata
        self.is_open = kind.streams_requests
        self.receives_items = kind.streams_responses
        self.id = 0
        self.stage = Stage.NEW
        self.half_closed = not self.is_open
        # What may still be sent, in bytes of items; below 0 after an overdraft.
        self.credit = 0
        self.inbox: deque[bytes] = deque()
        # Bytes taken from the inbox for which no credit was given yet.
        self.consumed = 0
        self.outcome: Outcome | None = None

    @property
    def may_send(self) -> bool:
        """Whether an item may be sent now (W-10)."""
        return self.stage is Stage.OPEN and not self.half_closed and self.credit > 0

    @property
    def takes_no_more(self) -> bool:
        """Whether no item will ever be sent again."""
        return self.outcome is not None or self.half_closed

    def take_item(self) -> bytes | None:
        """The next item that has arrived. One reader may call it while another thread drives the connection."""
        try:
            body = self.inbox.popleft()
        except IndexError:
            return None
        self.consumed += len(body)
        return body

    def head(self, now: float) -> dict[str, JSON]:
        """The head of the call frame."""
        head: dict[str, JSON] = {"call": self.id, "method": self.method}
        if self.deadline is not None:
            head["timeoutMs"] = statuses.milliseconds_left(self.deadline, now)
        if self.is_open:
            head["open"] = True
        if self.actor is not None:
            head["actor"] = self.actor
        if self.metadata:
            head["metadata"] = {name: list(values) for name, values in self.metadata.items()}
        return head

    def finish(self, outcome: Outcome) -> None:
        """Only the first end counts. A call that was given up delivers nothing more, any other what had arrived."""
        if self.outcome is None:
            self.outcome = outcome
