# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""What a generated stub needs of a client: one method a call kind. A test may give a stub something else that has them."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable
from typing import TYPE_CHECKING, Protocol, Unpack

from amnesty.method import Method, Request, Response
from amnesty.options import CallOptions, SyncCallOptions

if TYPE_CHECKING:
    from amnesty.aio.stream import Stream as AsyncStream
    from amnesty.stream import Stream


class Caller(Protocol):
    """Makes calls that wait."""

    def unary(
        self, method: Method[Request, Response], request: Request, /, **options: Unpack[SyncCallOptions]
    ) -> Response:
        """One request, one response."""
        ...

    def client_streaming(
        self, method: Method[Request, Response], requests: Iterable[Request], /, **options: Unpack[SyncCallOptions]
    ) -> Response:
        """Many requests, one response."""
        ...

    def server_streaming(
        self, method: Method[Request, Response], request: Request, /, **options: Unpack[SyncCallOptions]
    ) -> Stream[Request, Response]:
        """One request, many responses."""
        ...

    def bidirectional(
        self,
        method: Method[Request, Response],
        requests: Iterable[Request] | None = None,
        /,
        **options: Unpack[SyncCallOptions],
    ) -> Stream[Request, Response]:
        """Many requests, many responses."""
        ...


class AsyncCaller(Protocol):
    """Makes calls in an event loop."""

    async def unary(
        self, method: Method[Request, Response], request: Request, /, **options: Unpack[CallOptions]
    ) -> Response:
        """One request, one response."""
        ...

    async def client_streaming(
        self,
        method: Method[Request, Response],
        requests: Iterable[Request] | AsyncIterable[Request],
        /,
        **options: Unpack[CallOptions],
    ) -> Response:
        """Many requests, one response."""
        ...

    def server_streaming(
        self, method: Method[Request, Response], request: Request, /, **options: Unpack[CallOptions]
    ) -> AsyncStream[Request, Response]:
        """One request, many responses."""
        ...

    def bidirectional(
        self,
        method: Method[Request, Response],
        requests: Iterable[Request] | AsyncIterable[Request] | None = None,
        /,
        **options: Unpack[CallOptions],
    ) -> AsyncStream[Request, Response]:
        """Many requests, many responses."""
        ...
