# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""Two boots of the same system: what the first leaves, the second finds. The first argument says which this is."""

import grp
import os
import pathlib
import stat
import sys
import unittest

import support

IS_FIRST = sys.argv.pop() == "first"
MARK = pathlib.Path("/var/lib/amnestyd/mark")


class Reboot(unittest.TestCase):
    def test_1_sockets(self):
        """The sockets listen after the boot, with owner and mode, and the first call starts the daemon"""
        for path, group, mode in ((support.PUBLIC, 0, 0o666), (support.ADMIN, grp.getgrnam("amnestyd-admin").gr_gid, 0o660)):
            status = os.stat(path)
            self.assertEqual((status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)), (0, group, mode), path)
        self.assertEqual(support.show("amnestyd.service", "ActiveState")["ActiveState"], "inactive")
        self.assertEqual(support.health(), {"status": "SERVING"})

    def test_2_state(self):
        """The state directory is the daemon's alone, and what is in it outlives the boot"""
        uid = int(support.run("id", "-u", "amnestyd").stdout)
        status = os.stat(MARK.parent)
        self.assertEqual((status.st_uid, stat.S_IMODE(status.st_mode)), (uid, 0o700))
        if IS_FIRST:
            MARK.write_text("kept", encoding="utf-8")
            os.sync()
        self.assertEqual(MARK.read_text(encoding="utf-8"), "kept")

    def test_3_register(self):
        """A case that was acknowledged is there after a boot that nobody stopped the daemon for; the backup timer is active again"""
        connection = support.Connection()
        if IS_FIRST:
            head, _ = connection.call("amnesty.v1.CaseService/Register", {"record": {**support.sample(), "reference": "SYN-REBOOT"}})
            self.assertEqual(head, {"end": 1})
        else:
            head, body = connection.call("amnesty.v1.CaseService/Get", {"reference": "SYN-REBOOT"})
            self.assertEqual(body["case"]["state"], "registered", head)
            support.run("amnestyctl", "check")
        self.assertEqual(support.show("amnestyd-backup.timer", "ActiveState")["ActiveState"], "active")


support.main()
