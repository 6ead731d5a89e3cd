"""Plans: how long and in how much memory `handbill plan` reads and plans long sheets.

Each size runs in a process of its own, on five placements a row and with the house as provider,
into an empty store: every order is new. The longest sheet is one that a run still takes.
"""

from __future__ import annotations

import contextlib
import io
import multiprocessing
import os
import resource
import tempfile
import time
from pathlib import Path

from bench.run import at_most
from bench.sheets import write_sheet

_SIZES = {"1k": 1_000, "10k": 10_000, "100k": 100_000}
_FAST = ("1k", "10k")
_PLACEMENTS = 5
_TARGET_MB_AN_ORDER = 0.002
_BASE_MB = 120.0
# Processor time may grow by no more than this factor over a straight line from the first size.
_TARGET_GROWTH = 1.4


def figures(*, fast: bool = False) -> dict[str, dict[str, object]]:
    """Memory and growth of plans, as in ``bench/results.json``; 100,000 rows unless `fast`."""
    sizes = {name: rows for name, rows in _SIZES.items() if not fast or name in _FAST}
    found: dict[str, dict[str, object]] = {}
    costs: dict[str, tuple[float, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, rows in sizes.items():
            path = Path(folder) / f"{name}.csv"
            write_sheet(path, rows)
            costs[name] = _apart(path, rows, folder)
            allowed = _BASE_MB + rows * _PLACEMENTS * _TARGET_MB_AN_ORDER
            found[f"plan_{name}_rows_memory"] = at_most(costs[name][1], "MB", allowed)
    first, last = next(iter(sizes)), list(sizes)[-1]
    straight_s = costs[first][0] * sizes[last] / sizes[first]
    unit = f"x of a straight line from {sizes[first]:,} rows to {sizes[last]:,}"
    found["plan_time_growth"] = at_most(costs[last][0] / straight_s, unit, _TARGET_GROWTH)
    return found


def _apart(path: Path, rows: int, home: str) -> tuple[float, float]:
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_plan, (str(path), rows, home))


def _plan(path: str, rows: int, home: str) -> tuple[float, float]:
    """Seconds of processor after start-up, and most memory in MB, of planning one sheet."""
    os.environ["HANDBILL_HOME"] = home
    from handbill.cli import run_verb  # noqa: PLC0415 - reads the environment

    warm = Path(path).with_suffix(".warm.csv")
    write_sheet(warm, 1)
    told = io.StringIO()
    with contextlib.redirect_stdout(told), contextlib.redirect_stderr(io.StringIO()):
        run_verb(["plan", str(warm)])
        begin_s = time.process_time()
        ended = run_verb(["plan", path])
        cpu_s = time.process_time() - begin_s
    orders = (rows - rows // 10) * _PLACEMENTS
    assert ended == 3, ended
    assert f"{orders:,} new" in told.getvalue(), told.getvalue()[-500:]
    return cpu_s, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    for name, figure in figures().items():
        print(name, figure)
