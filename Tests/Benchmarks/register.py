# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""The register over the socket: what a service of the host waits for, and how much the daemon takes on at once."""

import collections
import contextlib
import json
import pathlib
import socket
import statistics
import subprocess
import tempfile
import threading
import time

import daemon

CASES = "amnesty.v1.CaseService"
WINDOW = 1 << 20


class Client:
    """One blocking connection; ids count up, as the protocol wants it."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.connect(str(path))
        self.buffer = bytearray()
        self.call_id = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def frame(self):
        """Head and body of the next frame."""
        while len(self.buffer) < 4 or len(self.buffer) < 4 + int.from_bytes(self.buffer[:4], "big"):
            chunk = self.socket.recv(1 << 18)
            if not chunk:
                raise ConnectionError("closed before the answer")
            self.buffer += chunk
        end = 4 + int.from_bytes(self.buffer[:4], "big")
        head, _, body = bytes(self.buffer[4:end]).partition(b"\n")
        del self.buffer[:end]
        return json.loads(head), body

    def call(self, method, message):
        self.call_id += 1
        self.socket.sendall(daemon.frame({"call": self.call_id, "method": method}, json.dumps(message).encode()))
        head, body = self.frame()
        if "code" in head:
            raise RuntimeError(head)
        return json.loads(body)

    def stream(self, method, message):
        """The items of a server stream, credit given back as they are read."""
        self.call_id += 1
        head = {"call": self.call_id, "method": method, "window": WINDOW}
        self.socket.sendall(daemon.frame(head, json.dumps(message).encode()))
        taken = 0
        while True:
            head, body = self.frame()
            if "end" in head:
                if "code" in head:
                    raise RuntimeError(head)
                return
            taken += len(body)
            if taken > WINDOW // 2:
                self.socket.sendall(daemon.frame({"credit": self.call_id, "bytes": taken}))
                taken = 0
            yield json.loads(body)


def sample(path, people, seed, prefix="SYN-2022-"):
    with open(path, "wb") as file:
        subprocess.run([str(daemon.BINARIES / "amnestyctl"), "sample", "--people", str(people), "--seed", str(seed)], stdout=file, check=True)
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


def commands(path, records, depth=64):
    """Registers all records, `depth` in flight on one connection; commands a second."""
    frames = [
        daemon.frame(
            {"call": number, "method": f"{CASES}/Register"},
            json.dumps({"record": record, "idempotencyKey": f"bench-{record['reference']}"}, ensure_ascii=False).encode(),
        )
        for number, record in enumerate(records, start=1)
    ]
    with Client(path) as client:
        waiting = collections.deque(frames)
        open_calls = 0
        began = time.monotonic()
        while waiting or open_calls:
            batch = [waiting.popleft() for _ in range(min(depth - open_calls, len(waiting)))]
            if batch:
                client.socket.sendall(b"".join(batch))
                open_calls += len(batch)
            # At least one answer, and whatever else has come with it.
            while True:
                head, _ = client.frame()
                if "code" in head:
                    raise SystemExit(f"a command failed: {head}")
                open_calls -= 1
                if len(client.buffer) < 4 or len(client.buffer) < 4 + int.from_bytes(client.buffer[:4], "big"):
                    break
        return len(frames) / (time.monotonic() - began)


def point_reads(row, server, folder, rounds):
    """Get of one case against a C echo of the same sizes: client and server on a core each, then both on one."""
    body = folder / "get.json"
    body.write_text('{"reference":"SYN-2022-0000100"}', encoding="utf-8")
    sizes = daemon.peer("calls", "probe", server.path, f"{CASES}/Get", body)
    row("Get: request / response", f"{sizes['request']} / {sizes['response']} B")
    for cores, said in (("1", "two cores"), ("0", "one core")):
        pin(server, cores)
        ratios, ours = [], []
        with daemon.echo(sizes["response"], cpu=cores) as echo:
            for _ in range(rounds):
                base = daemon.peer("calls", "sequential", echo.path, f"{CASES}/Get", body, 10000, cpu=0)
                real = daemon.peer("calls", "sequential", server.path, f"{CASES}/Get", body, 10000, cpu=0)
                ours.append(real["p50"])
                ratios.append(real["p50"] / base["p50"])
        row(f"  {said}: p50", f"{statistics.median(ours) / 1000:.1f} us")
        row(f"  {said}: ratio of p50 to the C echo{' (target 4.5)' if cores == '1' else ''}", f"{statistics.median(ratios):.2f}",
            f"{min(ratios):.2f} to {max(ratios):.2f}")
    pin(server, "0,1")


def pin(server, cores):
    subprocess.run(["taskset", "-a", "-p", "-c", cores, str(server.pid)], check=True, stdout=subprocess.DEVNULL)


def searches(path, seconds=None, until=None):
    """Milliseconds of each Search by prefix; names of the sample, in both scripts, as they are typed."""
    words = ["С", "Се", "Сын", "Syn", "Ула", "Shab", "Жоб", "zh", "Үлг", "SYN-2022-00001", "Demo", "k", "Aig", "Ай"]
    times = []
    with Client(path) as client:
        end = time.monotonic() + (seconds or 3600)
        while time.monotonic() < end and not (until and until.is_set()):
            began = time.monotonic()
            client.call(f"{CASES}/Search", {"query": words[len(times) % len(words)], "limit": 20})
            times.append((time.monotonic() - began) * 1000)
    return times


def depth_of_lists(row, path):
    with Client(path) as client:
        for order in ("reference", "updated", "deadline"):
            token, times = None, []
            while True:
                began = time.monotonic()
                answer = client.call(f"{CASES}/List", {"orderBy": order, "pageSize": 100, **({"pageToken": token} if token else {})})
                times.append((time.monotonic() - began) * 1000)
                token = answer.get("nextPageToken")
                if not token:
                    break
            part = max(1, len(times) // 10)
            first, last = statistics.median(times[:part]), statistics.median(times[-part:])
            row(f"List by {order}, pages of 100: last tenth against first (1 = no cost of depth)", f"{last / first:.2f}",
                f"{first:.2f} ms, {last:.2f} ms, {len(times)} pages")


def run(row, rounds):
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

        third = [json.loads(line) for line in (folder / "third.ndjson").read_text(encoding="utf-8").splitlines()]
        rates = [commands(server.path, third[part::4]) for part in range(4)]
        row("durable commands, 64 in flight on one connection (target 5,000)", f"{statistics.median(rates):,.0f} /s",
            f"{min(rates):,.0f} to {max(rates):,.0f}")

        point_reads(row, server, folder, rounds)

        quiet = searches(server.path, seconds=3)
        row("Search by prefix in 120,000 cases: p50 / p99", f"{percentile(quiet, 0.5):.2f} / {percentile(quiet, 0.99):.2f} ms",
            f"{len(quiet)} searches")
        done = threading.Event()

        def importing():
            control(server, "case", "import", str(folder / "second.ndjson"))
            done.set()

        worker = threading.Thread(target=importing)
        worker.start()
        busy = searches(server.path, until=done)
        worker.join()
        row("  while an import runs: p50 / p99 (target p99 5 ms)", f"{percentile(busy, 0.5):.2f} / {percentile(busy, 0.99):.2f} ms",
            f"{len(busy)} searches")

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
            with Client(server.path) as client:
                began = time.monotonic()
                last = collections.deque(client.stream("amnesty.v1.EligibilityService/Reassess", {}), maxlen=1)
                times.append(time.monotonic() - began)
        row("Reassess of 100,000 cases, dry run (target 3 s)", f"{statistics.median(times):.2f} s", f"{last[0]['done']:,} done, {last[0]['changed']:,} changed")
