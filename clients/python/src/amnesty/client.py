# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""The synchronous client."""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self, Unpack

from amnesty._core import statuses
from amnesty._core.call import Ended, Failed, Outcome
from amnesty._core.retry import Backoff
from amnesty._core.sockets import connect
from amnesty._link import Link, WaitedCall
from amnesty.generated.services import Services
from amnesty.method import Method, Request, Response
from amnesty.options import Cancellation, Configuration, SyncCallOptions, socket_path
from amnesty.session import Session
from amnesty.status import Status
from amnesty.stream import Stream


class Client(Services):
    """A client of the amnesty daemon; many threads may share one, and their calls share one connection.

    A lost connection is made anew when the next call comes. Every call raises `Status`.

        with Client("/run/amnestyd/amnestyd.sock") as client:
            answer = client.eligibility.assess(AssessRequest(record=record))
    """

    def __init__(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        configuration: Configuration | None = None,
        pause: Callable[[float], None] | None = None,
    ) -> None:
        """`path`: the daemon's socket; default `$AMNESTY_SOCKET`, else `/run/amnestyd/amnestyd.sock`. `pause` waits between tries."""
        super().__init__(self)
        self._path = socket_path(path)
        self._configuration = configuration or Configuration()
        self._pause = pause
        self._lock = threading.Lock()
        self._link: Link | None = None
        # Those that take no more calls, and serve the ones they have to their end.
        self._draining: list[Link] = []
        self._is_closed = False

    def __enter__(self) -> Self:
        """Connects. Raises Status UNAVAILABLE, reason CANNOT_CONNECT, or PERMISSION_DENIED, reason SOCKET_NOT_PERMITTED."""
        self._connected()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection and the calls on it; calls made afterwards are refused."""
        with self._lock:
            self._is_closed = True
            links, self._draining = self._draining, []
            if self._link is not None:
                links.append(self._link)
        for link in links:
            link.close()

    @property
    def session(self) -> Session:
        """What the daemon said of this connection; waits for its hello. Raises Status."""
        session = self._connected().session(time.monotonic() + (self._configuration.unary_timeout or 30))
        if session is None:
            raise statuses.connection_lost("The connection ended, or said no hello,")
        return session

    def unary(
        self, method: Method[Request, Response], request: Request, /, **options: Unpack[SyncCallOptions]
    ) -> Response:
        """One request, one response. Tried again as protocol/SPEC.md section R allows."""
        timeout = options.get("timeout", self._configuration.unary_timeout)
        deadline = None if timeout is None else time.monotonic() + timeout
        body = method.encode(request)
        backoff = Backoff(self._configuration.retries, method.idempotency)
        while True:
            outcome = self._attempt(method, body, deadline, options)
            if isinstance(outcome, Ended):
                return method.decode(outcome.body)
            delay = backoff.delay(outcome, random.random())
            if delay is None or (deadline is not None and time.monotonic() + delay >= deadline):
                raise outcome.status
            self._wait(delay, options.get("cancellation"))

    def client_streaming(
        self, method: Method[Request, Response], requests: Iterable[Request], /, **options: Unpack[SyncCallOptions]
    ) -> Response:
        """Many requests, one response; a request is taken when the daemon has given credit for it."""
        with self._open(method, None, options) as stream:
            stream.send_all(requests)
            return stream.response()

    def server_streaming(
        self, method: Method[Request, Response], request: Request, /, **options: Unpack[SyncCallOptions]
    ) -> Stream[Request, Response]:
        """One request, many responses; credit for more is given as they are taken."""
        return self._open(method, method.encode(request), options)

    def bidirectional(
        self,
        method: Method[Request, Response],
        requests: Iterable[Request] | None = None,
        /,
        **options: Unpack[SyncCallOptions],
    ) -> Stream[Request, Response]:
        """Many requests, many responses, both with back-pressure.

        A thread takes the requests as credit comes. With None the caller sends by hand: `Stream.send`, then `Stream.done`.
        """
        stream = self._open(method, None, options)
        if requests is not None:
            stream.start_sending(requests)
        return stream

    def _attempt(
        self, method: Method[Request, Response], body: bytes, deadline: float | None, options: SyncCallOptions
    ) -> Outcome:
        try:
            link = self._connected()
        except Status as status:
            return Failed(status)
        call = _call(method, body, deadline, options)
        cancellation = options.get("cancellation")
        if cancellation is not None and cancellation.is_cancelled:
            return Failed(statuses.cancelled("The caller gave up before the call was sent"), never_executed=True)
        try:
            if not link.start(call):
                return link.refusal
            if cancellation is not None:
                cancellation.add(call, lambda: link.cancel(call))
            return link.outcome(call)
        except BaseException:
            # An interruption may come at any point; the daemon is not to work for nobody.
            link.cancel(call)
            raise
        finally:
            if cancellation is not None:
                cancellation.remove(call)

    def _open(
        self, method: Method[Request, Response], body: bytes | None, options: SyncCallOptions
    ) -> Stream[Request, Response]:
        """The stream with its call started; a connection that went away in between is replaced once."""
        timeout = options.get("timeout")
        deadline = None if timeout is None else time.monotonic() + timeout
        cancellation = options.get("cancellation")
        if cancellation is not None and cancellation.is_cancelled:
            raise statuses.cancelled("The caller gave up before the call was sent")
        for _ in range(2):
            link = self._connected()
            call = _call(method, body, deadline, options)
            if link.start(call):
                return Stream(method, link, call, cancellation)
        raise link.refusal.status

    def _connected(self) -> Link:
        """The connection for a new call (G-8)."""
        with self._lock:
            if self._is_closed:
                raise statuses.client_closed()
            if self._link is not None and self._link.accepts_calls:
                return self._link
            link = Link(connect(self._path), self._configuration)
            self._draining = [old for old in [*self._draining, self._link] if old is not None and not old.is_closed]
            self._link = link
            return link

    def _wait(self, delay: float, cancellation: Cancellation | None) -> None:
        if self._pause is not None:
            self._pause(delay)
        elif cancellation is None:
            time.sleep(delay)
        elif cancellation.wait(delay):
            raise statuses.cancelled("The caller gave up while it waited to try again")


def _call(
    method: Method[Request, Response], body: bytes | None, deadline: float | None, options: SyncCallOptions
) -> WaitedCall:
    return WaitedCall(
        method.name,
        method.kind,
        body,
        deadline=deadline,
        actor=options.get("actor"),
        metadata=options.get("metadata"),
    )
