# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""Activation by sockets."""

import concurrent.futures
import grp
import os
import pathlib
import stat
import threading
import unittest

import support


def owner(path):
    status = os.stat(path)
    assert stat.S_ISSOCK(status.st_mode), path
    return status.st_uid, status.st_gid, oct(stat.S_IMODE(status.st_mode))


class Activation(unittest.TestCase):
    def setUp(self):
        self.admin = grp.getgrnam("amnestyd-admin").gr_gid

    def expect_sockets(self):
        self.assertEqual(owner(support.PUBLIC), (0, 0, "0o666"))
        self.assertEqual(owner(support.ADMIN), (0, self.admin, "0o660"))
        folder = os.stat("/run/amnestyd")
        self.assertEqual((folder.st_uid, folder.st_gid, oct(stat.S_IMODE(folder.st_mode))), (0, 0, "0o755"))

    def test_1_crowd(self):
        """200 clients connect at once to a daemon that does not run, and all are answered"""
        self.assertEqual(support.show("amnestyd.service", "ActiveState")["ActiveState"], "inactive")
        self.expect_sockets()
        record = support.sample()

        def crowd(assesses):
            """A hundred connections that are all made before the first call; the answers."""
            start, answers = threading.Barrier(100), []

            def client():
                connection = support.Connection()
                start.wait()
                answers.append(support.assess(connection, record) if assesses else connection.call("grpc.health.v1.Health/Check"))

            threads = [threading.Thread(target=client) for _ in range(100)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            return answers

        # One user may hold 128 connections: root's hundred assess, another user's ask for the health.
        with concurrent.futures.ThreadPoolExecutor() as pool:
            others = pool.submit(support.as_user, 4321, 4321, [], lambda: crowd(False))
            own = crowd(True)
        self.assertEqual(sum("assessment" in body for _, body in own), 100)
        self.assertEqual([body for _, body in others.result()], [{"status": "SERVING"}] * 100)
        shown = support.show("amnestyd.service", "ActiveState", "NRestarts", "StatusText", "User")
        self.assertEqual((shown["ActiveState"], shown["NRestarts"], shown["User"]), ("active", "0", "amnestyd"))
        self.assertRegex(shown["StatusText"], r"^Serving [0-9]+ acts; kz-2022-152-vii ")

    def test_2_names(self):
        """The sockets came by name: both answer, and only the admin socket lets the admin role through"""
        for path in (support.PUBLIC, support.ADMIN):
            self.assertEqual(support.health(path), {"status": "SERVING"})
        method = "amnesty.v1.AdminService/Reload"
        head, _ = support.Connection(support.PUBLIC).call(method)
        self.assertIn("ROLE_MISSING", str(head))
        self.assertIn("admin socket", str(head))
        head, body = support.Connection(support.ADMIN).call(method)
        self.assertEqual(body["defaultAct"], "kz-2022-152-vii", head)

    def test_3_files(self):
        """The socket files outlive the daemon, go with the socket units, and come back with owner and mode"""
        support.run("systemctl", "stop", "amnestyd.service")
        self.expect_sockets()
        units = ("amnestyd.socket", "amnestyd-admin.socket")
        support.run("systemctl", "stop", *units)
        self.assertFalse(pathlib.Path(support.PUBLIC).exists())
        support.run("systemctl", "start", *units)
        self.expect_sockets()
        support.run("systemctl", "restart", "amnestyd.service")
        self.expect_sockets()
        self.assertEqual(support.health(), {"status": "SERVING"})


support.main()
