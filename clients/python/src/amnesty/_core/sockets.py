# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""Connecting to a Unix socket without ever waiting for it."""

from __future__ import annotations

import errno
import os
import socket

from amnesty._core import statuses

READ_SIZE = 256 << 10


def connect(path: str) -> socket.socket:
    """A connected stream socket that does not block.

    Raises Status UNAVAILABLE, reason CANNOT_CONNECT, or PERMISSION_DENIED, reason SOCKET_NOT_PERMITTED.
    """
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.setblocking(False)
        # Python says "AF_UNIX path too long" without a number.
        if len(os.fsencode(path)) > 107:
            raise OSError(errno.ENAMETOOLONG, path)
        connection.connect(path)
    except OSError as error:
        connection.close()
        raise statuses.cannot_connect(path, error) from error
    return connection
