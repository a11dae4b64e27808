# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""What no vector can show: signals, full sockets, a daemon that says nothing."""

from __future__ import annotations

import os
import signal
import socket
import tempfile
import threading
import unittest
from collections.abc import Callable
from pathlib import Path

from support.peer import Listener, ScriptedPeer

from amnesty import JSON, Client, Code, Configuration, Kind, Status, raw_method

METHOD = "amnesty.v1.CaseService/Close"


class Peer(unittest.TestCase):
    """The other end in a thread."""

    def setUp(self) -> None:
        self.path = Path(self.enterContext(tempfile.TemporaryDirectory())) / "a.sock"
        self.listener = Listener(self.path)
        self.addCleanup(self.listener.close)

    def serve(self, script: Callable[[ScriptedPeer], None]) -> threading.Thread:
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

        def script(peer: ScriptedPeer) -> None:
            for _ in range(2):
                heads.append(next(iter(peer.receive().head)))
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

        def script(peer: ScriptedPeer) -> None:
            peer.send({"x-pad": 1}, b"x" * size)
            frame = peer.receive()
            peer.send({"end": frame.head["call"]}, b'{"pad":%d}' % len(frame.body["pad"]))

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
        with (
            Client(silent, configuration=Configuration(unary_timeout=0.01)) as client,
            self.assertRaises(Status) as raised,
        ):
            _ = client.session
        self.assertEqual(raised.exception.code, Code.UNAVAILABLE)


if __name__ == "__main__":
    unittest.main()
