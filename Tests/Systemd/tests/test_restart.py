# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""Restarts under load."""

import json
import os
import pathlib
import subprocess
import threading
import unittest

import load
import support


class Restart(unittest.TestCase):
    def test_1_load(self):
        """20 restarts under a steady load of unary calls: none fails, none is cut without a goaway"""
        support.health()
        stop = threading.Event()
        clients = [load.Client(stop, support.sample()) for _ in range(8)]
        for client in clients:
            client.start()
        inode = os.stat(support.PUBLIC).st_ino
        processes = set()
        for _ in range(20):
            support.run("systemctl", "restart", "amnestyd.service")
            processes.add(support.process())
            before = sum(client.answered for client in clients)
            support.until(lambda: sum(client.answered for client in clients) > before + 50, "calls go on after a restart")
        stop.set()
        for client in clients:
            client.join()
        answered = sum(client.answered for client in clients)
        reconnects = sum(client.reconnects for client in clients)
        longest = max(client.longest for client in clients)
        support.report(f"{answered} calls answered over 20 restarts, {reconnects} reconnects, longest call {longest * 1000:.0f} ms")
        self.assertEqual([failure for client in clients for failure in client.failures], [])
        self.assertEqual([lost for client in clients for lost in client.abrupt], [])
        self.assertEqual(len(processes), 20)
        self.assertGreaterEqual(reconnects, 20)
        self.assertEqual(os.stat(support.PUBLIC).st_ino, inode)
        shown = support.show("amnestyd.service", "Result", "ActiveState")
        self.assertEqual((shown["Result"], shown["ActiveState"]), ("success", "active"))

    def test_2_stream(self):
        """amnestyctl assesses a register over 5 restarts: every record is answered once, in order"""
        register = support.run("amnestyctl", "sample", "--people", "30000", "--seed", "3").stdout
        pathlib.Path("/tmp/register.ndjson").write_text(register, encoding="utf-8")
        with open("/tmp/answers.ndjson", "wb") as answers, open("/tmp/complaints", "wb") as complaints:
            with subprocess.Popen(
                ["amnestyctl", "assess", "/tmp/register.ndjson", "--output", "ndjson"], stdout=answers, stderr=complaints) as assessing:
                restarts = 0
                while restarts < 5:
                    seen = os.stat("/tmp/answers.ndjson").st_size
                    support.until(lambda: os.stat("/tmp/answers.ndjson").st_size > seen or assessing.poll() is not None, "answers")
                    self.assertIsNone(assessing.poll(), "over before the restarts were")
                    support.run("systemctl", "restart", "amnestyd.service")
                    restarts += 1
                status = assessing.wait(timeout=120)
        self.assertEqual(status, 0, pathlib.Path("/tmp/complaints").read_text(encoding="utf-8"))
        asked = [json.loads(line)["reference"] for line in register.splitlines()]
        given = [json.loads(line)["reference"] for line in pathlib.Path("/tmp/answers.ndjson").read_text(encoding="utf-8").splitlines()]
        self.assertEqual(given, asked)
        support.report(f"{len(given)} records answered in order over {restarts} restarts")

    def test_3_waiting(self):
        """A client that connects while the daemon is stopped waits, and is answered by the one that its call starts"""
        support.run("systemctl", "stop", "amnestyd.service")
        self.assertEqual(support.health(), {"status": "SERVING"})

    def test_4_kill(self):
        """kill -9 under load: systemd starts another, clients go on by themselves"""
        process = support.process()
        os.kill(process, 9)
        support.until(lambda: support.show("amnestyd.service", "MainPID")["MainPID"] not in (str(process), "0"), "another process")
        self.assertEqual(support.health(), {"status": "SERVING"})


support.main()
