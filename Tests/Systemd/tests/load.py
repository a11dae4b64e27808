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
        self.connection = None

    def run(self):
        while not self.stop.is_set():
            self.turn()

    def turn(self):
        """One call, until it is answered."""
        head, body = self.insist("amnesty.v1.EligibilityService/Assess", {"record": self.record})
        if body is None or "assessment" not in body:
            self.failures.append(head)
        else:
            self.answered += 1

    def insist(self, method, body):
        """The end of a call, sent again as it was where a connection did not take it on, or broke."""
        began = time.monotonic()
        try:
            while True:
                try:
                    if self.connection is None:
                        self.connection = support.Connection()
                    head, answer = self.connection.call(method, body)
                    if "UNAVAILABLE" in str(head) and "DRAINING" in str(head):
                        raise support.Lost(head)
                    return head, answer
                except support.Lost as lost:
                    if "without a goaway" in str(lost):
                        self.abrupt.append(str(lost))
                    self.reconnects += 1
                    self.connection.close()
                    self.connection = None
        except OSError as error:
            self.connection = None
            return f"{type(error).__name__}: {error}", None
        finally:
            self.longest = max(self.longest, time.monotonic() - began)


class Writer(Client):
    """Takes a case into the register and gives it to one clerk after the other: a command sent twice would be one link too many of its chain."""

    def __init__(self, stop, record, reference):
        super().__init__(stop, {**record, "reference": reference})
        self.reference = reference
        self.acknowledged = 0
        self.replayed = 0

    def turn(self):
        number = self.acknowledged + 1
        # The key stays the same, however often it is sent.
        key = {"idempotencyKey": f"{self.reference}/{number}"}
        if self.acknowledged == 0:
            head, body = self.insist("amnesty.v1.CaseService/Register", {"record": self.record, **key})
        else:
            head, body = self.insist("amnesty.v1.CaseService/Assign", {"reference": self.reference, "person": f"clerk-{number}", **key})
        if body is None or body["case"]["etag"] != f"v{number}":
            self.failures.append(head if body is None else f"{self.reference}: {body['case']['etag']} after command {number}")
            self.stop.set()
            return
        self.acknowledged = number
        self.replayed += body.get("replayed") is True
        self.answered += 1

    def kept(self):
        """How many links its chain has in the register."""
        count, token = 0, {}
        connection = support.Connection()
        while True:
            head, body = connection.call("amnesty.v1.CaseService/History", {"reference": self.reference, "pageSize": 1000, **token})
            assert body is not None, head
            count += len(body["links"])
            if not body.get("nextPageToken"):
                connection.close()
                return count
            token = {"pageToken": body["nextPageToken"]}


class Load:
    """Readers and writers side by side; leaving it ends them."""

    def __init__(self, readers, writers, name="LOAD"):
        self.stop = threading.Event()
        self.readers = [Client(self.stop, support.sample()) for _ in range(readers)]
        self.writers = [Writer(self.stop, support.sample(), f"SYN-{name}-{number}") for number in range(writers)]
        self.all = self.readers + self.writers

    def __enter__(self):
        for client in self.all:
            client.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        for client in self.all:
            client.join()

    def goes_on(self, count=50):
        """Waits for so many more answers, of writers among them."""
        for clients, more in ((self.all, count), (self.writers, 5 if self.writers else 0)):
            before = sum(client.answered for client in clients)
            support.until(
                lambda: self.stop.is_set() or sum(client.answered for client in clients) >= before + more, "calls go on")  # pylint: disable=W0640

    def sum(self, name):
        return sum(getattr(client, name) for client in self.all)

    def failures(self, may_break=False):
        """What went wrong; where connections may break, that they did is no failure."""
        found = [failure for client in self.all for failure in client.failures + ([] if may_break else client.abrupt)]
        for writer in self.writers:
            kept = writer.kept()
            if kept != writer.acknowledged:
                found.append(f"{writer.reference}: {writer.acknowledged} commands were acknowledged, {kept} are kept")
        return found

    def told(self):
        commands = sum(writer.acknowledged for writer in self.writers)
        again = sum(writer.replayed for writer in self.writers)
        return (f"{self.sum('answered')} calls answered, {commands} of them commands, each kept once ({again} answered from their key); "
                f"{self.sum('reconnects')} reconnects, longest call {max(client.longest for client in self.all) * 1000:.0f} ms")
