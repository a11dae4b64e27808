# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""The asynchronous client."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import AsyncIterable, Awaitable, Callable, Iterable
from types import TracebackType
from typing import Self, Unpack

from amnesty._core import statuses
from amnesty._core.call import Ended, Failed, Outcome
from amnesty._core.retry import Backoff
from amnesty.aio.link import Link, WaitedCall
from amnesty.aio.stream import Stream
from amnesty.generated.aio_services import Services
from amnesty.method import Method, Request, Response
from amnesty.options import CallOptions, Configuration, socket_path
from amnesty.session import Session
from amnesty.status import Status


class Client(Services):
    """A client of the amnesty daemon for one event loop; its tasks may share one, and their calls share one connection.

    A lost connection is made anew when the next call comes. Every call raises `Status`; a cancelled task gives its call up.

        async with Client("/run/amnestyd/amnestyd.sock") as client:
            answer = await client.eligibility.assess(AssessRequest(record=record))
    """

    def __init__(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        configuration: Configuration | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`path`: the daemon's socket; default `$AMNESTY_SOCKET`, else `/run/amnestyd/amnestyd.sock`. `pause` waits between tries."""
        super().__init__(self)
        self._path = socket_path(path)
        self._configuration = configuration or Configuration()
        self._pause = pause
        self._connecting = asyncio.Lock()
        self._link: Link | None = None
        # Those that take no more calls, and serve the ones they have to their end.
        self._draining: list[Link] = []
        self._is_closed = False

    async def __aenter__(self) -> Self:
        """Connects. Raises Status UNAVAILABLE, reason CANNOT_CONNECT, or PERMISSION_DENIED, reason SOCKET_NOT_PERMITTED."""
        await self._connected()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Ends the connection and the calls on it; calls made afterwards are refused."""
        self._is_closed = True
        async with self._connecting:
            links, self._draining = self._draining, []
            if self._link is not None:
                links.append(self._link)
            for link in links:
                await link.close()

    async def session(self) -> Session:
        """What the daemon said of this connection; waits for its hello. Raises Status."""
        session = await (await self._connected()).session()
        if session is None:
            raise statuses.connection_lost("The connection ended")
        return session

    async def unary(
        self, method: Method[Request, Response], request: Request, /, **options: Unpack[CallOptions]
    ) -> Response:
        """One request, one response. Tried again as protocol/SPEC.md section R allows."""
        loop = asyncio.get_running_loop()
        timeout = options.get("timeout", self._configuration.unary_timeout)
        deadline = None if timeout is None else loop.time() + timeout
        body = method.encode(request)
        backoff = Backoff(self._configuration.retries, method.idempotency)
        while True:
            outcome = await self._attempt(method, body, deadline, options)
            if isinstance(outcome, Ended):
                return method.decode(outcome.body)
            delay = backoff.delay(outcome, random.random())
            if delay is None or (deadline is not None and loop.time() + delay >= deadline):
                raise outcome.status
            await self._pause(delay)

    async def client_streaming(
        self,
        method: Method[Request, Response],
        requests: Iterable[Request] | AsyncIterable[Request],
        /,
        **options: Unpack[CallOptions],
    ) -> Response:
        """Many requests, one response; a request is taken when the daemon has given credit for it."""
        async with self._stream(method, None, None, options) as stream:
            await stream.send_all(requests)
            return await stream.response()

    def server_streaming(
        self, method: Method[Request, Response], request: Request, /, **options: Unpack[CallOptions]
    ) -> Stream[Request, Response]:
        """One request, many responses; credit for more is given as they are taken."""
        return self._stream(method, method.encode(request), None, options)

    def bidirectional(
        self,
        method: Method[Request, Response],
        requests: Iterable[Request] | AsyncIterable[Request] | None = None,
        /,
        **options: Unpack[CallOptions],
    ) -> Stream[Request, Response]:
        """Many requests, many responses, both with back-pressure.

        A task takes the requests as credit comes. With None the caller sends by hand: `Stream.send`, then `Stream.done`.
        """
        return self._stream(method, None, requests, options)

    async def _attempt(
        self, method: Method[Request, Response], body: bytes, deadline: float | None, options: CallOptions
    ) -> Outcome:
        try:
            link = await self._connected()
        except Status as status:
            return Failed(status)
        call = _call(method, body, deadline, options)
        return await link.outcome(call) if link.start(call) else link.refusal

    def _stream(
        self,
        method: Method[Request, Response],
        body: bytes | None,
        requests: Iterable[Request] | AsyncIterable[Request] | None,
        options: CallOptions,
    ) -> Stream[Request, Response]:
        async def start() -> tuple[Link, WaitedCall]:
            timeout = options.get("timeout")
            deadline = None if timeout is None else asyncio.get_running_loop().time() + timeout
            # A connection that went away in between is replaced once.
            for _ in range(2):
                link = await self._connected()
                call = _call(method, body, deadline, options)
                if link.start(call):
                    return link, call
            raise link.refusal.status

        return Stream(method, start, requests)

    async def _connected(self) -> Link:
        """The connection for a new call (G-8)."""
        if self._link is not None and self._link.accepts_calls and not self._is_closed:
            return self._link
        async with self._connecting:
            if self._is_closed:
                raise statuses.client_closed()
            if self._link is not None and self._link.accepts_calls:
                return self._link
            link = await Link.open(self._path, self._configuration)
            self._draining = [old for old in [*self._draining, self._link] if old is not None and not old.is_closed]
            self._link = link
            return link


def _call(
    method: Method[Request, Response], body: bytes | None, deadline: float | None, options: CallOptions
) -> WaitedCall:
    return WaitedCall(
        method.name,
        method.kind,
        body,
        deadline=deadline,
        actor=options.get("actor"),
        metadata=options.get("metadata"),
    )
