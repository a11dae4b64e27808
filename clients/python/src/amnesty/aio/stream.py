# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""Streaming calls of the asynchronous client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable
from types import TracebackType
from typing import Generic, Self, TypeVar

from amnesty._core.call import Ended, Failed
from amnesty.aio.link import Link, WaitedCall
from amnesty.method import Method, Request, Response

T = TypeVar("T")


class Stream(Generic[Request, Response]):
    """The responses of a streaming call, in the order they were sent; to be iterated once, inside `async with`.

    The call starts when the block is entered. The iteration ends when the daemon ended the call OK, and raises Status when it ended
    otherwise or the connection was lost: a stream cut short never looks like a complete one. Leaving the block before the end gives the
    call up.
    """

    def __init__(
        self,
        method: Method[Request, Response],
        start: Callable[[], Awaitable[tuple[Link, WaitedCall]]],
        requests: Iterable[Request] | AsyncIterable[Request] | None = None,
    ) -> None:
        self._method = method
        self._start = start
        self._requests = requests
        self._started: tuple[Link, WaitedCall] | None = None
        self._sending: asyncio.Task[None] | None = None
        self._request_failure: BaseException | None = None

    async def __aenter__(self) -> Self:
        """Starts the call. Raises Status where there is no connection."""
        self._started = await self._start()
        if self._requests is not None:
            self._sending = asyncio.create_task(self._send_quietly(self._requests))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.cancel()
        if self._sending is not None:
            self._sending.cancel()
            await asyncio.wait([self._sending])

    def cancel(self) -> None:
        """Gives the call up; does nothing if it has ended."""
        link, call = self._running()
        link.cancel(call)

    def __aiter__(self) -> AsyncIterator[Response]:
        return self

    async def __anext__(self) -> Response:
        """The next response. Waits for it."""
        link, call = self._running()
        item = await link.next_item(call)
        if isinstance(item, bytes):
            return self._method.decode(item)
        if isinstance(item, Failed):
            # Where the source of the requests failed, that is why the call ended.
            raise self._request_failure or item.status
        raise StopAsyncIteration

    async def send(self, request: Request) -> bool:
        """Sends a request once the daemon has given credit for it; false where the call has ended and nobody takes it.

        Raises Status INVALID_ARGUMENT or RESOURCE_EXHAUSTED for a request that cannot be sent; the call goes on.
        """
        link, call = self._running()
        body = self._method.encode(request)
        while await link.wait_for_credit(call):
            if link.send_item(call, body):
                return True
        return False

    def done(self) -> None:
        """There are no more requests. The responses go on until the daemon ends the call."""
        link, call = self._running()
        link.half_close(call)

    async def send_all(self, requests: Iterable[Request] | AsyncIterable[Request]) -> None:
        """Sends the requests, each taken when there is credit for it, then says that there are no more.

        Ends early once the call has ended. An error of the requests themselves gives the call up.
        """
        link, call = self._running()
        source = aiter(requests if isinstance(requests, AsyncIterable) else _in_turn(requests))
        try:
            while await link.wait_for_credit(call):
                try:
                    request = await anext(source)
                except StopAsyncIteration:
                    self.done()
                    return
                await self.send(request)
        except BaseException as error:
            if not isinstance(error, asyncio.CancelledError):
                self._request_failure = error
            self.cancel()
            raise

    async def _send_quietly(self, requests: Iterable[Request] | AsyncIterable[Request]) -> None:
        try:
            await self.send_all(requests)
        except Exception:  # Kept by send_all for whoever reads the responses.
            pass

    async def response(self) -> Response:
        """The one response of a client-streaming call. Raises Status."""
        link, call = self._running()
        outcome = await link.outcome(call)
        if isinstance(outcome, Ended):
            return self._method.decode(outcome.body)
        raise self._request_failure or outcome.status

    def _running(self) -> tuple[Link, WaitedCall]:
        if self._started is None:
            raise RuntimeError("the stream has not started; use it inside async with")
        return self._started


async def _in_turn(requests: Iterable[T]) -> AsyncIterator[T]:
    for request in requests:
        yield request
