# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""A file system that is really full: a small one in memory, in a mount namespace of the daemon's own."""

from __future__ import annotations

import contextlib
import pathlib
import subprocess
import time
from collections.abc import Iterator

from daemon import REGISTER, Daemon, until
from disk import after, begin, compare_refused, connector, goes_on, is_told, kept, resumes, told_of
from load import Load
from model import Model
from outcome import Context, Outcome
from wire import ASSESS, Connection

MEBIBYTES = 24
BALLAST = 18 << 20


def full_disk(context: Context) -> Outcome:
    outcome = Outcome(
        "disk full for real, also at a start",
        f"a tmpfs of {MEBIBYTES} MiB, filled by the daemon's own writes; restarted while it was full",
    )
    if subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode != 0:
        outcome.skipped = "no mount namespace may be made here (run as root)"
        return outcome
    model = Model(context.seed)
    with context.daemon("full", model) as daemon, small_disk(daemon) as disk:
        daemon.start()
        daemon.serving()
        load = Load(model, connector(daemon))
        load.start()
        began = time.monotonic()
        until(lambda: load.sum("refused") >= context.rounds, "the disk is full", 300)
        goes_on(load, model, context.rounds)
        if not is_told(daemon):
            model.report("health says SERVING of a register that refuses its calls")
        load.stop()
        compare_refused(daemon, model)
        if load.causes != "disk_full":
            model.report(f"told as {load.causes}")
        daemon.kill()
        disk.fill()
        daemon.start()
        daemon.serving("")
        with Connection(daemon.socket) as connection:
            connection.call(ASSESS, {"record": model.imported_record("SYN-A-1")})
        restarted = daemon.health(REGISTER)
        if restarted != "NOT_SERVING":
            model.report(f"started on a full disk the register is told as {restarted}")
        disk.make_room()
        resumed = resumes(daemon)
        outcome.seen = (
            f"{told_of(load)}; the longest assessment meanwhile "
            f"{load.longest_assessment(began):.0f} ms; started again on the full disk it assessed, "
            f"the register was {restarted}; "
            f"served again {resumed:.1f} s after there was room, by itself"
        )
        after(context, daemon, model)
    outcome.kept, outcome.wrong = kept(model), model.wrong
    return outcome


class SmallDisk:
    """What else is on the disk, as it is seen from outside."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder

    def fill(self) -> None:
        with (self.folder / "filling").open("wb", buffering=0) as file:
            for size in (1 << 16, 1 << 9):
                with contextlib.suppress(OSError):
                    while file.write(bytes(size)) == size:
                        pass

    def make_room(self) -> None:
        for name in ("ballast", "filling"):
            (self.folder / name).unlink()


@contextlib.contextmanager
def small_disk(daemon: Daemon) -> Iterator[SmallDisk]:
    """The state lies on a disk of its own, with something else on it."""
    daemon.state.mkdir(mode=0o700)
    mount = 'mount -t tmpfs -o mode=0700,size="$1" torture "$2"'
    script = f'{mount} && head -c "$3" /dev/zero > "$2/ballast" && echo mounted && exec cat'
    command = [
        "unshare",
        "--mount",
        "--propagation",
        "private",
        "sh",
        "-c",
        script,
        "sh",
        f"{MEBIBYTES}m",
        str(daemon.state),
        str(BALLAST),
    ]
    # The namespace is there as long as this process, which waits for the end of its input.
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout and holder.stdout.readline() == "mounted\n", "the small disk cannot be mounted"
        daemon.lead = ["nsenter", f"--mount=/proc/{holder.pid}/ns/mnt"]
        yield SmallDisk(pathlib.Path(f"/proc/{holder.pid}/root{daemon.state}"))
