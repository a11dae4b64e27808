# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""grpcio_echo.py serve SOCKET RESPONSE_BYTES | call SOCKET REQUEST_BYTES CALLS DEPTH: unary calls of raw bytes by
Python's grpcio over a Unix socket, DEPTH in flight on one channel. `call` prints {"p50":ns,"p99":ns,"perSecond":n}.
"""

import collections
import concurrent.futures
import json
import sys
import time

import grpc

METHOD = "/amnesty.Benchmark/Echo"


def serve(path: str, response_bytes: int) -> None:
    response = b"x" * response_bytes

    class Handler(grpc.GenericRpcHandler):
        def service(self, _details):
            return grpc.unary_unary_rpc_method_handler(lambda _request, _context: response)

    server = grpc.server(concurrent.futures.ThreadPoolExecutor(max_workers=4))
    server.add_generic_rpc_handlers((Handler(),))
    server.add_insecure_port(f"unix:{path}")
    server.start()
    server.wait_for_termination()


def one_after_another(echo: grpc.UnaryUnaryMultiCallable, request: bytes, calls: int) -> list[int]:
    times = []
    for _ in range(calls):
        began = time.perf_counter_ns()
        echo(request)
        times.append(time.perf_counter_ns() - began)
    return times


def in_flight(echo: grpc.UnaryUnaryMultiCallable, request: bytes, calls: int, depth: int) -> None:
    """The oldest call is waited for, then another is made in its place."""
    waiting = collections.deque(echo.future(request) for _ in range(min(depth, calls)))
    for _ in range(calls - len(waiting)):
        waiting.popleft().result()
        waiting.append(echo.future(request))
    for call in waiting:
        call.result()


def call(path: str, request_bytes: int, calls: int, depth: int) -> dict[str, float]:
    request = b"x" * request_bytes
    with grpc.insecure_channel(f"unix:{path}") as channel:
        echo = channel.unary_unary(METHOD)
        one_after_another(echo, request, calls // 10 + 1)
        began = time.perf_counter_ns()
        if depth == 1:
            times = sorted(one_after_another(echo, request, calls))
            figures = {"p50": times[calls // 2], "p99": times[calls - calls // 100 - 1]}
        else:
            in_flight(echo, request, calls, depth)
            figures = {}
        return {**figures, "perSecond": round(calls * 1e9 / (time.perf_counter_ns() - began))}


def main(arguments: list[str]) -> None:
    if len(arguments) == 3 and arguments[0] == "serve":
        serve(arguments[1], int(arguments[2]))
    elif len(arguments) == 5 and arguments[0] == "call":
        print(json.dumps(call(arguments[1], *map(int, arguments[2:]))))
    else:
        raise SystemExit(__doc__)


main(sys.argv[1:])
