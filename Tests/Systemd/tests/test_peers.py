# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""Who may do what, through the activated sockets."""

import grp
import subprocess
import unittest

import support

ASSESS = "amnesty.v1.EligibilityService/Assess"
RELOAD = "amnesty.v1.AdminService/Reload"


def hello(path=support.PUBLIC):
    connection = support.Connection(path)
    connection.send({"hello": 1})
    return connection.receive()[0]


def outcome(method, path=support.PUBLIC):
    body = {"record": support.sample()} if method == ASSESS else {}
    return str(support.Connection(path).call(method, body)[0])


class Peers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        for name in ("clerks", "wardens"):
            support.run("groupadd", name)
        for name, groups in (("aigul", ()), ("berik", ("-G", "clerks")), ("serik", ("-g", "wardens")), ("dana", ())):
            support.run("useradd", "-M", *groups, name)
        support.configure(
            "roles:\n  viewer:\n    users: [aigul, root]\n    groups: [clerks]\n  executor:\n    groups: [wardens]\n"
            "  admin:\n    groups: [amnestyd-admin]\n")
        support.sample()
        support.health()

    def test_1_roles(self):
        """Roles by name, by a supplementary group, by the own group, and none, where every role of the register may see; root only what is configured"""
        expected = {"aigul": ["viewer"], "berik": ["viewer"], "serik": ["executor", "viewer"], "dana": [], "root": ["viewer"]}
        for name, roles in expected.items():
            uid, gid = (int(support.run("id", flag, name).stdout) for flag in ("-u", "-g"))
            groups = [int(group) for group in support.run("id", "-G", name).stdout.split()]
            said = support.as_user(uid, gid, groups, hello)
            self.assertEqual((said["principal"], said["roles"]), (f"user:{uid}", roles), name)
            ended = support.as_user(uid, gid, groups, lambda: outcome(ASSESS))
            self.assertEqual("ROLE_MISSING" in ended, "viewer" not in roles, f"{name}: {ended}")

    def test_2_refusal_logged(self):
        """A call for want of a role is logged once a connection, with user, method and call"""
        uid = int(support.run("id", "-u", "dana").stdout)

        def insist():
            connection = support.Connection()
            return [str(connection.call(ASSESS)[0]) for _ in range(5)]

        before = len(support.journal(f"AMNESTY_PEER_UID={uid}"))
        self.assertEqual(sum("ROLE_MISSING" in end for end in support.as_user(uid, uid, [], insist)), 5)
        entries = support.journal(f"AMNESTY_PEER_UID={uid}")[before:]
        self.assertEqual(len(entries), 1)
        entry = entries[0]
        self.assertEqual((entry["AMNESTY_METHOD"], entry["AMNESTY_CALL_ID"], entry["AMNESTY_REASON"]), (ASSESS, "1", "ROLE_MISSING"))
        self.assertEqual((entry["PRIORITY"], entry["AMNESTY_LISTENER"]), ("5", "amnestyd.socket"))

    def test_3_unidentified(self):
        """uid 65534 is refused with a goaway that says why, and the log has the reason"""

        def nobody():
            connection = support.Connection()
            connection.send({"hello": 1})
            return connection.receive()[0]

        said = support.as_user(65534, 65534, [], nobody)
        self.assertEqual((said["goaway"], said["reason"]), (0, "UNIDENTIFIED_PEER"))
        entry = support.journal("AMNESTY_PEER_UID=65534")[-1]
        self.assertIn("65534", entry["AMNESTY_REASON"])
        self.assertIn("the kernel does not identify", entry["MESSAGE"])

    def test_4_admin_socket(self):
        """The admin socket is for its group; through the public one nobody has the admin role"""
        admin = grp.getgrnam("amnestyd-admin").gr_gid
        uid = int(support.run("id", "-u", "dana").stdout)
        with self.assertRaisesRegex(AssertionError, "PermissionError"):
            support.as_user(uid, uid, [], lambda: hello(support.ADMIN))
        self.assertEqual(support.as_user(uid, uid, [admin], lambda: hello(support.ADMIN))["roles"], ["admin"])
        self.assertEqual(support.as_user(uid, uid, [admin], hello)["roles"], [])
        self.assertNotIn("ROLE_MISSING", support.as_user(uid, uid, [admin], lambda: outcome(RELOAD, support.ADMIN)))

    def test_5_tool(self):
        """amnestyctl as a user without a role says what is missing and who grants it, and leaves with 77"""
        done = subprocess.run(
            ["setpriv", "--reuid=dana", "--regid=dana", "--clear-groups", "amnestyctl", "act", "list"],
            capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 77, done.stderr)
        self.assertIn("needs the role viewer", done.stderr)
        self.assertIn("roles:", done.stderr)


support.main()
