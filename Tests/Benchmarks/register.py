# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""The register over the socket: what a service of the host waits for, and how much the daemon takes on at once."""

import collections
import contextlib
import json
import pathlib
import statistics
import subprocess
import tempfile
import threading
import time

import daemon

CASES = "amnesty.v1.CaseService"


def sample(path, people, seed, prefix="SYN-2022-"):
    with open(path, "wb") as file:
        subprocess.run(
            [str(daemon.BINARIES / "amnestyctl"), "sample", "--people", str(people), "--seed", str(seed)],
            stdout=file,
            check=True,
        )
    if prefix != "SYN-2022-":
        text = pathlib.Path(path).read_text(encoding="utf-8")
        pathlib.Path(path).write_text(text.replace("SYN-2022-", prefix), encoding="utf-8")


def control(server, *arguments):
    command = [str(daemon.BINARIES / "amnestyctl"), "--socket", str(server.path), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(arguments)}: {done.stderr}")
    return done.stdout


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def commands(path, records, folder, depth=64):
    """Registers all records, `depth` in flight on one connection; commands a second."""
    bodies = folder / "commands.ndjson"
    bodies.write_text("".join(registration(record) + "\n" for record in records), encoding="utf-8")
    return daemon.peer("calls", "inflight", path, f"{CASES}/Register", bodies, len(records), depth)["perSecond"]


def registration(record):
    """The body of a Register for a record as it stands in a sample, a line of JSON."""
    reference = json.loads(record)["reference"]
    return '{"record":' + record + ',"idempotencyKey":"bench-' + reference + '"}'


def searches(path, seconds=None, until=None):
    """Milliseconds of each Search by prefix; names of the sample, in both scripts, as they are typed."""
    words = ["С", "Се", "Сын", "Syn", "Ула", "Shab", "Жоб", "zh", "Үлг", "SYN-2022-00001", "Demo", "k", "Aig", "Ай"]
    times = []
    with daemon.Client(path) as client:
        end = time.monotonic() + (seconds or 3600)
        while time.monotonic() < end and not (until and until.is_set()):
            began = time.monotonic()
            client.call(f"{CASES}/Search", {"query": words[len(times) % len(words)], "limit": 20})
            times.append((time.monotonic() - began) * 1000)
    return times


def depth_of_lists(row, path):
    with daemon.Client(path) as client:
        for order in ("reference", "updated", "deadline"):
            token, times = None, []
            while True:
                began = time.monotonic()
                answer = client.call(
                    f"{CASES}/List", {"orderBy": order, "pageSize": 100, **({"pageToken": token} if token else {})}
                )
                times.append((time.monotonic() - began) * 1000)
                token = answer.get("nextPageToken")
                if not token:
                    break
            part = max(1, len(times) // 10)
            first, last = statistics.median(times[:part]), statistics.median(times[-part:])
            row(
                f"List by {order}, pages of 100: last tenth against first (1 = no cost of depth)",
                f"{last / first:.2f}",
                f"{first:.2f} ms, {last:.2f} ms, {len(times)} pages",
            )


def run(row):
    people = 100_000
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(daemon.amnestyd())
        sample(folder / "first.ndjson", people, 2022)
        sample(folder / "second.ndjson", people, 7, prefix="SYN-2023-")
        sample(folder / "third.ndjson", 20_000, 9, prefix="SYN-2024-")

        began = time.monotonic()
        control(server, "case", "import", str(folder / "first.ndjson"))
        row("import of 100,000 records by amnestyctl (target 30,000)", f"{people / (time.monotonic() - began):,.0f} /s")

        third = (folder / "third.ndjson").read_text(encoding="utf-8").splitlines()
        rates = [commands(server.path, third[part::4], folder) for part in range(4)]
        row(
            "durable commands, 64 in flight on one connection (target 5,000)",
            f"{statistics.median(rates):,.0f} /s",
            f"{min(rates):,.0f} to {max(rates):,.0f}",
        )

        quiet = searches(server.path, seconds=3)
        row(
            "Search by prefix in 120,000 cases: p50 / p99",
            f"{percentile(quiet, 0.5):.2f} / {percentile(quiet, 0.99):.2f} ms",
            f"{len(quiet)} searches",
        )
        done = threading.Event()

        def importing():
            control(server, "case", "import", str(folder / "second.ndjson"))
            done.set()

        worker = threading.Thread(target=importing)
        worker.start()
        busy = searches(server.path, until=done)
        worker.join()
        row(
            "  while an import runs: p50 / p99 (target p99 5 ms)",
            f"{percentile(busy, 0.5):.2f} / {percentile(busy, 0.99):.2f} ms",
            f"{len(busy)} searches",
        )

        depth_of_lists(row, server.path)

    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(daemon.amnestyd())
        sample(folder / "first.ndjson", people, 2022)
        control(server, "case", "import", str(folder / "first.ndjson"))
        began = time.monotonic()
        control(server, "case", "assess", "--all")
        row("case assess --all by amnestyctl", f"{people / (time.monotonic() - began):,.0f} /s", "a command each")
        times = []
        for _ in range(3):
            with daemon.Client(server.path) as client:
                began = time.monotonic()
                last = collections.deque(client.stream("amnesty.v1.EligibilityService/Reassess", {}), maxlen=1)
                times.append(time.monotonic() - began)
        row(
            "Reassess of 100,000 cases, dry run (target 3 s)",
            f"{statistics.median(times):.2f} s",
            f"{last[0]['done']:,} done, {last[0]['changed']:,} changed",
        )
        estimates(row, server, folder / "first.ndjson")


def estimates(row, server, records):
    """An act, and two held against each other, over the register and over the records of a file."""
    drafts = ["--act", "kz-2022-152-vii", "--act", "kz-2022-majilis"]
    for what, arguments in (
        ("Estimate of 100,000 cases (target 1 s a core)", []),
        ("  two acts held against each other (target 3 s)", drafts),
        ("  of 100,000 records of a file", [str(records)]),
    ):
        times, processor = [], []
        for _ in range(3):
            used, began = daemon.processor_seconds(server), time.monotonic()
            control(server, "estimate", *arguments, "-o", "json")
            times.append(time.monotonic() - began)
            processor.append(daemon.processor_seconds(server) - used)
        row(
            what,
            f"{statistics.median(times):.2f} s",
            f"{min(times):.2f} to {max(times):.2f}; processor time of the daemon {statistics.median(processor):.2f} s",
        )
