# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""The sandbox of the unit: what it scores, what it keeps from the daemon, and that the daemon works in it."""

import json
import pathlib
import re
import unittest

import support

UNITS = pathlib.Path("/usr/lib/systemd/system")

# Tries, as the daemon's user in the daemon's sandbox, what the daemon has no need of; prints what came of each.
ATTEMPTS = r'''
import ctypes, json, mmap, os, pathlib, socket, subprocess
libc = ctypes.CDLL(None, use_errno=True)
result = {}

def attempt(name, work):
    try:
        result[name] = "done: %r" % (work(),)
    except OSError as error:
        result[name] = "refused: " + error.strerror
    except ValueError as error:  # Python's word for a limit that may not be raised
        result[name] = "refused: " + str(error)
    except Exception as error:
        result[name] = "other: %r" % (error,)

def checked(value):
    if value in (-1, 2**64 - 1):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return value

libc.mmap.restype = ctypes.c_size_t
libc.mmap.argtypes = [ctypes.c_size_t, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
attempt("write /etc", lambda: pathlib.Path("/etc/amnestyd/new").write_text("x"))
attempt("write /usr", lambda: pathlib.Path("/usr/share/new").write_text("x"))
attempt("write the configuration", lambda: open("/etc/amnestyd/amnestyd.conf", "a"))
attempt("write the sockets' folder", lambda: pathlib.Path("/run/amnestyd/new").write_text("x"))
attempt("internet socket", lambda: socket.socket(socket.AF_INET))
attempt("internet socket, version 6", lambda: socket.socket(socket.AF_INET6))
attempt("packet socket", lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW))
attempt("netlink socket", lambda: socket.socket(socket.AF_NETLINK))
attempt("ptrace", lambda: checked(libc.ptrace(16, os.getppid(), 0, 0)))
attempt("mount", lambda: checked(libc.mount(b"tmpfs", b"/mnt", b"tmpfs", 0, None)))
attempt("user namespace", lambda: checked(libc.unshare(0x10000000)))
attempt("memory to write and execute", lambda: checked(libc.mmap(0, 4096, 7, 0x22, -1, 0)))
attempt("raise a limit", lambda: __import__("resource").setrlimit(7, (9000, 9000)))
attempt("set the clock", lambda: __import__("time").clock_settime(0, 0))
attempt("kernel log", lambda: open("/dev/kmsg"))
attempt("real-time", lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)))
attempt("set-user-id file", lambda: os.chmod(os.environ["STATE_DIRECTORY"], 0o4700))
attempt("raw disk", lambda: os.mknod("/tmp/disk", 0o60600, os.makedev(8, 0)))
attempt("look into /home", lambda: os.listdir("/home/visible"))
attempt("look into /root", lambda: os.listdir("/root"))
attempt("see PID 1", lambda: os.listdir("/proc/1/task"))
attempt("capabilities", lambda: [line for line in open("/proc/self/status") if line.startswith("Cap")])
attempt("write the state", lambda: pathlib.Path(os.environ["STATE_DIRECTORY"], "new").write_text("x"))
attempt("write /tmp", lambda: pathlib.Path("/tmp/new").write_text("x"))
attempt("read the configuration", lambda: len(open("/etc/amnestyd/amnestyd.conf").read()) > 0)
print(json.dumps(result))
'''


class Hardening(unittest.TestCase):
    def test_1_verify(self):
        """systemd-analyze verify has nothing to say of any unit"""
        units = [str(unit) for kind in ("service", "socket", "timer") for unit in sorted(UNITS.glob(f"amnestyd*.{kind}"))]
        self.assertEqual(len(units), 9)
        done = support.run("systemd-analyze", "verify", "--man=no", *units)
        self.assertEqual(done.stdout + done.stderr, "")

    def test_2_score(self):
        """systemd-analyze security gives every service at most 0.5"""
        for unit in sorted(UNITS.glob("amnestyd*.service")):
            said = support.run("systemd-analyze", "security", "--offline=true", "--threshold=5", "--no-pager", str(unit)).stdout
            score = re.search(r"exposure level for \S+: ([0-9.]+)", said)[1]
            support.report(f"{unit.name}: {score}")
            self.assertLessEqual(float(score), 0.5)
        text = (UNITS / "amnestyd.service").read_text(encoding="utf-8")
        self.assertNotIn("\nPrivateUsers=", text)
        self.assertNotIn("\nRuntimeDirectory=", text)

    def test_3_effective(self):
        """In the daemon's sandbox: no writing outside the state, no internet, no ptrace, no mount, no W+X memory, no /home"""
        pathlib.Path("/home/visible").mkdir(parents=True, exist_ok=True)
        pathlib.Path("/usr/lib/attempts.py").write_text(ATTEMPTS, encoding="utf-8")
        text = (UNITS / "amnestyd.service").read_text(encoding="utf-8")
        own = r"^(Type|NotifyAccess|Sockets|Exec\w+|Restart\w*|WatchdogSec|Requires|After|StartLimit\w+|Also|WantedBy)=.*\n"
        text = re.sub(own, "", text, flags=re.M).replace("[Service]\n", "[Service]\nType=oneshot\nExecStart=/usr/bin/python3 /usr/lib/attempts.py\n")
        pathlib.Path("/run/systemd/system/attempts.service").write_text(text, encoding="utf-8")
        support.run("systemctl", "daemon-reload")
        support.run("systemctl", "start", "attempts.service")
        result = json.loads([entry["MESSAGE"] for entry in support.journal("-u", "attempts.service", "_COMM=python3")][-1])
        capabilities = result.pop("capabilities")
        self.assertEqual(len(re.findall("0000000000000000", capabilities)), 5, capabilities)
        permitted = {"write the state", "write /tmp", "read the configuration"}
        for name, outcome in result.items():
            self.assertTrue(outcome.startswith("done" if name in permitted else "refused"), f"{name}: {outcome}")
        support.report(f"{len(result) - len(permitted)} attempts refused, {len(permitted)} needs met")

    def test_4_works(self):
        """The daemon runs in it: it assesses, tells peers apart, reloads, and its memory is executable nowhere it can write"""
        connection = support.Connection()
        self.assertIn("assessment", support.assess(connection)[1])
        support.run("systemctl", "reload", "amnestyd.service")
        process = support.process()
        maps = pathlib.Path(f"/proc/{process}/maps").read_text(encoding="utf-8")
        self.assertEqual([line for line in maps.splitlines() if line.split()[1].startswith("rwx")], [])
        status = pathlib.Path(f"/proc/{process}/status").read_text(encoding="utf-8")
        self.assertRegex(status, r"NoNewPrivs:\s+1")
        self.assertRegex(status, r"Seccomp:\s+2")
        self.assertRegex(status, r"CapBnd:\s+0000000000000000")
        refused = [entry["MESSAGE"] for entry in support.journal("-u", "amnestyd.service") if "priority" in entry["MESSAGE"]]
        self.assertEqual(refused, [])


support.main()
