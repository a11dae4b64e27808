# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""What the tests in a booted system share: a client of amnesty/1, users, and systemd's own tools."""

import json
import os
import pathlib
import socket
import struct
import subprocess
import sys
import time
import unittest

PUBLIC = "/run/amnestyd/amnestyd.sock"
ADMIN = "/run/amnestyd/admin.sock"
CONFIGURATION = pathlib.Path("/etc/amnestyd/amnestyd.conf")
RECORD = {
    "reference": "SYN-2022-0000001",
    "person": {"birthDate": "1990-01-01"},
    "stage": "convicted",
    "offences": [{"article": "272", "part": 2, "class": "grave"}],
}


class Lost(Exception):
    """The connection ended, or was to end, before the call was answered: it was not executed, or may be sent again."""


class Connection:
    """One connection, one call at a time."""

    def __init__(self, path=PUBLIC, timeout=60):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)  # blocking: a full queue makes it wait, not fail
        self.socket.settimeout(timeout)
        self.call_id = 0
        self.going = None  # the goaway, which may have come during an earlier call

    def close(self):
        self.socket.close()

    def send(self, head, body=None):
        payload = json.dumps(head).encode()
        if body is not None:
            payload += b"\n" + json.dumps(body).encode()
        try:
            self.socket.sendall(struct.pack(">I", len(payload)) + payload)
        except (BrokenPipeError, ConnectionResetError):
            pass  # what the server said before stands to be read

    def receive(self):
        """Head and body of the next frame; (None, None) at the end."""
        length = self._read(4)
        if length is None:
            return None, None
        payload = self._read(struct.unpack(">I", length)[0])
        if payload is None:
            return None, None
        head, _, body = payload.partition(b"\n")
        return json.loads(head), json.loads(body) if body else None

    def _read(self, count):
        data = b""
        while len(data) < count:
            try:
                piece = self.socket.recv(count - len(data))
            except ConnectionResetError:
                return None
            if not piece:
                return None
            data += piece
        return data

    def call(self, method, body=None):
        """The head of the end, and its body. Raises Lost where the call was not taken on."""
        self.call_id += 1
        if self.going is not None:
            raise Lost(self.going)
        self.send({"call": self.call_id, "method": method}, body if body is not None else {})
        while True:
            head, answer = self.receive()
            if head is None:
                raise Lost(self.going or "the connection ended without a goaway")
            if "goaway" in head:
                self.going = head
                if head["goaway"] < self.call_id:
                    raise Lost(head)
                continue
            if head.get("end") == self.call_id:
                return head, answer


def health(path=PUBLIC):
    connection = Connection(path)
    try:
        return connection.call("grpc.health.v1.Health/Check")[1]
    finally:
        connection.close()


def assess(connection, record=None):
    return connection.call("amnesty.v1.EligibilityService/Assess", {"record": record or sample()})


_samples = []


def sample():
    """A record of a made-up person."""
    if not _samples:
        _samples.extend(json.loads(line) for line in run("amnestyctl", "sample", "--people", "5", "--seed", "7").stdout.splitlines())
    return _samples[0]


def run(*command, check=True, **options):
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, **options)
    if check and done.returncode != 0:
        raise AssertionError(f"{' '.join(command)} left with {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def show(unit, *names):
    """Properties of a unit."""
    lines = run("systemctl", "show", unit, *[f"-p{name}" for name in names]).stdout.splitlines()
    return dict(line.split("=", 1) for line in lines)


def process():
    """The number of the daemon's process; never 0, which would mean everybody to kill(2)."""
    number = int(show("amnestyd.service", "MainPID")["MainPID"])
    assert number > 1, "the daemon does not run"
    return number


def until(condition, what, seconds=30):
    """Waits for what systemd does in its own time; returns what the condition gave."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"in {seconds} s: {what}")
        time.sleep(0.02)


def journal(*matches):
    run("journalctl", "--sync")
    lines = run("journalctl", "-b", "-o", "json", "--all", "--no-pager", *matches, check=False).stdout.splitlines()
    return [json.loads(line) for line in lines]


def configure(text):
    CONFIGURATION.write_text(text, encoding="utf-8")


def drop_in(text, unit="amnestyd.service"):
    folder = pathlib.Path(f"/run/systemd/system/{unit}.d")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "test.conf").write_text(text, encoding="utf-8")
    run("systemctl", "daemon-reload")


def as_user(uid, gid, groups, work):
    """What `work` gives in a process of that user."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups(groups)
            os.setresgid(gid, gid, gid)
            os.setresuid(uid, uid, uid)
            result = {"value": work()}
        except BaseException as error:  # pylint: disable=broad-except
            result = {"error": f"{type(error).__name__}: {error}"}
        os.write(writing, json.dumps(result).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        result = json.loads(pipe.read())
    os.waitpid(child, 0)
    if "error" in result:
        raise AssertionError(result["error"])
    return result["value"]


def job(name):
    """Runs a job as its timer does; its exit code, and the journal of this run."""
    done = run("systemctl", "start", f"amnestyd-{name}.service", check=False)
    invocation = show(f"amnestyd-{name}.service", "InvocationID")["InvocationID"]
    return done.returncode, [entry["MESSAGE"] for entry in journal(f"_SYSTEMD_INVOCATION_ID={invocation}")]


def report(text):
    """A measured figure, for the log of the run."""
    print(f"      {text}", flush=True)


class _Result(unittest.TextTestResult):
    def addSuccess(self, test):
        super().addSuccess(test)
        print(f"ok    {test.shortDescription()}", flush=True)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        print(f"FAIL  {test.shortDescription()}", flush=True)

    addError = addFailure


def main():
    """Runs the tests of the program; every test has one line that says what it shows."""
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        outcome = unittest.TextTestRunner(stream=nowhere, resultclass=_Result, descriptions=True).run(suite)
    for test, trace in outcome.failures + outcome.errors:
        print(f"\n{test.id()}\n{trace}", flush=True)
    if outcome.failures or outcome.errors:
        print(run("journalctl", "-b", "--no-pager", "-n", "60", "-o", "short-precise", check=False).stdout, flush=True)
        sys.exit(1)
