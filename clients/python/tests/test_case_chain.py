# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""A case from intake to aftercare over the real daemon, another clerk for each step, and what must be refused on the way."""

from __future__ import annotations

import unittest
from collections.abc import Callable

from support.daemon import Daemon
from support.samples import record

from amnesty import (
    AssessCaseRequest,
    CaseHistoryRequest,
    CaseState,
    Client,
    CloseCaseRequest,
    Code,
    DecideRequest,
    ExecuteRequest,
    GetCaseRequest,
    ListNeedsRequest,
    NeedState,
    Outcome,
    ProposeDecisionRequest,
    Reason,
    RegisterCaseRequest,
    ReplayCaseRequest,
    Status,
    UpdateNeedRequest,
    Verdict,
    VerifyAuditRequest,
    WatchCasesRequest,
)

REFERENCE = "SYN-C-1"


class CaseChain(unittest.TestCase):
    """The register over the stubs."""

    def setUp(self) -> None:
        daemon = self.enterContext(Daemon())
        self.client = self.enterContext(Client(daemon.socket))

    def refused(self, reason: Reason, call: Callable[[], object]) -> Status:
        """The call fails with that reason."""
        with self.assertRaises(Status) as raised:
            call()
        self.assertEqual(raised.exception.reason, reason, str(raised.exception))
        return raised.exception

    def test_from_intake_to_aftercare(self) -> None:
        case, decision, aftercare = self.client.case, self.client.decision, self.client.aftercare
        with case.watch(WatchCasesRequest()) as changes:
            next(changes)

            register = RegisterCaseRequest(record=record(REFERENCE), idempotency_key="intake-1")
            registered = case.register(register, actor="aigul").case
            self.assertEqual(registered.state, CaseState.REGISTERED)
            again = case.register(register, actor="aigul")
            self.assertTrue(again.replayed)
            self.assertEqual(again.case.etag, registered.etag)
            other = RegisterCaseRequest(record=record(REFERENCE, term="P3Y"), idempotency_key="intake-1")
            self.refused(Reason.KEY_REUSED, lambda: case.register(other, actor="aigul"))
            without = RegisterCaseRequest(record=record(REFERENCE, term="P3Y"))
            self.refused(Reason.CASE_EXISTS, lambda: case.register(without, actor="aigul"))

            propose = ProposeDecisionRequest(reference=REFERENCE, verdict=Verdict.GRANT)
            early = self.refused(Reason.WRONG_STATE, lambda: decision.propose(propose, actor="bolat"))
            self.assertEqual(early.code, Code.FAILED_PRECONDITION)
            assessed = case.assess(AssessCaseRequest(reference=REFERENCE), actor="bolat").case
            assert assessed.assessment is not None
            self.assertEqual((assessed.state, assessed.assessment.outcome), (CaseState.ASSESSED, Outcome.ELIGIBLE))
            proposed = decision.propose(propose, actor="bolat").case

            decide = DecideRequest(reference=REFERENCE, verdict=Verdict.GRANT, idempotency_key="decide-1", etag=proposed.etag)
            for clerk in ("bolat", "aigul"):
                self.refused(Reason.FOUR_EYES, lambda clerk=clerk: decision.decide(decide, actor=clerk))  # type: ignore[misc]
            stale = DecideRequest(reference=REFERENCE, verdict=Verdict.GRANT, etag=registered.etag)
            told = self.refused(Reason.STALE_ETAG, lambda: decision.decide(stale, actor="dana"))
            assert told.error_info is not None
            self.assertEqual(told.error_info.metadata["etag"], proposed.etag)
            self.assertEqual(decision.decide(decide, actor="dana").case.state, CaseState.GRANTED)
            self.assertTrue(decision.decide(decide, actor="dana").replayed)

            self.refused(Reason.FOUR_EYES, lambda: decision.execute(ExecuteRequest(reference=REFERENCE), actor="dana"))
            executed = decision.execute(ExecuteRequest(reference=REFERENCE), actor="erlan").case
            self.assertEqual(executed.state, CaseState.AFTERCARE)

            self.refused(Reason.NEEDS_OPEN, lambda: case.close(CloseCaseRequest(reference=REFERENCE), actor="erlan"))
            needs = aftercare.list(ListNeedsRequest(), actor="fatima").needs
            self.assertGreater(len(needs), 0)
            for need in needs:
                update = UpdateNeedRequest(id=need.id, state=NeedState.DONE, note="placed", etag=need.etag)
                self.assertEqual(aftercare.update(update, actor="fatima").need.state, NeedState.DONE)
            closed = case.close(CloseCaseRequest(reference=REFERENCE), actor="erlan").case
            self.assertEqual(closed.state, CaseState.CLOSED)

            states: list[CaseState | None] = []
            while not states or states[-1] != CaseState.CLOSED:
                states.append(next(changes).state)
            steps = [state for index, state in enumerate(states) if index == 0 or states[index - 1] != state]
            self.assertEqual(steps, ["registered", "assessed", "proposed", "granted", "aftercare", "closed"])

        self.assertEqual(case.get(GetCaseRequest(reference=REFERENCE)).case.etag, closed.etag)
        self.assertGreaterEqual(len(case.history(CaseHistoryRequest(reference=REFERENCE)).links), 6)
        self.assertTrue(case.replay(ReplayCaseRequest(reference=REFERENCE)).reproduced)
        self.assertEqual(self.client.audit.verify(VerifyAuditRequest()).faults, ())
        self.refused(Reason.CASE_NOT_FOUND, lambda: case.get(GetCaseRequest(reference="SYN-NONE")))


if __name__ == "__main__":
    unittest.main()
