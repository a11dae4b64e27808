# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""The watchdog."""

import contextlib
import os
import pathlib
import pwd
import signal
import sqlite3
import subprocess
import sys
import time
import unittest

import load
import support


EXPIRED = "amnestyd.service: Watchdog timeout (limit 2s)!"

# Attaches to one thread by ptrace(2) (PTRACE_SEIZE, PTRACE_INTERRUPT), and holds it until it is told to go.
HOLD = """
import ctypes, sys
libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long] * 4
thread = int(sys.argv[1])
assert libc.ptrace(0x4206, thread, 0, 0) == 0 and libc.ptrace(0x4207, thread, 0, 0) == 0, ctypes.get_errno()
print("held", flush=True)
sys.stdin.read()
"""


@contextlib.contextmanager
def stopped(thread):
    """One thread of a process that stands still while the others run."""
    with subprocess.Popen([sys.executable, "-c", HOLD, str(thread)], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline() == b"held\n"
        yield
        holder.stdin.close()


# Follows every thread of a process by ptrace(2), and holds the first that writes or syncs a file, in the middle of it, until it is told to go.
HANG = """
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long] * 4
process = int(sys.argv[1])
for thread in os.listdir(f"/proc/{process}/task"):
    # PTRACE_SEIZE with TRACESYSGOOD and TRACECLONE, then PTRACE_INTERRUPT
    assert libc.ptrace(0x4206, int(thread), 0, 1 | 8) == 0 and libc.ptrace(0x4207, int(thread), 0, 0) == 0, ctypes.get_errno()
print("followed", flush=True)
held = set()
while True:
    try:
        thread, status = os.waitpid(-1, 0x40000000)
    except ChildProcessError:
        break
    if not os.WIFSTOPPED(status):
        continue
    number = os.WSTOPSIG(status)
    if number == 0x85:
        info = ctypes.create_string_buffer(88)
        libc.ptrace(0x420E, thread, 88, ctypes.addressof(info))
        # At the beginning of pwrite64, fsync or fdatasync
        if info.raw[0] == 1 and int.from_bytes(info.raw[24:32], "little") in (18, 74, 75):
            if not held:
                print("held", flush=True)
            held.add(thread)
            continue
    passed = number if status >> 16 == 0 and number not in (0x85, 5) else 0
    libc.ptrace(24, thread, 0, passed)
"""


@contextlib.contextmanager
def hung_store(process):
    """A disk that does not come back: the first that writes to it stands still, all others run."""
    with subprocess.Popen([sys.executable, "-c", HANG, str(process)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline() == b"followed\n"
        try:
            yield holder
        finally:
            holder.kill()


class Watchdog(unittest.TestCase):
    def test_1_pings(self):
        """The daemon pings while it serves, and an idle one is left alone"""
        support.drop_in("[Service]\nWatchdogSec=1s\n")
        support.health()
        process = support.process()
        time.sleep(3.5)
        shown = support.show("amnestyd.service", "MainPID", "NRestarts", "WatchdogUSec")
        self.assertEqual(shown, {"MainPID": str(process), "NRestarts": "0", "WatchdogUSec": "1s"})

    def test_2_stopped(self):
        """A daemon that stands still is killed by the watchdog and started again; its client goes on"""
        support.drop_in("[Service]\nWatchdogSec=1s\nTimeoutAbortSec=1s\n")
        support.run("systemctl", "restart", "amnestyd.service")
        connection = support.Connection()
        self.assertIn("assessment", support.assess(connection)[1])
        process = support.process()
        began = time.monotonic()
        os.kill(process, signal.SIGSTOP)
        try:
            support.assess(connection)  # waits, for nobody answers before the kill
        except support.Lost:
            pass
        support.until(lambda: support.show("amnestyd.service", "MainPID")["MainPID"] not in (str(process), "0"), "another process")
        self.assertEqual(support.health(), {"status": "SERVING"})
        support.report(f"stopped daemon replaced after {time.monotonic() - began:.1f} s (WatchdogSec=1s)")
        self.assertEqual(support.show("amnestyd.service", "NRestarts")["NRestarts"], "1")
        said = [entry["MESSAGE"] for entry in support.journal("UNIT=amnestyd.service")]
        self.assertTrue(any("Watchdog timeout" in line for line in said), said)

    def test_3_one_thread(self):
        """One thread of the sockets stands still and all others run: the pings stop, the log says what is late, the daemon is replaced"""
        support.drop_in("[Service]\nWatchdogSec=2s\nTimeoutAbortSec=1s\n")
        for number in range(2):
            support.run("systemctl", "restart", "amnestyd.service")
            self.assertEqual(support.health(), {"status": "SERVING"})
            process = support.process()
            # The first group is the one of the probe, the second serves the sockets.
            loops = sorted(
                (comm.read_text().strip(), int(comm.parent.name)) for comm in pathlib.Path(f"/proc/{process}/task").glob("*/comm")
                if comm.read_text().startswith("NIO-ELT-2"))
            self.assertEqual(len(loops), 2, loops)
            name, thread = loops[number]
            began = time.monotonic()
            this = f"INVOCATION_ID={support.show('amnestyd.service', 'InvocationID')['InvocationID']}"
            with stopped(thread):
                support.until(lambda: support.journal(this, f"MESSAGE={EXPIRED}"), EXPIRED)
            support.until(lambda: support.show("amnestyd.service", "MainPID")["MainPID"] not in (str(process), "0"), "another process")
            support.report(f"{name} stopped, daemon replaced after {time.monotonic() - began:.1f} s (WatchdogSec=2s)")
            late = support.journal(f"_PID={process}", "PRIORITY=2")
            self.assertIn("loop-back over /run/amnestyd/", str(late[-1]["AMNESTY_WATCHDOG_LATE"]))
            self.assertEqual(support.health(), {"status": "SERVING"})

    def test_4_full_disk(self):
        """With the disk of the state full the daemon answers, and is not killed for it"""
        support.drop_in("[Service]\nWatchdogSec=1s\n")
        state = pathlib.Path("/var/lib/amnestyd")
        support.run("systemctl", "stop", "amnestyd.service")
        support.run("mount", "-t", "tmpfs", "-o", f"size=64k,mode=0700,uid={pwd.getpwnam('amnestyd').pw_uid}", "tmpfs", str(state))
        try:
            self.assertEqual(support.health(), {"status": "SERVING"})
            process = support.process()
            with self.assertRaisesRegex(OSError, "No space left"):
                with open(state / "ballast", "wb", buffering=0) as ballast:
                    while True:
                        ballast.write(b"x" * 4096)
            self.assertIn("assessment", support.assess(support.Connection())[1])
            time.sleep(3.5)
            self.assertEqual(support.process(), process)
        finally:
            support.run("systemctl", "stop", "amnestyd.service")
            support.run("umount", str(state))

    def test_5_crowded(self):
        """Every connection of the daemon's user taken: a refusal is an answer, and nothing is killed"""
        support.drop_in("[Service]\nWatchdogSec=1s\n")
        support.run("systemctl", "restart", "amnestyd.service")
        uid, gid = (int(support.run("id", flag, "amnestyd").stdout) for flag in ("-u", "-g"))

        def crowd():
            held = [support.Connection() for _ in range(200)]
            time.sleep(3.5)
            return len(held)

        process = support.process()
        support.as_user(uid, gid, [gid], crowd)
        self.assertEqual(support.process(), process)
        # Told, but not once a connection.
        entries = support.journal(f"AMNESTY_PEER_UID={uid}")
        self.assertIn(len(entries), range(1, 20))

    def test_6_hung_store(self):
        """A store that does not come back, under a load that writes: the daemon is replaced, and nothing acknowledged is lost or done twice"""
        support.drop_in("[Service]\nWatchdogSec=2s\nTimeoutAbortSec=1s\n")
        support.run("systemctl", "restart", "amnestyd.service")
        with load.Load(readers=2, writers=4, name="HUNG") as clients:
            clients.goes_on()
            process = support.process()
            with hung_store(process) as holder:
                self.assertEqual(holder.stdout.readline(), b"held\n")
                began = time.monotonic()
                # What asks no store is answered meanwhile.
                answered = sum(reader.answered for reader in clients.readers)
                support.until(lambda: sum(reader.answered for reader in clients.readers) > answered + 20, "assessments go on")
                support.until(lambda: support.show("amnestyd.service", "MainPID")["MainPID"] not in (str(process), "0"), "another process")
            took = time.monotonic() - began
            clients.goes_on()
        self.assertEqual(clients.failures(may_break=True), [])
        late = support.journal(f"_PID={process}", "PRIORITY=2")
        self.assertEqual(late[-1]["AMNESTY_WATCHDOG_LATE"], "register")
        support.report(f"daemon with a hung store replaced after {took:.1f} s (WatchdogSec=2s); {clients.told()}")
        support.run("amnestyctl", "check")

    def test_7_locked_store(self):
        """A register that another program has locked is an error to who asks, and no reason to be killed"""
        support.drop_in("[Service]\nWatchdogSec=2s\nTimeoutAbortSec=1s\n")
        support.run("systemctl", "restart", "amnestyd.service")
        record = {**support.sample(), "reference": "SYN-LOCKED"}
        process = support.process()
        with contextlib.closing(sqlite3.connect("/var/lib/amnestyd/register.sqlite", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            began = time.monotonic()
            while time.monotonic() < began + 6:
                head, body = support.Connection().call("amnesty.v1.CaseService/Register", {"record": record, "idempotencyKey": "locked"})
                self.assertIsNone(body)
                self.assertEqual(head["code"], "UNAVAILABLE")
            other.execute("ROLLBACK")
        support.until(
            lambda: support.Connection().call("amnesty.v1.CaseService/Register", {"record": record, "idempotencyKey": "locked"})[1], "unlocked")
        self.assertEqual(support.process(), process)
        support.report(f"locked for 6 s: {head['message'][:100]}")


support.main()
