# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""One connection of the asynchronous client: a transport and the state machine, in one event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from amnesty._core.call import Call, Failed, Outcome
from amnesty._core.connection import Connection
from amnesty._core.sockets import connect
from amnesty.options import Configuration
from amnesty.session import Session


class WaitedCall(Call):
    """A call with the tasks that wait for something new of it."""

    _waiters: tuple[asyncio.Future[None], ...] = ()

    def wait(self) -> asyncio.Future[None]:
        """Done when something is new."""
        future = asyncio.get_running_loop().create_future()
        self._waiters = (*self._waiters, future)
        return future

    def tell(self) -> None:
        """Something is new."""
        waiters, self._waiters = self._waiters, ()
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)


class Link(asyncio.Protocol):
    """Tasks of one loop may share it."""

    def __init__(self, configuration: Configuration) -> None:
        self._loop = asyncio.get_running_loop()
        self._machine: Connection[WaitedCall] = Connection(configuration)
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._greeted = self._loop.create_future()
        self._closed = self._loop.create_future()
        # Set while the transport takes more: a sender of items waits for it.
        self._writable = asyncio.Event()
        self._writable.set()

    @classmethod
    async def open(cls, path: str, configuration: Configuration) -> Link:
        """Connects. Raises Status."""
        connection = connect(path)
        try:
            _, link = await asyncio.get_running_loop().create_unix_connection(lambda: cls(configuration), sock=connection)
        except BaseException:
            connection.close()
            raise
        return link

    @property
    def accepts_calls(self) -> bool:
        """Whether a new call may be started here."""
        return self._machine.accepts_calls

    @property
    def is_closed(self) -> bool:
        """Whether the connection is over."""
        return self._machine.is_closed

    @property
    def refusal(self) -> Failed:
        """Why `start` took no call."""
        return self._machine.refusal

    async def session(self) -> Session | None:
        """What the daemon's hello says; waits for it. None where the connection ended first."""
        if self._machine.session is None and not self._machine.is_closed:
            await asyncio.shield(self._greeted)
        return self._machine.session

    async def close(self) -> None:
        """Ends the connection and its calls."""
        self._over("The client was closed")
        await asyncio.shield(self._closed)

    # Calls

    def start(self, call: WaitedCall) -> bool:
        """Starts a call; false where another connection has to be taken."""
        if not self._machine.start(call, self._loop.time()):
            return False
        self._write()
        self._set_timer(call.deadline)
        return True

    async def outcome(self, call: WaitedCall) -> Outcome:
        """Waits for the end; a cancelled task gives the call up."""
        await self._wait(call, lambda: call.outcome is not None)
        assert call.outcome is not None
        return call.outcome

    async def next_item(self, call: WaitedCall) -> bytes | Outcome:
        """Waits for an item; the outcome once there is none left."""
        await self._wait(call, lambda: bool(call.inbox) or call.outcome is not None)
        body = call.take_item()
        if body is None:
            assert call.outcome is not None
            return call.outcome
        if self._machine.owes_credit(call):
            self._machine.give_credit(call)
            self._write()
        return body

    async def wait_for_credit(self, call: WaitedCall) -> bool:
        """Waits until an item may be sent; false once the call takes none."""
        await self._wait(call, lambda: call.may_send or call.takes_no_more)
        while call.may_send and not self._writable.is_set():
            await self._writable.wait()
        return call.may_send

    def send_item(self, call: WaitedCall, body: bytes) -> bool:
        """Sends an item; false where the call takes none now. Raises Status MESSAGE_TOO_LARGE."""
        sent = self._machine.send_item(call, body)
        self._write()
        return sent

    def half_close(self, call: WaitedCall) -> None:
        """There are no more items."""
        self._machine.half_close(call)
        self._write()
        call.tell()

    def cancel(self, call: WaitedCall) -> None:
        """Gives the call up; does nothing if it has ended."""
        self._tell(self._machine.cancel(call))
        self._write()

    async def _wait(self, call: WaitedCall, done: Callable[[], bool]) -> None:
        try:
            while not done():
                await call.wait()
        except asyncio.CancelledError:
            self.cancel(call)
            raise

    # The transport's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The hello goes first."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._write()

    def data_received(self, data: bytes) -> None:
        """Takes what was read, and tells the tasks that waited for it."""
        self._tell(self._machine.receive(data, self._loop.time()))
        if self._machine.session is not None and not self._greeted.done():
            self._greeted.set_result(None)
        if self._machine.is_closed:
            self._over("")
        else:
            self._write()

    def connection_lost(self, exc: Exception | None) -> None:
        """The end of input, or of the socket."""
        self._over(f"The connection failed ({exc})" if exc else "The connection ended")
        if not self._closed.done():
            self._closed.set_result(None)

    def pause_writing(self) -> None:
        """The socket is full."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """The socket takes more."""
        self._writable.set()

    def _over(self, why: str) -> None:
        self._tell(self._machine.lost(why))
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not self._greeted.done():
            self._greeted.set_result(None)
        self._writable.set()
        if self._transport is not None:
            self._transport.abort()

    def _write(self) -> None:
        outgoing = self._machine.take_outgoing()
        if outgoing and self._transport is not None:
            self._transport.write(outgoing)

    def _tell(self, calls: Iterable[WaitedCall]) -> None:
        for call in calls:
            call.tell()

    def _set_timer(self, deadline: float | None) -> None:
        """One timer serves all calls: it is set for the earliest deadline, and finds out then whose time is up."""
        if deadline is None or (self._timer is not None and self._timer.when() <= deadline):
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_at(deadline, self._time_is_up)

    def _time_is_up(self) -> None:
        self._timer = None
        self._tell(self._machine.expire(self._loop.time()))
        self._write()
        self._set_timer(self._machine.next_deadline)
