# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""What the shared vectors leave open, in their language and against both clients; and what only a script can make a daemon do."""

from __future__ import annotations

import os
import signal
import socket
import tempfile
import threading
import unittest
from pathlib import Path
from typing import Any

from support.client_runner import ClientVectorRunner, Listener
from support.peer import VectorConnection
from support.users import AsyncUser, SyncUser
from support.vectors import outgoing

from amnesty import JSON, Client, Code, Configuration, Kind, Status, raw_method

METHOD = "amnesty.v1.CaseService/Close"
CALL = {"...": True, "call": "$a", "method": METHOD}
BODY = {"idempotencyKey": "k-1"}


def start(kind: str = "unary", idempotency: str = "none", **members: Any) -> dict[str, Any]:
    """The user makes the call `a`."""
    return {"start": {"call": "a", "method": METHOD, "kind": kind, "idempotency": idempotency, "request": BODY} | members}


def unavailable(delay: str) -> dict[str, Any]:
    """The daemon asks for patience."""
    details = [
        {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "OVERLOADED", "domain": "amnesty", "metadata": {}},
        {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay},
    ]
    return {"send": {"head": {"end": "$a", "code": "UNAVAILABLE", "message": "Later.", "details": details}}}


EXPECT = {"expect": {"head": CALL, "body": BODY}}

SCRIPTS: dict[str, list[dict[str, Any]]] = {
    "an unidentified peer is told so": [
        start(),
        EXPECT,
        {"send": {"head": {"goaway": 0, "reason": "UNIDENTIFIED_PEER", "message": "Who are you?"}}},
        {"finish": {"call": "a", "code": "UNAUTHENTICATED", "reason": "UNIDENTIFIED_PEER"}},
    ],
    "who broke the protocol does not try again": [
        start(idempotency="idempotent"),
        EXPECT,
        {"send": {"head": {"goaway": 0, "reason": "PROTOCOL_ERROR", "message": "No."}}},
        {"finish": {"call": "a", "code": "INTERNAL", "reason": "PROTOCOL_ERROR"}},
    ],
    "a command above a goaway keeps its key": [
        start(),
        EXPECT,
        {"send": {"head": {"goaway": 0, "reason": "DRAINING", "graceMs": 1}}},
        {"expect": {"head": CALL, "body": BODY}, "on": "b"},
        {"send": {"head": {"end": "$a"}, "body": {"done": 1}}, "on": "b"},
        {"finish": {"call": "a", "response": {"done": 1}}},
    ],
    "tries end with the policy": [
        start(idempotency="no_side_effects"),
        *[step for _ in range(4) for step in (EXPECT, unavailable("0s"))],
        {"finish": {"call": "a", "code": "UNAVAILABLE", "reason": "OVERLOADED"}},
    ],
    "no try is made that the deadline would cut": [
        start(idempotency="no_side_effects", timeoutMs=20_000),
        EXPECT,
        unavailable("21s"),
        {"finish": {"call": "a", "code": "UNAVAILABLE", "reason": "OVERLOADED"}},
    ],
    "a response that is no JSON is unreadable, and the connection goes on": [
        start(idempotency="no_side_effects"),
        EXPECT,
        {"send": {"head": {"end": "$a"}, "bodyText": "{"}},
        {"finish": {"call": "a", "code": "INTERNAL", "reason": "UNREADABLE_RESPONSE"}},
        start(),
        EXPECT,
        {"send": {"head": {"end": "$a"}}},
        {"finish": {"call": "a", "response": {}}},
    ],
    "a stream above a goaway is the caller's to make again": [
        start(kind="server_streaming", idempotency="no_side_effects"),
        EXPECT,
        {"send": {"head": {"goaway": 0, "reason": "DRAINING", "graceMs": 1}}},
        {"finish": {"call": "a", "items": [], "code": "UNAVAILABLE", "reason": "DRAINING"}},
    ],
    "the daemon may end a stream of requests before its end": [
        start(kind="client_streaming", requests=[{"$bytes": 300_000}, {"$bytes": 20}]),
        {"expect": {"head": {"...": True, "call": "$a", "open": True}}},
        {"expect": {"head": {"item": "$a"}, "body": {"$any": True}}},
        {"send": {"head": {"end": "$a"}, "body": {"enough": True}}},
        {"finish": {"call": "a", "response": {"enough": True}}},
    ],
}


class Scripts(unittest.TestCase):
    """Each meets a client of its own."""

    def test_scripts(self) -> None:
        for user in (SyncUser, AsyncUser):
            for name, steps in SCRIPTS.items():
                with self.subTest(name, user=user.__name__), tempfile.TemporaryDirectory() as folder:
                    path = Path(folder) / "a.sock"
                    listener = Listener(path)
                    try:
                        with user(path) as caller:
                            ClientVectorRunner(listener, caller).run({"name": name, "steps": steps})
                    finally:
                        listener.close()


class Peer(unittest.TestCase):
    """The other end in a thread."""

    def setUp(self) -> None:
        self.path = Path(self.enterContext(tempfile.TemporaryDirectory())) / "a.sock"
        self.listener = Listener(self.path)
        self.addCleanup(self.listener.close)

    def serve(self, script: Any) -> threading.Thread:
        """Runs the script on the first connection."""

        def run() -> None:
            peer = self.listener.accept()
            try:
                script(peer)
            finally:
                peer.close()

        thread = threading.Thread(target=run)
        thread.start()
        self.addCleanup(thread.join)
        return thread

    def test_an_interrupted_thread_gives_its_call_up(self) -> None:
        heads = []

        def script(peer: VectorConnection) -> None:
            for _ in range(2):
                frame = peer.next()
                assert frame is not None
                heads.append(next(iter(frame.head)))
                if len(heads) == 1:
                    os.kill(os.getpid(), signal.SIGINT)

        with Client(self.path) as client:
            peer = self.serve(script)
            with self.assertRaises(KeyboardInterrupt):
                client.unary(raw_method(METHOD, Kind.UNARY), {})
            peer.join()
        self.assertEqual(heads, ["call", "cancel"])

    def test_neither_side_waits_for_the_other_to_read(self) -> None:
        """The daemon reads nothing before it has written more than a socket holds, and the client writes as much at the same time."""
        size = 3 << 20

        def script(peer: VectorConnection) -> None:
            peer.send(outgoing({"head": {"x-pad": 1}, "bodyFill": {"before": "", "fill": "x", "count": size, "after": ""}}))
            frame = peer.next()
            assert frame is not None
            peer.send(outgoing({"head": {"end": frame.head["call"]}, "body": {"pad": len(frame.body["pad"])}}))

        with Client(self.path) as client:
            self.serve(script)
            request: JSON = {"pad": "y" * size}
            answer = client.unary(raw_method(METHOD, Kind.UNARY), request)
        self.assertEqual(answer, {"pad": size})

    def test_a_daemon_without_a_hello_in_time_has_no_session(self) -> None:
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.addCleanup(listener.close)
        silent = self.path.with_name("silent.sock")
        listener.bind(str(silent))
        listener.listen()
        with Client(silent, configuration=Configuration(unary_timeout=0.01)) as client, self.assertRaises(Status) as raised:
            _ = client.session
        self.assertEqual(raised.exception.code, Code.UNAVAILABLE)


if __name__ == "__main__":
    unittest.main()
