# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""A steady load of unary calls."""

import threading
import time

import support


class Client(threading.Thread):
    """Calls without a pause, one call at a time, and connects anew where the daemon says so."""

    def __init__(self, stop, record):
        super().__init__()
        self.stop, self.record = stop, record
        self.answered = self.reconnects = 0
        self.longest = 0.0
        self.failures, self.abrupt = [], []

    def run(self):
        connection = None
        while not self.stop.is_set():
            began = time.monotonic()
            while True:
                try:
                    if connection is None:
                        connection = support.Connection()
                    head, body = support.assess(connection, self.record)
                    if "UNAVAILABLE" in str(head) and "DRAINING" in str(head):
                        raise support.Lost(head)
                    if body is None or "assessment" not in body:
                        self.failures.append(head)
                    else:
                        self.answered += 1
                    break
                except support.Lost as lost:
                    if "without a goaway" in str(lost):
                        self.abrupt.append(str(lost))
                    self.reconnects += 1
                    connection.close()
                    connection = None
                except OSError as error:
                    self.failures.append(f"{type(error).__name__}: {error}")
                    connection = None
                    break
            self.longest = max(self.longest, time.monotonic() - began)
