# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""Servers under measurement: started in a scratch folder, spoken to in frames, ended by SIGTERM."""

import contextlib
import json
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

BINARIES = pathlib.Path(".build/release")
PEERS = pathlib.Path(".build/benchmarks")


def frame(head, body=b""):
    payload = json.dumps(head, separators=(",", ":")).encode() + (b"\n" + body if body else b"")
    return len(payload).to_bytes(4, "big") + payload


def call(path, method, body=b"{}", timeout=5.0):
    """One unary call; raises OSError while nobody listens."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as peer:
        peer.settimeout(timeout)
        peer.connect(str(path))
        peer.sendall(frame({"call": 1, "method": method}, body))
        answer = b""
        while len(answer) < 4 or len(answer) < 4 + int.from_bytes(answer[:4], "big"):
            chunk = peer.recv(65536)
            if not chunk:
                raise ConnectionError("closed before the answer")
            answer += chunk
    head, _, message = answer[4:].partition(b"\n")
    if b'"code"' in head:
        raise RuntimeError(answer[4:].decode())
    return message


def pinned(cpu):
    return ["taskset", "-c", str(cpu)] if cpu is not None else []


def wait_for(path, server, method="grpc.health.v1.Health/Check", body=b'{"service":""}', seconds=10.0):
    """Seconds until the first answer, from now."""
    began = time.monotonic()
    while True:
        try:
            if method is None:
                with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as peer:
                    peer.connect(str(path))
            else:
                call(path, method, body)
            return time.monotonic() - began
        except OSError:
            if server.poll() is not None:
                raise SystemExit(f"the server left with status {server.returncode}")
            if time.monotonic() - began > seconds:
                raise SystemExit(f"no answer on {path} within {seconds} s")
            time.sleep(0.0005)


@contextlib.contextmanager
def running(command, path, method):
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        server.ready_after = wait_for(path, server, method=method)
        yield server
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


@contextlib.contextmanager
def amnestyd(cpu=None):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="amnesty-bench-"))
    path = folder / "amnesty.sock"
    command = [*pinned(cpu), str(BINARIES / "amnestyd"), "--socket", str(path), "--state-directory", str(folder / "state")]
    try:
        with running(command, path, "grpc.health.v1.Health/Check") as server:
            server.path = path
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def echo(response_bytes, cpu=None):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="amnesty-bench-"))
    path = folder / "echo.sock"
    try:
        with running([*pinned(cpu), str(PEERS / "echo"), str(path), str(response_bytes)], path, None) as server:
            server.path = path
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def resident(server):
    """Resident and peak resident set, MiB."""
    status = dict(
        line.split(":", 1) for line in pathlib.Path(f"/proc/{server.pid}/status").read_text().splitlines() if ":" in line
    )
    return tuple(int(status[key].split()[0]) / 1024 for key in ("VmRSS", "VmHWM"))


def peer(*arguments, cpu=None):
    """Runs one of the C peers and gives what it printed last, as JSON."""
    done = subprocess.run(
        [*pinned(cpu), str(PEERS / arguments[0]), *map(str, arguments[1:])], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, arguments))}: {done.stderr.strip()}")
    return json.loads(done.stdout.splitlines()[-1])
