# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""Stopping, starting wrong, credentials, and what outlives a restart."""

import pathlib
import time
import unittest

import support


class Stop(unittest.TestCase):
    def test_1_extended(self):
        """A drain longer than TimeoutStopSec= is given its time: the unit ends in success, its call is told why"""
        support.configure("drainSeconds: 4\n")
        support.drop_in("[Service]\nTimeoutStopSec=1s\n")
        support.health()
        connection = support.Connection()
        # A call that is never completed is at work until the grace has passed.
        connection.send({"call": 1, "method": "amnesty.v1.EligibilityService/Assess", "open": True})
        connection.send({"ping": 1})
        self.assertIn("pong", connection.receive()[0])
        began = time.monotonic()
        support.run("systemctl", "stop", "--no-block", "amnestyd.service")
        head, _ = connection.receive()
        self.assertEqual((head["goaway"], head["reason"]), (1, "DRAINING"))
        shown = support.show("amnestyd.service", "ActiveState", "StatusText")
        self.assertEqual(shown, {"ActiveState": "deactivating", "StatusText": "Ending calls"})
        head, _ = connection.receive()
        self.assertEqual(head["end"], 1)
        self.assertIn("DRAINING", str(head))
        connection.close()
        support.until(lambda: support.show("amnestyd.service", "ActiveState")["ActiveState"] == "inactive", "stopped")
        took = time.monotonic() - began
        self.assertGreater(took, 3.5)
        self.assertEqual(support.show("amnestyd.service", "Result")["Result"], "success")
        support.report(f"stopped after {took:.1f} s with TimeoutStopSec=1s")
        support.drop_in("")
        support.configure("")

    def test_2_wrong_start(self):
        """A daemon that cannot start says why in its status, and is not started again and again"""
        support.configure("logLevel: loud\n")
        done = support.run("systemctl", "start", "amnestyd.service", check=False)
        self.assertNotEqual(done.returncode, 0)
        shown = support.show("amnestyd.service", "ActiveState", "ExecMainStatus", "NRestarts", "StatusText", "StatusErrno")
        self.assertEqual((shown["ActiveState"], shown["ExecMainStatus"], shown["NRestarts"], shown["StatusErrno"]), ("failed", "78", "0", "22"))
        self.assertIn("logLevel is loud", shown["StatusText"])
        support.configure("")
        support.run("systemctl", "reset-failed", "amnestyd.service")
        self.assertEqual(support.health(), {"status": "SERVING"})

    def test_3_credentials(self):
        """A credential of the unit reaches the daemon's user, and nobody else"""
        seed = "5e" * 32
        pathlib.Path("/etc/credstore").mkdir(mode=0o700, exist_ok=True)
        key = pathlib.Path("/etc/credstore/amnestyd.audit.key")
        key.write_text(f"{seed}\n", encoding="utf-8")
        key.chmod(0o600)
        support.run("systemctl", "restart", "amnestyd.service")
        process = support.process()
        environment = pathlib.Path(f"/proc/{process}/environ").read_bytes().split(b"\0")
        folder = next(each.split(b"=")[1].decode() for each in environment if each.startswith(b"CREDENTIALS_DIRECTORY="))
        inside = pathlib.Path(f"/proc/{process}/root{folder}/audit.key")
        self.assertEqual(inside.read_text(encoding="utf-8").strip(), seed)
        uid = int(support.run("id", "-u", "amnestyd").stdout)
        status = inside.stat()
        self.assertIn(status.st_mode & 0o777, (0o400, 0o440))

        def read():
            return pathlib.Path(folder, "audit.key").read_text(encoding="utf-8")
        self.assertEqual(support.as_user(uid, uid, [], read).strip(), seed)
        with self.assertRaisesRegex(AssertionError, "PermissionError"):
            support.as_user(4321, 4321, [], read)
        self.assertEqual(support.health(), {"status": "SERVING"})
        # One that is no key stops the start, and the status says so; none at all is no mistake.
        key.write_text("short\n", encoding="utf-8")
        self.assertNotEqual(support.run("systemctl", "restart", "amnestyd.service", check=False).returncode, 0)
        self.assertIn("audit.key is no Ed25519 key", support.show("amnestyd.service", "StatusText")["StatusText"])
        key.unlink()
        support.run("systemctl", "restart", "amnestyd.service")
        self.assertEqual(support.health(), {"status": "SERVING"})

    @unittest.skipUnless(pathlib.Path("/usr/lib/amnestyd-tests/SystemdProbe").exists(), "no SystemdProbe was built")
    def test_4_descriptor_store(self):
        """What a service stores with systemd is there after a restart and after a kill, and gone after a stop"""
        pathlib.Path("/run/systemd/system/probe.service").write_text(
            "[Service]\nType=notify\nNotifyAccess=main\nFileDescriptorStoreMax=4\nRestart=on-failure\nRestartSec=0\n"
            "ExecStart=/usr/lib/amnestyd-tests/SystemdProbe serve\n", encoding="utf-8")
        support.run("systemctl", "daemon-reload")

        def started():
            return support.show("probe.service", "StatusText")["StatusText"]

        support.run("systemctl", "start", "probe.service")
        self.assertEqual(started(), "start 1")
        support.run("systemctl", "restart", "probe.service")
        self.assertEqual(started(), "start 2")
        support.run("systemctl", "kill", "--signal=KILL", "probe.service")
        support.until(lambda: started() == "start 3", "started by itself")
        support.run("systemctl", "stop", "probe.service")
        support.run("systemctl", "start", "probe.service")
        self.assertEqual(started(), "start 1")
        support.run("systemctl", "stop", "probe.service")


support.main()
