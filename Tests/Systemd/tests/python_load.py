# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""A load of calls and commands by the installed Python client, as a program of its own would make it: no call is tried again by hand.

Runs until its input ends; then prints what it has done as JSON. Its first argument is a record as JSON.
"""

import json
import pathlib
import sys
import threading

import amnesty


class Worker(threading.Thread):
    """Assesses, takes a case in and hands it from clerk to clerk."""

    def __init__(self, client, record, number, stop):
        super().__init__()
        self.client, self.stop = client, stop
        self.record = amnesty.CaseRecord.from_json({**record, "reference": f"SYN-PYTHON-{number}"})
        self.answered = self.commands = 0
        self.failure = None

    def run(self):
        try:
            while not self.stop.is_set():
                self.client.eligibility.assess(amnesty.AssessRequest(record=self.record))
                self.answered += 1
                key = f"{self.record.reference}/{self.commands}"
                if self.commands == 0:
                    done = self.client.case.register(amnesty.RegisterCaseRequest(record=self.record, idempotency_key=key))
                else:
                    done = self.client.case.assign(amnesty.AssignCaseRequest(
                        reference=self.record.reference, person=f"clerk-{self.commands}", idempotency_key=key))
                self.commands += 1
                assert done.case.etag == f"v{self.commands}", done.case.etag
        except (amnesty.Status, AssertionError) as error:
            self.failure = repr(error)


def main():
    stop = threading.Event()
    with amnesty.Client() as client:
        workers = [Worker(client, json.loads(sys.argv[1]), number, stop) for number in range(4)]
        for worker in workers:
            worker.start()
        for line in sys.stdin:
            # Each line asks how far it is.
            print(sum(worker.answered for worker in workers), flush=True)
            assert line
        stop.set()
        for worker in workers:
            worker.join()
        kept = [client.case.get(amnesty.GetCaseRequest(reference=worker.record.reference)).case.etag for worker in workers]
    print(json.dumps({
        "package": str(pathlib.Path(amnesty.__file__).parent),
        "answered": sum(worker.answered for worker in workers),
        "commands": [f"v{worker.commands}" for worker in workers],
        "kept": kept,
        "failures": [worker.failure for worker in workers if worker.failure],
    }))


main()
