# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""worker ENGINE: one engine in a process of its own, with the shared act loaded. Takes a JSON order a line, gives a
JSON answer a line.

{"do": "decide", "missing": share, "count": n}                    every decision, and where a mishap was told with it
{"do": "time", "missing": share, "count": n, "explain": bool}     nanoseconds a call, of the fastest pass
{"do": "batch", "missing": share, "count": n}                     nanoseconds a case, all in one call
"""

import functools
import json
import sys
import time

from peers.rules import act, cases, engines

SEED = 2022
LEAST = 150_000_000


class Worker:
    def __init__(self, engine: str) -> None:
        self.act = act.load()
        self.engine = engines.load(engine, self.act)

    @functools.cache
    def facts(self, missing: float, count: int) -> list[act.Facts]:
        return cases.sample(self.act, count, missing, SEED)

    @functools.cache
    def prepared(self, missing: float, count: int) -> list[object]:
        return [self.engine.prepare(facts) for facts in self.facts(missing, count)]

    def decide(self, missing: float, count: int) -> dict:
        decisions = [self.engine.decide(case) for case in self.prepared(missing, count)]
        explain = getattr(self.engine, "explain", None)
        if explain is not None and [explain(case) for case in self.prepared(missing, count)] != decisions:
            raise SystemExit("the explanation changes the decision")
        notices = getattr(self.engine, "notices", None)
        noticed = None if notices is None else [notices(case) for case in self.prepared(missing, count)]
        return {"decisions": decisions, "noticed": noticed}

    def time(self, missing: float, count: int, explain: bool) -> dict:
        call = getattr(self.engine, "explain", None) if explain else self.engine.decide
        if call is None or (not explain and call == getattr(self.engine, "explain", None)):
            return {"nanoseconds": None}
        prepared = self.prepared(missing, count)
        for case in prepared[: max(1, count // 10)]:
            call(case)
        passes: list[int] = []
        while sum(passes) < LEAST:
            began = time.perf_counter_ns()
            for case in prepared:
                call(case)
            passes.append(time.perf_counter_ns() - began)
        # What a pass takes beyond the fastest one is the machine's doing.
        return {"nanoseconds": min(passes) / count}

    def batch(self, missing: float, count: int) -> dict:
        decide_all = getattr(self.engine, "decide_all", None)
        if decide_all is None:
            return {"nanoseconds": None}
        decisions, took = decide_all(self.facts(missing, count))
        return {"nanoseconds": took / len(decisions)}


def main(engine: str) -> None:
    try:
        worker = Worker(engine)
    except ImportError as problem:
        print(json.dumps({"absent": str(problem)}), flush=True)
        return
    print(json.dumps({"version": worker.engine.version}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        print(json.dumps(getattr(worker, order.pop("do"))(**order)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
