# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""A call over a Unix socket: Assess, doing its work, beside echoes of as many bytes by what one would take instead."""

import contextlib
import dataclasses
import json
import os
import pathlib
import tempfile
from collections.abc import Callable, Iterator, Sequence

import daemon
import plots
import report

ASSESS = "amnesty.v1.EligibilityService/Assess"
HERE = pathlib.Path(__file__).parent
DEPTH = 64

PINNED, PINNED_TAIL, FREE, FREE_TAIL, RATE = (
    "one core, p50",
    "one core, p99",
    "unpinned, p50",
    "unpinned, p99",
    "64 in flight, a second",
)

LIMIT, OURS, GRPC, GRPC_SWIFT = "C echo, blocking", "amnestyd Assess, C client", "gRPC C++ echo", "grpc-swift-2 echo"


@dataclasses.dataclass(frozen=True)
class Request:
    """What is sent, and how long it and its answer are, in whole frames: an echo carries as many bytes."""

    file: pathlib.Path
    request: int
    response: int


@dataclasses.dataclass(frozen=True)
class Peer:
    name: str
    # A server on a core, or on any; None where the client brings its own.
    serve: Callable[[Request, int | None], contextlib.AbstractContextManager] | None
    # A client's command for calls at a depth.
    command: Callable[[pathlib.Path, Request, int, int], Sequence[object]]
    # How many calls take some tenths of a second, one after another and at once.
    calls: int
    calls_at_once: int
    environment: dict[str, str] | None = None
    # Why it is not there, if it is not.
    absent: str | None = None


def c_client(path: pathlib.Path, request: Request, calls: int, depth: int) -> Sequence[object]:
    mode = ["sequential"] if depth == 1 else ["inflight"]
    return [daemon.PEERS / "calls", *mode, path, ASSESS, request.file, calls, *([] if depth == 1 else [depth])]


def ours(_request: Request, cpu: int | None) -> contextlib.AbstractContextManager:
    return daemon.amnestyd(cpu)


def c_echo(kind: str) -> Peer:
    return Peer(
        f"C echo, {kind}", lambda request, cpu: daemon.echo(request.response, kind, cpu), c_client, 20_000, 400_000
    )


def grpc_cpp() -> Peer:
    program = daemon.PEERS / "grpc_echo"
    return Peer(
        GRPC,
        None,
        lambda path, request, calls, depth: [program, path, request.request, request.response, calls, depth],
        3000,
        20_000,
        absent=None if program.exists() else "libgrpc++-dev is not installed",
    )


def grpc_swift() -> Peer:
    program = daemon.PEERS / "grpc-swift-echo"
    return Peer(
        GRPC_SWIFT,
        lambda request, cpu: daemon.program(lambda path: [program, "serve", path, request.response], cpu),
        lambda path, request, calls, depth: [program, "call", path, request.request, calls, depth],
        400,
        4000,
        absent=None if program.exists() else "grpc-swift-2 was not built",
    )


def grpcio() -> Peer:
    script = HERE / "grpcio_echo.py"
    return Peer(
        "grpcio (Python) echo",
        lambda request, cpu: daemon.program(lambda path: [daemon.PYTHON, script, "serve", path, request.response], cpu),
        lambda path, request, calls, depth: [daemon.PYTHON, script, "call", path, request.request, calls, depth],
        600,
        1500,
        absent=None if daemon.PYTHON.exists() else "no environment from PyPI",
    )


def peers() -> list[Peer]:
    python_path = {**os.environ, "PYTHONPATH": "clients/python/src"}
    return [
        c_echo("blocking"),
        c_echo("epoll"),
        Peer(OURS, ours, c_client, 10_000, 100_000),
        Peer(
            "amnestyd Assess, Swift client",
            ours,
            lambda path, request, calls, depth: [
                daemon.BINARIES / "amnesty-benchmarks",
                "call",
                path,
                request.file,
                calls,
                depth,
            ],
            4000,
            30_000,
        ),
        Peer(
            "amnestyd Assess, Python client",
            ours,
            lambda path, request, calls, depth: [
                "python3",
                HERE / "python_client.py",
                path,
                request.file,
                calls,
                depth,
            ],
            1000,
            3200,
            environment=python_path,
        ),
        grpc_cpp(),
        grpc_swift(),
        grpcio(),
    ]


@contextlib.contextmanager
def request(record: pathlib.Path, explain: bool) -> Iterator[Request]:
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "request.json"
        text = record.read_text(encoding="utf-8").strip()
        file.write_text(
            '{"record":' + text + ',"asOf":"2022-11-03","explain":' + json.dumps(explain) + "}", encoding="utf-8"
        )
        with daemon.amnestyd() as server:
            sizes = daemon.peer("calls", "probe", server.path, ASSESS, file)
        yield Request(file, sizes["request"], sizes["response"])


class Servers:
    """Every peer's server once on one core and once on any."""

    def __init__(self, sent: Request, stack: contextlib.ExitStack) -> None:
        self.sent = sent
        self.spare = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory())) / "peer.sock"
        self.paths: dict[tuple[str, int | None], pathlib.Path] = {}
        self.present = [peer for peer in peers() if peer.absent is None]
        shared: dict[tuple[object, int | None], pathlib.Path] = {}
        for peer in self.present:
            for cpu in (0, None):
                if peer.serve is None:
                    self.paths[peer.name, cpu] = self.spare
                    continue
                # Peers that differ in the client alone share a server.
                if (peer.serve, cpu) not in shared:
                    shared[peer.serve, cpu] = stack.enter_context(peer.serve(sent, cpu)).path
                self.paths[peer.name, cpu] = shared[peer.serve, cpu]

    def measure(self, peer: Peer, values: dict[tuple[str, str], list[float]]) -> None:
        def figures(cpu: int | None, calls: int, depth: int) -> dict:
            command = peer.command(self.paths[peer.name, cpu], self.sent, calls, depth)
            return daemon.figures(command, cpu, peer.environment)

        pinned, free = figures(0, peer.calls, 1), figures(None, peer.calls, 1)
        at_once = figures(None, peer.calls_at_once, DEPTH)
        taken = {
            PINNED: pinned["p50"],
            PINNED_TAIL: pinned["p99"],
            FREE: free["p50"],
            FREE_TAIL: free["p99"],
            RATE: at_once["perSecond"],
        }
        for measure, value in taken.items():
            values.setdefault((peer.name, measure), []).append(value)


def tell(
    section: report.Section,
    sent: Request,
    explain: bool,
    samples: dict[tuple[str, str], report.Sample],
    absent: list[Peer],
) -> None:
    said = "on" if explain else "off"
    names = list(dict.fromkeys(name for name, _ in samples))
    times = [PINNED, PINNED_TAIL, FREE, FREE_TAIL]

    missing = [[peer.name, f"not installed: {peer.absent}", *[""] * len(times)] for peer in absent]
    section.table(
        f"One call after another, explanation {said}",
        ["", *times, "one core, p50: times amnestyd's"],
        [
            [
                name,
                *(report.timing(samples[name, measure]) for measure in times),
                report.number(samples[name, PINNED].over(samples[OURS, PINNED])),
            ]
            for name in names
        ]
        + missing,
        f"Request {sent.request} bytes, answer {sent.response} bytes. gRPC does more than an echo of frames (HTTP/2);"
        " amnestyd assesses the record.",
    )
    section.table(
        f"64 calls in flight on one connection, explanation {said}",
        ["", "calls a second", "share of amnestyd's"],
        [
            [name, report.number(samples[name, RATE]), report.number(samples[name, RATE].over(samples[OURS, RATE]))]
            for name in names
        ],
        "Each peer with its own client; amnestyd with three.",
    )
    against = [
        ("p50 on one core, times the C echo (target 2.0)", samples[OURS, PINNED].over(samples[LIMIT, PINNED])),
        ("p50 on one core: gRPC C++ over it (target 4)", over(samples, GRPC, OURS, PINNED)),
        ("p50 on one core: grpc-swift-2 over it (target 20)", over(samples, GRPC_SWIFT, OURS, PINNED)),
        ("64 in flight: times gRPC C++ (target 4)", over(samples, OURS, GRPC, RATE)),
    ]
    for name, ratio in against:
        if ratio is not None:
            section.row(
                f"Assess, explanation {said}: {name}",
                report.significant(ratio.median),
                f"{report.significant(ratio.low)} to {report.significant(ratio.high)}",
            )


def over(samples: dict[tuple[str, str], report.Sample], name: str, other: str, measure: str) -> report.Sample | None:
    return (
        samples[name, measure].over(samples[other, measure])
        if {(name, measure), (other, measure)} <= samples.keys()
        else None
    )


def plot(section: report.Section, samples: dict[tuple[str, str], report.Sample]) -> None:
    names = list(dict.fromkeys(name for name, _ in samples))

    def lines(measures: Sequence[str]) -> list[plots.Line]:
        taken = [(name, [samples[name, measure] for measure in measures]) for name in names]
        return [
            plots.Line(name, [plots.Mark(one.median, one.low, one.high) for one in marks], name.startswith("amnestyd"))
            for name, marks in taken
        ]

    section.plots["transport-latency"] = plots.dots(
        plots.Plot(
            "One call over a Unix socket",
            "The same byte counts, client and server on one core; amnestyd assesses, the others echo",
            "time of a call",
            ("p50", "p99"),
            lines([PINNED, PINNED_TAIL]),
            report.time,
        )
    )
    section.plots["transport-throughput"] = plots.dots(
        plots.Plot(
            "64 calls in flight on one connection",
            "The same byte counts, unpinned; amnestyd assesses, the others echo",
            "calls a second",
            ("calls",),
            lines([RATE]),
            lambda value: f"{value:,.0f}",
        )
    )


def run(section: report.Section, rounds: int, record: pathlib.Path) -> None:
    absent = [peer for peer in peers() if peer.absent is not None]
    for explain in (False, True):
        with request(record, explain) as sent, contextlib.ExitStack() as stack:
            servers = Servers(sent, stack)
            values: dict[tuple[str, str], list[float]] = {}
            for _ in range(rounds):
                for peer in servers.present:
                    servers.measure(peer, values)
            samples = {key: report.Sample(tuple(taken)) for key, taken in values.items()}
            for (name, measure), sample in samples.items():
                section.keep(
                    f"call, explanation {'on' if explain else 'off'}",
                    name,
                    measure,
                    "a second" if measure == RATE else "ns",
                    sample,
                )
            tell(section, sent, explain, samples, absent)
            if not explain:
                plot(section, samples)
