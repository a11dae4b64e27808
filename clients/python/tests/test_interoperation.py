# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""The synchronous client and the real daemon."""

from __future__ import annotations

import signal
import threading
import unittest
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar

from support.daemon import Daemon
from support.samples import record

from amnesty import (
    JSON,
    AssessRequest,
    Cancellation,
    CaseRecord,
    Client,
    Code,
    Configuration,
    DescribeRequest,
    ExportCasesRequest,
    HealthCheckRequest,
    HealthCheckResponse,
    Idempotency,
    ImportCaseRequest,
    ImportResult,
    Kind,
    ListServicesRequest,
    Method,
    Outcome,
    RetryPolicy,
    ServingStatus,
    Status,
    SummarizeCasesRequest,
    WatchCasesRequest,
    methods,
    raw_method,
)

ASSESS = "amnesty.v1.EligibilityService/Assess"


def imports(references: list[str]) -> Iterator[ImportCaseRequest]:
    """Records to import."""
    for reference in references:
        yield ImportCaseRequest(record=record(reference))


class SharedDaemon(unittest.TestCase):
    """Calls that leave the daemon as it was."""

    daemon: ClassVar[Daemon]

    @classmethod
    def setUpClass(cls) -> None:
        cls.daemon = cls.enterClassContext(Daemon())

    def setUp(self) -> None:
        self.client = self.enterContext(Client(self.daemon.socket))

    def assert_alive(self) -> None:
        """The connection still serves."""
        self.assertEqual(self.client.health.check().status, ServingStatus.SERVING)

    def test_the_session_says_who_is_who(self) -> None:
        session = self.client.session
        self.assertTrue(session.id and session.principal and session.agent)
        self.assertIn("viewer", session.roles)
        self.assertEqual(session.limits["calls"], 128)

    def test_every_method_of_the_daemon_is_a_stub_here(self) -> None:
        offered = {method for service in self.client.reflection.list_services(ListServicesRequest()).services for method in service.methods}
        known = {method.name for method in vars(methods).values() if isinstance(method, Method)}
        self.assertEqual(offered, known)

    def test_unary(self) -> None:
        answer = self.client.eligibility.assess(AssessRequest(record=record("SYN-P-1"), as_of="2022-12-01"))
        self.assertEqual(answer.assessment.outcome, Outcome.ELIGIBLE)
        self.assertEqual(answer.assessment.as_of, "2022-12-01")
        self.assertTrue(answer.assessment.record_digest.startswith("sha256:"))
        self.assertGreaterEqual(len(self.client.act.list().acts), 1)

    def test_bidirectional_keeps_the_order_and_a_bad_record_costs_its_place(self) -> None:
        records = [record("" if index == 7 else f"SYN-P-{index}") for index in range(300)]
        with self.client.eligibility.assess_stream(AssessRequest(record=one) for one in records) as answers:
            found = list(answers)
        self.assertEqual(len(found), 300)
        self.assertEqual([index for index, answer in enumerate(found) if answer.error], [7])
        error = found[7].error
        assert error is not None and error.bad_request is not None
        self.assertEqual([violation.field for violation in error.bad_request.field_violations], ["/record/reference"])

    def test_bidirectional_by_hand(self) -> None:
        with self.client.eligibility.assess_stream() as stream:
            for index in range(3):
                self.assertTrue(stream.send(AssessRequest(record=record(f"SYN-P-{index}"))))
                self.assertIsNotNone(next(stream).assessment)
            stream.done()
            self.assertEqual(list(stream), [])
            self.assertFalse(stream.send(AssessRequest(record=record("SYN-P-9"))))

    def test_requests_that_fail_give_the_call_up(self) -> None:
        def requests() -> Iterator[AssessRequest]:
            yield AssessRequest(record=record("SYN-P-1"))
            raise LookupError("the source of the records is gone")

        with self.client.eligibility.assess_stream(requests()) as answers, self.assertRaises(LookupError):
            list(answers)
        self.assert_alive()

    def test_a_stream_that_is_left_is_given_up(self) -> None:
        with self.client.health.watch() as states:
            self.assertEqual(next(states).status, ServingStatus.SERVING)
        with self.assertRaises(Status) as raised:
            next(states)
        self.assertEqual(raised.exception.code, Code.CANCELLED)
        self.assert_alive()

    def test_cancellation_from_another_thread(self) -> None:
        cancellation = Cancellation()
        with self.client.health.watch(cancellation=cancellation) as states:
            next(states)
            threading.Thread(target=cancellation.cancel).start()
            with self.assertRaises(Status) as raised:
                next(states)
        self.assertEqual(raised.exception.code, Code.CANCELLED)
        with self.assertRaises(Status) as raised:
            self.client.health.check(cancellation=cancellation)
        self.assertEqual(raised.exception.code, Code.CANCELLED)
        self.assert_alive()

    def test_deadlines(self) -> None:
        with self.client.health.watch(HealthCheckRequest(), timeout=0.05) as states:
            self.assertEqual(next(states).status, ServingStatus.SERVING)
            with self.assertRaises(Status) as raised:
                next(states)
        self.assertEqual(raised.exception.code, Code.DEADLINE_EXCEEDED)
        with self.assertRaises(Status) as raised:
            self.client.health.check(timeout=0)
        self.assertEqual(raised.exception.code, Code.DEADLINE_EXCEEDED)
        self.assert_alive()

    def test_what_is_wrong_is_told_and_costs_its_call(self) -> None:
        wrong: JSON = {"record": {"reference": "SYN-1", "offences": [{"id": 5}], "new": 1}}
        with self.assertRaises(Status) as raised:
            self.client.unary(raw_method(ASSESS, Kind.UNARY), wrong)
        status = raised.exception
        self.assertEqual((status.code, status.reason), (Code.INVALID_ARGUMENT, "INVALID_FIELD"))
        assert status.bad_request is not None
        fields = sorted(violation.field for violation in status.bad_request.field_violations)
        self.assertEqual(fields, ["/record/new", "/record/offences/0/id"])
        for name, code, reason in (
            ("amnesty.v1.Nothing/At", Code.UNIMPLEMENTED, "UNKNOWN_METHOD"),
            ("", Code.UNIMPLEMENTED, "UNKNOWN_METHOD"),
        ):
            with self.assertRaises(Status) as raised:
                self.client.unary(raw_method(name, Kind.UNARY), {})
            self.assertEqual((raised.exception.code, raised.exception.reason), (code, reason))
        with self.assertRaises(Status) as raised:
            self.client.health.check(HealthCheckRequest(service="amnesty.v1.Nothing"))
        self.assertEqual(raised.exception.reason, "UNKNOWN_SERVICE")
        with self.assertRaises(Status) as raised:
            self.client.health.check(metadata={"No Name": ["x"]})
        self.assertEqual(raised.exception.reason, "INVALID_HEAD")
        self.assert_alive()

    def test_a_request_stream_that_breaks_the_credit_of_nobody(self) -> None:
        """Items of 1 MiB against a first credit of 256 KiB: each waits for its credit, and all are answered."""
        large = CaseRecord(reference="SYN-P-1", offences=[], unknowable=["/" + "a" * (1 << 20)])
        with self.client.eligibility.assess_stream(AssessRequest(record=large) for _ in range(6)) as answers:
            self.assertEqual(len(list(answers)), 6)

    def test_large_messages(self) -> None:
        def sized(count: int) -> AssessRequest:
            return AssessRequest(record=CaseRecord(reference="SYN-P-1", offences=[], unknowable=["/" + "a" * count]))

        # Below the limit the daemon answers, whatever it thinks of the pointer; above it nothing is sent.
        try:
            self.client.eligibility.assess(sized((4 << 20) - 400))
        except Status as status:
            self.assertEqual(status.code, Code.INVALID_ARGUMENT)
        with self.assertRaises(Status) as raised:
            self.client.eligibility.assess(sized(4 << 20))
        self.assertEqual(raised.exception.reason, "MESSAGE_TOO_LARGE")
        small = self.enterContext(Client(self.daemon.socket, configuration=Configuration(max_frame=4096)))
        with self.assertRaises(Status) as raised:
            small.reflection.describe(DescribeRequest(method=ASSESS))
        self.assertEqual((raised.exception.code, raised.exception.reason), (Code.RESOURCE_EXHAUSTED, "ANSWER_TOO_LARGE"))
        self.assert_alive()

    def test_threads_share_a_client(self) -> None:
        """200 calls at once, where a connection carries 128: the others wait their turn."""
        with ThreadPoolExecutor(200) as pool:
            answers = list(pool.map(lambda _: self.client.health.check(), range(400)))
        self.assertEqual(answers, [HealthCheckResponse(status=ServingStatus.SERVING)] * 400)

    def test_a_slow_reader_holds_up_nobody_and_is_sent_no_more_than_its_window(self) -> None:
        window = 4000
        with Client(self.daemon.socket, configuration=Configuration(window=window)) as client:
            with client.case.import_(imports([f"SYN-S-{index}" for index in range(60)])) as taken:
                self.assertEqual(sum(1 for one in taken if one.result in (ImportResult.REGISTERED, ImportResult.UNCHANGED)), 60)
            with client.case.export(ExportCasesRequest()) as cases:
                first = next(cases)
                client.health.check()
                inbox = cases._call.inbox
                # One item may overdraw.
                self.assertLessEqual(sum(map(len, inbox)) - len(inbox[-1] if inbox else b""), window)
                rest = list(cases)
        self.assertEqual(len({one.case.reference for one in [first, *rest]}), 60)

    def test_a_connection_too_many_is_told_so(self) -> None:
        """The limit of connections of a user: 128, of which the test's own client is one."""
        crowd = [Client(self.daemon.socket) for _ in range(127)]
        for one in crowd:
            self.addCleanup(one.close)
            one.health.check()
        late = self.enterContext(Client(self.daemon.socket, configuration=Configuration(retries=RetryPolicy(attempts=1))))
        with self.assertRaises(Status) as raised:
            late.health.check()
        self.assertEqual((raised.exception.code, raised.exception.reason), (Code.UNAVAILABLE, "LIMIT_REACHED"))
        self.assert_alive()

    def test_a_client_that_was_closed_says_so(self) -> None:
        self.client.close()
        self.client.close()
        with self.assertRaises(Status) as raised:
            self.client.health.check()
        self.assertEqual(raised.exception.reason, "CLIENT_CLOSED")

    def test_closing_ends_what_waits(self) -> None:
        states = self.client.health.watch()
        next(states)
        threading.Thread(target=self.client.close).start()
        with self.assertRaises(Status) as raised:
            next(states)
        self.assertEqual(raised.exception.code, Code.UNAVAILABLE)


class OwnDaemon(unittest.TestCase):
    """What happens when the daemon goes."""

    def setUp(self) -> None:
        self.daemon = self.enterContext(Daemon())
        self.client = self.enterContext(Client(self.daemon.socket))

    def unconnected(self, pause: Callable[[float], None]) -> Client:
        """A client that connects with its first call."""
        client = Client(self.daemon.socket, configuration=Configuration(retries=RetryPolicy(attempts=5)), pause=pause)
        self.addCleanup(client.close)
        return client

    def test_a_killed_daemon_cuts_the_stream_and_a_token_goes_on(self) -> None:
        with self.client.case.watch(WatchCasesRequest()) as changes:
            token = next(changes).resume_token
            with self.client.case.import_(imports(["SYN-K-1", "SYN-K-2"])) as taken:
                self.assertEqual([one.result for one in taken], [ImportResult.REGISTERED] * 2)
            change = next(changes)
            self.assertEqual(change.reference, "SYN-K-1")
            self.daemon.stop(signal.SIGKILL)
            with self.assertRaises(Status) as raised:
                list(changes)
        self.assertEqual((raised.exception.code, raised.exception.reason), (Code.UNAVAILABLE, "CONNECTION_LOST"))
        self.daemon.start()
        # The same client: the next call makes a new connection.
        for resume, expected in ((token, ["SYN-K-1", "SYN-K-2"]), (change.resume_token, ["SYN-K-2"])):
            with self.client.case.watch(WatchCasesRequest(resume_token=resume)) as changes:
                self.assertIsNone(next(changes).reference)
                self.assertEqual([next(changes).reference for _ in expected], expected)
        with self.client.case.watch(WatchCasesRequest(resume_token="nonsense")) as changes, self.assertRaises(Status) as raised:
            next(changes)
        self.assertEqual(raised.exception.reason, "UNKNOWN_RESUME_TOKEN")

    def test_a_daemon_that_stops_drains_its_clients(self) -> None:
        with self.client.health.watch() as states:
            next(states)
            self.daemon.send(signal.SIGTERM)
            said = []
            with self.assertRaises(Status) as raised:
                for state in states:
                    said.append(state.status)
        self.assertEqual(said, [ServingStatus.NOT_SERVING])
        self.assertEqual((raised.exception.code, raised.exception.reason), (Code.UNAVAILABLE, "DRAINING"))
        self.assertEqual(self.daemon.wait(), 0)
        self.daemon.start()
        self.assertEqual(self.client.health.check().status, ServingStatus.SERVING)

    def test_a_restart_under_load_fails_no_call(self) -> None:
        patient = Configuration(retries=RetryPolicy(attempts=1000, greatest_delay=0.02))
        client = self.enterContext(Client(self.daemon.socket, configuration=patient))
        answered, stop = threading.Semaphore(0), threading.Event()

        def work() -> int:
            count = 0
            while not stop.is_set():
                client.eligibility.assess(AssessRequest(record=record(f"SYN-L-{count}")))
                answered.release()
                count += 1
            return count

        def answers(count: int) -> None:
            for _ in range(count):
                self.assertTrue(answered.acquire(timeout=30))

        with ThreadPoolExecutor(4) as pool:
            workers = [pool.submit(work) for _ in range(4)]
            try:
                for number in (signal.SIGTERM, signal.SIGKILL):
                    answers(50)
                    self.daemon.stop(number)
                    self.daemon.start()
                answers(50)
            finally:
                stop.set()
            self.assertGreaterEqual(sum(worker.result() for worker in workers), 150)

    def test_a_call_without_side_effects_outlives_the_daemon(self) -> None:
        """The retries wait for the new daemon; a command is not sent again by itself."""
        self.client.health.check()
        self.daemon.stop(signal.SIGKILL)
        tries: list[float] = []

        def pause(seconds: float) -> None:
            tries.append(seconds)
            if len(tries) == 2:
                self.daemon.start()

        client = self.unconnected(pause)
        self.assertEqual(client.health.check().status, ServingStatus.SERVING)
        self.assertEqual(len(tries), 2)

    def test_a_command_is_not_sent_again_by_itself(self) -> None:
        self.daemon.stop(signal.SIGKILL)
        client = self.unconnected(lambda seconds: self.fail("it was tried again"))
        with self.assertRaises(Status) as raised:
            client.unary(raw_method("amnesty.v1.CaseService/Close", Kind.UNARY, Idempotency.NONE), {})
        self.assertEqual(raised.exception.reason, "CANNOT_CONNECT")

    def test_an_import_goes_on_with_the_first_record_without_an_answer(self) -> None:
        references = [f"SYN-I-{index}" for index in range(400)]
        answered = 0
        with self.client.case.import_(imports(references)) as taken, self.assertRaises(Status):
            for one in taken:
                self.assertEqual(one.reference, references[answered])
                answered += 1
                if answered == 50:
                    self.daemon.stop(signal.SIGKILL)
        self.assertGreaterEqual(answered, 50)
        self.daemon.start()
        with self.client.case.import_(imports(references[answered:])) as taken:
            results = [one.result for one in taken]
        self.assertEqual(len(results), len(references) - answered)
        # What was durable and not yet answered is there already, and is not taken twice.
        self.assertEqual(set(results) - {ImportResult.REGISTERED, ImportResult.UNCHANGED}, set())
        with self.client.case.export(ExportCasesRequest()) as cases:
            self.assertEqual(sorted(one.case.reference for one in cases), sorted(references))
        self.assertEqual(self.client.case.summary(SummarizeCasesRequest()).cases, len(references))


class NoDaemon(unittest.TestCase):
    """Sockets that do not open."""

    def test_the_message_says_what_to_do(self) -> None:
        for path, word in (("/nonexistent/a.sock", "Start the daemon"), ("/tmp/" + "a" * 120, "shorter")):
            with self.assertRaises(Status) as raised, Client(path):
                pass
            self.assertEqual((raised.exception.code, raised.exception.reason), (Code.UNAVAILABLE, "CANNOT_CONNECT"))
            self.assertIn(word, raised.exception.message)


if __name__ == "__main__":
    unittest.main()
