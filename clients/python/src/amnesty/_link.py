# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""One connection of the synchronous client: a socket, the state machine, and the thread that reads and keeps time."""

from __future__ import annotations

import os
import select
import socket
import threading
import time
from collections.abc import Callable, Iterable
from typing import TypeVar

from amnesty._core.call import Call, Failed, Outcome
from amnesty._core.connection import Connection
from amnesty._core.sockets import READ_SIZE
from amnesty.options import Configuration
from amnesty.session import Session

T = TypeVar("T")


class WaitedCall(Call):
    """A call with the condition on which its threads wait; set when it is started on a link."""

    condition: threading.Condition | None = None


class Link:
    """Many threads may use it. Callers write for themselves; the link's own thread reads, and writes what a full socket left."""

    def __init__(self, connection: socket.socket, configuration: Configuration) -> None:
        self._socket = connection
        self._lock = threading.RLock()
        self._machine: Connection[WaitedCall] = Connection(configuration)
        self._unsent = bytearray()
        self._timer: float | None = None
        self._wake_up = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._greeted = threading.Condition(self._lock)
        with self._lock:
            self._write()
        self._thread = threading.Thread(target=self._serve, name="amnesty-connection", daemon=True)
        self._thread.start()

    @property
    def accepts_calls(self) -> bool:
        """Whether a new call may be started here."""
        with self._lock:
            return self._machine.accepts_calls

    @property
    def is_closed(self) -> bool:
        """Whether the connection is over."""
        with self._lock:
            return self._machine.is_closed

    @property
    def refusal(self) -> Failed:
        """Why `start` took no call."""
        with self._lock:
            return self._machine.refusal

    def session(self, deadline: float) -> Session | None:
        """What the daemon's hello says; waits for it. None where the connection ended first."""
        with self._lock:
            self._greeted.wait_for(
                lambda: self._machine.session is not None or self._machine.is_closed, max(0.0, deadline - time.monotonic())
            )
            return self._machine.session

    def close(self) -> None:
        """Ends the connection and its calls."""
        with self._lock:
            self._tell(self._machine.lost("The client was closed"))
            self._wake()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    # Calls

    def start(self, call: WaitedCall) -> bool:
        """Starts a call; false where another connection has to be taken."""
        with self._lock:
            call.condition = threading.Condition(self._lock)
            if not self._machine.start(call, time.monotonic()):
                return False
            self._write()
            if call.deadline is not None and (self._timer is None or call.deadline < self._timer):
                self._wake()
            return True

    def outcome(self, call: WaitedCall) -> Outcome:
        """Waits for the end; an interruption of the thread gives the call up."""
        with self._lock:
            self._wait(call, lambda: call.outcome is not None)
            assert call.outcome is not None
            return call.outcome

    def next_item(self, call: WaitedCall) -> bytes | Outcome:
        """Waits for an item; the outcome once there is none left."""
        body = call.take_item()
        if body is None:
            with self._lock:
                self._wait(call, lambda: bool(call.inbox) or call.outcome is not None)
                body = call.take_item()
                if body is None:
                    assert call.outcome is not None
                    return call.outcome
        if self._machine.owes_credit(call):
            with self._lock:
                self._machine.give_credit(call)
                self._write()
        return body

    def wait_for_credit(self, call: WaitedCall) -> bool:
        """Waits until an item may be sent; false once the call takes none."""
        with self._lock:
            self._wait(call, lambda: call.may_send or call.takes_no_more)
            return call.may_send

    def send_item(self, call: WaitedCall, body: bytes) -> bool:
        """Sends an item; false where the call takes none now. Raises Status MESSAGE_TOO_LARGE."""
        with self._lock:
            sent = self._machine.send_item(call, body)
            self._write()
            return sent

    def half_close(self, call: WaitedCall) -> None:
        """There are no more items."""
        with self._lock:
            self._machine.half_close(call)
            self._write()
            # Another thread may wait for credit that it needs no more.
            self._tell([call])

    def cancel(self, call: WaitedCall) -> None:
        """Gives the call up; does nothing if it has ended."""
        with self._lock:
            self._tell(self._machine.cancel(call))
            self._write()

    def _wait(self, call: WaitedCall, done: Callable[[], bool]) -> None:
        assert call.condition is not None
        try:
            while not done():
                call.condition.wait()
        except BaseException:
            self.cancel(call)
            raise

    # Input and output; all under the lock but the waiting

    def _tell(self, calls: Iterable[WaitedCall]) -> None:
        for call in calls:
            if call.condition is not None:
                call.condition.notify_all()

    def _write(self) -> None:
        """Writes as much as the socket takes; the thread writes the rest when it takes more."""
        outgoing = self._machine.take_outgoing()
        if self._unsent:
            self._unsent += outgoing
        elif outgoing:
            sent = self._send(outgoing)
            if sent < len(outgoing):
                self._unsent += memoryview(outgoing)[sent:]
                self._wake()

    def _send(self, data: bytes | bytearray) -> int:
        try:
            return self._socket.send(data, socket.MSG_NOSIGNAL)
        except BlockingIOError:
            return 0
        except OSError:
            # Nobody takes it. What the daemon said before it closed is still read, and tells why.
            return len(data)

    def _wake(self) -> None:
        if self._wake_up >= 0:
            os.eventfd_write(self._wake_up, 1)

    def _serve(self) -> None:
        poll = select.poll()
        poll.register(self._wake_up, select.POLLIN)
        poll.register(self._socket, select.POLLIN)
        try:
            while self._step(poll):
                pass
        finally:
            with self._lock:
                self._tell(self._machine.lost())
                self._greeted.notify_all()
                self._socket.close()
                os.close(self._wake_up)
                self._wake_up = -1

    def _set_timer(self) -> None:
        """A timer that is set stays set, so that calls in a row do not wake the thread; it may find nothing to do."""
        deadline = self._machine.next_deadline
        if self._timer is None or self._timer <= time.monotonic():
            self._timer = deadline
        elif deadline is not None:
            self._timer = min(self._timer, deadline)

    def _step(self, poll: select.poll) -> bool:
        """Waits once, and does what has become possible; false when the connection is over."""
        with self._lock:
            if self._machine.is_closed:
                return False
            self._set_timer()
            timeout = None if self._timer is None else max(0.0, (self._timer - time.monotonic()) * 1000)
            poll.modify(self._socket, select.POLLIN | select.POLLOUT if self._unsent else select.POLLIN)
        ready = dict(poll.poll(timeout))
        with self._lock:
            now = time.monotonic()
            if self._wake_up in ready:
                os.eventfd_read(self._wake_up)
            if ready.get(self._socket.fileno(), 0) & ~select.POLLOUT:
                self._read(now)
            self._tell(self._machine.expire(now))
            if self._unsent:
                del self._unsent[: self._send(self._unsent)]
            self._write()
        return True

    def _read(self, now: float) -> None:
        try:
            data = self._socket.recv(READ_SIZE)
        except BlockingIOError:
            return
        except OSError as error:
            self._tell(self._machine.lost(f"The connection failed ({error.strerror})"))
            return
        if data:
            greeted = self._machine.session is not None
            self._tell(self._machine.receive(data, now))
            if not greeted and self._machine.session is not None:
                self._greeted.notify_all()
        else:
            self._tell(self._machine.lost())
