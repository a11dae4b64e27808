# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""The asyncio client and the real daemon."""

from __future__ import annotations

import asyncio
import signal
import unittest
from collections.abc import AsyncIterator, Iterator

from support.daemon import Daemon
from support.samples import record

from amnesty import (
    AssessRequest,
    CaseState,
    Code,
    Configuration,
    ExportCasesRequest,
    ImportCaseRequest,
    ImportResult,
    Outcome,
    RegisterCaseRequest,
    ServingStatus,
    Status,
    WatchCasesRequest,
)
from amnesty.aio import Client


def imports(references: list[str]) -> Iterator[ImportCaseRequest]:
    """Records to import."""
    for reference in references:
        yield ImportCaseRequest(record=record(reference))


class AsyncInteroperation(unittest.IsolatedAsyncioTestCase):
    """Each test has a daemon of its own: starting one takes less than a tenth of a second."""

    async def asyncSetUp(self) -> None:
        self.daemon = self.enterContext(Daemon())
        self.client = await self.enterAsyncContext(Client(self.daemon.socket))

    async def assert_alive(self) -> None:
        """The connection still serves."""
        self.assertEqual((await self.client.health.check()).status, ServingStatus.SERVING)

    async def test_unary_and_session(self) -> None:
        answer = await self.client.eligibility.assess(AssessRequest(record=record("SYN-P-1")))
        self.assertEqual(answer.assessment.outcome, Outcome.ELIGIBLE)
        session = await self.client.session()
        self.assertIn("viewer", session.roles)

    async def test_a_thousand_calls_at_once(self) -> None:
        answers = await asyncio.gather(*(self.client.health.check() for _ in range(1000)))
        self.assertEqual({answer.status for answer in answers}, {ServingStatus.SERVING})

    async def test_bidirectional_from_an_asynchronous_source(self) -> None:
        async def requests() -> AsyncIterator[AssessRequest]:
            for index in range(100):
                yield AssessRequest(record=record(f"SYN-P-{index}"))
                await asyncio.sleep(0)

        async with self.client.eligibility.assess_stream(requests()) as answers:
            found = [answer async for answer in answers]
        self.assertEqual([answer.error for answer in found], [None] * 100)

    async def test_bidirectional_by_hand(self) -> None:
        async with self.client.eligibility.assess_stream() as stream:
            for index in range(3):
                self.assertTrue(await stream.send(AssessRequest(record=record(f"SYN-P-{index}"))))
                self.assertIsNotNone((await anext(stream)).assessment)
            stream.done()
            self.assertEqual([answer async for answer in stream], [])

    async def test_requests_that_fail_give_the_call_up(self) -> None:
        def requests() -> Iterator[AssessRequest]:
            yield AssessRequest(record=record("SYN-P-1"))
            raise LookupError("the source of the records is gone")

        async with self.client.eligibility.assess_stream(requests()) as answers:
            with self.assertRaises(LookupError):
                async for _ in answers:
                    pass
        await self.assert_alive()

    async def test_a_stream_outside_its_block_says_so(self) -> None:
        with self.assertRaises(RuntimeError):
            await anext(self.client.health.watch())

    async def test_a_cancelled_task_gives_its_call_up(self) -> None:
        seen = asyncio.Event()

        async def watch() -> None:
            async with self.client.health.watch() as states:
                async for _ in states:
                    seen.set()

        task = asyncio.create_task(watch())
        await seen.wait()
        task.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await task
        await self.assert_alive()

    async def test_deadlines(self) -> None:
        async with self.client.health.watch(timeout=0.05) as states:
            with self.assertRaises(Status) as raised:
                async for state in states:
                    self.assertEqual(state.status, ServingStatus.SERVING)
        self.assertEqual(raised.exception.code, Code.DEADLINE_EXCEEDED)
        with self.assertRaises(TimeoutError):
            async with asyncio.timeout(0.05), self.client.health.watch() as states:
                async for _ in states:
                    pass
        await self.assert_alive()

    async def test_a_slow_reader_is_sent_no_more_than_its_window(self) -> None:
        window = 4000
        async with Client(self.daemon.socket, configuration=Configuration(window=window)) as client:
            async with client.case.import_(imports([f"SYN-S-{index}" for index in range(60)])) as taken:
                self.assertEqual([one.result async for one in taken], [ImportResult.REGISTERED] * 60)
            async with client.case.export(ExportCasesRequest()) as cases:
                first = await anext(cases)
                await client.health.check()
                assert cases._started is not None
                inbox = cases._started[1].inbox
                self.assertLessEqual(sum(map(len, inbox)) - len(inbox[-1] if inbox else b""), window)
                rest = [one async for one in cases]
        self.assertEqual(len({one.case.reference for one in [first, *rest]}), 60)

    async def test_a_killed_daemon_cuts_the_stream_and_a_token_goes_on(self) -> None:
        async with self.client.case.watch(WatchCasesRequest()) as changes:
            token = (await anext(changes)).resume_token
            registered = await self.client.case.register(RegisterCaseRequest(record=record("SYN-K-1")), actor="aigul")
            self.assertEqual(registered.case.state, CaseState.REGISTERED)
            self.daemon.stop(signal.SIGKILL)
            with self.assertRaises(Status) as raised:
                async for _ in changes:
                    pass
        self.assertEqual((raised.exception.code, raised.exception.reason), (Code.UNAVAILABLE, "CONNECTION_LOST"))
        self.daemon.start()
        async with self.client.case.watch(WatchCasesRequest(resume_token=token)) as changes:
            self.assertEqual([(await anext(changes)).reference for _ in range(2)], [None, "SYN-K-1"])

    async def test_a_daemon_that_stops_drains_its_clients(self) -> None:
        async with self.client.health.watch() as states:
            await anext(states)
            self.daemon.send(signal.SIGTERM)
            with self.assertRaises(Status) as raised:
                async for state in states:
                    self.assertEqual(state.status, ServingStatus.NOT_SERVING)
        self.assertEqual((raised.exception.code, raised.exception.reason), (Code.UNAVAILABLE, "DRAINING"))
        self.assertEqual(await asyncio.to_thread(self.daemon.wait), 0)
        self.daemon.start()
        await self.assert_alive()

    async def test_an_import_goes_on_with_the_first_record_without_an_answer(self) -> None:
        references = [f"SYN-I-{index}" for index in range(200)]
        answered = 0
        with self.assertRaises(Status):
            async with self.client.case.import_(imports(references)) as taken:
                async for one in taken:
                    self.assertEqual(one.reference, references[answered])
                    answered += 1
                    if answered == 20:
                        self.daemon.stop(signal.SIGKILL)
        self.daemon.start()
        async with self.client.case.import_(imports(references[answered:])) as taken:
            results = {one.result async for one in taken}
        self.assertLessEqual(results, {ImportResult.REGISTERED, ImportResult.UNCHANGED})
        async with self.client.case.export(ExportCasesRequest()) as cases:
            self.assertEqual(sorted([one.case.reference async for one in cases]), sorted(references))

    async def test_a_client_that_was_closed_says_so(self) -> None:
        await self.client.close()
        with self.assertRaises(Status) as raised:
            await self.client.health.check()
        self.assertEqual(raised.exception.reason, "CLIENT_CLOSED")


if __name__ == "__main__":
    unittest.main()
