"""Trust in money: a paying job is killed everywhere, and what was paid is counted at the vendor.

Every figure counts something that must not happen, or happens at most so often. The vendor keeps
its own book: it writes down each question that it charged.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from handbill.store.ledger import Ledger
from handbill.store.ledger_facts import calls_of
from tests.doubles.killing import Jobs, serving
from tests.doubles.vendor_server import VendorServer

_ROWS = 6
_AT_ONCE = 4
# Eight moments in the life of each call.
_MOMENTS = 8 * _ROWS


def figures(*, fast: bool = False) -> dict[str, dict[str, object]]:
    """The figures in the shape of ``bench/trust.json``; every third moment when `fast`."""
    jobs = Jobs()
    try:
        every = _every_moment(jobs, step=3 if fast else 1)
        random_kills, most_lost = _random_kills(jobs, kills=20 if fast else 100)
        honoured = _honoured(jobs, kills=10 if fast else 40)
    finally:
        jobs.close()
    kills, twice, differing = every
    return {
        "calls_moments_killed_at": _figure(kills, "moments", _MOMENTS // (3 if fast else 1), ">="),
        "calls_paid_twice_at_any_moment": _figure(twice, "answers", 0),
        "calls_runs_that_differ_after_resume": _figure(differing, "runs", 0),
        "calls_paid_twice_by_random_kills": _figure(random_kills, "answers", 0),
        "calls_most_uncertain_by_one_kill": _figure(most_lost, "calls", _AT_ONCE),
        "calls_paid_twice_with_honoured_keys": _figure(honoured, "answers", 0),
    }  # fmt: skip


def _every_moment(jobs: Jobs, step: int) -> tuple[int, int, int]:
    """Kill at each moment of a job that sends one call at a time, then resume."""
    with tempfile.TemporaryDirectory() as folder, serving(VendorServer()) as server:
        whole = jobs.run(Path(folder), server, rows=_ROWS)
    kills = twice = differing = 0
    for number in range(1, whole["moments"]["*"] + 1, step):
        with tempfile.TemporaryDirectory() as folder, serving(VendorServer()) as server:
            kills += jobs.run(Path(folder), server, f"*:{number}", rows=_ROWS) is None
            again = jobs.run(Path(folder), server, rows=_ROWS)
            twice += _paid_twice(server)
            made = [line for line in again["orders"] if " made " in line]
            differing += not set(made) <= set(whole["orders"]) or len(made) < _ROWS - 1
    return kills, twice, differing


def _random_kills(jobs: Jobs, kills: int) -> tuple[int, int]:
    """Kill jobs at random moments, four calls at once, each until it comes through."""
    rng = random.Random(11)  # noqa: S311 - where to kill, not a secret
    twice = most_lost = done = 0
    while done < kills:
        with (
            tempfile.TemporaryDirectory() as folder,
            serving(VendorServer(latency=lambda _: 0.01)) as server,
        ):
            before: set[str] = set()
            ended = None
            while ended is None and done < kills:
                spot = f"*:{rng.randint(1, 40)}"
                ended = jobs.run(Path(folder), server, spot, rows=20, at_once=_AT_ONCE)
                done += ended is None
                in_flight = _in_flight(Path(folder))
                most_lost = max(most_lost, len(in_flight - before))
                before |= in_flight
            jobs.run(Path(folder), server, rows=20, at_once=_AT_ONCE)
            twice += _paid_twice(server)
    return twice, most_lost


def _in_flight(folder: Path) -> set[str]:
    """Keys of the calls that were on their way when the job was killed."""
    ledger = Ledger(folder / "ledger.db", time.time)
    try:
        return {call.key for call in calls_of(ledger.engine, state="sent")}
    finally:
        ledger.close()


def _honoured(jobs: Jobs, kills: int) -> int:
    """The same with a vendor that honours idempotency keys: everything is made, nothing twice."""
    rng = random.Random(13)  # noqa: S311 - where to kill, not a secret
    twice = 0
    with tempfile.TemporaryDirectory() as folder:
        with serving(VendorServer(honours_keys=True)) as server:
            for _ in range(kills):
                spot = f"*:{rng.randint(1, 30)}"
                jobs.run(Path(folder), server, spot, rows=20, at_once=_AT_ONCE, keys=True)
            ended = jobs.run(Path(folder), server, rows=20, at_once=_AT_ONCE, keys=True)
            twice = _paid_twice(server)
        assert all(" made " in line for line in ended["orders"])
    return twice


def _paid_twice(server: VendorServer) -> int:
    return sum(count - 1 for count in Counter(server.charged).values())


def _figure(value: float, unit: str, target: float, sign: str = "<=") -> dict[str, object]:
    holds = value >= target if sign == ">=" else value <= target
    better = "higher" if sign == ">=" else "lower"
    return {"value": value, "unit": unit, "target": target, "holds": holds, "better": better}


if __name__ == "__main__":
    for name, figure in figures(fast="--fast" in sys.argv).items():
        print(name, figure)
