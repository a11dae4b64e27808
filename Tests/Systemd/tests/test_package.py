# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""The Debian packages: install, first run, upgrade under load, remove, purge."""

import os
import pathlib
import shutil
import stat
import subprocess
import threading
import unittest

import load
import support

PACKAGES = sorted(pathlib.Path(os.environ["PACKAGES"]).glob("amnest*.deb"))
MAIN = next(package for package in PACKAGES if package.name.startswith("amnestyd_"))


def dpkg(*arguments):
    return support.run("dpkg", *arguments, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})


class Package(unittest.TestCase):
    def test_1_install(self):
        """The packages install; sockets listen, no daemon runs, the configuration is its group's alone"""
        done = dpkg("--install", *map(str, PACKAGES))
        Package.said = done.stdout
        # Other packages' catalogs have their own sins.
        complaints = [line for line in done.stderr.splitlines() if "amnest" in line and not line.startswith("Creat")]
        self.assertEqual(complaints, [])
        self.assertEqual(support.show("amnestyd.socket", "ActiveState", "UnitFileState"), {"ActiveState": "active", "UnitFileState": "enabled"})
        self.assertEqual(support.show("amnestyd-admin.socket", "ActiveState")["ActiveState"], "active")
        self.assertEqual(support.show("amnestyd.service", "ActiveState")["ActiveState"], "inactive")
        gid = int(support.run("id", "-g", "amnestyd").stdout)
        for path, mode in (("/etc/amnestyd", 0o750), ("/etc/amnestyd/amnestyd.conf", 0o640)):
            status = os.stat(path)
            self.assertEqual((status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)), (0, gid, mode))
        # The manual pages that the units name are there.
        pages = [str(path) for pattern in ("service", "socket") for path in pathlib.Path("/lib/systemd/system").glob(f"amnestyd*.{pattern}")]
        done = support.run("systemd-analyze", "verify", "--man=yes" if shutil.which("man") else "--man=no", *pages)
        self.assertEqual(done.stdout + done.stderr, "")
        linked = support.run("ldd", "/usr/sbin/amnestyd", "/usr/bin/amnestyctl").stdout
        self.assertNotIn("libswift", linked)
        self.assertNotIn("not found", linked)
        self.assertTrue(pathlib.Path("/usr/share/amnesty-protocol/SPEC.md").exists())

    def test_2_first_run(self):
        """The next three commands are printed, work, and end with an assessed case"""
        commands = [line.strip() for line in Package.said.splitlines() if line.startswith("  amnestyctl ")]
        self.assertEqual(len(commands), 3, Package.said)
        for command in commands:
            done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, f"{command}: {done.stderr}")
        support.report(done.stdout.splitlines()[-1])
        self.assertIn("SYN-2022-0000001", done.stdout)

    def test_3_upgrade(self):
        """An upgrade under load fails no call, keeps the sockets and what the administrator has configured"""
        tree = pathlib.Path("/tmp/newer")
        support.run("dpkg-deb", "--raw-extract", str(MAIN), str(tree))
        control = (tree / "DEBIAN/control").read_text(encoding="utf-8").replace("\nVersion: ", "\nVersion: 99:")
        (tree / "DEBIAN/control").write_text(control, encoding="utf-8")
        support.run("dpkg-deb", "--root-owner-group", "-Znone", "--build", str(tree), "/tmp/newer.deb")
        support.configure("logLevel: debug\n")
        process = support.process()
        inode = os.stat(support.PUBLIC).st_ino
        stop = threading.Event()
        clients = [load.Client(stop, support.sample()) for _ in range(4)]
        for client in clients:
            client.start()
        support.until(lambda: sum(client.answered for client in clients) > 100, "load")
        dpkg("--install", "/tmp/newer.deb")
        before = sum(client.answered for client in clients)
        support.until(lambda: sum(client.answered for client in clients) > before + 100, "calls go on")
        stop.set()
        for client in clients:
            client.join()
        self.assertEqual([failure for client in clients for failure in client.failures + client.abrupt], [])
        self.assertNotEqual(support.process(), process)
        self.assertEqual(os.stat(support.PUBLIC).st_ino, inode)
        self.assertEqual(support.CONFIGURATION.read_text(encoding="utf-8"), "logLevel: debug\n")
        longest = max(client.longest for client in clients)
        support.report(f"{sum(client.answered for client in clients)} calls answered over the upgrade, longest {longest * 1000:.0f} ms")

    def test_4_again(self):
        """Configured a second time, as after a run that was cut short, nothing changes"""
        support.run("sh", "/var/lib/dpkg/info/amnestyd.postinst", "configure", "0.1.0")
        self.assertEqual(support.health(), {"status": "SERVING"})

    def test_5_remove(self):
        """Removed: sockets and daemon are gone, configuration and state stay; installed again, it serves again"""
        pathlib.Path("/var/lib/amnestyd/register").write_text("kept", encoding="utf-8")
        dpkg("--remove", "amnestyd")
        self.assertFalse(os.path.exists(support.PUBLIC))
        self.assertNotEqual(support.show("amnestyd.service", "ActiveState")["ActiveState"], "active")
        self.assertTrue(support.CONFIGURATION.exists())
        dpkg("--install", str(MAIN))
        self.assertEqual(support.health(), {"status": "SERVING"})
        self.assertEqual(support.CONFIGURATION.read_text(encoding="utf-8"), "logLevel: debug\n")

    def test_6_purge(self):
        """Purged: the configuration goes, the register is kept and that is said; no unit is left enabled or masked"""
        done = dpkg("--purge", "amnestyd", "amnesty-protocol")
        self.assertIn("the register in /var/lib/amnestyd is kept", done.stderr)
        self.assertFalse(pathlib.Path("/etc/amnestyd").exists())
        self.assertEqual(pathlib.Path("/var/lib/amnestyd/register").read_text(encoding="utf-8"), "kept")
        left = [path for path in pathlib.Path("/etc/systemd").rglob("amnestyd*")]
        self.assertEqual(left, [])
        self.assertFalse(pathlib.Path("/usr/share/amnestyd").exists())
        shutil.rmtree("/tmp/newer")


support.main()
