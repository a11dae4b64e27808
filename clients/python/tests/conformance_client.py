# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""The client that protocol/conformance tests: `conformance_client.py [--asyncio]` does what its standard input says."""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from typing import Any

import amnesty
from amnesty import JSON, Cancellation, Idempotency, Kind, Method, Status, aio, raw_method
from amnesty.generated import methods
from amnesty.options import SyncCallOptions


class Call:
    """What a `start` asks for, and how it ends."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.number: int = told["call"]
        self.method: Method[JSON, JSON] = raw_method(
            told["method"], Kind(told["kind"]), Idempotency(told["idempotency"])
        )
        self.requests: list[JSON] = told["requests"]
        self.timeout: float | None = told["timeoutMs"] / 1000 if "timeoutMs" in told else 30
        # The typed message: what it does not know must not trouble it.
        self.is_typed = told["method"] == methods.HEALTH_CHECK.name
        typed = methods.HEALTH_CHECK
        self.typed = Method(self.method.name, self.method.kind, self.method.idempotency, typed.write, typed.read)
        self.end: dict[str, JSON] = {"call": self.number}
        self.items: list[JSON] = []

    def fail(self, status: Status) -> None:
        """It ends with an error."""
        self.end["code"] = str(status.code)
        self.end["reason"] = status.reason

    def tell(self) -> None:
        """Writes its end."""
        if self.method.kind in (Kind.SERVER_STREAMING, Kind.BIDIRECTIONAL):
            self.end["items"] = list(self.items)
        # One write, so that the lines of two threads stay apart.
        sys.stdout.write(json.dumps(self.end) + "\n")
        sys.stdout.flush()


class SyncUser:
    """A thread for each call."""

    def __init__(self, path: str) -> None:
        self._client = amnesty.Client(path, pause=lambda seconds: None)
        self._calls: dict[int, tuple[Cancellation, threading.Thread]] = {}

    def start(self, call: Call) -> None:
        """Makes a call."""
        cancellation = Cancellation()
        thread = threading.Thread(target=self._run, args=(call, cancellation))
        self._calls[call.number] = (cancellation, thread)
        thread.start()

    def cancel(self, number: int) -> None:
        """Gives it up."""
        self._calls[number][0].cancel()

    def close(self) -> None:
        """Gives everything up."""
        self._client.close()
        for cancellation, thread in self._calls.values():
            cancellation.cancel()
            thread.join()

    def _run(self, call: Call, cancellation: Cancellation) -> None:
        try:
            self._perform(call, {"cancellation": cancellation, "timeout": call.timeout})
        except Status as status:
            call.fail(status)
        call.tell()

    def _perform(self, call: Call, options: SyncCallOptions) -> None:
        method, requests, client = call.method, call.requests, self._client
        match method.kind:
            case Kind.UNARY if call.is_typed:
                call.end["response"] = client.unary(call.typed, amnesty.HealthCheckRequest(), **options).to_json()
            case Kind.UNARY:
                call.end["response"] = client.unary(method, requests[0], **options)
            case Kind.CLIENT_STREAMING:
                call.end["response"] = client.client_streaming(method, requests, **options)
            case Kind.SERVER_STREAMING:
                with client.server_streaming(method, requests[0], **options) as stream:
                    call.items.extend(stream)
            case Kind.BIDIRECTIONAL:
                with client.bidirectional(method, requests, **options) as stream:
                    call.items.extend(stream)


def run_sync() -> None:
    """Until the end of the input."""
    user: SyncUser | None = None
    for line in sys.stdin:
        match json.loads(line):
            case {"socket": path}:
                if user:
                    user.close()
                user = SyncUser(path)
            case {"start": told} if user:
                user.start(Call(told))
            case {"cancel": number} if user:
                user.cancel(number)
    if user:
        user.close()


class AsyncUser:
    """A task for each call."""

    def __init__(self, path: str) -> None:
        self._client = aio.Client(path, pause=lambda seconds: asyncio.sleep(0))
        self._calls: dict[int, asyncio.Task[None]] = {}

    def start(self, call: Call) -> None:
        """Makes a call."""
        self._calls[call.number] = asyncio.create_task(self._run(call))

    def cancel(self, number: int) -> None:
        """Gives it up."""
        self._calls[number].cancel()

    async def close(self) -> None:
        """Gives everything up."""
        await self._client.close()
        await asyncio.gather(*self._calls.values())

    async def _run(self, call: Call) -> None:
        try:
            await self._perform(call)
        except Status as status:
            call.fail(status)
        except asyncio.CancelledError:
            call.end["code"] = "CANCELLED"
        call.tell()

    async def _perform(self, call: Call) -> None:
        method, requests, client = call.method, call.requests, self._client
        match method.kind:
            case Kind.UNARY if call.is_typed:
                response = await client.unary(call.typed, amnesty.HealthCheckRequest(), timeout=call.timeout)
                call.end["response"] = response.to_json()
            case Kind.UNARY:
                call.end["response"] = await client.unary(method, requests[0], timeout=call.timeout)
            case Kind.CLIENT_STREAMING:
                call.end["response"] = await client.client_streaming(method, requests, timeout=call.timeout)
            case Kind.SERVER_STREAMING:
                async with client.server_streaming(method, requests[0], timeout=call.timeout) as stream:
                    async for item in stream:
                        call.items.append(item)
            case Kind.BIDIRECTIONAL:
                async with client.bidirectional(method, requests, timeout=call.timeout) as stream:
                    async for item in stream:
                        call.items.append(item)


async def run_async() -> None:
    """Until the end of the input."""
    reader = asyncio.StreamReader(limit=64 << 20)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    user: AsyncUser | None = None
    while line := await reader.readline():
        match json.loads(line):
            case {"socket": path}:
                if user:
                    await user.close()
                user = AsyncUser(path)
            case {"start": told} if user:
                user.start(Call(told))
            case {"cancel": number} if user:
                user.cancel(number)
    if user:
        await user.close()


if __name__ == "__main__":
    if sys.argv[1:] == ["--asyncio"]:
        asyncio.run(run_async())
    else:
        run_sync()
