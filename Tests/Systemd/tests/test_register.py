# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""The register on a host: backups, checkpoints, figures, restoring, upgrades of the database, a full disk."""

import contextlib
import json
import os
import pathlib
import pwd
import shutil
import sqlite3
import stat
import time
import unittest

import support

STATE = pathlib.Path("/var/lib/amnestyd")
DATABASE = STATE / "register.sqlite"
BACKUPS = STATE / "backups"
FIGURES = pathlib.Path("/run/amnestyd-metrics/amnestyd.prom")


def soon(timer):
    """Has a timer come in a moment, instead of tonight."""
    support.drop_in("[Timer]\nOnCalendar=\nOnActiveSec=100ms\nAccuracySec=1ms\nRandomizedDelaySec=0\n", f"amnestyd-{timer}.timer")
    support.run("systemctl", "restart", f"amnestyd-{timer}.timer")


def register(reference):
    return support.Connection().call("amnesty.v1.CaseService/Register", {"record": {**support.sample(), "reference": reference}})


def cases():
    head, body = support.Connection().call("amnesty.v1.CaseService/Summary", {})
    assert body is not None, head
    return body["cases"]


@contextlib.contextmanager
def stopped():
    """Nobody serves the register, and nobody can start the daemon."""
    sockets = ("amnestyd.socket", "amnestyd-admin.socket")
    support.run("systemctl", "stop", *sockets, "amnestyd.service")
    try:
        yield
    finally:
        support.run("systemctl", "start", *sockets)


def backups():
    return sorted(path.name for path in BACKUPS.iterdir())


class Register(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        lines = support.run("amnestyctl", "sample", "--people", "300", "--seed", "11").stdout
        support.run("amnestyctl", "case", "import", "-", input=lines)
        support.run("amnestyctl", "case", "assess", "--all")

    def test_1_backup(self):
        """The backup job works in its sandbox as the daemon's user; the newest 7 stay, what was given a name stays"""
        support.run("amnestyctl", "backup", "create", "--name", "before-the-audit.sqlite")
        for day in range(10, 19):
            shutil.copy(BACKUPS / "before-the-audit.sqlite", BACKUPS / f"register-2022-11-{day}T023000000Z.sqlite")
        status, said = support.job("backup")
        self.assertEqual(status, 0, said)
        left = backups()
        self.assertEqual(len(left), 8)
        self.assertEqual(left[:2], ["before-the-audit.sqlite", "register-2022-11-13T023000000Z.sqlite"])
        newest = BACKUPS / left[-1]
        user = pwd.getpwnam("amnestyd")
        self.assertEqual((newest.stat().st_uid, stat.S_IMODE(newest.stat().st_mode)), (user.pw_uid, 0o600))
        self.assertEqual(stat.S_IMODE(BACKUPS.stat().st_mode), 0o700)
        support.report(support.run("amnestyctl", "check", "--database", str(newest)).stdout.strip())
        self.assertEqual(support.show("amnestyd-backup.service", "User")["User"], "amnestyd")

    def test_2_timers(self):
        """The nightly backup is enabled by the preset and comes by its timer, also to a daemon that sleeps; the others wait to be enabled"""
        enabled = {timer: support.run("systemctl", "is-enabled", f"amnestyd-{timer}.timer", check=False).stdout.strip()
                   for timer in ("backup", "checkpoint", "metrics")}
        self.assertEqual(enabled, {"backup": "enabled", "checkpoint": "disabled", "metrics": "disabled"})
        self.assertEqual(support.show("amnestyd-backup.timer", "ActiveState")["ActiveState"], "active")
        support.run("systemctl", "preset", "amnestyd-backup.timer", "amnestyd-checkpoint.timer", "amnestyd-metrics.timer")
        self.assertEqual(support.run("systemctl", "is-enabled", "amnestyd-backup.timer").stdout.strip(), "enabled")
        support.run("systemctl", "stop", "amnestyd.service")
        newest = backups()[-1]
        # Backups are named by the second, and none is overwritten.
        support.until(lambda: newest < time.strftime("register-%Y-%m-%dT%H%M%S", time.gmtime()), "the next second")
        soon("backup")
        support.until(lambda: backups()[-1] > newest, "a backup by the timer")
        support.until(lambda: support.show("amnestyd-backup.service", "ActiveState")["ActiveState"] == "inactive", "it ends")
        self.assertEqual(support.show("amnestyd-backup.service", "Result")["Result"], "success")
        self.assertEqual(len(backups()), 8)

    def test_3_checkpoint(self):
        """The checkpoint job says what is missing; with a key in the credential store it signs, and the journal's line verifies the trail"""
        status, said = support.job("checkpoint")
        self.assertNotEqual(status, 0)
        self.assertIn("NO_SIGNING_KEY", "\n".join(said))
        support.run("systemctl", "reset-failed", "amnestyd-checkpoint.service")
        store = pathlib.Path("/etc/credstore")
        store.mkdir(mode=0o700, exist_ok=True)
        (store / "amnestyd.audit.key").write_text("5e" * 32 + "\n", encoding="utf-8")
        (store / "amnestyd.audit.key").chmod(0o600)
        support.run("systemctl", "restart", "amnestyd.service")
        soon("checkpoint")
        line = support.until(
            lambda: [entry["MESSAGE"] for entry in support.journal("-u", "amnestyd-checkpoint.service") if entry["MESSAGE"].startswith("{")],
            "a checkpoint by the timer")[-1]
        support.run("systemctl", "stop", "amnestyd-checkpoint.timer")
        kept = pathlib.Path("/tmp/checkpoints.ndjson")
        kept.write_text(line + "\n", encoding="utf-8")
        support.report(support.run("amnestyctl", "audit", "verify", "--checkpoint", str(kept)).stdout.strip().splitlines()[0])
        # A backup of before lacks what was signed.
        done = support.run("amnestyctl", "audit", "verify", str(BACKUPS / "before-the-audit.sqlite"), "--checkpoint", str(kept), check=False)
        self.assertEqual(done.returncode, 65, done.stdout)

    def test_4_figures(self):
        """The figures come by their timer to a file that everybody may read, written in one step, fit for a collector"""
        soon("metrics")
        support.until(FIGURES.exists, "figures by the timer")
        self.assertEqual(stat.S_IMODE(FIGURES.stat().st_mode), 0o644)
        support.run("systemctl", "stop", "amnestyd-metrics.timer")
        # Twice a minute, for years: it leaves no trace in the trail.
        trail = support.run("amnestyctl", "check").stdout
        status, said = support.job("metrics")
        self.assertEqual(status, 0, said)
        self.assertEqual(support.run("amnestyctl", "check").stdout, trail)
        self.assertEqual([path.name for path in FIGURES.parent.iterdir()], [FIGURES.name])
        text = FIGURES.read_text(encoding="utf-8")
        self.assertIn("\namnesty_register_up 1\n", text)
        self.assertIn("\namnesty_register_imported_total ", text)
        for line in text.splitlines():
            self.assertRegex(line, r'^(# (TYPE|HELP|UNIT) [a-z_]+ .+|# EOF|[a-z_]+(\{([a-z]+="[\w./+]+",?)+\})? [0-9]+(\.[0-9]+)?)$')
        if shutil.which("promtool"):
            said = support.run("promtool", "check", "metrics", check=False, input=text)
            # Counters are described by the names that OpenMetrics gives them, without _total.
            complaints = [line for line in (said.stdout + said.stderr).splitlines() if not line.endswith("_total no help text")]
            self.assertEqual(complaints, [])
            support.report("promtool has read the figures")

    def test_5_restore(self):
        """A backup is brought back as docs/operations.md says, as the daemon's user; what stood there stays beside it"""
        had = cases()
        name = json.loads(support.run("amnestyctl", "backup", "create", "--output", "json").stdout)["file"]
        self.assertEqual(register("SYN-AFTER-1")[0], {"end": 1})
        restore = ("runuser", "-u", "amnestyd", "--", "amnestyctl", "restore", name, "--state-directory", str(STATE))
        # Not while a daemon serves it.
        done = support.run(*restore, check=False)
        self.assertEqual(done.returncode, 75, done.stdout + done.stderr)
        self.assertEqual(cases(), had + 1)
        with stopped():
            # No job starts the daemon under the hands of who restores.
            for each in ("backup", "metrics", "checkpoint"):
                self.assertNotEqual(support.job(each)[0], 0)
                self.assertEqual(support.show(f"amnestyd-{each}.service", "ActiveState")["ActiveState"], "inactive")
            for unit in ("amnestyd.socket", "amnestyd-admin.socket", "amnestyd.service"):
                self.assertEqual(support.show(unit, "ActiveState")["ActiveState"], "inactive")
            support.run(*restore)
        self.assertEqual(cases(), had)
        self.assertEqual(DATABASE.stat().st_uid, pwd.getpwnam("amnestyd").pw_uid)
        self.assertTrue((STATE / "register.sqlite.before-restore").exists())
        self.assertEqual(register("SYN-AFTER-2")[0], {"end": 1})
        support.run("amnestyctl", "check")

    def test_6_upgrade(self):
        """A database of schema v1 is copied, upgraded and served; a newer one is left alone, and its way back works"""
        had, log = cases(), support.run("amnestyctl", "case", "list", "--limit", "5", "--output", "ndjson").stdout
        with stopped():
            with contextlib.closing(sqlite3.connect(DATABASE)) as database:
                words = database.execute("SELECT rowid, words FROM search").fetchall()
                database.execute("DROP TABLE search")
                database.execute("CREATE VIRTUAL TABLE search USING fts5 (words, tokenize = 'ascii', detail = 'none')")
                database.executemany("INSERT INTO search (rowid, words) VALUES (?, ?)", words)
                database.execute("ALTER TABLE cases DROP COLUMN preparers")
                database.execute("ALTER TABLE assessments DROP COLUMN readings")
                database.execute("DROP INDEX needs_open")
                database.execute("CREATE UNIQUE INDEX needs_case ON needs (case_id, kind) WHERE state <> 'cancelled'")
                database.execute("DELETE FROM grdb_migrations WHERE identifier <> 'v1 the register'")
                database.commit()
                self.assertEqual(database.execute("SELECT identifier FROM grdb_migrations").fetchall(), [("v1 the register",)])
                # The log into the database, so that it is one file.
                database.execute("PRAGMA journal_mode = DELETE")
        self.assertEqual(cases(), had)
        self.assertEqual(support.run("amnestyctl", "case", "list", "--limit", "5", "--output", "ndjson").stdout, log)
        copy = STATE / "register.sqlite.before-v2"
        self.assertEqual(stat.S_IMODE(copy.stat().st_mode), 0o600)
        with contextlib.closing(sqlite3.connect(f"file:{copy}?mode=ro", uri=True)) as database:
            self.assertEqual(database.execute("SELECT identifier FROM grdb_migrations").fetchall(), [("v1 the register",)])
            self.assertEqual(database.execute("SELECT count(*) FROM cases").fetchone(), (had,))
        self.assertEqual(register("SYN-UPGRADED")[0], {"end": 1})

        # What a version that is still to come would leave, and its copy of before.
        with stopped():
            with contextlib.closing(sqlite3.connect(DATABASE)) as database:
                support.run("cp", "--preserve=ownership,mode", str(DATABASE), str(STATE / "register.sqlite.before-v9"))
                database.execute("INSERT INTO grdb_migrations VALUES ('v9 of the future')")
                database.commit()
            newer = DATABASE.read_bytes()
        done = support.run("amnestyctl", "case", "list", check=False)
        self.assertEqual(done.returncode, 69)
        self.assertRegex(done.stderr, r"newer_schema.*install that version again, or stop the daemon and put back register\.sqlite\.before-v9")
        self.assertIn("\namnesty_register_up 0\n", support.run("amnestyctl", "metrics").stdout)
        self.assertIn("assessment", support.assess(support.Connection())[1])
        told = [entry for entry in support.journal("-u", "amnestyd.service", "PRIORITY=3") if "before-v9" in entry["MESSAGE"]]
        self.assertEqual(told[-1]["AMNESTY_CAUSE"], "newer_schema")
        self.assertEqual(DATABASE.read_bytes(), newer)
        with stopped():
            # As docs/operations.md says.
            support.run(
                "sh", "-ec", "mv register.sqlite register.sqlite.newer; rm -f register.sqlite-wal register.sqlite-shm; "
                "cp --preserve=mode,ownership register.sqlite.before-v9 register.sqlite", cwd=STATE)
        self.assertEqual(cases(), had + 1)

    def test_7_full_disk(self):
        """With the disk full, commands fail and say why, the watchdog is content; with space again they are done, and nothing is lost"""
        support.drop_in("[Service]\nWatchdogSec=1s\n")
        user = pwd.getpwnam("amnestyd")
        with stopped():
            support.run("mount", "-t", "tmpfs", "-o", f"size=24m,mode=0700,uid={user.pw_uid},gid={user.pw_gid}", "tmpfs", str(STATE))
        try:
            self.assertEqual(register("SYN-FULL-0")[0], {"end": 1})
            process = support.process()
            ballast = STATE / "ballast"
            with self.assertRaisesRegex(OSError, "No space left"):
                with open(ballast, "wb", buffering=0) as filling:
                    while True:
                        filling.write(b"x" * 4096)
            acknowledged, refusal = 1, None
            # What the database has reserved for itself takes some more.
            for number in range(1, 3000):
                head, body = register(f"SYN-FULL-{number}")
                if body is None:
                    refusal = head
                    break
                acknowledged += 1
            self.assertIsNotNone(refusal)
            self.assertIn(refusal["code"], ("UNAVAILABLE", "RESOURCE_EXHAUSTED"))
            support.report(f"after {acknowledged} commands: {refusal['code']}, {refusal['message'][:110]}")
            began = len(support.journal("-u", "amnestyd.service"))
            pings = support.show("amnestyd.service", "WatchdogTimestampMonotonic")["WatchdogTimestampMonotonic"]
            support.until(
                lambda: int(support.show("amnestyd.service", "WatchdogTimestampMonotonic")["WatchdogTimestampMonotonic"]) > int(pings) + 3_000_000,
                "pings go on for 3 s")
            self.assertEqual(support.process(), process)
            self.assertIn("assessment", support.assess(support.Connection())[1])
            ballast.unlink()
            support.until(lambda: register("SYN-FULL-AGAIN")[1] is not None, "commands are done again")
            self.assertEqual(cases(), acknowledged + 1)
            self.assertLess(len(support.journal("-u", "amnestyd.service")) - began, 20)
            support.run("amnestyctl", "check")
            self.assertEqual(support.process(), process)
        finally:
            with stopped():
                support.run("umount", str(STATE))
            support.drop_in("")


support.main()
