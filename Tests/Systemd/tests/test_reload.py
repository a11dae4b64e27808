# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""systemctl reload."""

import pathlib
import threading
import unittest

import support

ACTS = pathlib.Path("/etc/amnestyd/acts")
ACT = ACTS / "kz-2022-152-vii.yaml"


def reload(check=False):
    return support.run("systemctl", "reload", "amnestyd.service", check=check)


def version():
    return support.run("amnestyctl", "act", "list").stdout


class Reload(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        support.run("cp", "-r", "/usr/share/amnestyd/acts", str(ACTS))
        support.run("chmod", "-R", "a+rX", "/etc/amnestyd/acts")
        support.configure(f"acts: {ACTS}\n")
        support.health()

    def setUp(self):
        self.process = support.process()

    def tearDown(self):
        shown = support.show("amnestyd.service", "MainPID", "ActiveState", "SubState")
        self.assertEqual(shown, {"MainPID": str(self.process), "ActiveState": "active", "SubState": "running"})

    def test_1_success(self):
        """A changed act is in force when systemctl reload returns, in the same process"""
        ACT.write_text(ACT.read_text(encoding="utf-8").replace("version: 1.0.0", "version: 1.0.7"), encoding="utf-8")
        self.assertNotIn("1.0.7", version())
        reload(check=True)
        self.assertIn("1.0.7", version())
        self.assertIn("1.0.7", support.show("amnestyd.service", "StatusText")["StatusText"])

    def test_2_failure(self):
        """A bad act: systemctl reload fails, the place stands in the journal and the status, and nothing changed"""
        good = ACT.read_text(encoding="utf-8")
        ACT.write_text(good.replace("fact: nexus", "fact: nexuss").replace("1.0.7", "1.0.8"), encoding="utf-8")
        before = version()
        self.assertNotEqual(reload().returncode, 0)
        self.assertEqual(version(), before)
        said = [entry["MESSAGE"] for entry in support.journal("-u", "amnestyd.service", "_COMM=amnestyctl")]
        self.assertRegex("\n".join(said), r"/etc/amnestyd/acts/kz-2022-152-vii\.yaml:[0-9]+:[0-9]+: ")
        self.assertRegex(support.show("amnestyd.service", "StatusText")["StatusText"], r"refused: /etc/amnestyd/acts/\S+\.yaml:[0-9]+:[0-9]+: ")
        self.assertEqual(support.health(), {"status": "SERVING"})
        ACT.write_text(good, encoding="utf-8")
        reload(check=True)

    def test_3_configuration(self):
        """A bad configuration is refused with line and column; roles and log level come into force together or not at all"""
        good = support.CONFIGURATION.read_text(encoding="utf-8")
        support.configure(good + "logLevel: debug\nroles:\n  viewer:\n    user: [root]\n")
        self.assertNotEqual(reload().returncode, 0)
        done = support.run("amnestyctl", "reload", check=False)
        self.assertEqual(done.returncode, 65)
        self.assertIn("/etc/amnestyd/amnestyd.conf:5:5: unknown key roles.viewer.user", done.stderr)
        self.assertIn("assessment", support.assess(support.Connection())[1])
        support.configure(good + "roles:\n  viewer:\n    users: [daemon]\n")
        reload(check=True)
        # Root is no viewer now, but the daemon's user may still reload.
        self.assertIn("ROLE_MISSING", str(support.assess(support.Connection())[0]))
        support.configure(good)
        reload(check=True)
        self.assertIn("assessment", support.assess(support.Connection())[1])

    def test_4_limits(self):
        """Limits come into force for connections that begin after the reload"""
        good = support.CONFIGURATION.read_text(encoding="utf-8")
        support.configure(good + "limits:\n  calls: 5\n")

        def calls():
            connection = support.Connection()
            connection.send({"hello": 1})
            return connection.receive()[0]["limits"]["calls"]

        self.assertEqual(calls(), 128)
        reload(check=True)
        self.assertEqual(calls(), 5)
        support.configure(good)
        reload(check=True)
        self.assertEqual(calls(), 128)

    def test_5_together(self):
        """30 reloads at once and signals among them: all succeed, under load, and the unit is active again"""
        failures = []

        def ask():
            done = support.run("amnestyctl", "reload", check=False)
            if done.returncode != 0:
                failures.append(done.stderr)

        before = len(support.journal("-u", "amnestyd.service", "AMNESTY_ACTS_DEFAULT=kz-2022-152-vii"))
        threads = [threading.Thread(target=ask) for _ in range(30)]
        for thread in threads:
            thread.start()
            support.os.kill(self.process, 1)
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])
        readings = len(support.journal("-u", "amnestyd.service", "AMNESTY_ACTS_DEFAULT=kz-2022-152-vii")) - before
        self.assertLess(readings, 60)
        support.report(f"30 calls and 30 signals were answered by {readings} readings")
        support.until(lambda: support.show("amnestyd.service", "ActiveState")["ActiveState"] == "active", "active again")

    def test_6_signal(self):
        """SIGHUP alone, by hand, reloads too, and systemd sees it as a reload that ends"""
        ACT.write_text(ACT.read_text(encoding="utf-8").replace("version: 1.0.7", "version: 1.0.9"), encoding="utf-8")
        support.run("systemctl", "kill", "--signal=HUP", "amnestyd.service")
        support.until(lambda: "1.0.9" in version(), "the signal reloads")
        support.until(lambda: support.show("amnestyd.service", "ActiveState")["ActiveState"] == "active", "active again")


support.main()
