# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""Whether and when a call is tried again (section R)."""

from __future__ import annotations

from amnesty._core.call import Failed
from amnesty.method import Idempotency
from amnesty.options import RetryPolicy
from amnesty.status import Code


class Backoff:
    """The retries of one call."""

    def __init__(self, policy: RetryPolicy, idempotency: Idempotency) -> None:
        self._policy = policy
        self._may_repeat = idempotency is not Idempotency.NONE
        self._attempt = 1

    def delay(self, failure: Failed, chance: float) -> float | None:
        """Seconds to wait before the next try; None where the failure stands. `chance` is a number from 0 up to 1."""
        policy = self._policy
        if failure.status.code is not Code.UNAVAILABLE or not (self._may_repeat or failure.never_executed):
            return None
        if self._attempt >= policy.attempts:
            return None
        delay = min(policy.initial_delay * policy.multiplier ** (self._attempt - 1), policy.greatest_delay)
        delay *= 1 - min(max(policy.jitter, 0), 1) * chance
        self._attempt += 1
        asked = failure.status.retry_info
        return max(delay, asked.retry_delay) if asked else delay
