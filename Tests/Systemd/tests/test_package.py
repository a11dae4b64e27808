# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""The Debian packages: install, first run, upgrade under load, remove, purge."""

import contextlib
import json
import os
import pathlib
import shutil
import stat
import subprocess
import unittest

import load
import support

PACKAGES = sorted(pathlib.Path(os.environ["PACKAGES"]).glob("*.deb"))
MAIN = next(package for package in PACKAGES if package.name.startswith("amnestyd_"))


def dpkg(*arguments):
    return support.run("dpkg", *arguments, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})


class PythonLoad:
    """The installed Python client at work."""

    def __enter__(self):
        # -I: what is installed, and nothing that lies about here.
        self.process = subprocess.Popen(
            ["/usr/bin/python3", "-I", str(pathlib.Path(__file__).with_name("python_load.py")), json.dumps(support.sample())],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self

    def answered(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def goes_on(self):
        before = self.answered()
        support.until(lambda: self.answered() > before + 20, "calls of the Python client go on")

    def __exit__(self, *_):
        self.process.stdin.close()
        self.result = json.loads(self.process.stdout.read().splitlines()[-1])
        self.process.wait()


class Package(unittest.TestCase):
    def test_0_half(self):
        """An installation that breaks off half way is finished by the next dpkg --configure"""
        tool = pathlib.Path("/usr/bin/systemd-tmpfiles")
        kept = tool.with_suffix(".kept")
        tool.rename(kept)
        tool.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
        tool.chmod(0o755)
        try:
            done = support.run("dpkg", "--install", str(MAIN), check=False)
            self.assertNotEqual(done.returncode, 0)
        finally:
            kept.rename(tool)
        dpkg("--configure", "--pending")
        self.assertEqual(support.health(), {"status": "SERVING"})
        dpkg("--purge", "amnestyd")
        shutil.rmtree("/var/lib/amnestyd")

    def test_1_install(self):
        """The packages install; sockets listen, no daemon runs, the configuration is its group's alone"""
        self.assertEqual({package.name.split("_")[0] for package in PACKAGES}, {"amnestyd", "amnesty-protocol", "python3-amnesty"})
        done = support.run("apt-get", "install", "--yes", "--no-install-recommends", *map(str, PACKAGES), env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
        Package.said = done.stdout
        # Other packages' catalogs have their own sins.
        complaints = [line for line in done.stderr.splitlines() if "amnest" in line and not line.startswith(("Creat", "N: ", "W: Download is performed"))]
        self.assertEqual(complaints, [])
        self.assertEqual(support.show("amnestyd.socket", "ActiveState", "UnitFileState"), {"ActiveState": "active", "UnitFileState": "enabled"})
        self.assertEqual(support.show("amnestyd-admin.socket", "ActiveState")["ActiveState"], "active")
        self.assertEqual(support.show("amnestyd-backup.timer", "ActiveState", "UnitFileState"), {"ActiveState": "active", "UnitFileState": "enabled"})
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
        share = pathlib.Path("/usr/share")
        for path in ("amnesty-protocol/SPEC.md", "doc/amnestyd/operations.md", "doc/amnestyd/monitoring/amnestyd.rules.yml",
                     "zsh/vendor-completions/_amnestyctl", "fish/vendor_completions.d/amnestyctl.fish", "bash-completion/completions/amnestyctl",
                     "man/man8/amnestyd.8.gz", "man/man1/amnestyctl.1.gz", "man/man5/amnestyd.conf.5.gz", "man/man5/amnesty-act.5.gz"):
            self.assertGreater((share / path).stat().st_size, 0, path)
        support.run("bash", "-n", str(share / "bash-completion/completions/amnestyctl"))

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
        with contextlib.ExitStack() as working:
            clients = working.enter_context(load.Load(readers=4, writers=4))
            clients.goes_on(100)
            python = working.enter_context(PythonLoad())
            python.goes_on()
            dpkg("--install", "/tmp/newer.deb")
            for _ in range(3):
                clients.goes_on(100)
                python.goes_on()
                support.run("systemctl", "restart", "amnestyd.service")
            clients.goes_on(100)
            python.goes_on()
        self.assertEqual(clients.failures(), [])
        self.assertEqual(python.result["failures"], [])
        self.assertEqual(python.result["kept"], python.result["commands"])
        self.assertEqual(python.result["package"], "/usr/lib/python3/dist-packages/amnesty")
        self.assertNotEqual(support.process(), process)
        self.assertEqual(os.stat(support.PUBLIC).st_ino, inode)
        self.assertEqual(support.CONFIGURATION.read_text(encoding="utf-8"), "logLevel: debug\n")
        self.assertEqual(support.run("dpkg-query", "-W", "-f", "${Version}", "amnestyd").stdout[:3], "99:")
        support.report(f"an upgrade and 3 restarts: {clients.told()}")
        support.report(f"the Python client meanwhile: {python.result['answered']} calls, and commands {' '.join(python.result['commands'])}, each kept once")

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
        """Purged: the configuration goes, the register is kept and that is said; no unit is left enabled or masked, no file compiled"""
        support.run("systemctl", "enable", "amnestyd-metrics.timer")
        self.assertTrue(list(pathlib.Path("/usr/lib/python3/dist-packages/amnesty").rglob("*.pyc")))
        done = dpkg("--purge", "amnestyd", "amnesty-protocol", "python3-amnesty")
        self.assertIn("the register in /var/lib/amnestyd is kept", done.stderr)
        self.assertFalse(pathlib.Path("/etc/amnestyd").exists())
        self.assertEqual(pathlib.Path("/var/lib/amnestyd/register").read_text(encoding="utf-8"), "kept")
        self.assertTrue(pathlib.Path("/var/lib/amnestyd/register.sqlite").exists())
        left = [path for path in pathlib.Path("/etc/systemd").rglob("amnestyd*")]
        self.assertEqual(left, [])
        for folder in ("/usr/share/amnestyd", "/usr/libexec/amnestyd", "/usr/lib/python3/dist-packages/amnesty", "/run/amnestyd"):
            self.assertFalse(pathlib.Path(folder).exists(), folder)

    def test_7_purge_register(self):
        """Installed again, it finds its register; purged after it was asked a second time, the register goes too"""
        dpkg("--install", str(MAIN))
        head, body = support.Connection().call("amnesty.v1.CaseService/Summary", {})
        self.assertGreaterEqual(body["cases"], 8, head)
        pathlib.Path("/var/lib/amnestyd/purge-register").touch()
        dpkg("--purge", "amnestyd")
        self.assertFalse(pathlib.Path("/var/lib/amnestyd").exists())
        shutil.rmtree("/tmp/newer")


support.main()
