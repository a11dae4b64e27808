# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""Streaming calls of the synchronous client."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Generic, Self

from amnesty._core.call import Ended, Failed
from amnesty._link import Link, WaitedCall
from amnesty.method import Method, Request, Response
from amnesty.options import Cancellation


class Stream(Generic[Request, Response]):
    """The responses of a streaming call, in the order they were sent; to be iterated once.

    The iteration ends when the daemon ended the call OK, and raises Status when it ended otherwise or the connection was lost: a stream cut
    short never looks like a complete one. Leaving the `with` block before the end gives the call up.
    """

    def __init__(
        self, method: Method[Request, Response], link: Link, call: WaitedCall, cancellation: Cancellation | None
    ) -> None:
        self._method = method
        self._link = link
        self._call = call
        self._cancellation = cancellation
        self._request_failure: BaseException | None = None
        if cancellation is not None:
            cancellation.add(self, self.cancel)

    def cancel(self) -> None:
        """Gives the call up, from any thread; does nothing if it has ended."""
        self._link.cancel(self._call)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.cancel()
        self._settle()

    def __iter__(self) -> Iterator[Response]:
        return self

    def __next__(self) -> Response:
        """The next response. Waits for it."""
        item = self._link.next_item(self._call)
        if isinstance(item, bytes):
            return self._method.decode(item)
        self._settle()
        if isinstance(item, Failed):
            # Where the source of the requests failed, that is why the call ended.
            raise self._request_failure or item.status
        raise StopIteration

    def _settle(self) -> None:
        if self._cancellation is not None:
            self._cancellation.remove(self)

    def send(self, request: Request) -> bool:
        """Sends a request once the daemon has given credit for it; false where the call has ended and nobody takes it.

        Raises Status INVALID_ARGUMENT or RESOURCE_EXHAUSTED for a request that cannot be sent; the call goes on.
        """
        body = self._method.encode(request)
        while self._link.wait_for_credit(self._call):
            if self._link.send_item(self._call, body):
                return True
        return False

    def done(self) -> None:
        """There are no more requests. The responses go on until the daemon ends the call."""
        self._link.half_close(self._call)

    def send_all(self, requests: Iterable[Request]) -> None:
        """Sends the requests, each taken when there is credit for it, then says that there are no more.

        Ends early once the call has ended. An error of the requests themselves gives the call up.
        """
        try:
            source = iter(requests)
            while self._link.wait_for_credit(self._call):
                try:
                    request = next(source)
                except StopIteration:
                    self.done()
                    return
                self.send(request)
        except BaseException as error:
            self._request_failure = error
            self.cancel()
            raise

    def start_sending(self, requests: Iterable[Request]) -> None:
        """`send_all` in a thread of its own; its error is raised by the iteration.

        It ends with the call, or where the requests themselves wait for something, with their next one.
        """
        threading.Thread(target=self._send_quietly, args=(requests,), name="amnesty-requests", daemon=True).start()

    def _send_quietly(self, requests: Iterable[Request]) -> None:
        try:
            self.send_all(requests)
        except BaseException:  # Kept by send_all for whoever reads the responses.
            pass

    def response(self) -> Response:
        """The one response of a client-streaming call. Raises Status."""
        outcome = self._link.outcome(self._call)
        self._settle()
        if isinstance(outcome, Ended):
            return self._method.decode(outcome.body)
        raise self._request_failure or outcome.status
