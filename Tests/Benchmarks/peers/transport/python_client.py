# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""python_client.py SOCKET REQUEST_FILE CALLS DEPTH: the same Assess over and over by the project's Python client,
blocking or, with more than one in flight, by asyncio. Prints {"p50":ns,"p99":ns,"perSecond":n}.
"""

import asyncio
import json
import pathlib
import sys
import time

import amnesty
import amnesty.aio


def one_after_another(path: str, request: amnesty.AssessRequest, calls: int) -> dict[str, float]:
    with amnesty.Client(path) as client:
        for _ in range(calls // 10 + 1):
            client.eligibility.assess(request)
        times = []
        start = time.perf_counter_ns()
        for _ in range(calls):
            began = time.perf_counter_ns()
            client.eligibility.assess(request)
            times.append(time.perf_counter_ns() - began)
        elapsed = time.perf_counter_ns() - start
    times.sort()
    return {"p50": times[calls // 2], "p99": times[calls - calls // 100 - 1], "perSecond": round(calls * 1e9 / elapsed)}


async def in_flight(path: str, request: amnesty.AssessRequest, calls: int, depth: int) -> dict[str, float]:
    async with amnesty.aio.Client(path) as client:

        async def caller() -> None:
            for _ in range(calls // depth):
                await client.eligibility.assess(request)

        began = time.perf_counter_ns()
        await asyncio.gather(*(caller() for _ in range(depth)))
        return {"perSecond": round(calls // depth * depth * 1e9 / (time.perf_counter_ns() - began))}


def main(arguments: list[str]) -> None:
    path, file, calls, depth = arguments[0], pathlib.Path(arguments[1]), int(arguments[2]), int(arguments[3])
    request = amnesty.AssessRequest.from_json(json.loads(file.read_text(encoding="utf-8")))
    figures = (
        one_after_another(path, request, calls) if depth == 1 else asyncio.run(in_flight(path, request, calls, depth))
    )
    print(json.dumps(figures))


main(sys.argv[1:])
