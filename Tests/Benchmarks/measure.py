# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""measure.py [--gate] [--rounds N] [--out FOLDER] [SECTION...]: interleaved rounds, medians, ratios with their spread.

Times are reported and never judged: they drift by a factor of two between runs. What is judged (--gate) are instruction
and allocation counts against Tests/Benchmarks/thresholds.json, and that the daemon never decides while a decisive fact
is missing. All else goes into tables, numbers and plots in FOLDER (docs/benchmarks); sections that were not asked for
stay there as they were.
"""

import argparse
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
import report
from peers.rules import section as rules_section
from peers.storage import section as storage_section
from peers.transport import section as transport_section

STREAM = "amnesty.v1.EligibilityService/AssessStream"
RECORD = pathlib.Path("Tests/Benchmarks/record.json")


def spread(values):
    return f"{min(values):.2f} to {max(values):.2f}"


def transport(section, rounds):
    """A call beside the limit and beside other stacks."""
    transport_section.run(section, rounds, RECORD)


def in_process(*workloads):
    """Timed inside one process, interleaved by the program itself."""
    command = [str(daemon.BINARIES / "amnesty-benchmarks"), "time", "--record", str(RECORD), *workloads]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    return {entry["name"]: entry for entry in map(json.loads, done.stdout.splitlines())}


def wire(section, _rounds):
    results = in_process("read", "write", "foundation-read", "foundation-write")
    for ours, theirs, target in (("read", "foundation-read", 10), ("write", "foundation-write", 20)):
        section.row(f"{ours}, {RECORD.stat().st_size} B record: ours", f"{results[ours]['ns']:.0f} ns")
        section.row(f"{ours}: Foundation", f"{results[theirs]['ns']:.0f} ns")
        ratios = [slow / fast for slow, fast in zip(results[theirs]["rounds"], results[ours]["rounds"])]
        section.row(
            f"{ours}: times faster than Foundation (target {target})",
            f"{statistics.median(ratios):.1f}",
            spread(ratios),
        )


def rules(section, rounds):
    """One assessment under the 2022 act, and the shared act beside other engines."""
    results = in_process("assess", "assess-explained")
    section.row("2022 act: one assessment, explanation off (target 500 ns)", f"{results['assess']['ns']:.0f} ns")
    section.row(
        "2022 act: one assessment, explanation on (target 2,000 ns)", f"{results['assess-explained']['ns']:.0f} ns"
    )
    rules_section.run(section, rounds)


def storage(section, rounds):
    """The register beside PostgreSQL and SQLite."""
    storage_section.run(section, rounds)


def bulk(section, _rounds):
    """A million records through one credited stream; the daemon's memory as it goes."""
    people = 100_000
    with tempfile.NamedTemporaryFile("wb", suffix=".ndjson") as register:
        subprocess.run(
            [str(daemon.BINARIES / "amnestyctl"), "sample", "--people", str(people), "--seed", "2022"],
            stdout=register,
            check=True,
        )
        for explain in ("false", "true"):
            with daemon.amnestyd() as server:
                memory = [daemon.resident(server)[0]]
                command = [
                    str(daemon.PEERS / "stream"),
                    str(server.path),
                    STREAM,
                    register.name,
                    "1000000",
                    str(1 << 20),
                    explain,
                ]
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
            section.row(
                f"AssessStream, 1,000,000 records, explain {explain} (target 200,000)",
                f"{result['perSecond']:,.0f} /s",
                f"{result['errors']} refused",
            )
            section.row(
                "  resident: before, a tenth in, half way, at the end",
                "MiB",
                f"{memory[0]:.1f}, {memory[1]:.1f}, {memory[len(memory) // 2]:.1f}, {memory[-1]:.1f}; peak {peak:.1f}",
            )


def case_register(section, _rounds):
    """The register alone: durable commands, an import, searches beside it, deep pages, a reassessment."""
    register.run(section.row)


def idle(section, _rounds):
    """What an unused daemon costs, and how soon it answers."""
    ready, resident = [], []
    for _ in range(10):
        with daemon.amnestyd() as server:
            ready.append(server.ready_after * 1000)
            resident.append(daemon.resident(server)[0])
    section.row("from exec to the first answer (target 100 ms)", f"{statistics.median(ready):.0f} ms", spread(ready))
    section.row(
        "resident after the first answer (target 25 MiB)", f"{statistics.median(resident):.1f} MiB", spread(resident)
    )


def gate(section, _rounds):
    """What repeats: the only thing that can fail."""
    return counts.compare(section.row) + rules_section.never_decides_blindly(section)


SECTIONS = {
    "transport": transport,
    "wire": wire,
    "rules": rules,
    "storage": storage,
    "bulk": bulk,
    "register": case_register,
    "idle": idle,
    "counts": gate,
}


def main(arguments):
    parser = argparse.ArgumentParser(description="Measures; see docs/benchmarks.")
    parser.add_argument("--gate", action="store_true", help="only what can fail, and fail if it does")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("docs/benchmarks"))
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=" ".join(SECTIONS))
    options = parser.parse_args(arguments)
    unknown = set(options.sections) - SECTIONS.keys()
    if unknown:
        parser.error(f"no section {', '.join(sorted(unknown))}; there are: {' '.join(SECTIONS)}")
    described = report.machine()
    taken, failures = [], 0
    for name in ["counts"] if options.gate else options.sections or SECTIONS:
        print(f"{name}:", flush=True)
        section = report.Section(name)
        failures += SECTIONS[name](section, options.rounds) or 0
        taken.append(section)
    figures = sum(len(section.rows) + len(section.figures) for section in taken)
    if options.gate:
        print(f"{figures} figures in bounds" if failures == 0 else f"{failures} of {figures} figures out of bounds")
        return 1 if failures else 0
    report.write(options.out, taken, list(SECTIONS), described)
    print(f"{figures} figures in {options.out}")
    return 0


sys.exit(main(sys.argv[1:]))
