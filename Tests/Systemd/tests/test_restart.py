# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""Restarts under load."""

import json
import os
import pathlib
import subprocess
import unittest

import load
import support


class Restart(unittest.TestCase):
    def setUp(self):
        # More starts than an operator makes in a minute.
        support.run("systemctl", "reset-failed", "amnestyd.service", check=False)

    def test_1_load(self):
        """20 restarts under a steady load of calls and commands: none fails, none is cut without a goaway, none is lost or done twice"""
        support.health()
        inode = os.stat(support.PUBLIC).st_ino
        processes = set()
        with load.Load(readers=4, writers=4) as clients:
            for _ in range(20):
                clients.goes_on()
                support.run("systemctl", "restart", "amnestyd.service")
                processes.add(support.process())
            clients.goes_on()
        self.assertEqual(clients.failures(), [])
        support.report(f"20 restarts: {clients.told()}")
        self.assertEqual(len(processes), 20)
        self.assertGreaterEqual(clients.sum("reconnects"), 20)
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
        """kill -9 under load, 5 times: systemd starts another, clients go on by themselves, no acknowledged command is lost, none is done twice"""
        with load.Load(readers=2, writers=4, name="KILL") as clients:
            for _ in range(5):
                clients.goes_on()
                process = support.process()
                os.kill(process, 9)
                support.until(lambda: support.show("amnestyd.service", "MainPID")["MainPID"] not in (str(process), "0"), "another process")
            clients.goes_on()
        self.assertEqual(clients.failures(may_break=True), [])
        support.report(f"5 kills: {clients.told()}")
        done = support.run("amnestyctl", "check")
        support.report(done.stdout.strip())

    def test_5_import(self):
        """amnestyctl imports a register over 3 restarts: every case is there once"""
        register = support.run("amnestyctl", "sample", "--people", "20000", "--seed", "4").stdout
        pathlib.Path("/tmp/import.ndjson").write_text(register, encoding="utf-8")

        def cases():
            head, body = support.Connection().call("amnesty.v1.CaseService/Summary", {})
            assert body is not None, head
            return body["cases"]

        before = cases()
        with subprocess.Popen(
            ["amnestyctl", "case", "import", "/tmp/import.ndjson"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as importing:
            for _ in range(3):
                seen = cases()
                support.until(lambda: cases() > seen or importing.poll() is not None, "cases")
                self.assertIsNone(importing.poll(), "over before the restarts were")
                support.run("systemctl", "restart", "amnestyd.service")
            said, complaints = importing.communicate(timeout=120)
        self.assertEqual(importing.returncode, 0, complaints)
        self.assertEqual(cases(), before + len(register.splitlines()))
        support.report(f"over 3 restarts: {said.strip()}")


support.main()
