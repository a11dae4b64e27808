# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""Servers under measurement: started in a scratch folder, spoken to in frames, ended by SIGTERM."""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

BINARIES = pathlib.Path(".build/release")
PEERS = pathlib.Path(".build/benchmarks")
# Where the peers from PyPI are.
PYTHON = PEERS / "venv/bin/python"
# Bytes of a stream that may be on their way.
WINDOW = 1 << 20


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


def run(command):
    """A command that must succeed; what it says is told only if it does not.

    Its output goes to a file: servers that it starts may keep it open.
    """
    with tempfile.TemporaryFile("w+") as said:
        if subprocess.run(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, check=False).returncode != 0:
            said.seek(0)
            raise SystemExit(f"{' '.join(map(str, command))}: {said.read().strip()}")


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

    def next_frame(self):
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
        self.socket.sendall(frame({"call": self.call_id, "method": method}, json.dumps(message).encode()))
        head, body = self.next_frame()
        if "code" in head:
            raise RuntimeError(head)
        return json.loads(body)

    def stream(self, method, message):
        """The items of a server stream, credit given back as they are read."""
        self.call_id += 1
        head = {"call": self.call_id, "method": method, "window": WINDOW}
        self.socket.sendall(frame(head, json.dumps(message).encode()))
        taken = 0
        while True:
            head, body = self.next_frame()
            if "end" in head:
                if "code" in head:
                    raise RuntimeError(head)
                return
            taken += len(body)
            if taken > WINDOW // 2:
                self.socket.sendall(frame({"credit": self.call_id, "bytes": taken}))
                taken = 0
            yield json.loads(body)


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
def amnestyd(cpu=None, acts="acts"):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="amnesty-bench-"))
    path = folder / "amnesty.sock"
    command = [
        *pinned(cpu),
        str(BINARIES / "amnestyd"),
        "--socket",
        str(path),
        "--state-directory",
        str(folder / "state"),
        "--acts",
        str(acts),
    ]
    try:
        with running(command, path, "grpc.health.v1.Health/Check") as server:
            server.path = path
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def program(command, cpu=None):
    """Another server: the command is given the socket's path, and ready when it accepts a connection there."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="amnesty-bench-"))
    path = folder / "peer.sock"
    try:
        with running([*pinned(cpu), *map(str, command(path))], path, None) as server:
            server.path = path
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def echo(response_bytes, kind, cpu=None):
    """The C echo: `blocking` or `epoll`."""
    return program(lambda path: [PEERS / "echo", path, response_bytes, kind], cpu)


def pin(server, cores):
    """The server and all its threads, on cores such as "0,1"."""
    subprocess.run(["taskset", "-a", "-p", "-c", cores, str(server.pid)], check=True, stdout=subprocess.DEVNULL)


def processor_seconds(server):
    """What the server has used of its cores, all threads together."""
    fields = pathlib.Path(f"/proc/{server.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident(server):
    """Resident and peak resident set, MiB."""
    status = dict(
        line.split(":", 1)
        for line in pathlib.Path(f"/proc/{server.pid}/status").read_text().splitlines()
        if ":" in line
    )
    return tuple(int(status[key].split()[0]) / 1024 for key in ("VmRSS", "VmHWM"))


def figures(command, cpu=None, environment=None, is_silent=False):
    """Runs a client and gives what it printed last, as JSON; None of one that is silent."""
    done = subprocess.run(
        [*pinned(cpu), *map(str, command)], capture_output=True, text=True, check=False, env=environment
    )
    if done.returncode != 0 or not (done.stdout or is_silent):
        raise SystemExit(f"{' '.join(map(str, command))}: {done.stderr.strip()}")
    return None if is_silent else json.loads(done.stdout.splitlines()[-1])


def peer(*arguments, cpu=None):
    """Runs one of the C peers."""
    return figures([PEERS / arguments[0], *arguments[1:]], cpu)
