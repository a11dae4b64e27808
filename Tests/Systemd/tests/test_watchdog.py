# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""The watchdog."""

import os
import signal
import time
import unittest

import support


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

    def test_3_crowded(self):
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


support.main()
