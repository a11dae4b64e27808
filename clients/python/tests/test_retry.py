# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""Whether and when a call is tried again."""

from __future__ import annotations

import unittest

from amnesty import Code, Idempotency, RetryInfo, RetryPolicy, Status
from amnesty._core.call import Failed
from amnesty._core.retry import Backoff

UNAVAILABLE = Failed(Status.of(Code.UNAVAILABLE, "OVERLOADED", "Later."))


class Backoffs(unittest.TestCase):
    """Chance is given: 0 takes nothing away, 1 all that may be taken."""

    def test_waits_double_up_to_the_greatest(self) -> None:
        backoff = Backoff(RetryPolicy(attempts=5, initial_delay=1, greatest_delay=3), Idempotency.IDEMPOTENT)
        self.assertEqual([backoff.delay(UNAVAILABLE, 0) for _ in range(5)], [1, 2, 3, 3, None])

    def test_chance_takes_its_share(self) -> None:
        backoff = Backoff(RetryPolicy(initial_delay=1, jitter=0.5), Idempotency.NO_SIDE_EFFECTS)
        self.assertEqual(backoff.delay(UNAVAILABLE, 0.5), 0.75)

    def test_a_delay_that_the_daemon_asks_for_is_kept(self) -> None:
        backoff = Backoff(RetryPolicy(initial_delay=0.01), Idempotency.IDEMPOTENT)
        asked = Failed(Status.of(Code.UNAVAILABLE, "OVERLOADED", "Later.", [RetryInfo(7)]))
        self.assertEqual(backoff.delay(asked, 0), 7)

    def test_only_unavailable_is_tried_again(self) -> None:
        for code in Code:
            backoff = Backoff(RetryPolicy(), Idempotency.IDEMPOTENT)
            self.assertEqual(backoff.delay(Failed(Status(code, ".")), 0) is not None, code is Code.UNAVAILABLE)

    def test_a_command_is_tried_again_only_if_it_was_never_executed(self) -> None:
        self.assertIsNone(Backoff(RetryPolicy(), Idempotency.NONE).delay(UNAVAILABLE, 0))
        never = Failed(UNAVAILABLE.status, never_executed=True)
        self.assertIsNotNone(Backoff(RetryPolicy(), Idempotency.NONE).delay(never, 0))

    def test_one_attempt_never_retries(self) -> None:
        self.assertIsNone(Backoff(RetryPolicy(attempts=1), Idempotency.IDEMPOTENT).delay(UNAVAILABLE, 0))


if __name__ == "__main__":
    unittest.main()
