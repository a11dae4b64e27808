# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""The state machine of a connection, by itself: bytes and calls in, bytes and outcomes out."""

from __future__ import annotations

import json
import random
import unittest
from typing import Any

from amnesty import Code, Configuration, Kind, Status
from amnesty._core.call import Call, Ended, Failed
from amnesty._core.connection import Connection
from amnesty._core.frames import LARGEST_INTEGER, write


def frame(head: dict[str, Any], body: bytes | None = None) -> bytes:
    """The bytes of a frame of the daemon."""
    return write(head, body)


class ConnectionTests(unittest.TestCase):
    """Each test is the owner: it hands bytes in and looks at what comes out."""

    def setUp(self) -> None:
        self.connection: Connection[Call] = Connection(Configuration(window=1000))
        self.assertEqual(self.sent(), [{"hello": 1, "agent": "amnesty-python", "maxFrame": 4 << 20, "window": 1000}])

    def sent(self) -> list[dict[str, Any]]:
        """The heads that are to be written, and their bodies as the member `body`."""
        data, heads = self.connection.take_outgoing(), []
        while data:
            end = 4 + int.from_bytes(data[:4], "big")
            head, _, body = data[4:end].partition(b"\n")
            heads.append(json.loads(head) | ({"body": body.decode()} if body else {}))
            data = data[end:]
        return heads

    def call(self, kind: Kind = Kind.UNARY, *, deadline: float | None = None, body: bytes | None = b"{}") -> Call:
        """A call that was started at the moment 0."""
        call = Call("x.Y/Z", kind, None if kind.streams_requests else body, deadline=deadline)
        self.assertTrue(self.connection.start(call, 0))
        return call

    def receive(self, *frames: bytes, now: float = 0) -> list[Call]:
        """What the daemon sent."""
        return self.connection.receive(b"".join(frames), now)

    def failure(self, call: Call) -> Failed:
        """How the call failed."""
        self.assertIsInstance(call.outcome, Failed)
        assert isinstance(call.outcome, Failed)
        return call.outcome

    def assert_broken(self, data: bytes) -> None:
        """The connection is closed for what the daemon sent."""
        call = self.call()
        self.assertIn(call, self.receive(data))
        self.assertTrue(self.connection.is_closed)
        self.assertEqual(self.failure(call).status.reason, "CONNECTION_LOST")
        self.assertFalse(self.connection.accepts_calls)

    # Calls

    def test_ids_go_up_and_an_end_ends_its_own_call(self) -> None:
        first, second = self.call(), self.call(body=b'{"a":1}')
        self.assertEqual(
            self.sent(),
            [{"call": 1, "method": "x.Y/Z", "body": "{}"}, {"call": 2, "method": "x.Y/Z", "body": '{"a":1}'}],
        )
        self.assertEqual(self.receive(frame({"end": 2}, b'{"b":2}')), [second])
        self.assertEqual(second.outcome, Ended(b'{"b":2}'))
        self.assertIsNone(first.outcome)
        self.assertFalse(self.connection.is_idle)
        self.receive(frame({"end": 1}))
        self.assertEqual(first.outcome, Ended(b""))
        self.assertTrue(self.connection.is_idle)

    def test_the_head_says_what_the_caller_said(self) -> None:
        call = Call("x.Y/Z", Kind.BIDIRECTIONAL, None, deadline=1.5004, actor="aigul", metadata={"trace": ("a", "b")})
        self.connection.start(call, 0.5)
        self.assertEqual(
            self.sent(),
            [{"call": 1, "method": "x.Y/Z", "timeoutMs": 1001, "open": True, "actor": "aigul", "metadata": {"trace": ["a", "b"]}}],
        )

    def test_a_call_without_time_left_is_not_sent(self) -> None:
        call = Call("x.Y/Z", Kind.UNARY, b"{}", deadline=1)
        self.assertTrue(self.connection.start(call, 1))
        self.assertEqual(self.failure(call).status.code, Code.DEADLINE_EXCEEDED)
        self.assertTrue(self.failure(call).never_executed)
        self.assertEqual(self.sent(), [])

    def test_a_head_that_would_cost_the_connection_is_not_sent(self) -> None:
        for metadata, reason in (({"a": ["b" * 17000]}, "INVALID_HEAD"), ({"a": ["\ud800"]}, "MALFORMED_JSON")):
            call = Call("x.Y/Z", Kind.UNARY, b"{}", metadata=metadata)
            self.assertTrue(self.connection.start(call, 0))
            self.assertEqual(self.failure(call).status.reason, reason)
        self.assertEqual(self.sent(), [])

    def test_calls_above_the_limit_wait_their_turn(self) -> None:
        self.receive(frame({"hello": 1, "limits": {"calls": 1}}))
        first, second, third = self.call(), self.call(Kind.SERVER_STREAMING), self.call()
        self.assertEqual([head["call"] for head in self.sent()], [1])
        self.assertEqual(self.connection.cancel(second), [second])
        self.assertEqual(self.sent(), [])
        self.assertEqual(self.receive(frame({"end": 1})), [first, third])
        self.assertEqual([head["call"] for head in self.sent()], [3])
        # The daemon knows nothing of the one that was given up while it waited.
        self.assertEqual(self.receive(frame({"item": 2})), [])
        self.assertFalse(self.connection.is_closed)

    def test_a_waiting_call_is_unknown_to_the_daemon(self) -> None:
        self.receive(frame({"hello": 1, "limits": {"calls": 1}}))
        self.call()
        waiting = self.call()
        self.receive(frame({"end": waiting.id}))
        self.assertTrue(self.connection.is_closed)
        self.assertTrue(self.failure(waiting).never_executed)

    def test_the_last_id_is_2_to_the_53_minus_1(self) -> None:
        self.connection = Connection(Configuration(), last_id=LARGEST_INTEGER - 1)
        self.call()
        self.assertFalse(self.connection.accepts_calls)
        self.assertFalse(self.connection.start(Call("x.Y/Z", Kind.UNARY, b"{}"), 0))

    def test_the_daemons_frame_limit_holds_for_calls_and_items(self) -> None:
        self.receive(frame({"hello": 1, "maxFrame": 1000}))
        large = self.call(body=b"x" * 1000)
        self.assertEqual(self.failure(large).status.reason, "MESSAGE_TOO_LARGE")
        fits = len(frame({"call": 1, "method": "x.Y/Z"}, b"")) - 4
        self.assertIsNone(self.call(body=b"x" * (1000 - fits)).outcome)
        stream = self.call(Kind.CLIENT_STREAMING)
        with self.assertRaises(Status) as raised:
            self.connection.send_item(stream, b"x" * 1000)
        self.assertEqual(raised.exception.reason, "MESSAGE_TOO_LARGE")

    # Cancellation and time

    def test_cancel_is_sent_once_and_the_end_is_awaited_quietly(self) -> None:
        call = self.call(Kind.SERVER_STREAMING)
        self.receive(frame({"item": 1}, b"[1]"))
        self.sent()
        self.assertEqual(self.connection.cancel(call), [call])
        self.assertEqual(self.connection.cancel(call), [])
        self.assertEqual(self.sent(), [{"cancel": 1}])
        self.assertIsNone(call.take_item())
        self.assertEqual(self.failure(call).status.code, Code.CANCELLED)
        self.assertEqual(self.receive(frame({"item": 1}, b"[22]"), frame({"credit": 1, "bytes": 1}), frame({"end": 1})), [])
        self.assertEqual(self.sent(), [{"credit": 1, "bytes": 4}])
        self.assertTrue(self.connection.is_idle)

    def test_a_cancelled_call_counts_as_open_until_its_end(self) -> None:
        self.receive(frame({"hello": 1, "limits": {"calls": 1}}))
        self.connection.cancel(self.call())
        self.call()
        self.assertEqual([head for head in self.sent() if head.get("call") == 2], [])
        self.receive(frame({"end": 1, "code": "CANCELLED", "message": "."}))
        self.assertEqual([head["call"] for head in self.sent()], [2])

    def test_nothing_is_sent_for_a_call_that_was_given_up(self) -> None:
        call = self.call(Kind.BIDIRECTIONAL)
        self.connection.cancel(call)
        self.sent()
        self.assertFalse(self.connection.send_item(call, b"{}"))
        self.connection.half_close(call)
        self.assertEqual(self.sent(), [])

    def test_time_ends_calls_in_their_order(self) -> None:
        late, early, never = self.call(deadline=5), self.call(deadline=3), self.call()
        self.assertEqual(self.connection.next_deadline, 3)
        self.sent()
        self.assertEqual(self.connection.expire(2.9), [])
        self.assertEqual(self.connection.expire(3), [early])
        self.assertEqual(self.failure(early).status.reason, "DEADLINE_EXCEEDED")
        self.assertFalse(self.failure(early).never_executed)
        self.assertEqual(self.sent(), [{"cancel": 2}])
        self.assertEqual(self.connection.next_deadline, 5)
        self.assertEqual(self.connection.expire(9), [late])
        self.assertIsNone(self.connection.next_deadline)
        self.assertIsNone(never.outcome)

    def test_a_result_that_comes_after_its_deadline_does_not_show(self) -> None:
        call = self.call(deadline=1)
        self.connection.expire(1)
        self.assertEqual(self.receive(frame({"end": 1}, b"{}")), [])
        self.assertEqual(self.failure(call).status.code, Code.DEADLINE_EXCEEDED)

    # Flow control

    def test_items_are_sent_while_there_is_credit_and_one_overdraws(self) -> None:
        stream = self.call(Kind.CLIENT_STREAMING)
        self.assertEqual(stream.credit, 256 << 10)
        self.assertTrue(self.connection.send_item(stream, b"x" * (256 << 10) + b"xx"))
        self.assertFalse(self.connection.send_item(stream, b"x"))
        self.assertEqual(self.receive(frame({"credit": 1, "bytes": 2})), [stream])
        self.assertFalse(stream.may_send)
        self.receive(frame({"credit": 1, "bytes": 1}))
        self.assertTrue(stream.may_send)
        self.connection.half_close(stream)
        self.assertFalse(stream.may_send)
        self.assertEqual(self.sent()[-1], {"done": 1})
        self.connection.half_close(stream)
        self.assertEqual(self.sent(), [])

    def test_a_larger_window_of_the_daemon_counts_and_a_smaller_does_not(self) -> None:
        self.receive(frame({"hello": 1, "window": 1 << 20}))
        self.assertEqual(self.call(Kind.CLIENT_STREAMING).credit, 1 << 20)
        self.receive(frame({"hello": 1, "window": 5}))
        self.assertEqual(self.call(Kind.CLIENT_STREAMING).credit, 256 << 10)

    def test_credit_is_given_as_items_are_taken(self) -> None:
        stream = self.call(Kind.SERVER_STREAMING)
        self.sent()
        self.receive(*(frame({"item": 1}, b"x" * 100) for _ in range(5)))
        self.assertEqual(self.sent(), [])
        for owes in (False, False, True):
            self.assertEqual(stream.take_item(), b"x" * 100)
            self.assertEqual(self.connection.owes_credit(stream), owes)
        self.connection.give_credit(stream)
        self.assertEqual(self.sent(), [{"credit": 1, "bytes": 300}])
        self.assertFalse(self.connection.owes_credit(stream))

    def test_items_that_came_before_a_failure_are_still_read(self) -> None:
        stream = self.call(Kind.SERVER_STREAMING)
        self.receive(frame({"item": 1}, b"1"))
        self.connection.lost()
        self.assertEqual(stream.take_item(), b"1")
        self.assertEqual(self.failure(stream).status.reason, "CONNECTION_LOST")
        self.assertEqual(self.sent(), [])

    # Goaway and the end

    def test_goaway_moves_what_is_above_its_last_id(self) -> None:
        self.receive(frame({"hello": 1, "limits": {"calls": 2}}))
        kept, above, waiting = self.call(), self.call(), self.call()
        self.assertEqual(self.receive(frame({"goaway": 1, "reason": "DRAINING", "graceMs": 5})), [above, waiting])
        for call in (above, waiting):
            self.assertTrue(self.failure(call).never_executed)
            self.assertEqual(self.failure(call).status.reason, "DRAINING")
        self.assertFalse(self.connection.accepts_calls)
        self.assertFalse(self.connection.start(Call("x.Y/Z", Kind.UNARY, b"{}"), 0))
        self.assertEqual(self.receive(frame({"end": 2, "code": "UNAVAILABLE", "message": "."}), frame({"end": 1})), [kept])
        self.assertEqual(kept.outcome, Ended(b""))

    def test_a_goaway_says_whether_trying_again_helps(self) -> None:
        for reason, code, again in (
            ("PROTOCOL_ERROR", Code.INTERNAL, False),
            ("UNIDENTIFIED_PEER", Code.UNAUTHENTICATED, True),
            ("LIMIT_REACHED", Code.UNAVAILABLE, True),
            ("SOMETHING_NEW", Code.UNAVAILABLE, True),
        ):
            with self.subTest(reason):
                self.connection = Connection(Configuration())
                call = self.call()
                self.receive(frame({"goaway": 0, "reason": reason, "message": "So it is."}))
                self.assertEqual(self.failure(call).status.code, code)
                self.assertEqual(self.failure(call).never_executed, again)
                # One that comes too late was never sent, whatever others did.
                self.assertFalse(self.connection.start(Call("x.Y/Z", Kind.UNARY, b"{}"), 0))
                self.assertTrue(self.connection.refusal.never_executed)
                self.assertEqual(self.connection.refusal.status.code, code if again else Code.UNAVAILABLE)

    def test_a_lost_connection_fails_what_it_had(self) -> None:
        self.receive(frame({"hello": 1, "limits": {"calls": 1}}))
        cut, waiting = self.call(), self.call()
        self.assertEqual(self.connection.lost("Gone"), [cut, waiting])
        self.assertFalse(self.failure(cut).never_executed)
        self.assertTrue(self.failure(waiting).never_executed)
        self.assertEqual(self.connection.lost(), [])
        self.assertEqual(self.receive(frame({"end": 1})), [])

    # Frames

    def test_how_bytes_are_spread_means_nothing(self) -> None:
        stream = self.call(Kind.SERVER_STREAMING)
        data = frame({"item": 1}, b"\n{}") + frame({"x-new": 1}, b"}") + frame({"item": 1}) + frame({"end": 1})
        for index in range(len(data)):
            self.connection.receive(data[index : index + 1], 0)
        self.assertEqual(list(stream.inbox), [b"\n{}", b""])
        self.assertEqual(stream.outcome, Ended(b""))

    def test_a_session_is_what_the_hello_says(self) -> None:
        self.receive(frame({"hello": 2, "session": "s", "principal": "user:0", "roles": ["viewer"], "limits": {"head": 5}, "new": 1}))
        session = self.connection.session
        assert session is not None
        self.assertEqual((session.id, session.principal, session.roles, session.limits), ("s", "user:0", ("viewer",), {"head": 5}))

    def test_an_end_tells_everything_it_knows(self) -> None:
        call = self.call()
        details = [
            {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "R", "domain": "amnesty", "metadata": {"a": "b", "c": 1}},
            {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "0.250s"},
            {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "soon"},
            {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "1e400s"},
            {"@type": "x"},
            5,
        ]
        self.receive(frame({"end": 1, "code": "NEW", "message": "m", "details": details, "metadata": {"k": ["v"]}}))
        status = self.failure(call).status
        self.assertEqual((status.code, status.message, status.reason), (Code.UNKNOWN, "m", "R"))
        self.assertEqual(len(status.details), 2)
        self.assertEqual(status.retry_info and status.retry_info.retry_delay, 0.25)
        self.assertEqual(status.metadata, {"k": ["v"]})

    def test_what_breaks_the_protocol(self) -> None:
        for data in (
            b"\0\0\0\0",
            b"\1\0\0\0",
            (5 << 20).to_bytes(4, "big"),
            (16386).to_bytes(4, "big") + b"{" * 16386,
            frame({"item": 1}),  # a unary call streams nothing
            frame({"item": 2}),
            frame({"end": 2}),
            frame({"credit": 2, "bytes": 1}),
            frame({"credit": 1}),
            frame({"credit": 1, "bytes": 0}),
            frame({"credit": 1, "bytes": True}),
            frame({"end": 1, "code": 5}),
            frame({"end": 1, "details": {}}),
            frame({"end": 1, "code": "ABORTED", "metadata": {"a": "b"}}),
            frame({"end": True}),
            frame({"end": 0}),
            frame({"end": 2**53}),
            frame({"hello": 1, "window": -1}),
            frame({"hello": 1, "maxFrame": 511}),
            frame({"hello": 1, "limits": {"calls": "1"}}),
            frame({"goaway": 1, "reason": 1}),
            frame({"call": 1, "method": "x"}),
            frame({"end": 1, "ping": 1}),
            frame({}),
            frame({"none": 1}),
            (2).to_bytes(4, "big") + b"[]",
        ):
            with self.subTest(data[:60]):
                self.connection = Connection(Configuration())
                self.assert_broken(data)

    def test_no_bytes_reach_a_trap(self) -> None:
        """Whatever comes, the connection goes on or is closed, and every call that waits is told."""
        dice = random.Random(2022)
        error = {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [{"field": "/a"}, 1], "violationsTotal": 2}
        seeds = [
            frame({"hello": 1, "maxFrame": 4096, "window": 9, "limits": {"calls": 2}, "roles": ["a", 1]}),
            frame({"item": 1}, b'{"a":[1,2]}'),
            frame({"end": 2, "code": "ABORTED", "message": "m", "details": [error], "metadata": {"a": ["b"]}}),
            frame({"credit": 1, "bytes": 77}),
            frame({"ping": 5}),
            frame({"goaway": 1, "reason": "DRAINING", "graceMs": 5, "message": "m"}),
        ]
        pieces = [b"{", b"}", b"[", b"]", b'"', b"\\ud800", b"9" * 20, b"-", b"1e999", b"null", b"\n", b"\0", b"\xff", b"x-"]
        closed = 0
        for _ in range(3000):
            self.connection = Connection(Configuration())
            calls = [self.call(Kind.BIDIRECTIONAL), self.call(), self.call()]
            data = bytearray(b"".join(dice.choices(seeds, k=3)))
            for _ in range(dice.randrange(4)):
                at = dice.randrange(len(data))
                data[at : at + dice.randrange(3)] = dice.choice(pieces)
            self.connection.receive(bytes(data), 0)
            closed += self.connection.is_closed
            self.connection.lost()
            self.assertTrue(all(call.outcome for call in calls))
        self.assertGreater(closed, 1000)


if __name__ == "__main__":
    unittest.main()
