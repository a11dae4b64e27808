# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""The users of both clients under test: each call can be given up by itself, as a user gives up one."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Self

import amnesty
from amnesty import JSON, Cancellation, Idempotency, Kind, Method, Status, aio, raw_method
from amnesty.generated import methods
from support.client_runner import Result
from support.peer import PATIENCE_SECONDS
from support.vectors import VectorError


class Script:
    """What a `start` step asks for."""

    def __init__(self, call: dict[str, Any]) -> None:
        self.method: Method[JSON, JSON] = raw_method(
            call["method"], Kind(call["kind"]), Idempotency(call.get("idempotency", "none"))
        )
        self.requests: list[JSON] = [_request(one) for one in call.get("requests", [call.get("request", {})])]
        self.timeout: float | None = call["timeoutMs"] / 1000 if "timeoutMs" in call else 30
        # The typed message: what it does not know must not trouble it.
        self.is_typed = call["method"] == methods.HEALTH_CHECK.name
        typed = methods.HEALTH_CHECK
        self.typed = Method(self.method.name, self.method.kind, self.method.idempotency, typed.write, typed.read)


def _request(value: Any) -> JSON:
    if isinstance(value, dict) and "$bytes" in value:
        return {"pad": "a" * (value["$bytes"] - 10)}
    request: JSON = value
    return request


class SyncUser:
    """A thread for each call."""

    def __init__(self, path: Path) -> None:
        self._client = amnesty.Client(path, pause=lambda seconds: None)
        self._calls: dict[str, tuple[Cancellation, threading.Thread, Result]] = {}

    def __enter__(self) -> Self:
        self._client.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._client.close()
        for cancellation, thread, _ in self._calls.values():
            cancellation.cancel()
            thread.join(PATIENCE_SECONDS)

    def start(self, call: dict[str, Any]) -> None:
        """Makes a call."""
        result, cancellation = Result(), Cancellation()
        thread = threading.Thread(target=self._run, args=(Script(call), cancellation, result), daemon=True)
        self._calls[call["call"]] = (cancellation, thread, result)
        thread.start()

    def cancel(self, name: str) -> None:
        """Gives it up."""
        self._calls[name][0].cancel()

    def result(self, name: str) -> Result:
        """Waits for its end."""
        _, thread, result = self._calls[name]
        thread.join(PATIENCE_SECONDS)
        if thread.is_alive():
            raise VectorError("the call did not end")
        return result

    def _run(self, script: Script, cancellation: Cancellation, result: Result) -> None:
        method, requests, client = script.method, script.requests, self._client
        try:
            match method.kind:
                case Kind.UNARY if script.is_typed:
                    request = amnesty.HealthCheckRequest()
                    response = client.unary(script.typed, request, timeout=script.timeout, cancellation=cancellation)
                    result.response = response.to_json()
                case Kind.UNARY:
                    result.response = client.unary(method, requests[0], timeout=script.timeout, cancellation=cancellation)
                case Kind.CLIENT_STREAMING:
                    result.response = client.client_streaming(method, requests, cancellation=cancellation)
                case Kind.SERVER_STREAMING:
                    with client.server_streaming(method, requests[0], cancellation=cancellation) as stream:
                        result.items.extend(stream)
                case Kind.BIDIRECTIONAL:
                    with client.bidirectional(method, requests, cancellation=cancellation) as stream:
                        result.items.extend(stream)
        except Status as status:
            result.code, result.reason = str(status.code), status.reason


class AsyncUser:
    """A task for each call, in an event loop of its own thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._calls: dict[str, tuple[asyncio.Task[None], Future[None], Result]] = {}

    def __enter__(self) -> Self:
        self._thread.start()
        self._client = asyncio.run_coroutine_threadsafe(self._connect(), self._loop).result(PATIENCE_SECONDS)
        return self

    def __exit__(self, *error: object) -> None:
        asyncio.run_coroutine_threadsafe(self._client.close(), self._loop).result(PATIENCE_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE_SECONDS)
        self._loop.close()

    async def _connect(self) -> aio.Client:
        return await aio.Client(self._path, pause=lambda seconds: asyncio.sleep(0)).__aenter__()

    def start(self, call: dict[str, Any]) -> None:
        """Makes a call."""
        asyncio.run_coroutine_threadsafe(self._start(call["call"], Script(call)), self._loop).result(PATIENCE_SECONDS)

    def cancel(self, name: str) -> None:
        """Gives it up."""
        self._loop.call_soon_threadsafe(self._calls[name][0].cancel)

    def result(self, name: str) -> Result:
        """Waits for its end."""
        _, ended, result = self._calls[name]
        try:
            ended.result(PATIENCE_SECONDS)
        except TimeoutError:
            raise VectorError("the call did not end") from None
        return result

    async def _start(self, name: str, script: Script) -> None:
        ended: Future[None] = Future()
        result = Result()
        self._calls[name] = (asyncio.create_task(self._run(script, result, ended)), ended, result)

    async def _run(self, script: Script, result: Result, ended: Future[None]) -> None:
        try:
            await self._call(script, result)
        except Status as status:
            result.code, result.reason = str(status.code), status.reason
        except asyncio.CancelledError:
            result.code = "CANCELLED"
        except BaseException as error:
            result.code = repr(error)
        ended.set_result(None)

    async def _call(self, script: Script, result: Result) -> None:
        method, requests, client = script.method, script.requests, self._client
        match method.kind:
            case Kind.UNARY if script.is_typed:
                request = amnesty.HealthCheckRequest()
                result.response = (await client.unary(script.typed, request, timeout=script.timeout)).to_json()
            case Kind.UNARY:
                result.response = await client.unary(method, requests[0], timeout=script.timeout)
            case Kind.CLIENT_STREAMING:
                result.response = await client.client_streaming(method, requests)
            case Kind.SERVER_STREAMING:
                async with client.server_streaming(method, requests[0]) as stream:
                    async for item in stream:
                        result.items.append(item)
            case Kind.BIDIRECTIONAL:
                async with client.bidirectional(method, requests) as stream:
                    async for item in stream:
                        result.items.append(item)
