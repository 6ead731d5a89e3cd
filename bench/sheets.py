"""Sheets: how long and in how much memory long CSV files are read, each in a process of its own.

Every row is read, judged and turned into a brief, as `handbill check` does. A tenth of the rows
has a fault, every tenth has a Chinese name, so that no path stays cold.
"""

from __future__ import annotations

import multiprocessing
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.run import at_most
from handbill.domain.brief import Brief
from handbill.sheets import SheetOptions, iter_sheet

_SIZES = {"10k": 10_000, "100k": 100_000, "1m": 1_000_000}
_FAST = ("10k", "100k")
_TARGET_S = 120.0
_TARGET_MB = 300.0
# Time may grow by no more than this factor over straight lines from 10,000 rows on.
_TARGET_GROWTH = 1.25


def figures(*, fast: bool = False) -> dict[str, dict[str, object]]:
    """The sheet figures in the shape of ``bench/results.json``; a million rows unless `fast`."""
    sizes = {name: rows for name, rows in _SIZES.items() if not fast or name in _FAST}
    costs: dict[str, tuple[float, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, rows in sizes.items():
            path = Path(folder) / f"{name}.csv"
            write_sheet(path, rows)
            costs[name] = _apart(path, rows)
    found: dict[str, dict[str, object]] = {}
    for name, (cpu_s, memory_mb) in costs.items():
        allowed_s = _TARGET_S * sizes[name] / _SIZES["1m"]
        found[f"sheet_{name}_rows_time"] = at_most(cpu_s, "s of processor", allowed_s)
        found[f"sheet_{name}_rows_memory"] = at_most(memory_mb, "MB", _TARGET_MB)
    first, last = (next(iter(sizes)), list(sizes)[-1])
    straight_s = costs[first][0] * sizes[last] / sizes[first]
    found["sheet_time_growth"] = at_most(
        costs[last][0] / straight_s, "x of a straight line from 10,000 rows", _TARGET_GROWTH
    )
    return found


def write_sheet(path: Path, rows: int) -> None:
    """A CSV file of `rows` products."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write("id,product,description,price,url,offer,ends_on\r\n")
        stream.writelines(_lines(rows))


def _lines(rows: int) -> Iterator[str]:
    for row in range(rows):
        name = f"手工陶瓷杯 {row}" if row % 10 == 3 else f"Stoneware mug no. {row}"
        price = "abc" if row % 10 == 7 else f'"{row % 900},90 €"'
        text = f'"Glazed by hand, batch {row}, and fired twice."'
        yield f"sku-{row},{name},{text},{price},https://example.com/p/{row},10% off,2026-05-31\r\n"


def _apart(path: Path, rows: int) -> tuple[float, float]:
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_read, (str(path), rows))


def _read(path: str, rows: int) -> tuple[float, float]:
    """Seconds of processor and most memory in MB of reading one sheet."""
    begin_s = time.process_time()
    briefs = sum(isinstance(found, Brief) for found in iter_sheet(Path(path), SheetOptions()))
    cpu_s = time.process_time() - begin_s
    assert briefs == rows - len(range(7, rows, 10)), briefs
    return cpu_s, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    for name, figure in figures().items():
        print(name, figure)
