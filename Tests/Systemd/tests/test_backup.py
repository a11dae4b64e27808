# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""What a stolen backup gives: the plain one everything but the keys, the encrypted one nothing; and that who has the key gets all of it back."""

import json
import os
import pathlib
import pwd
import shutil
import stat
import subprocess
import time
import unittest

import support

STATE = pathlib.Path("/var/lib/amnestyd")
BACKUPS = STATE / "backups"
RECIPIENTS = pathlib.Path("/etc/amnestyd/backup.recipients")
AUDIT_KEY = pathlib.Path("/etc/credstore/amnestyd.audit.key")
# What is kept elsewhere: here only because there is no other machine in the test.
ELSEWHERE = pathlib.Path("/srv/elsewhere")
IDENTITY = ELSEWHERE / "backup.key"


def next_backup():
    """Runs the nightly job. Backups are named by the second, and none is overwritten."""
    newest = plain()[-1].name if plain() else ""
    support.until(lambda: newest < time.strftime("register-%Y-%m-%dT%H%M%S", time.gmtime()), "the next second")
    # More runs than a night has.
    support.run("systemctl", "reset-failed", "amnestyd-backup.service", check=False)
    return support.job("backup")


def plain():
    return sorted(BACKUPS.glob("register-*Z.sqlite")) if BACKUPS.exists() else []


def encrypted():
    return sorted(BACKUPS.glob("*.age"))


def decrypt(file, identity=IDENTITY):
    return subprocess.run(["age", "--decrypt", "--identity", identity, file], capture_output=True, check=False)


class Backup(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        ELSEWHERE.mkdir(mode=0o700, parents=True)
        AUDIT_KEY.parent.mkdir(mode=0o700, exist_ok=True)
        AUDIT_KEY.write_text(os.urandom(32).hex() + "\n", encoding="ascii")
        AUDIT_KEY.chmod(0o600)
        support.run("systemctl", "restart", "amnestyd.service")
        lines = support.run("amnestyctl", "sample", "--people", "50", "--seed", "17").stdout
        support.run("amnestyctl", "case", "import", "-", input=lines)
        support.run("amnestyctl", "audit", "checkpoint")
        person = json.loads(lines.splitlines()[0])
        cls.secrets = [person["reference"].encode(), person["person"]["familyName"].encode(), person["person"]["iin"].encode()]

    def assert_told(self, file, expected):
        content = file.read_bytes()
        for secret in self.secrets:
            self.assertEqual(secret in content, expected, f"{secret!r} in {file.name}")

    def test_1_plain(self):
        """Without recipients a backup is plain: whoever reads it has every name; root and the daemon's user can, others cannot; no key is in it"""
        status, said = next_backup()
        self.assertEqual((status, encrypted()), (0, []), said)
        backup = plain()[-1]
        self.assert_told(backup, True)
        self.assertEqual((backup.stat().st_uid, stat.S_IMODE(backup.stat().st_mode)), (pwd.getpwnam("amnestyd").pw_uid, 0o600))
        nobody = support.run("runuser", "-u", "games", "--", "cat", str(backup), check=False)
        self.assertNotEqual(nobody.returncode, 0)
        key = AUDIT_KEY.read_text(encoding="ascii").strip()
        for form in (key.encode(), bytes.fromhex(key)):
            self.assertNotIn(form, backup.read_bytes())

    def test_2_encrypted(self):
        """With recipients the job leaves an encrypted copy of each, as the daemon's user, in its sandbox; nothing of it can be read"""
        public = support.run("age-keygen", "--output", str(IDENTITY)).stderr.split("Public key: ")[1].strip()
        RECIPIENTS.write_text(f"# the key of the backups\n{public}\n", encoding="ascii")
        os.chown(RECIPIENTS, 0, pwd.getpwnam("amnestyd").pw_gid)
        RECIPIENTS.chmod(0o640)
        status, said = next_backup()
        self.assertEqual(status, 0, said)
        # Those from before, too.
        self.assertEqual([copy.name for copy in encrypted()], [f"{backup.name}.age" for backup in plain()])
        for copy in encrypted():
            self.assert_told(copy, False)
            self.assertNotIn(b"SQLite format", copy.read_bytes())
            self.assertEqual((copy.stat().st_uid, stat.S_IMODE(copy.stat().st_mode)), (pwd.getpwnam("amnestyd").pw_uid, 0o600))
        support.report(f"{plain()[-1].stat().st_size} bytes plain, {encrypted()[-1].stat().st_size} encrypted")

    def test_3_key(self):
        """Only the key opens it, and it is not on the host; a copy that was changed or cut off anywhere is refused"""
        copy = encrypted()[-1]
        other = ELSEWHERE / "other.key"
        support.run("age-keygen", "--output", str(other))
        self.assertNotEqual(decrypt(copy, other).returncode, 0)
        self.assertNotIn(b"AGE-SECRET-KEY", RECIPIENTS.read_bytes())
        whole = copy.read_bytes()
        damaged = ELSEWHERE / "damaged.age"
        for place in (len(whole) // 3, len(whole) // 2, len(whole) - 1):
            damaged.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1:])
            self.assertNotEqual(decrypt(damaged).returncode, 0, f"changed at {place}")
            damaged.write_bytes(whole[:place])
            self.assertNotEqual(decrypt(damaged).returncode, 0, f"cut off at {place}")

    def test_4_restore(self):
        """Who has the key gets the backup back byte by byte, sees that it is sound, and restores it as docs/operations.md says"""
        copy = encrypted()[-1]
        decrypted = decrypt(copy)
        self.assertEqual(decrypted.returncode, 0, decrypted.stderr[:200])
        self.assertEqual(decrypted.stdout, copy.with_suffix("").read_bytes())
        had = json.loads(support.run("amnestyctl", "case", "summary", "--output", "json").stdout)["cases"]
        head, _ = support.Connection().call("amnesty.v1.CaseService/Register", {"record": {**support.sample(), "reference": "SYN-AFTER-BACKUP"}})
        self.assertEqual(head, {"end": 1})
        back = STATE / "back.sqlite"
        back.write_bytes(decrypted.stdout)
        shutil.chown(back, "amnestyd", "amnestyd")
        support.run("amnestyctl", "check", "--database", str(back))
        sockets = ("amnestyd.socket", "amnestyd-admin.socket")
        support.run("systemctl", "stop", *sockets, "amnestyd.service")
        support.run("runuser", "-u", "amnestyd", "--", "amnestyctl", "restore", str(back), "--state-directory", str(STATE))
        support.run("systemctl", "start", *sockets)
        self.assertEqual(json.loads(support.run("amnestyctl", "case", "summary", "--output", "json").stdout)["cases"], had)
        back.unlink()

    def test_5_pruned(self):
        """An encrypted copy goes with its backup"""
        oldest = BACKUPS / "register-2022-11-10T023000000Z.sqlite"
        for suffix in ("", ".age"):
            (BACKUPS / (oldest.name + suffix)).write_bytes(b"old")
        for day in range(11, 18):
            copy = shutil.copy(plain()[-1], BACKUPS / f"register-2022-11-{day}T023000000Z.sqlite")
            shutil.chown(copy, "amnestyd", "amnestyd")
        self.assertEqual(next_backup()[0], 0)
        self.assertEqual(len(plain()), 7)
        self.assertEqual([copy.name for copy in encrypted()], [f"{backup.name}.age" for backup in plain()])

    def test_6_failing(self):
        """A recipient that is none fails the job aloud; the backup is there, nothing looks encrypted that is not, and the next night makes up for it"""
        good = RECIPIENTS.read_text(encoding="ascii")
        RECIPIENTS.write_text("age1nonsense\n", encoding="ascii")
        before = len(encrypted())
        status, said = next_backup()
        self.assertNotEqual(status, 0)
        self.assertTrue(any("age1nonsense" in line or "malformed" in line for line in said), said)
        self.assertEqual(support.show("amnestyd-backup.service", "Result")["Result"], "exit-code")
        self.assertFalse((BACKUPS / f"{plain()[-1].name}.age").exists())
        self.assertLessEqual(len(encrypted()), before)
        RECIPIENTS.write_text(good, encoding="ascii")
        # One that cannot be read keeps no other from it.
        foreign = BACKUPS / "register-2026-01-01T000000000Z.sqlite"
        foreign.touch(0o600)
        self.assertNotEqual(next_backup()[0], 0)
        self.assertEqual([copy.name for copy in encrypted()], [f"{backup.name}.age" for backup in plain() if backup != foreign])
        foreign.unlink()
        self.assertEqual(next_backup()[0], 0)
        self.assertEqual([copy.name for copy in encrypted()], [f"{backup.name}.age" for backup in plain()])
        self.assertEqual(list(BACKUPS.glob("*.part")), [])


support.main()
