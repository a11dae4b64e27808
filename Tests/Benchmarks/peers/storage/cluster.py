# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""A PostgreSQL cluster of its own, in a scratch folder, reached by a Unix socket only; durable as it comes (fsync and
synchronous_commit on).
"""

import contextlib
import dataclasses
import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator

import daemon


class Missing(Exception):
    """The server is not installed."""


@dataclasses.dataclass(frozen=True)
class Cluster:
    connection: str
    version: str
    data: pathlib.Path

    def pin(self, cores: str) -> None:
        """The server and every process it forks from now on."""
        server = (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0]
        subprocess.run(["taskset", "-a", "-p", "-c", cores, server], check=True, stdout=subprocess.DEVNULL)


def programs() -> pathlib.Path:
    """Debian keeps them out of the search path, by version."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        raise Missing("no PostgreSQL server: apt-get install postgresql-15")
    return found[-1].parent


def as_server_user() -> list[str]:
    """PostgreSQL does not run as root: the package brings a user for it."""
    return [] if os.geteuid() != 0 else ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]


@contextlib.contextmanager
def running() -> Iterator[Cluster]:
    at = programs()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="amnesty-bench-postgres-"))
    data = folder / "data"
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
    control = [*as_server_user(), str(at / "pg_ctl"), "-D", str(data), "-w"]
    try:
        daemon.run(
            [
                *as_server_user(),
                str(at / "initdb"),
                "-D",
                str(data),
                "-U",
                "bench",
                "-A",
                "trust",
                "--no-locale",
                "-E",
                "UTF8",
            ]
        )
        daemon.run([*control, "-l", str(folder / "log"), "-o", f"-c listen_addresses='' -k {folder}", "start"])
        version = subprocess.run([str(at / "postgres"), "--version"], capture_output=True, text=True, check=True).stdout
        try:
            yield Cluster(f"host={folder} user=bench dbname=postgres", "PostgreSQL " + version.split()[2], data)
        finally:
            daemon.run([*control, "-m", "fast", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)
