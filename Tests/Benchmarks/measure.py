# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""measure.py [--gate] [SECTION...]: interleaved rounds, medians, ratios with their spread.

Times are reported and never judged: they drift by a factor of two between runs. What is judged (--gate) are instruction and
allocation counts against Tests/Benchmarks/thresholds.json. Results are left in .build/benchmarks/results.json.
"""

import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import threading

import counts
import daemon
import register

ASSESS = "amnesty.v1.EligibilityService/Assess"
STREAM = "amnesty.v1.EligibilityService/AssessStream"
RECORD = pathlib.Path("Tests/Benchmarks/record.json")
ROUNDS = 7

rows = []


def row(name, value, note=""):
    rows.append({"name": name, "value": value, "note": note})
    print(f"  {name:<58} {value:>16}   {note}", flush=True)


def spread(values):
    return f"{min(values):.2f} to {max(values):.2f}"


def request(explain):
    record = RECORD.read_text(encoding="utf-8").strip()
    return '{"record":' + record + ',"asOf":"2022-11-03","explain":' + ("true" if explain else "false") + "}"


def socket_path():
    """(a) One Assess against a C echo with the same byte counts, in the same run."""
    for explain in (False, True):
        said = "explanation on" if explain else "explanation off"
        with tempfile.NamedTemporaryFile("w", suffix=".json") as body:
            body.write(request(explain))
            body.flush()
            with daemon.amnestyd() as server:
                sizes = daemon.peer("calls", "probe", server.path, ASSESS, body.name)
            row(f"Assess, {said}: request / response", f"{sizes['request']} / {sizes['response']} B")

            p50, p99, ours, limit = [], [], [], []
            with daemon.echo(sizes["response"], cpu=0) as echo, daemon.amnestyd(cpu=0) as server:
                for _ in range(ROUNDS):
                    base = daemon.peer("calls", "sequential", echo.path, ASSESS, body.name, 30000, cpu=0)
                    real = daemon.peer("calls", "sequential", server.path, ASSESS, body.name, 30000, cpu=0)
                    limit.append(base["p50"])
                    ours.append(real["p50"])
                    p50.append(real["p50"] / base["p50"])
                    p99.append(real["p99"] / base["p99"])
            row("  one after another, one core: p50, C echo", f"{statistics.median(limit) / 1000:.1f} us")
            row("  one after another, one core: p50, amnestyd", f"{statistics.median(ours) / 1000:.1f} us")
            row("  ratio of p50 (target 2.0)", f"{statistics.median(p50):.2f}", spread(p50))
            row("  ratio of p99", f"{statistics.median(p99):.2f}", spread(p99))

            ours, share, times = [], [], []
            with daemon.echo(sizes["response"]) as echo, daemon.amnestyd() as server, tempfile.TemporaryDirectory() as folder:
                for _ in range(ROUNDS):
                    other = daemon.peer("grpc_echo", f"{folder}/grpc.sock", sizes["request"], sizes["response"], 40000, 64)
                    base = daemon.peer("calls", "inflight", echo.path, ASSESS, body.name, 500000, 64)
                    real = daemon.peer("calls", "inflight", server.path, ASSESS, body.name, 300000, 64)
                    ours.append(real["perSecond"])
                    share.append(real["perSecond"] / base["perSecond"])
                    times.append(real["perSecond"] / other["perSecond"])
            row("  64 in flight on one connection (target 150,000)", f"{statistics.median(ours):,.0f} /s")
            row("  times the calls a second of a gRPC C++ echo (target 4)", f"{statistics.median(times):.1f}", spread(times))
            row("  share of the C echo's calls a second", f"{statistics.median(share):.2f}", spread(share))


def in_process(*workloads):
    """(b), (c) Timed inside one process, interleaved by the program itself."""
    command = [str(daemon.BINARIES / "amnesty-benchmarks"), "time", "--record", str(RECORD), *workloads]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    return {entry["name"]: entry for entry in map(json.loads, done.stdout.splitlines())}


def wire():
    results = in_process("read", "write", "foundation-read", "foundation-write")
    for ours, theirs, target in (("read", "foundation-read", 10), ("write", "foundation-write", 20)):
        row(f"{ours}, {RECORD.stat().st_size} B record: ours", f"{results[ours]['ns']:.0f} ns")
        row(f"{ours}: Foundation", f"{results[theirs]['ns']:.0f} ns")
        ratios = [slow / fast for slow, fast in zip(results[theirs]["rounds"], results[ours]["rounds"])]
        row(f"{ours}: times faster than Foundation (target {target})", f"{statistics.median(ratios):.1f}", spread(ratios))


def rules():
    results = in_process("assess", "assess-explained")
    row("one assessment, explanation off (target about 500 ns)", f"{results['assess']['ns']:.0f} ns")
    row("one assessment, explanation on (target about 2,000 ns)", f"{results['assess-explained']['ns']:.0f} ns")


def bulk():
    """(d) A million records through one credited stream; the daemon's memory as it goes."""
    people = 100_000
    with tempfile.NamedTemporaryFile("wb", suffix=".ndjson") as register:
        subprocess.run(
            [str(daemon.BINARIES / "amnestyctl"), "sample", "--people", str(people), "--seed", "2022"], stdout=register, check=True
        )
        for explain in ("false", "true"):
            with daemon.amnestyd() as server:
                memory = [daemon.resident(server)[0]]
                command = [str(daemon.PEERS / "stream"), str(server.path), STREAM, register.name, "1000000", str(1 << 20), explain]
                with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as client:
                    errors = []
                    drain = threading.Thread(target=lambda: errors.append(client.stderr.read()))
                    drain.start()
                    result = None
                    for line in client.stdout:
                        if line.startswith("progress"):
                            memory.append(daemon.resident(server)[0])
                        else:
                            result = json.loads(line)
                    drain.join()
                if result is None:
                    raise SystemExit(f"the stream broke off: {errors[0]}")
                peak = daemon.resident(server)[1]
            row(f"AssessStream, 1,000,000 records, explain {explain} (target 200,000)", f"{result['perSecond']:,.0f} /s",
                f"{result['errors']} refused")
            row("  resident: before, a tenth in, half way, at the end", "MiB",
                f"{memory[0]:.1f}, {memory[1]:.1f}, {memory[len(memory) // 2]:.1f}, {memory[-1]:.1f}; peak {peak:.1f}")


def case_register():
    """(g) The register over the socket: a point read, durable commands, an import, searches beside it, deep pages, a reassessment."""
    register.run(row, ROUNDS)


def idle():
    """(e) What an unused daemon costs, and how soon it answers."""
    ready, resident = [], []
    for _ in range(10):
        with daemon.amnestyd() as server:
            ready.append(server.ready_after * 1000)
            resident.append(daemon.resident(server)[0])
    row("from exec to the first answer (target 100 ms)", f"{statistics.median(ready):.0f} ms", spread(ready))
    row("resident after the first answer (target 25 MiB)", f"{statistics.median(resident):.1f} MiB", spread(resident))


def gate():
    """(f) Counts, which repeat: the only thing that can fail."""
    return counts.compare(row)


SECTIONS = {"socket": socket_path, "wire": wire, "rules": rules, "bulk": bulk, "register": case_register, "idle": idle, "counts": gate}


def main(arguments):
    wanted = [name for name in arguments if not name.startswith("--")]
    if "--gate" in arguments:
        wanted = ["counts"]
    unknown = set(wanted) - SECTIONS.keys()
    if unknown:
        raise SystemExit(f"no section {', '.join(sorted(unknown))}; there are: {' '.join(SECTIONS)}")
    failures = 0
    for name in wanted or SECTIONS:
        print(f"{name}:", flush=True)
        failures += SECTIONS[name]() or 0
    results = pathlib.Path(".build/benchmarks/results.json")
    results.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    print(f"{len(rows)} figures in {results}")
    return 1 if failures and "--gate" in arguments else 0


sys.exit(main(sys.argv[1:]))
